import { LP_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-S31. */
export const esp32s31Silicon: Silicon = newerSilicon({
  label: "ESP32-S31",
  chipId: 32,
  bootloaderOffset: 0x2000,
  magic: 0x0,
  spiBase: 0x20501000,
  uartBase: 0x2038a000,
  strapRegister: 0x20583000,
  strapValues: { download: 0x69, run: 0x6d },
  crystalsMhz: [40],
  // ESP-IDF `soc/esp32s31/include/soc/soc.h` at 1021229.
  romRange: { start: 0x2f800000, end: 0x2f850000 },
  ramRanges: [
    { start: 0x2f000000, end: 0x2f080000 },
    { start: 0x2e000000, end: 0x2e008000 },
  ],
  mappedRanges: [{ start: 0x40000000, end: 0x44000000 }],
  // ESP-IDF `efuse/esp32s31/esp_efuse_table.csv` and `soc/esp32s31/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x20715000,
    end: 0x20715200,
    blocks: { 0: 0x2071502c, 1: 0x20715050 },
    macBlock: 1,
    fields: {
      minor: [[1, 114, 4]],
      major: [[1, 118, 2]],
      package: [[1, 134, 2]],
      blockMinor: [[1, 122, 3]],
      macExtension: [[1, 48, 16]],
      cryptCount: [[0, 85, 3]],
      secureBoot: [[0, 130, 1]],
      secureDownload: [[0, 149, 1]],
      encryptOff: [[0, 52, 1]],
      keyManager: [[0, 76, 5]],
    },
  },
  efuseValues: { macExtension: 0xfffe },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32s31-20251218",
    build: "Dec 18 2025",
    causes: LP_CAUSES,
    modes: { download: "boot:0x69 (DOWNLOAD(USB/UART0/SPI))", run: "boot:0x6d (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spi-mode",
  }),
  stubs: knownStubs("esp32s31"),
  longAddresses: true,
  defaultRevision: 0,
  watchdogs: {
    config0: 0x20801000,
    config1: 0x20801004,
    protect: 0x20801018,
    superConfig: 0x2080101c,
    superProtect: 0x20801020,
    superAutoFeed: 1 << 18,
    superKey: 0x50d83aa1,
  },
  usb: { serialJtag: true, otgProductId: 0x0020 },
});
