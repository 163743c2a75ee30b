import { at as FlashError } from "./first-line.js";
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
export { bootError as t };
