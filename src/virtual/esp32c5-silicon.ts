import { LP_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-C5. */
export const esp32c5Silicon: Silicon = newerSilicon({
  label: "ESP32-C5",
  chipId: 23,
  bootloaderOffset: 0x2000,
  magic: 0x1101406f,
  spiBase: 0x60003000,
  uartBase: 0x60000000,
  strapRegister: 0x60091038,
  strapValues: { download: 0x8, run: 0x18 },
  crystalsMhz: [48, 40],
  assumedCrystalMhz: 48,
  // ESP-IDF `soc/esp32c5/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40050000 },
  ramRanges: [
    { start: 0x40800000, end: 0x40860000 },
    { start: 0x50000000, end: 0x50004000 },
  ],
  mappedRanges: [{ start: 0x42000000, end: 0x44000000 }],
  // ESP-IDF `efuse/esp32c5/esp_efuse_table.csv` and `soc/esp32c5/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x600b4800,
    end: 0x600b4a00,
    blocks: { 0: 0x600b482c, 1: 0x600b4844 },
    macBlock: 1,
    fields: {
      minor: [[1, 64, 4]],
      major: [[1, 68, 2]],
      package: [[1, 90, 3]],
      flashCapacity: [[1, 77, 3]],
      blockMinor: [[1, 72, 3]],
      macExtension: [[1, 48, 16]],
      cryptCount: [[0, 80, 3]],
      secureBoot: [[0, 121, 1]],
      secureDownload: [[0, 133, 1]],
      encryptOff: [[0, 52, 1]],
      keyManager: [[0, 74, 4]],
    },
  },
  efuseValues: { macExtension: 0xfffe },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32c5-eco2-20250121",
    build: "Jan 21 2025",
    causes: LP_CAUSES,
    modes: { download: "boot:0x8 (DOWNLOAD(USB/UART0))", run: "boot:0x18 (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spi-mode",
  }),
  stubs: knownStubs("esp32c5"),
  longAddresses: true,
  defaultRevision: 100,
  otherRegisters: new Map([
    // PCR_SYSCLK_CONF: the crystal in MHz that the ROM takes for granted, in bits 24 to 30.
    [0x60096110, 48 << 24],
  ]),
  watchdogs: {
    config0: 0x600b1c00,
    config1: 0x600b1c04,
    protect: 0x600b1c18,
    superConfig: 0x600b1c1c,
    superProtect: 0x600b1c20,
    superAutoFeed: 1 << 18,
    superKey: 0x50d83aa1,
  },
  usb: { serialJtag: true },
});
