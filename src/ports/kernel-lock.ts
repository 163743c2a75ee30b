import { spawn } from "node:child_process";
import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from "node:fs";
import type { Clock } from "../base/clock.js";
import { sleep } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import { openShared, systemCodeOf } from "./shared-file.js";

/** A file that is locked until `release`, or until the last process that has the descriptor ends. */
export interface KernelLock {
  /** The lock belongs to the open file: a child that inherits the descriptor holds it, too. */
  readonly fd: number;
  release(): void;
}

/** Whether to come back at once when another holds the lock. */
type Patience = "now" | "wait";

interface LockDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Takes the system's exclusive lock on `path`, which is made if need be, open for every user. `undefined` if another has
 * it and `patience` is `now`. Throws `lock/unavailable`, or the signal's reason when that aborts first.
 */
export async function lockFile(path: string, patience: Patience, deps: LockDeps): Promise<KernelLock | undefined> {
  for (;;) {
    deps.signal.throwIfAborted();
    const fd = process.platform === "linux" ? await lockByFlock(path, patience, deps) : openLocked(path);
    if (fd === undefined) {
      if (patience === "now") return undefined;
      await sleep(deps.clock, POLL_MS, deps.signal);
    } else if (isStillAt(path, fd)) {
      touch(fd);
      return { fd, release: () => closeSync(fd) };
    } else {
      closeSync(fd);
    }
  }
}

/** How often the lock is tried where the system has no queue for it. */
const POLL_MS = 100;

/**
 * Node has no flock(2). But the lock belongs to the open file, not to the process: flock(1) of util-linux or busybox takes
 * it on a descriptor that it inherits, ends, and leaves it with us. Waiting inside flock(1), we stand in the kernel's queue.
 */
async function lockByFlock(path: string, patience: Patience, deps: LockDeps): Promise<number | undefined> {
  const fd = open(path);
  try {
    if (await runFlock(fd, path, patience, deps.signal)) return fd;
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
  closeSync(fd);
  return undefined;
}

function runFlock(fd: number, path: string, patience: Patience, signal: AbortSignal): Promise<boolean> {
  const options = patience === "now" ? ["-x", "-n"] : ["-x"];
  // It needs nothing of the step's, whose token is among its variables.
  const { PATH } = process.env;
  const child = spawn("flock", [...options, "3"], { env: { PATH }, stdio: ["ignore", "ignore", "pipe", fd] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const onAbort = (): void => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", onAbort, { once: true });
  return new Promise<boolean>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT";
      reject(unavailable(path, missing ? "this machine has no `flock` command" : error.message, error));
    });
    child.once("close", (code) => {
      if (signal.aborted) reject(signal.reason as Error);
      else if (code === 0) resolve(true);
      // Both makes of flock end with 1 and without a word when another has the lock.
      else if (code === 1 && said === "") resolve(false);
      else reject(unavailable(path, said.trim() || `flock ended with ${code}`));
    });
  }).finally(() => signal.removeEventListener("abort", onAbort));
}

// macOS locks as it opens (O_EXLOCK of its <sys/fcntl.h>); libuv gives Windows a flag of the same meaning (uv/win.h 1.17).
const OPEN_LOCKED = process.platform === "win32" ? 0x10000000 : 0x20;

function openLocked(path: string): number | undefined {
  closeSync(open(path));
  try {
    return openSync(path, constants.O_RDWR | OPEN_LOCKED | (constants.O_NONBLOCK || 0));
  } catch (thrown) {
    if (["EAGAIN", "EBUSY", "EWOULDBLOCK"].includes(systemCodeOf(thrown))) return undefined;
    throw unavailable(path, String(thrown), thrown);
  }
}

function open(path: string): number {
  try {
    return openShared(path);
  } catch (thrown) {
    throw unavailable(path, String(thrown), thrown);
  }
}

/** A lock on a file that was deleted meanwhile would keep nobody out. */
function isStillAt(path: string, fd: number): boolean {
  const [ours, there] = [fstatSync(fd), statSync(path, { throwIfNoEntry: false })];
  return there?.ino === ours.ino && there.dev === ours.dev;
}

/** Cleaners of temporary folders delete what was not changed for days. */
function touch(fd: number): void {
  writeSync(fd, "\n", 0);
}

function unavailable(path: string, reason: string, cause?: unknown): FlashError {
  return new FlashError("lock/unavailable", `the lock ${path} cannot be taken: ${reason}`, { path }, cause);
}
