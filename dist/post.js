import { H as plainLine, Z as toFlashError, at as getState, dt as warning, ot as info } from "./first-line.js";
import { l as releaseBoard, n as ownerOfBoard, o as describeOwner } from "./lock.js";
import { g as KEPT_STATE } from "./step.js";
// src/action/post.ts
/**
* The `post` step: gives back the boards that the step kept for its job. It opens no port, and where another job has taken
* a board over it says so and leaves it alone. Never fails the job.
*/
function runPost() {
	for (const board of keptBoards()) try {
		if (releaseBoard(board)) info(plainLine(`Gave the board ${board.name} back.`));
		else {
			const owner = describeOwner(ownerOfBoard(board.lockDir, board.name));
			warning(plainLine(`The board ${board.name} is no longer this job's; it was left alone. Taken by: ${owner}`));
		}
	} catch (thrown) {
		warning(plainLine(`The board ${board.name} cannot be given back: ${toFlashError(thrown).message}`));
	}
}
/** The runner hands back what the step saved; a step that kept nothing saved nothing. */
function keptBoards() {
	const state = getState(KEPT_STATE);
	return state === "" ? [] : JSON.parse(state);
}
// src/post-main.ts
runPost();
export {};
