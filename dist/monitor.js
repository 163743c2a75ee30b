import { Q as plainLine, _t as info, at as FlashError, st as toFlashError, ut as sleepReading } from "./first-line.js";
import { Gt as meaningOf, Ht as readConsole, Kt as meet, On as resetByLines, Ut as shownLine, Vt as openBootLog, Wt as consoleRates } from "./step.js";
import { i as onBoard, s as factSummary, t as boardInputs } from "./on-board.js";
import { t as runSubAction } from "./sub-action.js";
// src/monitor/watch-until.ts
/**
* Listens without a reset until the last pattern came, a bad line came, or the time is up; none of these rejects. A port
* that goes away is opened again. Rejects as the transport does, with the signal's reason, and with
* input/invalid for a pattern that never ends.
*/
async function watchUntil(transport, request, deps) {
	const { chip, patterns, failOn, timeoutMs } = request;
	const { appBaud } = consoleRates(request);
	const ended = new AbortController();
	let expected = {
		patterns,
		met: 0,
		from: 0
	};
	let bad;
	let tail = [];
	let lines = 0;
	let trouble;
	function look(text, isWhole) {
		const isBad = isWhole && (meaningOf(text, chip)?.means === "panic" || failOn.some((bad) => bad.endOf(text, 0) >= 0));
		const before = expected.met;
		if (isBad) bad = text;
		else expected = meet(expected, text, isWhole);
		if (expected.met > before) deps.onMatched?.(expected.met);
		if (isBad || patterns.length > 0 && expected.met === patterns.length) ended.abort();
	}
	function tryToLook(text, isWhole) {
		try {
			look(text, isWhole);
		} catch (error) {
			trouble = toFlashError(error);
			ended.abort();
		}
	}
	await transport.setBaudRate(appBaud);
	deps.signal.throwIfAborted();
	const console = readConsole(transport, {
		romBaud: appBaud,
		appBaud
	}, {
		line(line, atMs) {
			if (ended.signal.aborted) return;
			deps.onLine?.({
				atMs,
				text: shownLine(line)
			});
			lines++;
			if (line.text === "") return;
			tail = [...tail.slice(-39), line.text];
			tryToLook(line.text, true);
		},
		partial: (text) => tryToLook(text, false),
		lost: () => void 0,
		back: () => void 0
	}, deps);
	try {
		deps.onListening?.();
		await sleepReading(deps.clock, timeoutMs, AbortSignal.any([ended.signal, deps.signal])).catch(() => void 0);
		deps.signal.throwIfAborted();
	} finally {
		console.stop();
	}
	if (trouble !== void 0) throw trouble;
	const sources = patterns.map(({ source }) => source);
	return {
		durationMs: Math.round(console.nowMs()),
		matched: sources.slice(0, expected.met),
		missing: sources.slice(expected.met),
		...bad === void 0 ? {} : { bad },
		tail,
		lines
	};
}
// src/action/sub/listen.ts
/** Consoles end a command at CR (ESP-IDF, MicroPython) or LF (Arduino sketches); what follows is an empty one. */
const LINE_END = "\r\n";
/** The log of a job shall stay readable; the file has them all. */
const MOST_SHOWN_LINES = 1e4;
/**
* Listens, and resets the board and speaks to it as asked, each at its time; what fails ends the listening. `logFile`
* gets every line, the log the first ten thousand. Rejects as `watchUntil`, and as the transport does.
*/
async function listen(asked, transport, logFile, { clock, signal }) {
	const { chip, consoleBaud, expect, failOn, listenMs, reset, send } = asked;
	const failed = new AbortController();
	const doing = [];
	const also = (work) => {
		doing.push(work.catch((thrown) => failed.abort(thrown)));
	};
	const speak = () => send.length === 0 ? Promise.resolve() : transport.write(Buffer.from(send.map((line) => line + LINE_END).join("")));
	const waits = reset && expect.length > 0;
	const request = {
		patterns: expect,
		failOn,
		timeoutMs: listenMs,
		consoleBaud,
		...chip !== "auto" && { chip }
	};
	let shownLines = 0;
	const heard = await watchUntil(transport, request, {
		clock,
		signal: AbortSignal.any([signal, failed.signal]),
		onLine(line) {
			logFile.add(line);
			shownLines++;
			if (shownLines < MOST_SHOWN_LINES) info(plainLine(line.text));
			if (shownLines === MOST_SHOWN_LINES) info("\u2026 (the rest is in the file of the output `log`)");
		},
		onListening() {
			if (reset) also(resetByLines(transport, "rts", clock, signal));
			if (!waits) also(speak());
		},
		onMatched(count) {
			if (waits && count === 1) also(speak());
		}
	});
	await Promise.all(doing);
	failed.signal.throwIfAborted();
	return heard;
}
// src/action/sub/monitor.ts
const inputs = [
	...boardInputs,
	"chip",
	"consoleBaud",
	"reset",
	"send",
	"expect",
	"failOn",
	"listenMs",
	"timeoutMs"
];
/** If the step is cut short, the board goes on as it was. */
const LEAVING = {
	before: "no-reset",
	after: "no-reset",
	resetSequence: void 0
};
function verdictOf({ heard }) {
	if (heard === void 0) return "";
	if (heard.bad !== void 0) return "bad-line";
	if (heard.missing.length > 0) return "missing";
	return heard.matched.length > 0 ? "matched" : "listened";
}
function heardError({ bad, missing, matched, lines, durationMs }) {
	const seconds = `${Math.round(durationMs / 1e3)} s`;
	if (bad !== void 0) return new FlashError("boot/panic", `The board said: ${bad}`, { line: bad });
	if (missing.length === 0) return void 0;
	const message = `In ${seconds} and ${lines} lines ${missing.length === 1 ? "a pattern" : `${missing.length} patterns`} of \`expect\` did not come: ${missing.join(", ")}`;
	return new FlashError("boot/expect", message, {
		matched,
		missing
	});
}
// src/action/sub/monitor-main.ts
await runSubAction({
	inputs,
	check({ listenMs, timeoutMs }) {
		if (listenMs < timeoutMs) return;
		throw new FlashError("input/conflict", "`listen-timeout` has to end before `timeout` does, which would cut the whole step short.", { inputs: ["listen-timeout", "timeout"] });
	},
	firstLine: (text) => `Listen to the board at ${text("port")}`,
	async work(asked, facts, surroundings) {
		await onBoard(asked, LEAVING, facts, surroundings, async (transport) => {
			const logFile = openBootLog(surroundings.host.env, asked.port);
			facts.log = logFile.path;
			surroundings.reporter.openGroup("What the board says");
			try {
				facts.heard = await listen(asked, transport, logFile, surroundings);
			} finally {
				surroundings.reporter.closeGroup();
				await logFile.close();
			}
		});
		const error = facts.heard && heardError(facts.heard);
		if (error !== void 0) throw error;
	},
	outputs: {
		port: ({ port = "" }) => port,
		verdict: verdictOf,
		matched: ({ heard }) => JSON.stringify(heard?.matched ?? []),
		missing: ({ heard }) => JSON.stringify(heard?.missing ?? []),
		"bad-line": ({ heard }) => heard?.bad ?? "",
		lines: ({ heard }) => String(heard?.lines ?? 0),
		log: ({ log = "" }) => log
	},
	closingLine: (facts) => `Heard ${facts.heard?.lines ?? 0} lines: ${verdictOf(facts)}`,
	summary: ({ port = "", heard, log = "" }, error) => factSummary("ESP32 monitor", [
		["Port", port],
		["Lines", String(heard?.lines ?? 0)],
		["Came", heard?.matched.join(", ") ?? ""],
		["Did not come", heard?.missing.join(", ") ?? ""],
		["Last line", heard?.tail.at(-1) ?? ""],
		["Log", log]
	], error)
});
export {};
