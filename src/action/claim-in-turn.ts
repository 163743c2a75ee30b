import { hasCode, toFlashError } from "../base/errors.js";
import { defaultLockDir } from "../ports/lock-dir.js";
import { jobIdentity } from "../ports/lock-owner.js";
import { ownerOfBoard } from "../ports/lock.js";
import type { BoardLane } from "./board-lane.js";
import { inLockOrder } from "./board-places.js";
import type { BoardPlace } from "./board-places.js";
import type { ClaimedBoard } from "./claim-board.js";
import { claimForStep } from "./claim-for-step.js";
import { flashBoard } from "./flash-board.js";
import type { Inputs } from "./inputs.js";
import type { Surroundings } from "./step-frame.js";

type Claim = () => Promise<ClaimedBoard>;

/** A board that the step had, and that the job is to have, too; `lockName` as it was found. */
type LentBoard = BoardPlace & Pick<BoardLane, "task">;

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
  const lent: LentBoard[] = [];
  const lend = ({ task, name }: BoardLane, board: ClaimedBoard): ClaimedBoard => {
    lent.push({ task, name, ...(board.lockName && { lockName: board.lockName }) });
    return board;
  };
  let isWaiting = false;
  for (const lane of lanes) {
    const { inputs } = lane.task;
    const isLent = isWaiting && inputs.lock === "job";
    const wish: Inputs = isLent ? { ...inputs, lock: "step" } : inputs;
    const now = await claimNow(lane, wish);
    if (now === undefined) isWaiting = true;
    const claim = now ?? (() => claimForStep({ ...wish, port: lane.name }, lane.surroundings));
    running.push(work(lane, isLent ? () => claim().then((board) => lend(lane, board)) : claim));
  }
  await Promise.all(running);
  for (const board of inLockOrder(lent)) await takeLent(board, step);
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

async function takeLent({ task, name, lockName }: LentBoard, step: Surroundings): Promise<void> {
  const { notes, inputs } = task;
  const { env } = step.host;
  if (lockName === undefined || notes.error !== undefined) return;
  const owner = ownerOfBoard(inputs.lockDir ?? defaultLockDir(env), lockName);
  if (owner?.jobId !== jobIdentity(env).id) {
    const text = `${name}: another job had the board meanwhile, so it is asked again what it holds.`;
    step.reporter.listener({ kind: "message", level: "info", text });
    await flashBoard(task, step);
    return;
  }
  try {
    // The board has told its MAC; asking again would reset it.
    const port = name.startsWith("mac:") ? (notes.port ?? name) : name;
    const board = await claimForStep({ ...inputs, port }, step);
    try {
      if (notes.result !== undefined) await board.identified(notes.result.identity.mac);
    } finally {
      board.release(undefined);
    }
  } catch (thrown) {
    notes.error = toFlashError(thrown);
  }
}
