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

// Registers and fields: esptool `targets/esp32h21.py` and `espefuse/efuse_defs/esp32h21.yaml` at bb72741, compared with
// npm esptool-js 0.7.0 `lib/targets/esp32h21.js`. There is no stub for it yet.
const EFUSES = 0x600b4000;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

export const esp32h21 = {
  name: "esp32h21",
  label: "ESP32-H21",
  imageChipId: 25,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
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
  identity: identityFrom({
    label: "ESP32-H21",
    mac: word1(0),
    hasEui64: true,
    major: [bitField(word1(5), 8, 2)],
    minor: [bitField(word1(5), 4, 4)],
    package: [bitField(word1(5), 11, 3)],
    packages: { 0: "ESP32-H21" },
    features: ["BT 5 (LE)", "IEEE802.15.4", "Single Core", "96 MHz"],
    crystal: 32,
  }),
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 20, 1) },
} as const satisfies ChipDefinition;
