import type { ChipDefinition } from "./definition.js";
import { bitField, identityFrom } from "./efuse.js";
import {
  flashSizeCodes,
  flashVendors,
  frequencies80,
  laterRomDialect,
  laterSpi,
  ROM_MAX_FLASH_BYTES,
  rtcSuperWatchdog,
} from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32c3.py` and `espefuse/efuse_defs/esp32c3.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32c3.rs` at ab24ed3.
const EFUSES = 0x60008800;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

export const esp32c3 = {
  name: "esp32c3",
  label: "ESP32-C3",
  imageChipId: 5,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
  romBaud: "rate",
  spi: laterSpi(0x60002000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies80,
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: false },
  reset: { byWatchdog: true },
  rtcWatchdog: { config0: 0x60008090, config1: 0x60008094, protect: 0x600080a8 },
  superWatchdog: rtcSuperWatchdog(0x600080ac, 0x600080b0),
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32c3.json", { with: { type: "json" } })).default,
    ),
  // esptool `cmds.py` `run_stub` l.2837 at bb72741.
  stubRefusal: (_revision, security) =>
    security.secureBootV2 ? "with Secure Boot its ROM runs no stub from RAM" : undefined,
  identity: identityFrom({
    label: "ESP32-C3",
    mac: word1(0),
    hasEui64: false,
    major: [bitField(word1(5), 24, 2)],
    minor: [bitField(word1(3), 18, 3), bitField(word1(5), 23, 1)],
    package: [bitField(word1(3), 21, 3)],
    packages: { 0: "ESP32-C3 (QFN32)", 1: "ESP8685 (QFN28)", 2: "ESP32-C3 AZ (QFN32)", 3: "ESP8686 (QFN24)" },
    features: ["Wi-Fi", "BT 5 (LE)", "Single Core", "160 MHz"],
    flash: {
      capacity: [bitField(word1(3), 27, 3)],
      megabytes: { 1: 4, 2: 2, 3: 1, 4: 8 },
      vendor: bitField(word1(4), 0, 3),
      vendors: flashVendors,
    },
    crystal: 40,
  }),
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 20, 1) },
} as const satisfies ChipDefinition;
