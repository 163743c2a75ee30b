import { $ as plainLines, Z as markdownText, st as toFlashError } from "./first-line.js";
import { Ot as formatFlashSize, kt as formatRevision } from "./step.js";
import { n as runPowerCycle, t as claimForStep } from "./claim-for-step.js";
// src/action/sub/board-outputs.ts
/** What was learnt about the board before the work failed. */
function errorDetail(error, name) {
	const value = error?.details[name];
	return typeof value === "string" ? value : "";
}
/** Outputs of every sub-action that speaks to the loader. */
const boardOutputs = {
	port: ({ port = "" }) => port,
	mac: ({ board }, error) => board?.identity.mac ?? errorDetail(error, "mac"),
	chip: ({ board }, error) => board?.chip ?? errorDetail(error, "chip")
};
/** `ESP32-D0WDQ6 v1.0, MAC 4c:11:ae:b9:90:54, 4MB flash`. */
function describeBoard({ identity, flashSizeBytes }) {
	return `${`${identity.packageName} ${formatRevision(identity.revision)}`}, MAC ${identity.mac}, ${formatFlashSize(flashSizeBytes)} flash`;
}
/** A heading and a table of facts; cells are plain text. */
function factSummary(title, facts, error) {
	const rows = facts.filter(([, value]) => value !== "").map(([name, value]) => `| ${name} | ${markdownText(value)} |`);
	const table = rows.length === 0 ? [] : [[
		"| Fact | Value |",
		"| --- | --- |",
		...rows
	].join("\n")];
	const failure = error === void 0 ? [] : [`${plainLines(error.message).map(markdownText).join("<br>")}\n\n**Way out:** ${markdownText(error.hint)}`];
	return `${[
		error === void 0 ? `### \u2705 ${title}` : `### \u274c ${title} failed: ${error.code}`,
		...failure,
		...table
	].join("\n\n")}\n`;
}
// src/action/sub/on-board.ts
/** Inputs of every sub-action that takes a board: which one, and how it is kept from others. */
const boardInputs = [
	"port",
	"waitForPortMs",
	"lock",
	"lockTimeoutMs",
	"lockDir"
];
/** Inputs of those that speak to the loader. */
const loaderInputs = [
	"expectMac",
	"powerCycle",
	"chip",
	"before",
	"after",
	"resetSequence",
	"connectAttempts"
];
/** How to get to the board and to leave it, as the inputs say. */
function boardWish(inputs) {
	const { chip, expectMac, before, after, resetSequence, connectAttempts } = inputs;
	return {
		chip,
		before,
		after,
		connectAttempts,
		settings: {},
		...expectMac !== void 0 && { expectMac },
		...resetSequence !== void 0 && { resetSequence }
	};
}
/**
* Takes the board, opens its port for `work`, closes it and gives the board back. `facts.port` says where it was found.
* `wish`: how a board is asked for its MAC, and left if the step is cut short.
*/
async function onBoard(inputs, wish, facts, surroundings, work) {
	const { clock, signal, reporter } = surroundings;
	const { powerCycle } = inputs;
	reporter.openGroup("Find the board");
	const board = await claimForStep({
		...inputs,
		...wish
	}, surroundings);
	reporter.closeGroup();
	facts.port = board.port;
	let code;
	try {
		const transport = await board.open();
		try {
			return await work(transport, {
				clock,
				signal,
				emit: reporter.listener,
				onIdentified: (mac) => board.identified(mac),
				...powerCycle && { powerCycle: () => runPowerCycle(powerCycle, {
					clock,
					signal
				}) }
			});
		} finally {
			await transport.close();
		}
	} catch (thrown) {
		({code} = toFlashError(thrown));
		throw thrown;
	} finally {
		facts.port = board.port;
		board.release(code);
	}
}
export { boardOutputs as a, onBoard as i, boardWish as n, describeBoard as o, loaderInputs as r, factSummary as s, boardInputs as t };
