import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNote } from "../files/plain-file.js";

/** The rates at which boards were last found to work, where a higher one had failed. */
export interface BaudMemory {
  /** Bits a second; `undefined` where nothing is known, or no longer. */
  recall(mac: string): number | undefined;
  /** Throws what the system throws. */
  note(mac: string, baud: number): void;
}

/** By then somebody may have changed the cable. */
const FORGET_MS = 30 * 24 * 3600 * 1000;

/** One small file a board in `directory`, which may not be there yet. What cannot be read counts as unknown. */
export function fileBaudMemory(directory: string): BaudMemory {
  const pathOf = (mac: string): string => join(directory, `${mac.replaceAll(":", "")}.baud`);
  return {
    recall(mac) {
      try {
        const note = JSON.parse(readNote(pathOf(mac))) as { baud?: unknown; atMs?: unknown } | null;
        if (typeof note?.baud !== "number" || typeof note.atMs !== "number") return undefined;
        return Date.now() - note.atMs < FORGET_MS ? note.baud : undefined;
      } catch {
        return undefined;
      }
    },
    note(mac, baud) {
      mkdirSync(directory, { recursive: true });
      const staged = `${pathOf(mac)}.${process.pid}`;
      writeFileSync(staged, JSON.stringify({ baud, atMs: Date.now() }));
      renameSync(staged, pathOf(mac));
    },
  };
}
