import { getState, info, warning } from "@actions/core";
import { toFlashError } from "../base/errors.js";
import { releaseBoard } from "../ports/lock-keeper.js";
import type { KeptBoard } from "../ports/lock-keeper.js";
import { describeOwner } from "../ports/lock-owner.js";
import { ownerOfBoard } from "../ports/lock.js";
import { KEPT_STATE } from "./kept-state.js";
import { plainLine } from "./plain-text.js";

/**
 * The `post` step: gives back the boards that the step kept for its job. It opens no port, and where another job has taken
 * a board over it says so and leaves it alone. Never fails the job.
 */
export function runPost(): void {
  for (const board of keptBoards()) {
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
}

/** The runner hands back what the step saved; a step that kept nothing saved nothing. */
function keptBoards(): readonly KeptBoard[] {
  const state = getState(KEPT_STATE);
  return state === "" ? [] : (JSON.parse(state) as readonly KeptBoard[]);
}
