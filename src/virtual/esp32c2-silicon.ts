import { RTC_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-C2. */
export const esp32c2Silicon: Silicon = newerSilicon({
  label: "ESP32-C2",
  chipId: 12,
  bootloaderOffset: 0x0,
  magic: 0x6f51306f,
  spiBase: 0x60002000,
  uartBase: 0x60000000,
  strapRegister: 0x60004038,
  strapValues: { download: 0x4, run: 0xc },
  crystalsMhz: [40, 26],
  // ROM logs of boards with 26 MHz come at 74880 baud.
  assumedCrystalMhz: 40,
  // ESP-IDF `soc/esp32c2/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40090000 },
  ramRanges: [
    { start: 0x3fca0000, end: 0x3fce0000 },
    { start: 0x4037c000, end: 0x403c0000 },
  ],
  mappedRanges: [
    { start: 0x3c000000, end: 0x3c400000 },
    { start: 0x42000000, end: 0x42400000 },
  ],
  // ESP-IDF `efuse/esp32c2/esp_efuse_table.csv` and `soc/esp32c2/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x60008800,
    end: 0x60008a00,
    blocks: { 0: 0x6000882c, 2: 0x60008840 },
    macBlock: 2,
    fields: {
      minor: [[2, 48, 4]],
      major: [[2, 52, 2]],
      package: [[2, 54, 3]],
      flashCapacity: [[2, 253, 3]],
      blockMinor: [[2, 57, 3]],
      cryptCount: [[0, 39, 3]],
      secureBoot: [[0, 53, 1]],
      secureDownload: [[0, 48, 1]],
      encryptOff: [[0, 38, 1]],
    },
  },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp8684-api2-20220127",
    build: "Jan 27 2022",
    // It has one timer group.
    causes: { ...RTC_CAUSES, "tg1-watchdog": RTC_CAUSES.watchdog },
    modes: { download: "boot:0x4 (DOWNLOAD(UART0))", run: "boot:0xc (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spiwp",
  }),
  stubs: knownStubs("esp32c2"),
  startsStub: ({ revision }) => revision > 0,
  defaultRevision: 102,
  watchdogs: {
    config0: 0x60008084,
    config1: 0x60008088,
    protect: 0x6000809c,
    superConfig: 0x600080a0,
    superProtect: 0x600080a4,
    superAutoFeed: 2 ** 31,
    superKey: 0x8f1d312a,
  },
  usb: { serialJtag: false },
});
