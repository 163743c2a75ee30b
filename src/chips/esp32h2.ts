import type { ChipDefinition } from "./definition.js";
import { bitField, identityFrom } from "./efuse.js";
import {
  flashSizeCodes,
  frequencies48,
  laterRomDialect,
  laterSpi,
  lpSuperWatchdog,
  ROM_MAX_FLASH_BYTES,
} from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32h2.py` and `espefuse/efuse_defs/esp32h2.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32h2.rs` at ab24ed3.
const EFUSES = 0x600b0800;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

export const esp32h2 = {
  name: "esp32h2",
  label: "ESP32-H2",
  imageChipId: 16,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
  romBaud: "rate",
  spi: laterSpi(0x60003000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies48,
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: false },
  reset: { byWatchdog: false },
  rtcWatchdog: { config0: 0x600b1c00, config1: 0x600b1c04, protect: 0x600b1c1c },
  superWatchdog: lpSuperWatchdog(0x600b1c20, 0x600b1c24),
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32h2.json", { with: { type: "json" } })).default,
    ),
  identity: identityFrom({
    label: "ESP32-H2",
    mac: word1(0),
    hasEui64: true,
    major: [bitField(word1(3), 21, 2)],
    minor: [bitField(word1(3), 18, 3)],
    package: [bitField(word1(4), 0, 3)],
    packages: { 0: "ESP32-H2" },
    features: ["BT 5 (LE)", "IEEE802.15.4", "Single Core", "96 MHz"],
    crystal: 32,
  }),
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 20, 1) },
} as const satisfies ChipDefinition;
