import { RTC_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-C3, revision 0.3 as the recorded one, and with its words. */
export const esp32c3Silicon: Silicon = newerSilicon({
  label: "ESP32-C3",
  chipId: 5,
  bootloaderOffset: 0x0,
  magic: 0x6921506f,
  spiBase: 0x60002000,
  uartBase: 0x60000000,
  strapRegister: 0x60004038,
  strapValues: { download: 0x2, run: 0x8 },
  crystalsMhz: [40],
  // ESP-IDF `soc/esp32c3/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40060000 },
  ramRanges: [
    { start: 0x3fc80000, end: 0x3fce0000 },
    { start: 0x4037c000, end: 0x403e0000 },
    { start: 0x50000000, end: 0x50002000 },
  ],
  mappedRanges: [
    { start: 0x3c000000, end: 0x3c800000 },
    { start: 0x42000000, end: 0x42800000 },
  ],
  // ESP-IDF `efuse/esp32c3/esp_efuse_table.csv` and `soc/esp32c3/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x60008800,
    end: 0x60008a00,
    blocks: { 0: 0x6000882c, 1: 0x60008844 },
    macBlock: 1,
    fields: {
      minor: [
        [1, 114, 3],
        [1, 183, 1],
      ],
      major: [[1, 184, 2]],
      package: [[1, 117, 3]],
      flashCapacity: [[1, 123, 3]],
      blockMinor: [[1, 120, 3]],
      cryptCount: [[0, 82, 3]],
      secureBoot: [[0, 116, 1]],
      secureDownload: [[0, 133, 1]],
      encryptOff: [[0, 52, 1]],
    },
  },
  securityInfo: { lengthBytes: 20, apiVersion: 3, lastPurpose: 0xc },
  log: newerLog({
    rom: "esp32c3-api1-20210207",
    build: "Feb  7 2021",
    causes: RTC_CAUSES,
    modes: { download: "boot:0x2 (UART0_BOOT)", run: "boot:0x8 (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spiwp",
    download: "wait uart0 download",
  }),
  stubs: knownStubs("esp32c3"),
  startsStub: ({ security }) => !security.has("secure-boot"),
  defaultRevision: 3,
  watchdogs: {
    config0: 0x60008090,
    config1: 0x60008094,
    protect: 0x600080a8,
    superConfig: 0x600080ac,
    superProtect: 0x600080b0,
    superAutoFeed: 2 ** 31,
    superKey: 0x8f1d312a,
  },
  usb: { serialJtag: true },
});
