import { LP_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-C61. */
export const esp32c61Silicon: Silicon = newerSilicon({
  label: "ESP32-C61",
  chipId: 20,
  bootloaderOffset: 0x0,
  magic: 0x2421606f,
  spiBase: 0x60003000,
  uartBase: 0x60000000,
  strapRegister: 0x60091038,
  strapValues: { download: 0x4, run: 0xc },
  crystalsMhz: [40],
  // ESP-IDF `soc/esp32c61/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40040000 },
  ramRanges: [{ start: 0x40800000, end: 0x40850000 }],
  mappedRanges: [{ start: 0x42000000, end: 0x44000000 }],
  // ESP-IDF `efuse/esp32c61/esp_efuse_table.csv` and `soc/esp32c61/register/soc/efuse_reg.h` at 1021229.
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
      cryptCount: [[0, 55, 3]],
      secureBoot: [[0, 90, 1]],
      secureDownload: [[0, 100, 1]],
      encryptOff: [[0, 46, 1]],
    },
  },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32c61-eco3-20250228",
    build: "Feb 28 2025",
    causes: LP_CAUSES,
    modes: { download: "boot:0x4 (DOWNLOAD(UART0))", run: "boot:0xc (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spi-mode",
  }),
  stubs: knownStubs("esp32c61"),
  longAddresses: true,
  defaultRevision: 100,
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
