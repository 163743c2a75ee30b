import { rt as toFlashError, tt as FlashError } from "./first-line.js";
import { r as fileJournal, t as flashDevice } from "./flash-device.js";
import { C as possiblePlans, G as notesDirectory, S as jobFor, ct as onlyApp, k as whatHappened, w as createBootCheck, x as isHealthy } from "./step.js";
import { n as claimForStep, t as runPowerCycle } from "./power-cycle.js";
// src/monitor/report.ts
/** What a board does after a reset, and what a step makes of it. The README's table is made from this one. */
const verdictTable = {
	running: {
		meaning: "The app was seen to start, and no reset came for `settle`; at once with the last line of `expect`",
		code: void 0
	},
	"boot-loop": {
		meaning: "Two resets came behind the first, or ROM or bootloader said that they start nothing",
		code: "boot/loop"
	},
	panic: {
		meaning: "The app crashed in the exact words of a panic handler, or a line of `fail-on` came",
		code: "boot/panic"
	},
	"download-mode": {
		meaning: "The chip waits for a download",
		code: "boot/download-mode"
	},
	"wrong-app": {
		meaning: "The app names another project, version or ELF SHA-256 than the one that was flashed",
		code: "boot/wrong-app"
	},
	silent: {
		meaning: "Nothing came that an app says, and no trouble either",
		code: void 0
	}
};
Object.keys(verdictTable);
// src/monitor/boot-error.ts
function codeOf({ verdict, missing }) {
	const { code } = verdictTable[verdict];
	if (code !== void 0 || missing.length === 0) return code;
	return verdict === "silent" ? "boot/silent" : "boot/expect";
}
/**
* What a step has to fail with, or `undefined` where the board is well. Silence alone is no error, as an app may log
* nothing; with lines that were expected it is one.
*/
function bootError(report) {
	const code = codeOf(report);
	if (code === void 0) return void 0;
	const { verdict, reason, panic, missing } = report;
	return new FlashError(code, reason, {
		verdict,
		...panic.length > 0 ? { panic } : {},
		...missing.length > 0 ? { missing } : {}
	});
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
			journal: fileJournal(notesDirectory(host.env, "boards")),
			onIdentified(mac) {
				onMac?.(mac);
				return board.identified(mac);
			},
			...watchesBoot(inputs) && { beforeReset: (owner) => boot.begin({
				...wish,
				app
			}, owner) },
			...prepare && { prepare },
			...powerCycle && { powerCycle: () => runPowerCycle(powerCycle, {
				clock,
				signal
			}) }
		});
		const seen = await boot.finish();
		if (seen === void 0) return;
		notes.boot = seen.report;
		notes.bootLog = seen.logFile;
		const error = bootError(seen.report);
		if (error !== void 0) throw error;
	} finally {
		await boot.close();
		await transport.close();
	}
}
/** Who allows that nothing boots need not be told that nothing does. */
function watchesBoot({ bootCheck, dryRun, allow }) {
	return bootCheck === "on" && !dryRun && !allow.has("would-not-boot");
}
export { flashClaimed as n, flashBoard as t };
