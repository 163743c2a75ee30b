import type { ChipDefinition } from "./definition.js";
import { bitField, identityFrom } from "./efuse.js";
import {
  flashSizeCodes,
  frequencies80Without26,
  HEADER_MAX_FLASH_BYTES,
  laterRomDialect,
  laterSpi,
  lpSuperWatchdog,
} from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32c61.py` and `espefuse/efuse_defs/esp32c61.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32c61.rs` at ab24ed3.
const EFUSES = 0x600b4800;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

export const esp32c61 = {
  name: "esp32c61",
  label: "ESP32-C61",
  imageChipId: 20,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
  spi: laterSpi(0x60003000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies80Without26,
  flashSizeCodes,
  maxFlashBytes: HEADER_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: false },
  reset: { byWatchdog: true },
  rtcWatchdog: { config0: 0x600b1c00, config1: 0x600b1c04, protect: 0x600b1c18 },
  superWatchdog: lpSuperWatchdog(0x600b1c1c, 0x600b1c20),
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32c61.json", { with: { type: "json" } })).default,
    ),
  identity: identityFrom({
    label: "ESP32-C61",
    mac: word1(0),
    hasEui64: false,
    major: [bitField(word1(2), 4, 2)],
    minor: [bitField(word1(2), 0, 4)],
    package: [bitField(word1(2), 26, 3)],
    packages: { 0: "ESP32-C61" },
    features: ["Wi-Fi 6", "BT 5 (LE)", "Single Core", "160 MHz"],
    crystal: 40,
  }),
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 14, 1) },
} as const satisfies ChipDefinition;
