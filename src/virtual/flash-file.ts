import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { resolve } from "node:path";
import { FlashError } from "../base/errors.js";
import { SECTOR_BYTES } from "./flash-memory.js";
import type { FlashContent, FlashStore } from "./flash-memory.js";
import { ownPath } from "./own-path.js";

const SIZES = [1, 2, 4, 8, 16, 32].map((mebibytes) => mebibytes * 0x100000);

/** What lies beside the flash file; padded to one length, so that each update is one write that a kill cannot halve. */
interface SideState {
  readonly erasing?: { readonly offset: number; readonly lengthBytes: number };
  readonly weakSectors: readonly number[];
}

const openPaths = new Set<string>();

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

const inUse = (path: string, pid: number): FlashError =>
  new FlashError("port/busy", `The flash file ${path} is in use by process ${pid}.`, { path, pid });

/** One board a file. A lock that a dead process left behind is taken over. */
function lock(path: string): string {
  const lockPath = ownPath(`${path}.lock`);
  if (openPaths.has(path)) throw inUse(path, process.pid);
  for (let attempt = 0; ; attempt++) {
    try {
      const fd = openSync(lockPath, "wx");
      writeSync(fd, String(process.pid));
      closeSync(fd);
      openPaths.add(path);
      return lockPath;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 2) throw thrown;
    }
    const owner = Number(readFileSync(lockPath, "utf8"));
    if (owner > 0 && owner !== process.pid && isAlive(owner)) throw inUse(path, owner);
    rmSync(lockPath, { force: true });
  }
}

function sectorsIn(offset: number, lengthBytes: number): number[] {
  const first = Math.floor(offset / SECTOR_BYTES);
  return Array.from({ length: Math.ceil(lengthBytes / SECTOR_BYTES) }, (_, index) => first + index);
}

function readSideState(fd: number): SideState {
  const text = readFileSync(fd, "utf8").trim();
  return text === "" ? { weakSectors: [] } : (JSON.parse(text) as SideState);
}

function openCells(path: string, wantedBytes: number | undefined): { fd: number; bytes: Uint8Array } {
  const fd = openSync(path, "a+");
  closeSync(fd);
  const cellsFd = openSync(path, "r+");
  const stored = readFileSync(cellsFd);
  if (stored.length === 0) {
    const blank = new Uint8Array(wantedBytes ?? 4 * 0x100000).fill(0xff);
    writeSync(cellsFd, blank, 0, blank.length, 0);
    return { fd: cellsFd, bytes: blank };
  }
  if (!SIZES.includes(stored.length) || (wantedBytes !== undefined && wantedBytes !== stored.length)) {
    closeSync(cellsFd);
    throw new FlashError(
      "input/invalid",
      `port: the flash file ${path} has ${stored.length} bytes; accepted: ${wantedBytes ?? SIZES.join(", ")}.`,
      { input: "port" },
    );
  }
  return { fd: cellsFd, bytes: new Uint8Array(stored) };
}

/**
 * Opens a file as the board's flash, or makes a blank one. Every change reaches the file before the call returns, so
 * that it outlives a killed process; what was being erased then comes back weak. Throws `port/busy` if another board
 * has the file, `input/invalid` if its size is not that of the flash, `port/open-failed` for anything else.
 */
export function openFlashFile(
  file: string,
  wantedBytes: number | undefined,
): { readonly content: FlashContent; readonly store: FlashStore } {
  const path = resolve(file);
  try {
    return open(path, wantedBytes);
  } catch (thrown) {
    if (thrown instanceof FlashError) throw thrown;
    throw new FlashError(
      "port/open-failed",
      `The flash file ${path} cannot be used: ${String(thrown)}`,
      { path },
      thrown,
    );
  }
}

function open(path: string, wantedBytes: number | undefined): { content: FlashContent; store: FlashStore } {
  const lockPath = lock(path);
  const unlock = (): void => {
    rmSync(lockPath, { force: true });
    openPaths.delete(path);
  };
  try {
    const { fd, bytes } = openCells(ownPath(path), wantedBytes);
    const sidePath = ownPath(`${path}.state.json`);
    const sideFd = openSync(sidePath, "a+");
    const state = readSideState(sideFd);
    closeSync(sideFd);
    const stateFd = openSync(sidePath, "r+");
    const stateBytes = (bytes.length / SECTOR_BYTES) * 6 + 100;
    const save = (next: SideState): void => {
      writeSync(stateFd, JSON.stringify(next).padEnd(stateBytes), 0, "utf8");
    };

    let weakSectors = [...state.weakSectors];
    if (state.erasing !== undefined) {
      const { offset, lengthBytes } = state.erasing;
      bytes.fill(0xff, offset, offset + lengthBytes);
      writeSync(fd, bytes, offset, lengthBytes, offset);
      weakSectors = [...new Set([...weakSectors, ...sectorsIn(offset, lengthBytes)])];
    }
    save({ weakSectors });

    const store: FlashStore = {
      write: (offset, part) => void writeSync(fd, part, 0, part.length, offset),
      eraseBegins: (offset, lengthBytes) => save({ erasing: { offset, lengthBytes }, weakSectors }),
      eraseEnded(weak) {
        weakSectors = [...weak];
        save({ weakSectors });
      },
      close() {
        closeSync(fd);
        closeSync(stateFd);
        unlock();
      },
    };
    return { content: { bytes, weakSectors }, store };
  } catch (thrown) {
    unlock();
    throw thrown;
  }
}
