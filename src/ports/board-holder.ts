import { existsSync } from "node:fs";
import { lockFile } from "./kernel-lock.js";
import { lockPaths, ownerOfBoard } from "./lock.js";
import type { LockOptions } from "./lock.js";
import { describeOwner } from "./lock-owner.js";

/**
 * Who has the board called `name` right now, in words; `undefined` where it is free, or this job's own. Each lock is taken
 * for a moment to learn whether it is held. Throws `lock/unavailable`.
 */
export async function holderOfBoard(
  name: string,
  { lockDir, job, clock, signal }: Pick<LockOptions, "lockDir" | "job" | "clock" | "signal">,
): Promise<string | undefined> {
  const { job: jobLock, step } = lockPaths(lockDir, name);
  for (const path of [jobLock, step]) {
    if (!existsSync(path)) continue;
    const lock = await lockFile(path, "now", { clock, signal });
    lock?.release();
    if (lock !== undefined) continue;
    const owner = ownerOfBoard(lockDir, name);
    return owner?.jobId === job.id ? undefined : describeOwner(owner);
  }
  return undefined;
}
