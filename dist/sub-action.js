import { Q as plainLine, Y as maskSecrets, _t as info, bt as setOutput, dt as systemClock, ht as getInput, rt as redactUrl } from "./first-line.js";
import { At as formatSeconds, bt as writeSummary, vt as runFramed, xt as readRows } from "./step.js";
// src/action/sub/sub-action.ts
/** Runs a sub-action up to its end, good or bad; sets the exit code. Never rejects. */
async function runSubAction(action, host = process, clock = systemClock) {
	const startedMs = clock.nowMs();
	maskSecrets();
	info(plainLine(redactUrl(action.firstLine(getInput))));
	const facts = {};
	const publish = async (error) => {
		if (action.summary !== void 0) await writeSummary(action.summary(facts, error));
		for (const [name, text] of Object.entries(action.outputs)) setOutput(name, text(facts, error));
		setOutput("duration", formatSeconds(clock.nowMs() - startedMs));
		setOutput("error-code", error?.code ?? "");
		if (error !== void 0) return [error];
		info(plainLine(`${action.closingLine(facts)} (${formatSeconds(clock.nowMs() - startedMs)} s)`));
		return [];
	};
	await runFramed({
		readInputs(text) {
			const inputs = readRows(action.inputs, text);
			action.check?.(inputs);
			return inputs;
		},
		work: (inputs, surroundings) => action.work(inputs, facts, surroundings),
		publish
	}, host, clock);
}
export { runSubAction as t };
