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

// Registers and fields: esptool `targets/esp32h4.py` and `espefuse/efuse_defs/esp32h4.yaml` at bb72741, compared with
// npm esptool-js 0.7.0 `lib/targets/esp32h4.js`. Watchdogs: ESP-IDF
// `esp32h4/register/soc/lp_wdt_reg.h` at 1021229 and esp-stub-lib at b8f78b2, where esptool has the one of timer group 0,
// which a reset of the core stops anyway, and the super watchdog 4 bytes lower.
const EFUSES = 0x600b1800;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

export const esp32h4 = {
  name: "esp32h4",
  label: "ESP32-H4",
  imageChipId: 28,
  bootloaderOffset: 0x2000,
  romDialect: laterRomDialect,
  spi: laterSpi(0x60099000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies48,
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: false },
  reset: { byWatchdog: false },
  rtcWatchdog: { config0: 0x600b5400, config1: 0x600b5404, protect: 0x600b541c },
  superWatchdog: lpSuperWatchdog(0x600b5420, 0x600b5424),
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32h4.json", { with: { type: "json" } })).default,
    ),
  identity: identityFrom({
    label: "ESP32-H4",
    mac: word1(0),
    hasEui64: true,
    major: [bitField(word1(3), 22, 2)],
    minor: [bitField(word1(3), 18, 4)],
    package: [bitField(word1(4), 12, 3)],
    packages: { 0: "ESP32-H4 (QFN40)" },
    features: ["BT 5 (LE)", "IEEE802.15.4", "Dual Core", "96 MHz"],
    crystal: 32,
  }),
  securityFields: {
    manualEncryptOff: bitField(EFUSES + 0x30, 14, 1),
    // The second bit of FORCE_USE_KEY_MANAGER_KEY is the one for flash.
    keyManager: bitField(EFUSES + 0x38, 20, 1),
  },
} as const satisfies ChipDefinition;
