import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { FlashError } from "../base/errors.js";

/** What has happened to a board, each counted from 0. */
export interface BoardStats {
  /** The supply came on, as it does whenever a step opens a virtual board's port. */
  readonly powerOns: number;
  /** Resets by the host, through EN or over USB. */
  readonly resets: number;
  /** Resets of the chip's own: software, watchdog, brownout. */
  readonly ownResets: number;
  /** Times that the ROM's loader was entered. */
  readonly loaderEntries: number;
  readonly erasedSectors: number;
  readonly programmedBytes: number;
  /** Writes to registers of the eFuse controller. */
  readonly efuseWrites: number;
}

export const noStats: BoardStats = {
  powerOns: 0,
  resets: 0,
  ownResets: 0,
  loaderEntries: 0,
  erasedSectors: 0,
  programmedBytes: 0,
  efuseWrites: 0,
};

const keys = Object.keys(noStats) as (keyof BoardStats)[];

function sum(one: BoardStats, other: BoardStats): BoardStats {
  return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]])) as unknown as BoardStats;
}

function readStats(path: string): BoardStats {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return noStats;
  }
  const found = JSON.parse(text) as Partial<Record<keyof BoardStats, unknown>>;
  if (!keys.every((key) => Number.isSafeInteger(found[key]))) throw new Error("its counters are not all there");
  return found as BoardStats;
}

/**
 * Keeps counters in a JSON file, added to what it holds; the returned function writes them. Throws `port/open-failed`
 * where the file cannot be used.
 */
export function openStatsFile(path: string): (stats: BoardStats) => void {
  const write = (stats: BoardStats): void => {
    // Renamed into place, so that nobody reads half of it.
    writeFileSync(`${path}.new`, `${JSON.stringify(stats, null, 2)}\n`);
    renameSync(`${path}.new`, path);
  };
  try {
    const before = readStats(path);
    write(before);
    return (stats) => write(sum(before, stats));
  } catch (thrown) {
    const message = `The counters of the virtual board cannot be kept in ${path}: ${String(thrown)}`;
    throw new FlashError("port/open-failed", message, { path }, thrown);
  }
}
