import { LP_CAUSES, newerLog } from "./boot-log.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-E22. It is in no ESP-IDF yet, and no boot log of it is public: its eFuses are known from one source, the words are assumed. */
export const esp32e22Silicon: Silicon = newerSilicon({
  label: "ESP32-E22",
  chipId: 31,
  bootloaderOffset: 0x0,
  magic: 0x0,
  spiBase: 0xc3003000,
  uartBase: 0xc3102000,
  strapRegister: 0xc310d000,
  strapValues: { download: 0x0, run: 0x8 },
  crystalsMhz: [40],
  // esptool `targets/esp32e22.py` at bb72741.
  romRange: { start: 0x30000000, end: 0x30120000 },
  ramRanges: [
    { start: 0x30fe0000, end: 0x31200000 },
    { start: 0xc0000000, end: 0xc0008000 },
  ],
  efuse: {
    start: 0xc4008000,
    end: 0xc4008200,
    blocks: { 0: 0xc400802c, 1: 0xc4008044 },
    macBlock: 1,
    fields: { secureBoot: [[0, 116, 1]] },
  },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32e22",
    causes: LP_CAUSES,
    modes: { download: "boot:0x0 (DOWNLOAD(USB/UART0))", run: "boot:0x8 (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spi-mode",
  }),
  stubs: [],
  defaultRevision: 0,
  usb: { serialJtag: false, otgProductId: 0x001f },
});
