import { withJsonFile } from "./json-file.js";

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

function readStats(content: unknown): BoardStats {
  if (content === undefined) return noStats;
  const found = content as Partial<Record<keyof BoardStats, unknown>>;
  if (!keys.every((key) => Number.isSafeInteger(found[key]))) throw new Error("its counters are not all there");
  return found as BoardStats;
}

/**
 * Keeps counters in a JSON file, added to what it holds; the returned function writes them. Throws `port/open-failed`
 * where the file cannot be used.
 */
export function openStatsFile(path: string): (stats: BoardStats) => void {
  const before = withJsonFile(path, (file) => {
    const stats = readStats(file.read());
    file.write(stats);
    return stats;
  });
  return (stats) => withJsonFile(path, (file) => file.write(sum(before, stats)));
}
