import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNote } from "../files/plain-file.js";

/** What a board was last found to work at, where something else had failed. */
export interface KnownRate {
  /** Bits a second. */
  readonly baud: number;
  /** The ROM may be taken to that rate, and not the stub alone. */
  readonly byRom: boolean;
}

/** The rates of boards that do not work at any. */
export interface BaudMemory {
  /** `undefined` where nothing is known, or no longer. */
  recall(mac: string): KnownRate | undefined;
  /** Throws what the system throws. */
  note(mac: string, rate: KnownRate): void;
}

/** By then somebody may have changed the cable. */
const FORGET_MS = 30 * 24 * 3600 * 1000;

/** One small file a board in `directory`, which may not be there yet. What cannot be read counts as unknown. */
export function fileBaudMemory(directory: string): BaudMemory {
  const pathOf = (mac: string): string => join(directory, `${mac.replaceAll(":", "")}.baud`);
  return {
    recall(mac) {
      try {
        const note = JSON.parse(readNote(pathOf(mac))) as { baud?: unknown; byRom?: unknown; atMs?: unknown } | null;
        if (typeof note?.baud !== "number" || typeof note.atMs !== "number") return undefined;
        if (!Number.isSafeInteger(note.baud) || note.baud <= 0) return undefined;
        if (Date.now() - note.atMs >= FORGET_MS) return undefined;
        return { baud: note.baud, byRom: note.byRom !== false };
      } catch {
        return undefined;
      }
    },
    note(mac, { baud, byRom }) {
      mkdirSync(directory, { recursive: true });
      const staged = `${pathOf(mac)}.${process.pid}`;
      writeFileSync(staged, JSON.stringify({ baud, byRom, atMs: Date.now() }));
      renameSync(staged, pathOf(mac));
    },
  };
}
