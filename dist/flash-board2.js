import { nt as toFlashError } from "./first-line.js";
import { r as fileJournal, t as flashDevice } from "./flash-device.js";
import { L as notesDirectory, x as whatHappened, y as jobFor } from "./step.js";
import { n as claimForStep, t as runPowerCycle } from "./power-cycle.js";
// src/action/flash-board.ts
/** Finds one board, brings it to what its plan says, and gives it back. Never rejects. */
async function flashBoard(task, surroundings) {
	const { notes, inputs } = task;
	const { reporter, signal } = surroundings;
	let board;
	reporter.openGroup("Find the board");
	try {
		board = await claimForStep({
			...inputs,
			port: notes.name
		}, surroundings);
	} catch (thrown) {
		notes.error = whatHappened(thrown, signal);
		return;
	} finally {
		reporter.closeGroup();
	}
	await flashClaimed(board, task, surroundings);
}
/** As `flashBoard`, with a board that is the step's already. */
async function flashClaimed(board, task, surroundings) {
	const { notes } = task;
	const { clock, signal } = surroundings;
	const startedMs = clock.nowMs();
	let error;
	notes.port = board.port;
	try {
		notes.result = await flashOpened(board, task, surroundings);
	} catch (thrown) {
		error = toFlashError(thrown);
		notes.error = whatHappened(thrown, signal);
	} finally {
		notes.port = board.port;
		board.release(error?.code);
	}
	notes.durationMs = clock.nowMs() - startedMs;
}
/** Opens the board's port, brings the board to what the job says, and closes the port. */
async function flashOpened(board, { notes, inputs: { powerCycle }, plans, prepare, onMac }, { host, clock, signal, reporter }) {
	const plan = jobFor(plans, {
		name: notes.name,
		port: board.port
	}, ({ firmware }) => {
		notes.firmware = firmware;
	});
	const transport = await board.open();
	try {
		return await flashDevice(transport, plan, {
			clock,
			signal,
			emit: reporter.listener,
			journal: fileJournal(notesDirectory(host.env, "boards")),
			onIdentified(mac) {
				onMac?.(mac);
				return board.identified(mac);
			},
			...prepare && { prepare },
			...powerCycle && { powerCycle: () => runPowerCycle(powerCycle, {
				clock,
				signal
			}) }
		});
	} finally {
		await transport.close();
	}
}
export { flashClaimed as n, flashBoard as t };
