import { Q as plainLine, St as warning, _t as info, at as FlashError, dt as systemClock, gt as getState, st as toFlashError } from "./first-line.js";
import { Bn as describeOwner, Hn as releaseBoard, Ln as ownerOfBoard, Mn as isBoardAtWork, Nn as isKeptBoard, Pn as stateNames } from "./step.js";
// src/action/post.ts
/** Longer than any reset and any port takes; the job shall not wait for a board that is gone. */
const LEAVE_MS = 1e4;
/**
* The `post` step: leaves the boards in order on which the step was cut short, and gives back those that it kept for its
* job. Where another job has taken a board over it says so and leaves it alone. Never fails the job.
*/
async function runPost() {
	await Promise.all(saved(stateNames.atWork, isBoardAtWork).map(leaveBoard));
	for (const board of saved(stateNames.kept, isKeptBoard)) giveBack(board);
}
async function leaveBoard(board) {
	const deadline = new AbortController();
	const cancel = systemClock.schedule(LEAVE_MS, () => deadline.abort(new FlashError("job/timeout", "it did not answer in time")));
	try {
		const { leaveInOrder } = await import("./leave-in-order.js");
		const { signal } = deadline;
		info(plainLine(await leaveInOrder(board, {
			env: process.env,
			clock: systemClock,
			signal
		})));
	} catch (thrown) {
		const { message } = toFlashError(thrown);
		warning(plainLine(`The board at ${board.port.path} was left as the step left it: ${message}`));
	} finally {
		cancel();
	}
}
function giveBack(board) {
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
function saved(name, isBoard) {
	const state = getState(name);
	if (state === "") return [];
	const boards = parsed(state);
	if (Array.isArray(boards) && boards.every(isBoard)) return boards;
	warning(`The state ${name} is not as the step saves it: what it names is left as it is.`);
	return [];
}
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
// src/post-main.ts
await runPost();
export {};
