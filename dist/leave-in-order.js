import { at as FlashError } from "./first-line.js";
import { Bn as describeOwner, Dn as hardReset, Fn as lockBoard, Ln as ownerOfBoard, Pt as discovery, Rt as openTransport, Vn as jobIdentity, wt as followPort } from "./step.js";
import { i as startsFirmware } from "./finish.js";
// src/action/leave-in-order.ts
/** A port may be about to come back after the reset that the step was killed in. */
const COME_BACK_MS = 2e3;
/**
* Takes the board's locks if no other job has had them since: the note beside a lock names who took it last, and a lock
* that this job still has lets it in. Throws `lock/timeout` where the board is another job's.
*/
async function takeBack({ lockDir, lockNames }, { env, clock, signal }) {
	const job = jobIdentity(env);
	const locks = [];
	try {
		for (const name of lockNames) {
			const owner = ownerOfBoard(lockDir, name);
			if (owner?.jobId !== job.id) {
				const holder = describeOwner(owner);
				throw new FlashError("lock/timeout", `it has been taken by ${holder}`, {
					board: name,
					holder
				});
			}
			locks.push(await lockBoard(name, {
				lockDir,
				job,
				timeoutMs: 0,
				clock,
				signal,
				onWait: () => void 0
			}));
		}
		return locks;
	} catch (thrown) {
		for (const lock of locks) lock.release();
		throw thrown;
	}
}
/**
* Leaves a board, on which a step was cut short, as that step would have: lines idle, and its firmware started where
* `after` says so. Only under the board's locks. Returns what was done, as a sentence; throws `lock/timeout` where the
* board is not this job's any more, and the `port/\u2026` errors of its port.
*/
async function leaveInOrder(board, deps) {
	const { clock, signal } = deps;
	const { path } = board.port;
	if (path.startsWith("virtual:")) return `The board ${path} ended with its step.`;
	if (board.lockNames.length === 0) return `The board at ${path} was worked on without a lock, so it was left alone.`;
	const locks = await takeBack(board, deps);
	try {
		const discover = discovery(async () => (await import("./serial-list.js")).listSerialPorts());
		const port = await followPort(board.port, discover, {
			timeoutMs: COME_BACK_MS,
			clock,
			signal
		});
		const transport = await openTransport(port.path, {
			clock,
			signal
		});
		try {
			return await leave(transport, board, deps);
		} finally {
			await transport.close();
		}
	} finally {
		for (const lock of locks) lock.release();
	}
}
async function leave(transport, { after }, { clock, signal }) {
	const { name } = transport;
	if (!transport.capabilities.controlLines) return `The board at ${name} has no reset lines: it stays as it is.`;
	if (startsFirmware(after)) {
		await hardReset(transport, clock, signal);
		return `The step was cut short: the board at ${name} was reset into its firmware. If that was being written, the next run completes it.`;
	}
	await transport.setSignals({
		dtr: false,
		rts: false
	});
	return `The step was cut short: the lines of ${name} are idle. What ran on the board goes on, be it its loader.`;
}
export { leaveInOrder };
