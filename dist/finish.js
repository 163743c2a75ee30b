import { at as FlashError } from "./first-line.js";
import { An as isEspressifUsb, Dn as hardReset, fn as leaveLoader } from "./step.js";
// src/flash/finish.ts
const endings = {
	"hard-reset": "reset",
	"watchdog-reset": "reset",
	"soft-reset": "stay",
	"no-reset": "stay",
	"no-reset-stub": "stay"
};
/** Whether the board runs its firmware afterwards. */
function startsFirmware(after) {
	return endings[after] === "reset";
}
/** Refuses before the first erase what cannot be done after the last write. */
function checkAfter(job) {
	if (job.after !== "soft-reset") return;
	throw new FlashError("chip/unsupported", "`after: soft-reset` cannot be done: Espressif's stub does not start the firmware. `hard-reset` does it by EN.");
}
/** Starts the firmware as the job says. Says so where that cannot be done. */
async function finishBoard(transport, board, job, deps) {
	const { progress, beforeReset } = deps;
	const { device } = board;
	if (!startsFirmware(job.after)) {
		const loader = device.loader === "stub" ? "stub" : "ROM loader";
		progress.message("info", `The board stays in its ${loader} at ${device.baud} baud.`);
		return;
	}
	const wanted = job.after === "watchdog-reset" ? "watchdog" : "lines";
	const departure = await leaveLoader(device, wanted, async () => {
		if (!isEspressifUsb(transport)) await transport.setBaudRate(CONSOLE_BAUD);
		const { chip, identity } = device;
		await beforeReset?.({
			chip: chip.name,
			crystalMhz: identity.crystalMhz
		});
	});
	if (departure === "no-lines") {
		progress.message("warning", `${transport.name} has no reset lines: the board stays in its loader until it is reset.`);
		return;
	}
	if (departure !== wanted) {
		const text = departure === "lines" ? `${device.chip.label} has no watchdog reset for the loader: reset by EN.` : `${device.chip.label} was reset by its watchdog: on this USB port its reset line does not start the firmware.`;
		progress.message("info", text);
	}
}
/** What ROM and ESP-IDF print at. */
const CONSOLE_BAUD = 115200;
/**
* Leaves a board after a failure. `running`: nothing was changed, so its firmware starts again. `in-loader`: half of
* a job must not run. Either way the lines are idle. Never rejects; takes 0.1 s, and as long as `Transport.confirm` waits
* where the link turns out to be dead.
*/
async function leaveBoard(transport, how, job, clock) {
	if (!transport.capabilities.controlLines) return;
	const mayReset = how === "running" && startsFirmware(job.after) && !job.before.startsWith("no-reset");
	try {
		if (mayReset) await hardReset(transport, clock);
		else await transport.setSignals({
			dtr: false,
			rts: false
		});
	} catch {}
}
export { startsFirmware as i, finishBoard as n, leaveBoard as r, checkAfter as t };
