import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FlashError } from "../base/errors.js";
import type { BoardLock } from "./lock.js";
import { writeShared } from "./shared-file.js";

/** A board that stays with the job after its step. Plain data, so that it can go into the state of the `post` step. */
export interface KeptBoard {
  readonly lockDir: string;
  readonly name: string;
  readonly token: string;
}

interface Keeper {
  /** The script made of `lock-keeper-main.ts`. */
  readonly script: string;
  /** A process that lives as long as the job, such as the runner's worker; the keeper ends with it. */
  readonly jobProcessId?: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hears what will be kept before the keeper starts: were it only told afterwards, a kill in between would hide it. */
  readonly beforeStart?: (kept: KeptBoard) => void;
}

/**
 * Hands the job's lock to a process of its own, which inherits the locked file, so that there is no moment without a
 * holder; `lock.release()` then ends only this step's part. The keeper ends when `releaseBoard` takes its token away, with
 * the job's process, or when the runner clears up what a job left running, which it finds by RUNNER_TRACKING_ID.
 * `undefined` where an earlier step of the job has the board kept already. Throws `lock/unavailable`.
 */
export async function keepForJob(lock: BoardLock, keeper: Keeper): Promise<KeptBoard | undefined> {
  if (lock.jobLock === undefined) return undefined;
  const kept: KeptBoard = { lockDir: lock.lockDir, name: lock.name, token: randomUUID() };
  const { RUNNER_TRACKING_ID, SystemRoot } = keeper.env;
  const args = [keeper.script, tokenPath(kept), String(keeper.jobProcessId ?? 0)];
  try {
    writeShared(tokenPath(kept), "");
    keeper.beforeStart?.(kept);
    const child = spawn(process.execPath, args, {
      // Nothing else of the step's environment, which may hold secrets, shall outlive the step.
      env: { ...(RUNNER_TRACKING_ID && { RUNNER_TRACKING_ID }), ...(SystemRoot && { SystemRoot }) },
      cwd: lock.lockDir,
      detached: true,
      windowsHide: true,
      stdio: ["ignore", "ignore", "ignore", lock.jobLock.fd],
    });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
  } catch (thrown) {
    rmSync(tokenPath(kept), { force: true });
    throw new FlashError("lock/unavailable", `the board cannot be kept for the job: ${String(thrown)}`, {}, thrown);
  }
  return kept;
}

/**
 * Gives the board back. Tells whether it was still kept: if the keeper had died and another job took the board over, its
 * token is gone, and that job is not touched.
 */
export function releaseBoard(kept: KeptBoard): boolean {
  const path = tokenPath(kept);
  const wasKept = existsSync(path);
  rmSync(path, { force: true });
  return wasKept;
}

function tokenPath({ lockDir, name, token }: KeptBoard): string {
  return join(lockDir, `${name}.${token}.kept`);
}
