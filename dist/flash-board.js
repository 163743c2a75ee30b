import { q as readPlainFile, st as toFlashError } from "./first-line.js";
import { t as flashDevice } from "./flash-device.js";
import { C as possiblePlans, E as boardJournal, S as jobFor, St as notesDirectory, jt as createBootCheck, k as onlyApp, x as isHealthy, yt as whatHappened } from "./step.js";
import { t as bootError } from "./boot-error.js";
import { n as runPowerCycle, t as claimForStep } from "./claim-for-step.js";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
// src/flash/deflate-store.ts
const MAX_ENTRIES = 32;
const SUFFIX = ".zz";
/** One file for each form in `directory`, which may not be there yet; those that nobody asks for any more make room. */
function fileDeflateStore(directory) {
	const pathOf = (bytes) => join(directory, `${createHash("sha256").update(bytes).digest("hex")}${SUFFIX}`);
	const makeRoom = () => {
		const tooMany = readdirSync(directory).filter((name) => name.includes(SUFFIX)).map((name) => ({
			path: join(directory, name),
			usedMs: statSync(join(directory, name)).mtimeMs
		})).sort((a, b) => b.usedMs - a.usedMs).slice(MAX_ENTRIES);
		for (const { path } of tooMany) rmSync(path, { force: true });
	};
	return {
		find(bytes) {
			try {
				const path = pathOf(bytes);
				const deflated = readPlainFile(path, bytes.length + 1024 + bytes.length / 1024);
				const now = /* @__PURE__ */ new Date();
				utimesSync(path, now, now);
				return deflated;
			} catch {
				return;
			}
		},
		keep(bytes, deflated) {
			try {
				const path = pathOf(bytes);
				const staged = `${path}.${process.pid}`;
				mkdirSync(directory, {
					recursive: true,
					mode: 448
				});
				writeFileSync(staged, deflated, { mode: 384 });
				renameSync(staged, path);
				makeRoom();
			} catch {}
		}
	};
}
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
		await flashOpened(board, task, surroundings);
	} catch (thrown) {
		error = toFlashError(thrown);
		notes.error = whatHappened(thrown, signal);
	} finally {
		notes.port = board.port;
		board.release(error?.code);
	}
	notes.durationMs = clock.nowMs() - startedMs;
}
/** Opens the board's port, brings the board to what its plan says, watches how it starts, and closes the port. */
async function flashOpened(board, task, surroundings) {
	const { notes, inputs, plans, symbolize, prepare, onMac } = task;
	const { host, clock, signal, reporter } = surroundings;
	const { powerCycle } = inputs;
	const candidate = {
		name: notes.name,
		port: board.port
	};
	let app;
	const plan = jobFor(plans, candidate, (chosen) => {
		notes.firmware = chosen.firmware;
		app = onlyApp(chosen.job);
	});
	const transport = await board.open();
	const boot = createBootCheck(transport, notes.name, surroundings);
	const wish = {
		...inputs,
		symbolize
	};
	try {
		if (inputs.when === "unhealthy") {
			const possible = possiblePlans(plans, candidate);
			notes.leftAlone = await isHealthy(transport, notes, possible, {
				boot,
				wish
			}, surroundings);
			if (notes.leftAlone) return;
		}
		notes.result = await flashDevice(transport, plan, {
			clock,
			signal,
			emit: reporter.listener,
			journal: boardJournal(host.env, board.port),
			onIdentified(mac) {
				onMac?.(mac);
				return board.identified(mac);
			},
			...watchesBoot(inputs) && { beforeReset: (owner) => boot.begin({
				...wish,
				app
			}, owner) },
			store: fileDeflateStore(notesDirectory(host.env, "deflated")),
			...prepare && { prepare },
			...powerCycle && { powerCycle: () => runPowerCycle(powerCycle, {
				clock,
				signal
			}) }
		});
		noteBoot(notes, await boot.finish());
	} finally {
		await boot.close();
		await transport.close();
	}
}
/** Notes what came after the last reset; what was seen before the board was flashed is over. Throws `boot/\u2026`. */
function noteBoot(notes, seen) {
	delete notes.boot;
	delete notes.bootLog;
	if (seen === void 0) return;
	notes.boot = seen.report;
	notes.bootLog = seen.logFile;
	const error = bootError(seen.report);
	if (error !== void 0) throw error;
}
/** Who allows that nothing boots need not be told that nothing does. */
function watchesBoot({ bootCheck, dryRun, allow }) {
	return bootCheck === "on" && !dryRun && !allow.has("would-not-boot");
}
export { flashClaimed as n, fileDeflateStore as r, flashBoard as t };
