import type { BootImage } from "./boot-check.js";
import type { BootMode } from "./boot-mode.js";

/**
 * Why the chip starts. `enable`: EN rose while the supply was there; `software`: a loader reset the system; `restart`:
 * an app, the core; `watchdog`: timer group 0's; `usb`: the USB-Serial/JTAG's RTS; `rtc-watchdog`: the watchdog that
 * resets the whole chip.
 */
export type ResetCause =
  | "power-on"
  | "enable"
  | "software"
  | "restart"
  | "deep-sleep"
  | "watchdog"
  | "tg1-watchdog"
  | "rtc-watchdog"
  | "brownout"
  | "usb";

export type GoodImage = Extract<BootImage, { kind: "good" }>;

/** How a chip's ROM words its log. */
export interface BootLog {
  /** Lines from the banner to the boot mode. */
  readonly head: (cause: ResetCause, mode: BootMode) => readonly string[];
  /** What follows in the loader; empty where nothing is said. */
  readonly download: readonly string[];
  /** Lines for the segments that are loaded. */
  readonly load: (image: GoodImage) => readonly string[];
  /** Whether the entry is named at the end. */
  readonly entry: boolean;
  /** What the checksum line is followed by. */
  readonly checksumFailed: (calculated: number, stored: number) => readonly string[];
  /** With Secure Boot, an image without a signature. */
  readonly unsigned: readonly string[];
  /** How often a header that is none is named before the watchdog bites; 0: never. */
  readonly invalidHeaders: number;
  /** What the second stage says of a reset by a watchdog. */
  readonly watchdogWarnings: readonly string[];
}

/** By the code in an image's header. */
export const FLASH_MODES = ["QIO", "QOUT", "DIO", "DOUT"] as const;
/** Divider of the 80 MHz clock by the header's frequency code. */
const CLOCK_DIVIDERS: Readonly<Record<number, number>> = { 0x0: 2, 0x1: 3, 0x2: 4, 0xf: 1 };

export const hex = (value: number, digits = 0): string => `0x${value.toString(16).padStart(digits, "0")}`;

const flashLine = (image: GoodImage): string =>
  `mode:${FLASH_MODES[image.flashMode] ?? "DIO"}, clock div:${CLOCK_DIVIDERS[image.flashFrequency] ?? 2}`;

type Names = Readonly<Record<ResetCause, string>>;

const ESP32_CAUSES: Names = {
  "power-on": "rst:0x1 (POWERON_RESET)",
  enable: "rst:0x1 (POWERON_RESET)",
  software: "rst:0x3 (SW_RESET)",
  restart: "rst:0xc (SW_CPU_RESET)",
  "deep-sleep": "rst:0x5 (DEEPSLEEP_RESET)",
  "tg1-watchdog": "rst:0x8 (TG1WDT_SYS_RESET)",
  watchdog: "rst:0x7 (TG0WDT_SYS_RESET)",
  brownout: "rst:0xf (RTCWDT_BROWN_OUT_RESET)",
  usb: "rst:0x1 (POWERON_RESET)",
  "rtc-watchdog": "rst:0x10 (RTCWDT_RTC_RESET)",
};

/** From the recorded ROM of revision 3. */
export const esp32Log: BootLog = {
  head: (cause, mode) => [
    "ets Jul 29 2019 12:21:46",
    "",
    `${ESP32_CAUSES[cause]},${mode === "download" ? "boot:0xf (UART_BOOT(UART0))" : "boot:0x12 (SPI_FAST_FLASH_BOOT)"}`,
  ],
  download: [],
  load: (image) => [
    "configsip: 0, SPIWP:0xee",
    "clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00",
    flashLine(image),
    ...image.segments.map(({ address, lengthBytes }) => `load:${hex(address, 8)},len:${lengthBytes}`),
  ],
  checksumFailed: (calculated, stored) => [`csum err:${hex(calculated)}!=${hex(stored)}`, "ets_main.c 371 "],
  entry: true,
  unsigned: ["secure boot check fail", "ets_main.c 371 "],
  // The recorded ROM says nothing.
  invalidHeaders: 0,
  watchdogWarnings: [
    "PRO CPU has been reset by WDT.",
    "APP CPU has been reset by WDT.",
    "WDT reset info: PRO CPU PC=0x0",
    "WDT reset info: APP CPU PC=0x0",
  ],
};

/**
 * ESP8266: cause 1 power, 2 EN and software, 4 watchdog; boot mode 1 UART, 3 flash (Espressif, "ESP8266 Boot Log"). It
 * wakes from deep sleep by its own EN.
 */
const ESP8266_CAUSES: Names = {
  "power-on": "1",
  enable: "2",
  software: "2",
  restart: "2",
  "deep-sleep": "2",
  "tg1-watchdog": "4",
  watchdog: "4",
  brownout: "1",
  usb: "2",
  "rtc-watchdog": "4",
};

export const esp8266Log: BootLog = {
  head: (cause, mode) => [
    "",
    ` ets Jan  8 2013,rst cause:${ESP8266_CAUSES[cause]}, boot mode:(${mode === "download" ? 1 : 3},6)`,
    "",
    ...(ESP8266_CAUSES[cause] === "4" ? ["wdt reset"] : []),
  ],
  download: [],
  load: (image) => [
    ...image.segments.map(({ address, lengthBytes }) => `load ${hex(address, 8)}, len ${lengthBytes}, room 16 `),
    `csum ${hex(image.checksum, 2)}`,
  ],
  entry: false,
  checksumFailed: () => ["csum err", "ets_main.c "],
  unsigned: [],
  invalidHeaders: 0,
  watchdogWarnings: [],
};

/** ESP32-S2, S3, C2 and C3 (ESP-IDF `esp_rom/esp32c3/include/esp32c3/rom/rtc.h` RESET_REASON at 1021229, boot logs). */
export const RTC_CAUSES: Names = {
  "power-on": "rst:0x1 (POWERON)",
  enable: "rst:0x1 (POWERON)",
  software: "rst:0x3 (RTC_SW_SYS_RST)",
  restart: "rst:0xc (RTC_SW_CPU_RST)",
  "deep-sleep": "rst:0x5 (DSLEEP)",
  "tg1-watchdog": "rst:0x8 (TG1WDT_SYS_RST)",
  watchdog: "rst:0x7 (TG0WDT_SYS_RST)",
  brownout: "rst:0xf (BROWNOUT_RST)",
  usb: "rst:0x15 (USB_UART_CHIP_RESET)",
  "rtc-watchdog": "rst:0x10 (RTCWDT_RTC_RST)",
};

/** ESP32-C6 and later: the names of the reset domains are others. */
export const LP_CAUSES: Names = {
  "power-on": "rst:0x1 (POWERON)",
  enable: "rst:0x1 (POWERON)",
  software: "rst:0x3 (LP_SW_HPSYS)",
  restart: "rst:0xc (SW_CPU)",
  "deep-sleep": "rst:0x5 (SLEEP_WAKEUP)",
  "tg1-watchdog": "rst:0x8 (TG1_WDT_HPSYS)",
  watchdog: "rst:0x7 (TG0_WDT_HPSYS)",
  brownout: "rst:0xf (BROWNOUT_RST)",
  usb: "rst:0x15 (USB_UART_HPSYS)",
  "rtc-watchdog": "rst:0x10 (LP_WDT_SYS)",
};

interface NewerLog {
  readonly rom: string;
  /** Absent where no log of the chip is public. */
  readonly build?: string;
  readonly causes: Names;
  readonly modes: Readonly<Record<BootMode, string>>;
  /** Two lines about the flash until about 2023, one since. */
  readonly flashLines: "spiwp" | "spi-mode";
  /** Line of the loader. */
  readonly download?: string;
}

/** ROMs since ESP32-S2. */
export function newerLog({ rom, build, causes, modes, flashLines, download }: NewerLog): BootLog {
  return {
    head: (cause, mode) => [
      `ESP-ROM:${rom}`,
      ...(build === undefined ? [] : [`Build:${build}`]),
      `${causes[cause]},${modes[mode]}`,
    ],
    download: [download ?? "waiting for download"],
    load: (image) => [
      ...(flashLines === "spiwp" ? ["SPIWP:0xee", flashLine(image)] : [`SPI ${flashLine(image)}`]),
      ...image.segments.map(({ address, lengthBytes }) => `load:${hex(address, 8)},len:${hex(lengthBytes)}`),
    ],
    checksumFailed: (calculated, stored) => [`csum err:${hex(calculated)}!=${hex(stored)}`, "ets_main.c 329 "],
    entry: true,
    unsigned: ["secure boot verification failed", "ets_main.c 333 "],
    // Assumed: boards print some lines until the watchdog resets them.
    invalidHeaders: 8,
    watchdogWarnings: [],
  };
}
