import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../base/clock.js";
import { sleep } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { KernelLock } from "./kernel-lock.js";
import { lockFile } from "./kernel-lock.js";
import { lockDirError, prepareLockDir } from "./lock-dir.js";
import type { JobIdentity, LockOwner } from "./lock-owner.js";
import { describeOwner, readOwner, writeOwner } from "./lock-owner.js";

export interface LockOptions {
  /** The same folder for all who share boards; made if need be. */
  readonly lockDir: string;
  readonly job: JobIdentity;
  /** How long to wait for other jobs; 0 does not wait. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told once when waiting begins, and whenever the board goes to another job meanwhile. */
  readonly onWait: (holder: string) => void;
}

/** The right to touch a board, until `release` or the end of this process. */
export interface BoardLock {
  readonly lockDir: string;
  readonly name: string;
  /** The lock that the job keeps between its steps; absent where an earlier step of the job has it kept already. */
  readonly jobLock?: KernelLock;
  release(): void;
}

/** The files of a board's lock in `lockDir`. */
export function lockPaths(lockDir: string, name: string): { job: string; step: string; owner: string } {
  const base = join(lockDir, name);
  return { job: `${base}.lock`, step: `${base}.step.lock`, owner: `${base}.owner.json` };
}

/** Who took the board last, as it stands beside the lock; it may have given it back since. */
export function ownerOfBoard(lockDir: string, name: string): LockOwner | undefined {
  return readOwner(lockPaths(lockDir, name).owner);
}

/**
 * Waits until the board called `name` is this job's, and no other process of the job works on it. There are two locks: a
 * job may hold the first beyond its steps (see `keepForJob`), and whoever touches the board also holds the second. So a
 * note by a job that has ended cannot mislead two into working at once. Throws `lock/timeout` with the holder's name,
 * `lock/unavailable`, or the signal's reason.
 */
export async function lockBoard(name: string, options: LockOptions): Promise<BoardLock> {
  prepareLockDir(options.lockDir);
  const { clock, signal, timeoutMs } = options;
  const deadline = new AbortController();
  let cancel: (() => void) | undefined;
  /** What is free is not waited for, however long a busy machine takes to find that out. */
  const onWait = (holder: string): void => {
    cancel ??= clock.schedule(timeoutMs, () => deadline.abort());
    options.onWait(holder);
  };
  try {
    return await claim(name, { ...options, onWait, signal: AbortSignal.any([signal, deadline.signal]) });
  } catch (thrown) {
    if (signal.aborted || thrown instanceof FlashError) throw thrown;
    if (deadline.signal.aborted) throw heldError(name, options);
    throw lockDirError(options.lockDir, thrown);
  } finally {
    cancel?.();
  }
}

async function claim(name: string, options: LockOptions): Promise<BoardLock> {
  const { lockDir, job } = options;
  const paths = lockPaths(lockDir, name);
  for (;;) {
    let jobLock = await takeJobLock(name, options);
    let stepLock: KernelLock | undefined;
    try {
      if (jobLock) noteOwner(name, options);
      stepLock = await waitFor(name, paths.step, "never", options);
      if (stepLock && !jobLock) {
        // Whoever kept the board for this job may have ended since.
        jobLock = await lockFile(paths.job, "now", options);
        if (jobLock) noteOwner(name, options);
      }
      const isOurs = jobLock !== undefined || readOwner(paths.owner)?.jobId === job.id;
      if (stepLock && isOurs) return boardLock(name, lockDir, stepLock, jobLock);
    } catch (thrown) {
      stepLock?.release();
      jobLock?.release();
      throw thrown;
    }
    stepLock?.release();
  }
}

function boardLock(name: string, lockDir: string, stepLock: KernelLock, jobLock: KernelLock | undefined): BoardLock {
  let released = false;
  return {
    lockDir,
    name,
    ...(jobLock && { jobLock }),
    release() {
      if (released) return;
      released = true;
      // In this order: a sibling that gets the step's lock must not find the job's lock about to go.
      jobLock?.release();
      stepLock.release();
    },
  };
}

/** `undefined` when this job has the board already. */
function takeJobLock(name: string, options: LockOptions): Promise<KernelLock | undefined> {
  return waitFor(name, lockPaths(options.lockDir, name).job, "own job", options);
}

/** Waits for one lock; `undefined` as soon as its owner is what ends the wait. */
async function waitFor(
  name: string,
  path: string,
  until: "own job" | "never",
  options: LockOptions,
): Promise<KernelLock | undefined> {
  const { clock, job, timeoutMs, signal, onWait, lockDir } = options;
  const ownerPath = lockPaths(lockDir, name).owner;
  const isOurs = (): boolean => until === "own job" && readOwner(ownerPath)?.jobId === job.id;
  const free = await lockFile(path, "now", options);
  if (free) return free;
  if (isOurs()) return undefined;
  if (timeoutMs === 0) throw heldError(name, options);

  const joined = new AbortController();
  const inQueue = AbortSignal.any([signal, joined.signal]);
  const done = new AbortController();
  const watch = watchOwner();
  try {
    return await lockFile(path, "wait", { clock, signal: inQueue });
  } catch (thrown) {
    if (joined.signal.aborted && !signal.aborted) return undefined;
    throw thrown;
  } finally {
    done.abort();
    await watch;
  }

  async function watchOwner(): Promise<void> {
    let told: string | undefined;
    while (!done.signal.aborted) {
      const holder = describeOwner(readOwner(ownerPath));
      if (holder !== told) onWait(holder);
      told = holder;
      if (isOurs()) joined.abort();
      await sleep(clock, WATCH_MS, done.signal).catch(() => undefined);
    }
  }
}

const WATCH_MS = 250;

function noteOwner(name: string, { lockDir, job }: LockOptions): void {
  const owner: LockOwner = { jobId: job.id, title: job.title, since: new Date().toISOString() };
  try {
    removeOldTokens(lockDir, name);
    writeOwner(lockPaths(lockDir, name).owner, owner);
  } catch (thrown) {
    throw new FlashError(
      "lock/unavailable",
      `${lockDir} cannot be written: ${String(thrown)}`,
      { path: lockDir },
      thrown,
    );
  }
}

/** What `keepForJob` of earlier holders left behind when they were killed. */
function removeOldTokens(lockDir: string, name: string): void {
  const isToken = (file: string): boolean => file.startsWith(`${name}.`) && TOKEN_FILE.test(file.slice(name.length));
  for (const file of readdirSync(lockDir).filter(isToken)) rmSync(join(lockDir, file), { force: true });
}

const TOKEN_FILE = /^\.[0-9a-f-]{36}\.kept$/;

function heldError(name: string, { lockDir, timeoutMs }: LockOptions): FlashError {
  const holder = describeOwner(readOwner(lockPaths(lockDir, name).owner));
  const waited = timeoutMs === 0 ? "" : ` after ${Math.round(timeoutMs / 1000)} s`;
  return new FlashError("lock/timeout", `the board ${name} is still held${waited} by ${holder}`, {
    board: name,
    holder,
  });
}
