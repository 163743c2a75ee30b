import { getState, info, warning } from "@actions/core";
import { systemClock } from "../base/clock.js";
import { FlashError, toFlashError } from "../base/errors.js";
import { releaseBoard } from "../ports/lock-keeper.js";
import type { KeptBoard } from "../ports/lock-keeper.js";
import { describeOwner } from "../ports/lock-owner.js";
import { ownerOfBoard } from "../ports/lock.js";
import { plainLine } from "./plain-text.js";
import { isBoardAtWork, isKeptBoard, stateNames } from "./step-state.js";
import type { BoardAtWork } from "./step-state.js";

/** Longer than any reset and any port takes; the job shall not wait for a board that is gone. */
const LEAVE_MS = 10_000;

/**
 * The `post` step: leaves the boards in order on which the step was cut short, and gives back those that it kept for its
 * job. Where another job has taken a board over it says so and leaves it alone. Never fails the job.
 */
export async function runPost(): Promise<void> {
  await Promise.all(saved(stateNames.atWork, isBoardAtWork).map(leaveBoard));
  for (const board of saved(stateNames.kept, isKeptBoard)) giveBack(board);
}

async function leaveBoard(board: BoardAtWork): Promise<void> {
  const deadline = new AbortController();
  const cancel = systemClock.schedule(LEAVE_MS, () =>
    deadline.abort(new FlashError("job/timeout", "it did not answer in time")),
  );
  try {
    // Loaded here only, since a step is hardly ever cut short.
    const { leaveInOrder } = await import("./leave-in-order.js");
    const { signal } = deadline;
    info(plainLine(await leaveInOrder(board, { env: process.env, clock: systemClock, signal })));
  } catch (thrown) {
    const { message } = toFlashError(thrown);
    warning(plainLine(`The board at ${board.port.path} was left as the step left it: ${message}`));
  } finally {
    cancel();
  }
}

function giveBack(board: KeptBoard): void {
  try {
    if (releaseBoard(board)) info(plainLine(`Gave the board ${board.name} back.`));
    else {
      const owner = describeOwner(ownerOfBoard(board.lockDir, board.name));
      warning(plainLine(`The board ${board.name} is no longer this job's; it was left alone. Taken by: ${owner}`));
    }
  } catch (thrown) {
    warning(plainLine(`The board ${board.name} cannot be given back: ${toFlashError(thrown).message}`));
  }
}

/** The runner hands back what the step saved; a step that had nothing to say saved nothing. */
function saved<Board>(name: string, isBoard: (value: unknown) => value is Board): readonly Board[] {
  const state = getState(name);
  if (state === "") return [];
  const boards = parsed(state);
  if (Array.isArray(boards) && boards.every(isBoard)) return boards;
  warning(`The state ${name} is not as the step saves it: what it names is left as it is.`);
  return [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
