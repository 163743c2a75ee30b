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

// Registers and fields: esptool `targets/esp32s31.py` and `espefuse/efuse_defs/esp32s31.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32s31.rs` at ab24ed3. Super watchdog: ESP-IDF
// `esp32s31/register/soc/rtc_wdt_reg.h` at 1021229.
const EFUSES = 0x20715000;
const word1 = (index: number): number => EFUSES + 0x50 + index * 4;

export const esp32s31 = {
  name: "esp32s31",
  label: "ESP32-S31",
  imageChipId: 32,
  bootloaderOffset: 0x2000,
  romDialect: laterRomDialect,
  spi: laterSpi(0x20501000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies80Without26,
  flashSizeCodes,
  maxFlashBytes: HEADER_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: true },
  reset: { byWatchdog: true, otg: "watchdog" },
  rtcWatchdog: { config0: 0x20801000, config1: 0x20801004, protect: 0x20801018 },
  superWatchdog: lpSuperWatchdog(0x2080101c, 0x20801020),
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32s31.json", { with: { type: "json" } })).default,
    ),
  identity: identityFrom({
    label: "ESP32-S31",
    mac: word1(0),
    hasEui64: false,
    major: [bitField(word1(3), 22, 2)],
    minor: [bitField(word1(3), 18, 4)],
    package: [bitField(word1(4), 6, 2)],
    packages: { 0: "ESP32-S31" },
    features: ["Wi-Fi 6", "BT 5.4 (LE)", "IEEE802.15.4", "Dual Core + LP Core", "300 MHz"],
    crystal: 40,
  }),
  securityFields: {
    manualEncryptOff: bitField(EFUSES + 0x30, 20, 1),
    // The second bit of FORCE_USE_KEY_MANAGER_KEY is the one for flash.
    keyManager: bitField(EFUSES + 0x34, 13, 1),
  },
} as const satisfies ChipDefinition;
