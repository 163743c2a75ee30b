import { at as FlashError } from "./first-line.js";
import { On as resetByLines, jt as createBootCheck } from "./step.js";
import { t as readBoardInfo } from "./board-info.js";
import { t as bootError } from "./boot-error.js";
import { r as switchPower } from "./claim-for-step.js";
import { i as onBoard, s as factSummary, t as boardInputs } from "./on-board.js";
import { t as runSubAction } from "./sub-action.js";
// src/action/sub/reset.ts
const inputs = [
	...boardInputs,
	"method",
	"resetSequence",
	"powerCycle",
	"chip",
	"bootCheck",
	"consolePort",
	"consoleBaud",
	"expect",
	"failOn",
	"bootTimeoutMs",
	"settleMs",
	"timeoutMs"
];
/** How a board is left if the step is cut short. */
const LEAVING = {
	before: "default-reset",
	after: "hard-reset",
	resetSequence: void 0
};
/** A board that waits in its loader answers at once. */
const LOADER_ATTEMPTS = 3;
/** Resets by method. None but `watchdog` speaks to the chip. */
const resets = {
	rts: (_asked, transport, { clock, signal }) => resetByLines(transport, "rts", clock, signal),
	usb: (_asked, transport, { clock, signal }) => resetByLines(transport, "usb", clock, signal),
	sequence: ({ resetSequence = [] }, transport, { clock, signal }) => resetByLines(transport, resetSequence, clock, signal),
	async "power-cycle"({ powerCycle }, _transport, deps) {
		if (powerCycle === void 0) return;
		const { worked, text } = await switchPower(powerCycle, deps);
		if (!worked) throw new FlashError("port/power-cycle", `${text}.`);
	},
	watchdog: ({ chip }, transport, deps) => {
		return readBoardInfo(transport, {
			chip,
			before: "no-reset",
			connectAttempts: LOADER_ATTEMPTS,
			after: "watchdog-reset"
		}, deps);
	}
};
/** Inputs that a method is nothing without, and that mean nothing to the others. */
const partners = {
	sequence: "reset-sequence",
	"power-cycle": "power-cycle"
};
function checkPartners({ method, resetSequence, powerCycle }) {
	const given = {
		sequence: resetSequence !== void 0,
		"power-cycle": powerCycle !== void 0
	};
	for (const [name, input] of Object.entries(partners)) {
		if (given[name] === (method === name)) continue;
		const why = given[name] ? `only counts with \`method: ${name}\`` : `is not set, but \`method: ${name}\` needs it`;
		throw new FlashError("input/conflict", `\`${input}\` ${why}.`, { inputs: ["method", input] });
	}
}
// src/action/sub/reset-main.ts
await runSubAction({
	inputs,
	check: checkPartners,
	firstLine: (text) => `Reset the board at ${text("port")}`,
	async work(asked, facts, surroundings) {
		const { method, bootCheck, chip } = asked;
		await onBoard(asked, LEAVING, facts, surroundings, async (transport, deps) => {
			const boot = createBootCheck(transport, asked.port, surroundings);
			try {
				if (bootCheck === "on") await boot.begin(asked, chip === "auto" ? {} : { chip });
				await resets[method](asked, transport, deps);
				facts.method = method;
				const seen = await boot.finish();
				if (seen === void 0) return;
				facts.boot = seen.report;
				facts.bootLog = seen.logFile;
				const error = bootError(seen.report);
				if (error !== void 0) throw error;
			} finally {
				await boot.close();
			}
		});
	},
	outputs: {
		port: ({ port = "" }) => port,
		"boot-verdict": ({ boot }) => boot?.verdict ?? "",
		"boot-log": ({ bootLog = "" }) => bootLog,
		boot: ({ boot }) => boot === void 0 ? "" : JSON.stringify(boot)
	},
	closingLine: ({ port = "", boot }) => boot === void 0 ? `Reset the board at ${port}` : `Reset the board at ${port}: ${boot.verdict}`,
	summary: ({ port = "", method = "", boot }, error) => factSummary("ESP32 reset", [
		["Port", port],
		["Method", method],
		["Boot", boot === void 0 ? "" : `${boot.verdict}: ${boot.reason}`]
	], error)
});
export {};
