import { Ct as claimBoard, Dt as formatDuration, St as notesDirectory } from "./step.js";
import { spawn } from "node:child_process";
// src/action/power-cycle.ts
/** Hubs are switched within seconds; a command that asks for a password would wait for ever. */
const COMMAND_TIMEOUT_MS = 3e4;
/** As `switchPower`, in words only. */
async function runPowerCycle(command, deps) {
	return (await switchPower(command, deps)).text;
}
/**
* Runs the command of `power-cycle`, without a shell, and tells how that went; a command that fails is told, too. Rejects
* with the signal's reason only.
*/
async function switchPower([program, ...args], { clock, signal }) {
	signal.throwIfAborted();
	let said = "";
	const child = spawn(program, args, {
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		shell: false,
		env: envOfProgram()
	});
	const stop = () => void child.kill("SIGKILL");
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => {
		said = (said + text).slice(-200);
	});
	signal.addEventListener("abort", stop, { once: true });
	let cancel = () => void 0;
	const end = await new Promise((resolve) => {
		cancel = clock.schedule(COMMAND_TIMEOUT_MS, () => {
			resolve(`did not end within ${formatDuration(COMMAND_TIMEOUT_MS)}`);
			stop();
		});
		child.once("error", (error) => resolve(`could not be run (${error.message})`));
		child.once("exit", (code, killedBy) => resolve(`ended with ${code ?? killedBy ?? "nothing"}`));
	});
	cancel();
	signal.removeEventListener("abort", stop);
	signal.throwIfAborted();
	if (end === "ended with 0") return {
		worked: true,
		text: `switched the power by ${program}`
	};
	return {
		worked: false,
		text: `${program} to switch the power ${end}${said.trim() === "" ? "" : `: ${said.trim()}`}`
	};
}
/**
* What the runner gives to an action alone: its inputs with the token, its state, the runner's own tokens, and the files by
* which it speaks to the runner. None of it is the business of a program that switches a hub.
*/
const OF_THE_ACTION = /^(INPUT|STATE|ACTIONS)_|^GITHUB_(OUTPUT|STATE|ENV|PATH|STEP_SUMMARY)$/i;
function envOfProgram() {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THE_ACTION.test(name)));
}
// src/action/claim-for-step.ts
/** After these ends the board may be left as it happened to be: then the `post` step brings it in order. */
const CUT_SHORT = [
	"job/cancelled",
	"job/fail-fast",
	"job/timeout"
];
/**
* Takes a board for this step, as `claimBoard`; the `post` step learns of it, and leaves it as `after` says if the step
* itself does not come to that.
*/
function claimForStep(wish, { host, clock, signal, time, reporter, state }) {
	const { after } = wish;
	let note;
	return claimBoard(wish, {
		env: host.env,
		clock,
		signal,
		time,
		stateDir: notesDirectory(host.env, "ports"),
		say: (level, text) => reporter.listener({
			kind: "message",
			level,
			text
		}),
		onKept: (board) => state.keep(board),
		onHeld(held) {
			if (note === void 0) note = state.begin({
				...held,
				after
			});
			else note.change({
				...held,
				after
			});
		},
		onReleased(code) {
			if (!CUT_SHORT.includes(code)) note?.end();
		}
	});
}
export { runPowerCycle as n, switchPower as r, claimForStep as t };
