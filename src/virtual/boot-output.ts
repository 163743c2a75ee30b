/** Lines end as on the serial line. */
export const lines = (...texts: readonly string[]): string => texts.map((text) => `${text}\r\n`).join("");

type Level = "E" | "W" | "I";
const COLOURS: Readonly<Record<Level, number>> = { E: 31, W: 33, I: 32 };

/** A line in ESP-IDF's log format; the number is milliseconds since the start. */
export function idfLog(level: Level, atMs: number, tag: string, text: string): string {
  return lines(`\u001b[0;${COLOURS[level]}m${level} (${Math.round(atMs)}) ${tag}: ${text}\u001b[0m`);
}
