import { constants, Stats } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { ErrorCode } from "../base/errors.js";
import { FlashError } from "../base/errors.js";

/** Names that boards get on Linux and macOS. */
const BOARD_PORTS = /^(tty(USB|ACM)\d+|cu\.(usb|wch|SLAB).*)$/;

/**
 * Looks at the path before it is opened, because the addon gives words without codes. Throws `port/not-found`,
 * `port/not-serial` or `port/permission`. Windows port names are no paths and pass.
 */
export async function checkSerialPath(port: string): Promise<void> {
  if (process.platform === "win32") return;
  const details = { port };
  const found = await stat(port).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "EACCES") throw permissionError(port, error);
    return error;
  });
  if (!(found instanceof Stats)) {
    throw new FlashError("port/not-found", `there is no port ${port}; ${await presentPorts(port)}`, details, found);
  }
  if (!found.isCharacterDevice()) {
    const kind = found.isDirectory() ? "a directory" : found.isFile() ? "a regular file" : "not a device";
    throw new FlashError("port/not-serial", `${port} is ${kind}, not a serial port`, details);
  }
  await access(port, constants.R_OK | constants.W_OK).catch((error: unknown) => {
    throw permissionError(port, error);
  });
}

function permissionError(port: string, cause: unknown): FlashError {
  return new FlashError("port/permission", `this user may not read and write ${port}`, { port }, cause);
}

async function presentPorts(port: string): Promise<string> {
  const names = await readdir(path.dirname(port)).catch(() => []);
  const ports = names.filter((name) => BOARD_PORTS.test(name)).map((name) => path.join(path.dirname(port), name));
  return ports.length > 0 ? `present: ${ports.join(", ")}` : "no board's port is present beside it";
}

// The addon's words: bindings-cpp 13.0.0 `serialport_unix.cpp`, `serialport_linux.cpp`, `serialport_win.cpp`.
const OPEN_PROBLEMS: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/cannot lock port|resource busy|access denied/i, "port/busy", "is in use by another process"],
  [/no such file|file not found/i, "port/not-found", "is not there"],
  [/permission denied/i, "port/permission", "may not be opened by this user"],
  [/inappropriate ioctl|not a typewriter|is a directory/i, "port/not-serial", "is not a serial port"],
];

/** What the addon said on opening, as an error with a code; its own words stay in the message. */
export function openError(port: string, thrown: unknown): FlashError {
  const said = wordsOf(thrown);
  const problem = OPEN_PROBLEMS.find(([pattern]) => pattern.test(said));
  const [code, meaning] = problem ? [problem[1], problem[2]] : (["port/open-failed", "could not be opened"] as const);
  return new FlashError(code, `${port} ${meaning} (${said})`, { port }, thrown);
}

// A pty says ENOTTY or EINVAL; the addon has words of the C library, the ioctl of ours the system's code.
const NO_LINES =
  /inappropriate ioctl|not a typewriter|not a tty|invalid argument|not supported|ENOTTY|EINVAL|EOPNOTSUPP|ENOTSUP/i;

/** Whether an error of setting the lines means that this port has no control lines, and not that it is gone. */
export function meansNoLines(thrown: unknown): boolean {
  return NO_LINES.test(wordsOf(thrown));
}

/** That a port has no control lines, with the system's words. */
export function noLinesError(port: string, words: string, thrown: unknown): FlashError {
  return new FlashError("port/no-lines", `${port} does not let DTR and RTS be set (${words})`, { port }, thrown);
}

/** What the addon or the system said, without the word `Error` that the addon puts before it. */
export function wordsOf(thrown: unknown): string {
  return String(thrown).replace(/^(Error:? )+/, "");
}
