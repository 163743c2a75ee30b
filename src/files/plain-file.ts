import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";

/** The journal of a flash of 64 MiB, of which every other sector is under way, has less than one. */
const LONGEST_NOTE_BYTES = 4 * 0x100000;

// Windows has neither; its users may make no links, and its pipes are not files.
const NO_FOLLOW = (constants.O_NOFOLLOW as number | undefined) ?? 0;
const NO_WAIT = (constants.O_NONBLOCK as number | undefined) ?? 0;

/**
 * The bytes of a file in a folder that other jobs and users may write. Whatever they put there instead, reading it ends:
 * a pipe would wait for its other end, and a link could lead anywhere. Throws what the system throws, and an Error for
 * what is no plain file or longer than `maxBytes`.
 */
export function readPlainFile(path: string, maxBytes: number): Uint8Array {
  const fd = openSync(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) throw new Error(`${path} is not a plain file`);
    if (found.size > maxBytes) throw new Error(`${path} has ${found.size} bytes, which is too much`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The text of a note that this or another job has left. Throws as `readPlainFile`. */
export function readNote(path: string, maxBytes = LONGEST_NOTE_BYTES): string {
  return Buffer.from(readPlainFile(path, maxBytes)).toString("utf8");
}
