import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPlainFile } from "../files/plain-file.js";

/**
 * Deflated forms of earlier runs, found by the bytes that they inflate to. Whoever takes one inflates it first, so what is
 * wrong here costs time only; and so does what cannot be read or written.
 */
export interface DeflateStore {
  find(bytes: Uint8Array): Uint8Array | undefined;
  keep(bytes: Uint8Array, deflated: Uint8Array): void;
}

const MAX_ENTRIES = 32;
const SUFFIX = ".zz";

/** One file for each form in `directory`, which may not be there yet; those that nobody asks for any more make room. */
export function fileDeflateStore(directory: string): DeflateStore {
  const pathOf = (bytes: Uint8Array): string =>
    join(directory, `${createHash("sha256").update(bytes).digest("hex")}${SUFFIX}`);

  const makeRoom = (): void => {
    const files = readdirSync(directory)
      // Those that a killed job left half written have its number behind.
      .filter((name) => name.includes(SUFFIX))
      .map((name) => ({ path: join(directory, name), usedMs: statSync(join(directory, name)).mtimeMs }));
    const tooMany = files.sort((a, b) => b.usedMs - a.usedMs).slice(MAX_ENTRIES);
    for (const { path } of tooMany) rmSync(path, { force: true });
  };

  return {
    find(bytes) {
      try {
        const path = pathOf(bytes);
        // Whole blocks that do not get shorter are stored with 5 bytes each (RFC 1951, 3.2.4).
        const deflated = readPlainFile(path, bytes.length + 1024 + bytes.length / 1024);
        const now = new Date();
        utimesSync(path, now, now);
        return deflated;
      } catch {
        return undefined;
      }
    },
    keep(bytes, deflated) {
      try {
        const path = pathOf(bytes);
        const staged = `${path}.${process.pid}`;
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        writeFileSync(staged, deflated, { mode: 0o600 });
        renameSync(staged, path);
        makeRoom();
      } catch {
        // A full disk or a cache that is read-only: the next run deflates again.
      }
    },
  };
}
