import { RTC_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-S3. */
export const esp32s3Silicon: Silicon = newerSilicon({
  label: "ESP32-S3",
  chipId: 9,
  cpu: "xtensa",
  bootloaderOffset: 0x0,
  magic: 0x9,
  spiBase: 0x60002000,
  uartBase: 0x60000000,
  strapRegister: 0x60004038,
  strapValues: { download: 0x0, run: 0x8 },
  crystalsMhz: [40],
  // ESP-IDF `soc/esp32s3/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40060000 },
  ramRanges: [
    { start: 0x3fc88000, end: 0x3fd00000 },
    { start: 0x40370000, end: 0x403e0000 },
    { start: 0x50000000, end: 0x50002000 },
    { start: 0x600fe000, end: 0x60100000 },
  ],
  mappedRanges: [
    { start: 0x3c000000, end: 0x3e000000 },
    { start: 0x42000000, end: 0x44000000 },
  ],
  // ESP-IDF `efuse/esp32s3/esp_efuse_table.csv` and `soc/esp32s3/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x60007000,
    end: 0x60007200,
    blocks: { 0: 0x6000702c, 1: 0x60007044 },
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
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32s3-20210327",
    build: "Mar 27 2021",
    causes: RTC_CAUSES,
    modes: { download: "boot:0x0 (DOWNLOAD(USB/UART0))", run: "boot:0x8 (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spiwp",
  }),
  stubs: knownStubs("esp32s3"),
  startsStub: ({ security }) => !security.has("secure-boot"),
  // With Secure Boot the ROM does not jump to a stub, but still calls its flash read through this pointer (esptool
  // `loader.py` `run_stub` at bb72741).
  readPointer: 0x3fcef688,
  longAddresses: true,
  defaultRevision: 2,
  // A board can stay in its loader for it (arduino-esp32#6762).
  forceDownload: { register: 0x6000812c, mask: 0x1, sticks: true },
  watchdogs: {
    config0: 0x60008098,
    config1: 0x6000809c,
    protect: 0x600080b0,
    superConfig: 0x600080b4,
    superProtect: 0x600080b8,
    superAutoFeed: 2 ** 31,
    superKey: 0x8f1d312a,
  },
  usb: { serialJtag: true, otgProductId: 0x0009 },
});
