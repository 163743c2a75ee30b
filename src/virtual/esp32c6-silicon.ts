import { LP_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-C6. */
export const esp32c6Silicon: Silicon = newerSilicon({
  label: "ESP32-C6",
  chipId: 13,
  bootloaderOffset: 0x0,
  magic: 0x2ce0806f,
  spiBase: 0x60003000,
  uartBase: 0x60000000,
  strapRegister: 0x60091038,
  strapValues: { download: 0x4, run: 0xc },
  crystalsMhz: [40],
  // ESP-IDF `soc/esp32c6/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40050000 },
  ramRanges: [
    { start: 0x40800000, end: 0x40880000 },
    { start: 0x50000000, end: 0x50004000 },
  ],
  mappedRanges: [{ start: 0x42000000, end: 0x43000000 }],
  // ESP-IDF `efuse/esp32c6/esp_efuse_table.csv` and `soc/esp32c6/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x600b0800,
    end: 0x600b0a00,
    blocks: { 0: 0x600b082c, 1: 0x600b0844 },
    macBlock: 1,
    fields: {
      minor: [[1, 114, 4]],
      major: [[1, 118, 2]],
      package: [[1, 120, 3]],
      flashCapacity: [[1, 128, 3]],
      blockMinor: [[1, 123, 3]],
      macExtension: [[1, 48, 16]],
      cryptCount: [[0, 82, 3]],
      secureBoot: [[0, 116, 1]],
      secureDownload: [[0, 133, 1]],
      encryptOff: [[0, 52, 1]],
    },
  },
  efuseValues: { macExtension: 0xfffe },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32c6-20220919",
    build: "Sep 19 2022",
    causes: LP_CAUSES,
    modes: { download: "boot:0x4 (DOWNLOAD(USB/UART0/SDIO_FEI_FEO))", run: "boot:0xc (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spiwp",
  }),
  stubs: knownStubs("esp32c6"),
  defaultRevision: 1,
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
