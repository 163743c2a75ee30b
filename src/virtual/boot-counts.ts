import { withJsonFile } from "./json-file.js";

/** How often each app was started on a board; it outlives a step where the board's flash is a file. */
export interface BootCounts {
  /** Counts a boot of the app that goes by this name; returns its number, from 1. */
  next(app: string): number;
  /** The number of its last boot, or 1. */
  last(app: string): number;
}

function readCounts(content: unknown): Map<string, number> {
  const entries = Object.entries((content ?? {}) as Readonly<Record<string, unknown>>);
  if (!entries.every(([, count]) => Number.isSafeInteger(count))) throw new Error("it holds no counters");
  return new Map(entries as [string, number][]);
}

/** Counts lie beside `flashFile`, if there is one. Throws `port/open-failed` where their file cannot be used. */
export function openBootCounts(flashFile: string | undefined): BootCounts {
  const path = flashFile === undefined ? undefined : `${flashFile}.boots.json`;
  const counts = path === undefined ? new Map<string, number>() : withJsonFile(path, (file) => readCounts(file.read()));
  return {
    last: (app) => counts.get(app) ?? 1,
    next(app) {
      const number = (counts.get(app) ?? 0) + 1;
      counts.set(app, number);
      if (path !== undefined) withJsonFile(path, (file) => file.write(Object.fromEntries(counts)));
      return number;
    },
  };
}
