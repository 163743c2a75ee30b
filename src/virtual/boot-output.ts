import { BITS_PER_BYTE } from "./timing.js";

/** Lines end as on the serial line. */
export const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\r\n`).join("");

/** Tag and text of a line in ESP-IDF's log. */
export type LogLine = readonly [tag: string, text: string];

type Level = "E" | "W" | "I";
const COLOURS: Readonly<Record<Level, number>> = { E: 31, W: 33, I: 32 };
const CONSOLE_BAUD = 115_200;

/** Prints lines in ESP-IDF's log format. */
export type IdfLog = (level: Level, ...logLines: readonly LogLine[]) => void;

/** The number in front of a line is milliseconds since the start: `fromMs`, and what the lines before it took. */
export function createIdfLog(print: (text: string) => void, fromMs: number): IdfLog {
  let atMs = fromMs;
  return (level, ...logLines) => {
    for (const [tag, text] of logLines) {
      const line = lines(`\u001b[0;${COLOURS[level]}m${level} (${Math.round(atMs)}) ${tag}: ${text}\u001b[0m`);
      print(line);
      atMs += (line.length * BITS_PER_BYTE * 1000) / CONSOLE_BAUD;
    }
  };
}
