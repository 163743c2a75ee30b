import { hasCode, toFlashError } from "../base/errors.js";
import { defaultLockDir } from "../ports/lock-dir.js";
import { jobIdentity } from "../ports/lock-owner.js";
import { ownerOfBoard } from "../ports/lock.js";
import type { BoardLane } from "./board-lane.js";
import type { ClaimedBoard } from "./claim-board.js";
import { claimForStep } from "./claim-for-step.js";
import { flashBoard } from "./flash-board.js";
import type { Inputs } from "./inputs.js";
import type { Surroundings } from "./step-frame.js";

type Claim = () => Promise<ClaimedBoard>;

/**
 * Takes the boards of `lanes`, which stand in the order of their locks, and hands each to `work`: first all that are free,
 * and those that are not as soon as they are.
 *
 * Two jobs that keep boards while they wait for each other's would wait for ever. So boards behind one that is waited for
 * are only lent, be they free at once or later: free for others as soon as they are done, and taken for the job, in order,
 * when nothing is waited for any more. One that another job had in between is then flashed again.
 */
export async function claimInTurn(
  lanes: readonly BoardLane[],
  work: (lane: BoardLane, claim: Claim) => Promise<void>,
  step: Surroundings,
): Promise<void> {
  const running: Promise<void>[] = [];
  const lent: BoardLane[] = [];
  let isWaiting = false;
  for (const lane of lanes) {
    const { inputs } = lane.task;
    const isLent = isWaiting && inputs.lock === "job";
    const wish: Inputs = isLent ? { ...inputs, lock: "step" } : inputs;
    const now = await claimNow(lane, wish);
    if (now === undefined) isWaiting = true;
    if (isLent) lent.push(lane);
    running.push(work(lane, now ?? (() => claimForStep({ ...wish, port: lane.name }, lane.surroundings))));
  }
  await Promise.all(running);
  for (const lane of lent) await takeLent(lane, step);
}

/** What a claim without waiting comes to; undefined for a board that is to be waited for. */
async function claimNow(lane: BoardLane, inputs: Inputs): Promise<Claim | undefined> {
  // Only the boards themselves can tell which one it is, and asking them takes seconds.
  if (lane.lockName === undefined && lane.name.startsWith("mac:")) return undefined;
  try {
    const wish = { ...inputs, port: lane.name, waitForPortMs: 0, lockTimeoutMs: 0 };
    const board = await claimForStep(wish, lane.surroundings);
    return () => Promise.resolve(board);
  } catch (thrown) {
    const isHeld = hasCode(thrown, "lock/timeout") && inputs.lockTimeoutMs > 0;
    const isAway = hasCode(thrown, "port/not-found") && inputs.waitForPortMs > 0;
    return isHeld || isAway ? undefined : () => Promise.reject(toFlashError(thrown));
  }
}

async function takeLent({ task, name, lockName }: BoardLane, step: Surroundings): Promise<void> {
  const { notes, inputs } = task;
  const { env } = step.host;
  if (lockName === undefined || notes.error !== undefined) return;
  const owner = ownerOfBoard(inputs.lockDir ?? defaultLockDir(env), lockName);
  if (owner?.jobId !== jobIdentity(env).id) {
    await flashBoard(task, step);
    return;
  }
  try {
    const board = await claimForStep({ ...inputs, port: name }, step);
    board.release(undefined);
  } catch (thrown) {
    notes.error = toFlashError(thrown);
  }
}
