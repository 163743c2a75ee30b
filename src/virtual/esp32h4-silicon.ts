import { LP_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-H4. No boot log of it is public: the words are those of its family. */
export const esp32h4Silicon: Silicon = newerSilicon({
  label: "ESP32-H4",
  chipId: 28,
  bootloaderOffset: 0x2000,
  magic: 0x0,
  spiBase: 0x60099000,
  uartBase: 0x60012000,
  strapRegister: 0x60093000,
  strapValues: { download: 0x4, run: 0xc },
  crystalsMhz: [32],
  // ESP-IDF `soc/esp32h4/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40050000 },
  ramRanges: [
    { start: 0x40810000, end: 0x40860000 },
    { start: 0x50000000, end: 0x50004000 },
  ],
  mappedRanges: [{ start: 0x42000000, end: 0x44000000 }],
  // ESP-IDF `efuse/esp32h4/esp_efuse_table.csv` and `soc/esp32h4/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x600b1800,
    end: 0x600b1a00,
    blocks: { 0: 0x600b182c, 1: 0x600b1844 },
    macBlock: 1,
    fields: {
      minor: [[1, 114, 4]],
      major: [[1, 118, 2]],
      package: [[1, 140, 3]],
      flashCapacity: [[1, 127, 3]],
      blockMinor: [[1, 122, 3]],
      macExtension: [[1, 48, 16]],
      cryptCount: [[0, 55, 3]],
      secureBoot: [[0, 101, 1]],
      secureDownload: [[0, 131, 1]],
      encryptOff: [[0, 46, 1]],
      keyManager: [[0, 115, 5]],
    },
  },
  efuseValues: { macExtension: 0xfffe },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32h4",
    causes: LP_CAUSES,
    modes: { download: "boot:0x4 (DOWNLOAD(USB/UART0))", run: "boot:0xc (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spi-mode",
  }),
  stubs: knownStubs("esp32h4"),
  defaultRevision: 100,
  watchdogs: {
    config0: 0x600b5400,
    config1: 0x600b5404,
    protect: 0x600b541c,
    superConfig: 0x600b5420,
    superProtect: 0x600b5424,
    superAutoFeed: 1 << 18,
    superKey: 0x50d83aa1,
  },
  usb: { serialJtag: true },
});
