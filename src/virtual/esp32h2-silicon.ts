import { LP_CAUSES, newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-H2. */
export const esp32h2Silicon: Silicon = newerSilicon({
  label: "ESP32-H2",
  chipId: 16,
  bootloaderOffset: 0x0,
  magic: 0xd7b73e80,
  spiBase: 0x60003000,
  uartBase: 0x60000000,
  strapRegister: 0x60091038,
  strapValues: { download: 0x4, run: 0xc },
  crystalsMhz: [32],
  // ESP-IDF `soc/esp32h2/include/soc/soc.h` at 1021229.
  romRange: { start: 0x40000000, end: 0x40020000 },
  ramRanges: [
    { start: 0x40800000, end: 0x40850000 },
    { start: 0x50000000, end: 0x50001000 },
  ],
  mappedRanges: [{ start: 0x42000000, end: 0x43000000 }],
  // ESP-IDF `efuse/esp32h2/esp_efuse_table.csv` and `soc/esp32h2/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x600b0800,
    end: 0x600b0a00,
    blocks: { 0: 0x600b082c, 1: 0x600b0844 },
    macBlock: 1,
    fields: {
      minor: [[1, 114, 3]],
      major: [[1, 117, 2]],
      package: [[1, 128, 3]],
      flashCapacity: [[1, 120, 3]],
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
    rom: "esp32h2-20221101",
    build: "Nov  1 2022",
    causes: LP_CAUSES,
    modes: { download: "boot:0x4 (DOWNLOAD(USB/UART0))", run: "boot:0xc (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spiwp",
  }),
  stubs: knownStubs("esp32h2"),
  defaultRevision: 1,
  watchdogs: {
    config0: 0x600b1c00,
    config1: 0x600b1c04,
    protect: 0x600b1c1c,
    superConfig: 0x600b1c20,
    superProtect: 0x600b1c24,
    superAutoFeed: 1 << 18,
    superKey: 0x50d83aa1,
  },
  usb: { serialJtag: true },
});
