import type { BootImage } from "./boot-check.js";
import type { BootMode, Silicon } from "./silicon.js";

/** Why the chip starts, as the ROM prints it. */
export type ResetCause = "power-on" | "software" | "watchdog" | "brownout";

const CAUSES: Readonly<Record<ResetCause, string>> = {
  "power-on": "rst:0x1 (POWERON_RESET)",
  software: "rst:0x3 (SW_RESET)",
  watchdog: "rst:0x7 (TG0WDT_SYS_RESET)",
  brownout: "rst:0xf (RTCWDT_BROWN_OUT_RESET)",
};

const FLASH_MODES = ["QIO", "QOUT", "DIO", "DOUT"] as const;
/** Divider of the 80 MHz clock by the header's frequency code. */
const CLOCK_DIVIDERS: Readonly<Record<number, number>> = { 0x0: 2, 0x1: 3, 0x2: 4, 0xf: 1 };

const hex = (value: number, digits = 0): string => `0x${value.toString(16).padStart(digits, "0")}`;

/** Lines end as on the serial line. */
const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\r\n`).join("");

export function resetBanner(silicon: Silicon, cause: ResetCause, mode: BootMode): string {
  return lines(silicon.romBanner, "", `${CAUSES[cause]},${silicon.bootModeTexts[mode]}`);
}

export function invalidHeader(firstWord: number): string {
  return lines(`invalid header: ${hex(firstWord, 8)}`);
}

export function romChecksumError(calculated: number, stored: number): string {
  return lines(`csum err:${hex(calculated)}!=${hex(stored)}`, "ets_main.c 371 ");
}

export function romLoadLog(image: Extract<BootImage, { kind: "good" }>): string {
  return lines(
    "configsip: 0, SPIWP:0xee",
    "clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00",
    `mode:${FLASH_MODES[image.flashMode] ?? "DIO"}, clock div:${CLOCK_DIVIDERS[image.flashFrequency] ?? 2}`,
    ...image.segments.map(({ address, lengthBytes }) => `load:${hex(address, 8)},len:${lengthBytes}`),
    `entry ${hex(image.entry, 8)}`,
  );
}

type Level = "E" | "W" | "I";
const COLOURS: Readonly<Record<Level, number>> = { E: 31, W: 33, I: 32 };

/** A line in ESP-IDF's log format; the number is milliseconds since the start. */
export function idfLog(level: Level, atMs: number, tag: string, text: string): string {
  return lines(`\u001b[0;${COLOURS[level]}m${level} (${Math.round(atMs)}) ${tag}: ${text}\u001b[0m`);
}
