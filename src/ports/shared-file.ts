import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";

/**
 * Opens a file that every user may read and write, and makes it if need be. Others may write its folder, so it follows no
 * link, nor a second name of a file: one would lead to a file that only this user may write. It opens before it creates: with
 * `fs.protected_regular`, Linux refuses O_CREAT on another user's file in a folder like /tmp. Throws what the system throws.
 */
export function openShared(path: string): number {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const fd = tryOpen(path, constants.O_RDWR, "ENOENT") ?? create(path);
    if (fd === undefined) continue;
    if (isOwnFile(fd)) return fd;
    closeSync(fd);
    throw new Error(`${path} is no plain file, or has a second name`);
  }
  throw new Error(`${path} is there and is not there, again and again`);
}

/** A file that was deleted just then has no name any more; who locks it finds out. */
function isOwnFile(fd: number): boolean {
  const found = fstatSync(fd);
  return found.isFile() && found.nlink <= 1;
}

/** Windows has no such flag, and its users may make no links. */
const NO_FOLLOW = (constants.O_NOFOLLOW as number | undefined) ?? 0;

/** Each further one means that somebody made or deleted the file just then. */
const MAX_ATTEMPTS = 100;

/** Replaces the content of such a file. Throws what the system throws. */
export function writeShared(path: string, text: string): void {
  const fd = openShared(path);
  try {
    ftruncateSync(fd);
    writeSync(fd, text, 0);
  } finally {
    closeSync(fd);
  }
}

function create(path: string): number | undefined {
  const fd = tryOpen(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, "EEXIST");
  // The umask must not shut out other users.
  if (fd !== undefined) fchmodSync(fd, 0o666);
  return fd;
}

function tryOpen(path: string, flags: number, expected: string): number | undefined {
  try {
    return openSync(path, flags | NO_FOLLOW, 0o666);
  } catch (thrown) {
    if (systemCodeOf(thrown) === expected) return undefined;
    throw thrown;
  }
}

/** `ENOENT` and the like; empty for what is no error of the system. */
export function systemCodeOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException | undefined)?.code ?? "";
}
