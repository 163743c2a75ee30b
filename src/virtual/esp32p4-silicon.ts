import { newerLog } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { newerSilicon } from "./newer-silicon.js";
import type { Silicon } from "./silicon.js";

/** ESP32-P4; from revision 3 on it lies otherwise in memory, and needs another stub. */
export const esp32p4Silicon: Silicon = newerSilicon({
  label: "ESP32-P4",
  chipId: 18,
  bootloaderOffset: 0x2000,
  magic: 0x0,
  spiBase: 0x5008d000,
  uartBase: 0x500ca000,
  strapRegister: 0x500e0038,
  strapValues: { download: 0x307, run: 0x30f },
  crystalsMhz: [40],
  // ESP-IDF `soc/esp32p4/include/soc/soc.h` at 1021229.
  romRange: { start: 0x4fc00000, end: 0x4fc20000 },
  ramRanges: [
    { start: 0x4ff00000, end: 0x4ffc0000 },
    { start: 0x50108000, end: 0x50110000 },
    // Scratchpad memory.
    { start: 0x30100000, end: 0x30102000 },
  ],
  mappedRanges: [{ start: 0x40000000, end: 0x44000000 }],
  // ESP-IDF `efuse/esp32p4/esp_efuse_table.csv` and `soc/esp32p4/register/soc/efuse_reg.h` at 1021229.
  efuse: {
    start: 0x5012d000,
    end: 0x5012d200,
    blocks: { 0: 0x5012d02c, 1: 0x5012d044 },
    macBlock: 1,
    fields: {
      minor: [[1, 64, 4]],
      major: [
        [1, 68, 2],
        [1, 87, 1],
      ],
      package: [[1, 84, 3]],
      blockMinor: [[1, 72, 3]],
      cryptCount: [[0, 82, 3]],
      secureBoot: [[0, 116, 1]],
      secureDownload: [[0, 133, 1]],
      encryptOff: [[0, 52, 1]],
      keyManager: [[0, 73, 4]],
    },
  },
  securityInfo: { lengthBytes: 20, apiVersion: 0, lastPurpose: 0x0 },
  log: newerLog({
    rom: "esp32p4-eco2-20240710",
    build: "Jul 10 2024",
    // ESP-IDF `esp_rom/esp32p4/include/esp32p4/rom/rtc.h` at 1021229; boot logs in esp-idf#17998 and #18294.
    causes: {
      "power-on": "rst:0x1 (POWERON)",
      enable: "rst:0x1 (POWERON)",
      software: "rst:0x3 (SW_SYS_RESET)",
      restart: "rst:0xc (SW_CPU_RESET)",
      "deep-sleep": "rst:0x5 (PMU_SYS_PWR_DOWN_RESET)",
      watchdog: "rst:0x7 (HP_SYS_HP_WDT_RESET)",
      "tg1-watchdog": "rst:0x7 (HP_SYS_HP_WDT_RESET)",
      "rtc-watchdog": "rst:0x10 (CHIP_LP_WDT_RESET)",
      brownout: "rst:0xf (BROWN_OUT_RESET)",
      usb: "rst:0x17 (CHIP_USB_UART_RESET)",
    },
    modes: { download: "boot:0x307 (DOWNLOAD(USB/UART0/SPI))", run: "boot:0x30f (SPI_FAST_FLASH_BOOT)" },
    flashLines: "spi-mode",
  }),
  stubs: [
    ...knownStubs("esp32p4-rev1").map((stub) => ({ ...stub, maxRevision: 299 })),
    ...knownStubs("esp32p4").map((stub) => ({ ...stub, minRevision: 300 })),
  ],
  longAddresses: true,
  defaultRevision: 103,
  forceDownload: { register: 0x50110008, mask: 0x4, sticks: false },
  watchdogs: {
    config0: 0x50116000,
    config1: 0x50116004,
    protect: 0x50116018,
    superConfig: 0x5011601c,
    superProtect: 0x50116020,
    superAutoFeed: 1 << 18,
    superKey: 0x50d83aa1,
  },
  usb: { serialJtag: true, otgProductId: 0x0012 },
});
