import { i as formatDuration } from "./step.js";
import { spawn } from "node:child_process";
// src/action/power-cycle.ts
/** Hubs are switched within seconds; a command that asks for a password would wait for ever. */
const COMMAND_TIMEOUT_MS = 3e4;
/**
* Runs the command of `power-cycle`, without a shell, and tells how that went; a command that fails is told, too. Rejects
* with the signal's reason only.
*/
async function runPowerCycle([program, ...args], { clock, signal }) {
	signal.throwIfAborted();
	let said = "";
	const child = spawn(program, args, {
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		shell: false
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
	if (end === "ended with 0") return `switched the power by ${program}`;
	return `${program} to switch the power ${end}${said.trim() === "" ? "" : `: ${said.trim()}`}`;
}
export { runPowerCycle };
