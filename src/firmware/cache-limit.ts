import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describeEntry } from "./cache-entry.js";

/** Some hundred builds of usual size; what was used last stays. */
const maxCacheBytes = 1024 * 1024 * 1024;
/** A signed URL is another one each time, so that each download leaves a record. */
const maxUrlRecords = 1000;

interface Kept {
  readonly name: string;
  readonly usedMs: number;
  /** What counts against the limit. */
  readonly weight: number;
}

/** Digests of the entries that have to go, the oldest ones, so that the rest keeps within the limit. */
export async function entriesTooMany(root: string, folder: string): Promise<string[]> {
  const digests = (await readdir(join(root, folder))).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const entries = await Promise.all(
    digests.map(async (sha256): Promise<Kept[]> => {
      const found = await describeEntry({ root, folder, sha256 });
      return found === undefined ? [] : [{ name: sha256, usedMs: found.usedMs, weight: found.lengthBytes }];
    }),
  );
  return oldestBeyond(maxCacheBytes, entries.flat());
}

/** Takes the oldest records of URLs away where there are too many. Throws what the file system throws. */
export async function removeOldRecords(records: string): Promise<void> {
  const names = await readdir(records).catch(() => []);
  if (names.length <= maxUrlRecords) return;
  const kept = await Promise.all(
    names.map(async (name): Promise<Kept> => {
      const usedMs = await stat(join(records, name)).then(
        (found) => found.mtimeMs,
        () => 0,
      );
      return { name, usedMs, weight: 1 };
    }),
  );
  for (const name of oldestBeyond(maxUrlRecords, kept)) await rm(join(records, name), { force: true });
}

function oldestBeyond(limit: number, all: readonly Kept[]): string[] {
  let total = 0;
  return [...all]
    .sort((a, b) => b.usedMs - a.usedMs)
    .filter(({ weight }) => (total += weight) > limit)
    .map(({ name }) => name);
}
