import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import { FlashError } from "../base/errors.js";
import { readNote } from "../files/plain-file.js";
import { fileBaudMemory } from "./baud-memory.js";
import { SECTOR_BYTES } from "./desired.js";
import type { FlashRange } from "./job.js";
import type { Journal } from "./journal.js";

interface Note {
  readonly mac: string;
  /** Which start of the host wrote it. */
  readonly boot: string;
  readonly planned: readonly FlashRange[];
  readonly underWay: readonly FlashRange[];
}

/** Names this start of the host: the kernel's own id, or elsewhere the time of the start to the minute. */
function bootId(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return `start-${Math.round((Date.now() / 1000 - uptime()) / 60)}`;
  }
}

/** Whole sectors, or none, within what an address can name: they will be erased, also outside of what the job is about. */
function isRange(value: unknown): value is FlashRange {
  const { offset = NaN, lengthBytes = NaN } = (value ?? {}) as Partial<FlashRange>;
  const areWhole = [offset, lengthBytes].every((part) => Number.isSafeInteger(part) && part % SECTOR_BYTES === 0);
  return areWhole && offset >= 0 && lengthBytes >= 0 && offset + lengthBytes <= 2 ** 32;
}

function isNote(value: unknown): value is Note {
  const note = value as Partial<Note> | null;
  return (
    Array.isArray(note?.planned) &&
    note.planned.every(isRange) &&
    Array.isArray(note.underWay) &&
    note.underWay.every(isRange)
  );
}

/** The name of a new file is on disk when its directory is. Windows opens no directories, and keeps names by itself. */
function flushDirectory(directory: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Notes as one JSON file a board in `directory`, replaced by rename so that a killed process leaves the old or the new
 * one. Only `open` waits for the disk: marks survive the process, and if the host itself went down since, the whole
 * plan counts as suspect. `job/state` where the directory cannot be written.
 */
export function fileJournal(directory: string): Journal {
  const boot = bootId();
  const planned = new Map<string, readonly FlashRange[]>();
  const pathOf = (mac: string): string => join(directory, `${mac.replaceAll(":", "")}.json`);

  const save = (note: Note, durable: "flushed" | "buffered"): void => {
    const path = pathOf(note.mac);
    const staged = `${path}.${process.pid}`;
    try {
      mkdirSync(directory, { recursive: true });
      const file = openSync(staged, "w");
      try {
        writeSync(file, JSON.stringify(note));
        if (durable === "flushed") fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(staged, path);
      if (durable === "flushed") flushDirectory(directory);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FlashError("job/state", `The note about board ${note.mac} cannot be written: ${reason}`, {}, error);
    }
  };

  return {
    bauds: fileBaudMemory(directory),
    suspects(mac) {
      let text: string;
      try {
        text = readNote(pathOf(mac));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
        throw new FlashError("job/state", `The note about board ${mac} cannot be read: ${String(error)}`, {}, error);
      }
      let note: unknown;
      try {
        note = JSON.parse(text);
      } catch {
        note = undefined;
      }
      if (!isNote(note)) {
        throw new FlashError(
          "job/state",
          `The note about board ${mac} is damaged: ${pathOf(mac)}. Delete it and use \`erase: all\`.`,
        );
      }
      return note.boot === boot ? note.underWay : note.planned;
    },
    open(mac, ranges, underWay) {
      planned.set(mac, ranges);
      save({ mac, boot, planned: ranges, underWay }, "flushed");
    },
    mark(mac, underWay) {
      save({ mac, boot, planned: planned.get(mac) ?? underWay, underWay }, "buffered");
    },
    clear(mac) {
      planned.delete(mac);
      rmSync(pathOf(mac), { force: true });
    },
  };
}
