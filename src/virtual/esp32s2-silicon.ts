import { RTC_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-S2. */
export const esp32s2Silicon: Silicon = newerSilicon({
  label: "ESP32-S2",
  chipId: 2,
  cpu: "xtensa",
  bootloaderOffset: 0x1000,
  magic: 0x7c6,
  spiBase: 0x3f402000,
  uartBase: 0x3f400000,
  strapRegister: 0x3f404038,
  strapValues: { download: 0x2, run: 0x8 },
  crystalsMhz: [40],
  // ESP-IDF `soc/esp32s2/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40020000 },
  ramRanges: [
    { start: 0x3ffb0000, end: 0x40000000 },
    { start: 0x40020000, end: 0x40070000 },
    { start: 0x40070000, end: 0x40072000 },
    { start: 0x50000000, end: 0x50002000 },
    { start: 0x3ff9e000, end: 0x3ffa0000 },
  ],
  mappedRanges: [
    { start: 0x3f000000, end: 0x3ff80000 },
    { start: 0x40080000, end: 0x40800000 },
  ],
  // ESP-IDF `efuse/esp32s2/esp_efuse_table.csv` and `soc/esp32s2/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x3f41a000,
    end: 0x3f41a200,
    blocks: { 0: 0x3f41a02c, 1: 0x3f41a044 },
    macBlock: 1,
    fields: {
      minor: [
        [1, 132, 3],
        [1, 116, 1],
      ],
      major: [[1, 114, 2]],
      package: [[1, 128, 4]],
      cryptCount: [[0, 82, 3]],
      secureBoot: [[0, 116, 1]],
      secureDownload: [[0, 133, 1]],
      encryptOff: [[0, 51, 1]],
    },
  },
  securityInfo: { lengthBytes: 12, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32s2-rc4-20191025",
    build: "Oct 25 2019",
    causes: RTC_CAUSES,
    modes: { download: "boot:0x2 (DOWNLOAD(USB/UART0/1/SPI))", run: "boot:0x8 (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spiwp",
  }),
  stubs: knownStubs("esp32s2"),
  defaultRevision: 0,
  forceDownload: { register: 0x3f408128, mask: 0x1, sticks: false },
  watchdogs: {
    config0: 0x3f408094,
    config1: 0x3f408098,
    protect: 0x3f4080ac,
    superConfig: 0x3f4080b0,
    superProtect: 0x3f4080b4,
    superAutoFeed: 2 ** 31,
    superKey: 0x8f1d312a,
  },
  usb: { serialJtag: false, otgProductId: 0x0002 },
});
