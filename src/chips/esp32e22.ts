import type { ChipDefinition } from "./definition.js";
import { identityFrom } from "./efuse.js";
import { flashSizeCodes, frequencies80, laterRomDialect, laterSpi, ROM_MAX_FLASH_BYTES } from "./shapes.js";

// Registers: esptool `targets/esp32e22.py` at bb72741, compared with npm esptool-js 0.7.0 `lib/targets/esp32e22.js`.
// Revision, package, flash encryption and watchdogs have no known place in it, and there is no stub.
const EFUSES = 0xc4008000;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

export const esp32e22 = {
  name: "esp32e22",
  label: "ESP32-E22",
  imageChipId: 31,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
  spi: laterSpi(0xc3003000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies80,
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: false, otg: true },
  reset: { byWatchdog: false },
  identity: identityFrom({
    label: "ESP32-E22",
    mac: word1(0),
    hasEui64: false,
    major: [],
    minor: [],
    package: [],
    packages: { 0: "ESP32-E22" },
    features: ["Wi-Fi 6E (tri-band, 2x2 MU-MIMO)", "BT 5.4 (LE) + Classic", "Dual Core", "500 MHz"],
    crystal: { uartDivider: 0xc3102014, factor: 1, choicesMhz: [26, 40] },
  }),
} as const satisfies ChipDefinition;
