import { readFileSync, writeFileSync } from "node:fs";

/** How often each app was started on a board; it outlives a step where the board's flash is a file. */
export interface BootCounts {
  /** Counts a boot of the app that goes by this name; returns its number, from 1. */
  next(app: string): number;
  /** The number of its last boot, or 1. */
  last(app: string): number;
}

type Counts = Readonly<Record<string, number>>;

function readCounts(path: string): Counts {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Counts;
  } catch {
    // A new board, or one that was killed as it wrote this.
    return {};
  }
}

/** Counts lie beside `flashFile`, if there is one. */
export function openBootCounts(flashFile: string | undefined): BootCounts {
  const path = flashFile === undefined ? undefined : `${flashFile}.boots.json`;
  let counts = path === undefined ? {} : readCounts(path);
  return {
    last: (app) => counts[app] ?? 1,
    next(app) {
      const number = (counts[app] ?? 0) + 1;
      counts = { ...counts, [app]: number };
      if (path !== undefined) writeFileSync(path, `${JSON.stringify(counts)}\n`);
      return number;
    },
  };
}
