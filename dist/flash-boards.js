import { at as FlashError, ot as hasCode, st as toFlashError } from "./first-line.js";
import { n as flashClaimed, r as fileDeflateStore, t as flashBoard } from "./flash-board.js";
import { n as shareForms } from "./flash-device.js";
import { Ln as ownerOfBoard, Pt as discovery, Rn as defaultLockDir, St as notesDirectory, Vn as jobIdentity, _ as createFailFast, b as boardLane, g as shareTime, h as createSlots, v as inLockOrder, y as placeBoards, yt as whatHappened } from "./step.js";
import { t as claimForStep } from "./claim-for-step.js";
// src/action/claim-in-turn.ts
/**
* Takes the boards of `lanes`, which stand in the order of their locks, and hands each to `work`: first all that are free,
* and those that are not as soon as they are.
*
* Two jobs that keep boards while they wait for each other's would wait for ever. So boards behind one that is waited for
* are only lent, be they free at once or later: free for others as soon as they are done, and taken for the job, in order,
* when nothing is waited for any more. One that another job had in between is then flashed again.
*/
async function claimInTurn(lanes, work, step) {
	const running = [];
	const lent = [];
	const lend = ({ task, name }, board) => {
		lent.push({
			task,
			name,
			...board.lockName && { lockName: board.lockName }
		});
		return board;
	};
	let isWaiting = false;
	for (const lane of lanes) {
		const { inputs } = lane.task;
		const isLent = isWaiting && inputs.lock === "job";
		const wish = isLent ? {
			...inputs,
			lock: "step"
		} : inputs;
		const now = await claimNow(lane, wish);
		if (now === void 0) isWaiting = true;
		const claim = now ?? (() => claimForStep({
			...wish,
			port: lane.name
		}, lane.surroundings));
		running.push(work(lane, isLent ? () => claim().then((board) => lend(lane, board)) : claim));
	}
	await Promise.all(running);
	for (const board of inLockOrder(lent)) await takeLent(board, step);
}
/** What a claim without waiting comes to; undefined for a board that is to be waited for. */
async function claimNow(lane, inputs) {
	if (lane.lockName === void 0 && lane.name.startsWith("mac:")) return void 0;
	try {
		const wish = {
			...inputs,
			port: lane.name,
			waitForPortMs: 0,
			lockTimeoutMs: 0
		};
		const board = await claimForStep(wish, lane.surroundings);
		return () => Promise.resolve(board);
	} catch (thrown) {
		const isHeld = hasCode(thrown, "lock/timeout") && inputs.lockTimeoutMs > 0;
		const isAway = hasCode(thrown, "port/not-found") && inputs.waitForPortMs > 0;
		return isHeld || isAway ? void 0 : () => Promise.reject(toFlashError(thrown));
	}
}
async function takeLent({ task, name, lockName }, step) {
	const { notes, inputs } = task;
	const { env } = step.host;
	if (lockName === void 0 || notes.error !== void 0) return;
	if (ownerOfBoard(inputs.lockDir ?? defaultLockDir(env), lockName)?.jobId !== jobIdentity(env).id) {
		const text = `${name}: another job had the board meanwhile, so it is asked again what it holds.`;
		step.reporter.listener({
			kind: "message",
			level: "info",
			text
		});
		await flashBoard(task, step);
		return;
	}
	try {
		const port = name.startsWith("mac:") ? notes.port ?? name : name;
		const board = await claimForStep({
			...inputs,
			port
		}, step);
		try {
			if (notes.result !== void 0) await board.identified(notes.result.identity.mac);
		} finally {
			board.release(void 0);
		}
	} catch (thrown) {
		notes.error = toFlashError(thrown);
	}
}
// src/action/flash-boards.ts
/**
* All boards that `port` leads to, at once: firmware is planned and deflated once, and no board waits for another. `boards`
* becomes their list. Throws where it cannot be said which boards are meant; what happens to one is noted there.
*/
async function flashBoards(boards, shared, step) {
	const { inputs, plans } = shared;
	const { clock, signal } = step;
	const places = await placeBoards(inputs.ports, {
		discover: discovery(async () => (await import("./serial-list.js")).listSerialPorts()),
		waitForPortMs: inputs.waitForPortMs,
		clock,
		signal,
		say: (text) => step.reporter.listener({
			kind: "message",
			level: "info",
			text
		})
	});
	const [plan] = plans;
	const known = plan !== void 0 && plan.board === void 0 && plans.length === 1 ? { firmware: plan.firmware } : {};
	boards.splice(0, boards.length, ...places.map(({ name }) => ({
		name,
		durationMs: 0,
		...known
	})));
	const store = fileDeflateStore(notesDirectory(step.host.env, "deflated"));
	const forms = shareForms({
		clock,
		store
	});
	const failFast = createFailFast(signal);
	const times = shareTime(step.time, boards.length);
	const onMac = refuseSameMac();
	const prepare = (job) => forms.prepare(job);
	const lanes = places.flatMap((place, index) => {
		const [notes, time] = [boards[index], times[index]];
		if (notes === void 0 || time === void 0) return [];
		const task = {
			...shared,
			notes,
			prepare,
			onMac: (mac) => onMac(place.name, mac)
		};
		return [boardLane(place, task, {
			step,
			failFast,
			time
		})];
	});
	const inSlot = createSlots(inputs.maxParallel);
	const work = async (lane, claim) => {
		const { notes } = lane.task;
		try {
			const board = await claim();
			await inSlot(() => flashClaimed(board, lane.task, lane.surroundings));
		} catch (thrown) {
			notes.error = whatHappened(thrown, lane.surroundings.signal);
		}
		if (notes.error !== void 0 && inputs.failFast) failFast.failed(lane.name);
		lane.end();
	};
	try {
		await claimInTurn(inLockOrder(lanes), work, step);
	} finally {
		forms.stop();
	}
}
/** Tells one board that is named in two ways, which only its MAC shows, before its lock is waited for. */
function refuseSameMac() {
	const names = /* @__PURE__ */ new Map();
	return (name, mac) => {
		const other = name.startsWith("virtual:") ? void 0 : names.get(mac);
		if (other !== void 0 && other !== name) throw new FlashError("port/same-board", `${name} and ${other} are the same board, ${mac}.`, { mac });
		names.set(mac, name);
	};
}
export { flashBoards };
