import { I as concatBytes, at as FlashError, ct as scheduleDeadline } from "./first-line.js";
import { n as guardSending, t as createLink } from "./link.js";
import { t as connectSocket } from "./tcp-socket.js";
import { a as encodeTelnetData, i as encodeComPort, n as comPortRequests, o as encodeTelnetOption, r as createTelnetDecoder, s as telnetOptions, t as comPortControl } from "./telnet.js";
import { zt as parseRfc2217Url } from "./step.js";
// src/transport/telnet-options.ts
const ANSWERS = {
	do: {
		yes: "will",
		no: "wont"
	},
	dont: {
		yes: "will",
		no: "wont"
	},
	will: {
		yes: "do",
		no: "dont"
	},
	wont: {
		yes: "do",
		no: "dont"
	}
};
/** Binary both ways and no go-ahead keep every byte as it is; of the COM port option a client says only that it WILL. */
const REQUESTS = [
	["will", telnetOptions.comPort],
	["will", telnetOptions.binary],
	["do", telnetOptions.binary],
	["will", telnetOptions.suppressGoAhead],
	["do", telnetOptions.suppressGoAhead]
];
const SUPPORTED = Object.values(telnetOptions);
/** The account of a client of a serial port, before its requests are sent. */
function createOptionAccount() {
	const states = new Map(REQUESTS.map(([verb, option]) => [`${verb} ${option}`, "asked"]));
	return {
		requests: concatBytes(...REQUESTS.map(([verb, option]) => encodeTelnetOption(verb, option))),
		answer(verb, option) {
			const { yes, no } = ANSWERS[verb];
			const key = `${yes} ${option}`;
			const state = states.get(key);
			if (verb === "dont" || verb === "wont") {
				states.delete(key);
				return state === "on" ? encodeTelnetOption(no, option) : void 0;
			}
			if (!SUPPORTED.includes(option)) return encodeTelnetOption(no, option);
			states.set(key, "on");
			return state === void 0 ? encodeTelnetOption(yes, option) : void 0;
		}
	};
}
/** The question as a client sends it. */
const timingMark = encodeTelnetOption("do", 6);
/** Some servers take a second question about an option for a loop, and keep silent. */
const MARKS_AT_START = 2;
/** What is sent as a connection begins. */
const firstTimingMarks = concatBytes(...Array.from({ length: MARKS_AT_START }, () => timingMark));
function createTimingMarks({ clock, signal }) {
	let open = MARKS_AT_START;
	let areAnswered = false;
	let onAnswer;
	return {
		answered() {
			open--;
			if (open > 0) return;
			areAnswered = true;
			onAnswer?.();
		},
		get areAnswered() {
			return areAnswered;
		},
		next(timeoutMs) {
			open++;
			return new Promise((resolve, reject) => {
				const settle = (end) => {
					stopTimer();
					signal.removeEventListener("abort", onAbort);
					onAnswer = void 0;
					end();
				};
				const onAbort = () => settle(() => reject(signal.reason));
				const stopTimer = scheduleDeadline(clock, timeoutMs, () => settle(() => resolve(false)));
				onAnswer = () => settle(() => resolve(true));
				if (signal.aborted) onAbort();
				else signal.addEventListener("abort", onAbort, { once: true });
			});
		}
	};
}
// src/transport/rfc2217-channel.ts
/** How long `close` waits for the server to close as well; cut off earlier, a reset could overtake the last bytes. */
const CLOSE_TIMEOUT_MS = 500;
/** Enough for the sentence that a server says before it hangs up. */
const MAX_SAID_BYTES = 200;
/**
* Connects and agrees on RFC 2217. Rejects with `port/busy` or `port/open-failed` where the server does not, or with the
* signal's reason.
*/
async function openChannel(url, address, listener, { clock, signal }) {
	const socket = await connectSocket(url, address, {
		clock,
		signal,
		timeoutMs: address.timeoutMs
	});
	const decoder = createTelnetDecoder();
	const account = createOptionAccount();
	/** Set while there is no agreement yet; ends the wait for it. */
	let settle;
	let said = "";
	const handle = (event) => {
		switch (event.kind) {
			case "data":
				if (settle === void 0) listener.data(event.bytes);
				else said = (said + Buffer.from(event.bytes).toString("latin1")).slice(0, MAX_SAID_BYTES);
				break;
			case "option": {
				if (event.option === 6 && (event.verb === "will" || event.verb === "wont")) {
					listener.marked();
					break;
				}
				const answer = account.answer(event.verb, event.option);
				if (answer) socket.write(answer);
				if (event.option !== telnetOptions.comPort) break;
				if (event.verb === "dont") settle?.(refusal(url, "refuses RFC 2217"));
				else if (event.verb === "do" || event.verb === "will") settle?.();
				break;
			}
			case "subnegotiation": if (event.option === telnetOptions.comPort) listener.comPort(event.payload[0] ?? 0, event.payload.subarray(1));
		}
	};
	const ended = (why, cause) => {
		if (settle) settle(hangUpError(url, said, why));
		else listener.closed(why, cause);
	};
	socket.on("data", (chunk) => decoder.push(chunk).forEach(handle));
	socket.on("error", (error) => ended(error.message, error));
	socket.on("close", () => ended("the server closed the connection"));
	const seconds = address.timeoutMs / 1e3;
	await new Promise((resolve, reject) => {
		const onAbort = () => settle?.(signal.reason);
		const stopTimer = scheduleDeadline(clock, address.timeoutMs, () => settle?.(refusal(url, `did not agree to RFC 2217 within ${seconds} s${quoted(said)}`)));
		settle = (error) => {
			settle = void 0;
			stopTimer();
			signal.removeEventListener("abort", onAbort);
			if (error === void 0) {
				resolve();
				return;
			}
			socket.destroy();
			reject(error);
		};
		if (signal.aborted) onAbort();
		else signal.addEventListener("abort", onAbort, { once: true });
		socket.write(account.requests);
	});
	return {
		send: (bytes) => new Promise((resolve, reject) => {
			socket.write(bytes, (error) => {
				if (!error) resolve();
				else reject(new FlashError("port/lost", `${url} was lost: ${error.message}`, { port: url }, error));
			});
		}),
		close: (last) => endSocket(socket, last, clock)
	};
}
function endSocket(socket, last, clock) {
	if (socket.closed) return Promise.resolve();
	return new Promise((resolve) => {
		const stopTimer = clock.schedule(CLOSE_TIMEOUT_MS, () => socket.destroy());
		socket.once("close", () => {
			stopTimer();
			resolve();
		});
		if (socket.writable) socket.end(last);
		else socket.destroy();
	});
}
/** ser2net says \u201cPort already in use\u201d and hangs up; others hang up on a second client without a word. */
function hangUpError(url, said, why) {
	const details = { port: url };
	if (/\b(in use|busy)\b/i.test(said)) return new FlashError("port/busy", `${url} is in use by another client${quoted(said)}`, details);
	const reason = said === "" ? "; another client may be using it" : quoted(said);
	return new FlashError("port/open-failed", `${url} hung up before it agreed to RFC 2217 (${why})${reason}`, details);
}
function refusal(url, problem) {
	return new FlashError("port/open-failed", `the server at ${url} ${problem}; use tcp:// for a port that carries raw bytes`, { port: url });
}
/** What a server said instead, as one printable line. */
function quoted(said) {
	const text = said.replace(/[^\x20-\x7e]+/g, " ").trim();
	return text === "" ? "" : `; it said \u201c${text}\u201d`;
}
// src/transport/rfc2217.ts
/** A server that has not told the rate by now will not (some never do); real data decides whether it is right. */
const RATE_ANSWER_MS = 1e3;
/** Longer than TCP needs to send a lost segment again, and than a server is busy with a reset or a full buffer. */
const MARK_ANSWER_MS = 1e4;
/** A divider is some percent off at most; the UARTs of both sides bear that. */
const MAX_RATE_ERROR = .03;
const PURGE = {
	received: 1,
	both: 3
};
/** RFC 2217, section 3: no parity is 1, one stop bit is 1. */
const FRAMING = concatBytes(request(comPortRequests.setDataSize, 8), request(comPortRequests.setParity, 1), request(comPortRequests.setStopSize, 1), request(comPortRequests.setControl, comPortControl.noFlowControl));
/**
* A serial port behind an RFC 2217 server such as ser2net. Requests for the lines are never waited for: many servers do
* not answer them, and a reset sequence bears no round trip. Opening leaves the lines as the server has them.
* Throws `input/invalid` for a bad URL, `port/busy` or `port/open-failed` with the reason.
*/
async function openRfc2217(url, baud, { clock, signal }) {
	const address = parseRfc2217Url(url);
	const link = createLink(url);
	let rate = baud;
	/** Unknown until they are set for the first time. */
	let lines;
	let onRate;
	let marks = createTimingMarks({
		clock,
		signal
	});
	let channel = await open();
	async function open() {
		marks = createTimingMarks({
			clock,
			signal
		});
		const fresh = await openChannel(url, address, {
			data: (bytes) => link.data(bytes),
			comPort(code, value) {
				if (code === 100 + comPortRequests.setBaudRate) onRate?.(readRate(value));
			},
			marked: () => marks.answered(),
			closed: (why, cause) => link.lost(why, cause)
		}, {
			clock,
			signal
		});
		lines = void 0;
		link.opened();
		const settings = concatBytes(firstTimingMarks, FRAMING, rateRequest(rate), request(comPortRequests.purgeData, PURGE.both));
		await link.guard(() => fresh.send(settings));
		return fresh;
	}
	/** Waits until the server says that it runs at `wanted`; else what it said last, or `undefined` for nothing. */
	function rateAnswer(wanted) {
		return new Promise((resolve) => {
			let last;
			const settle = () => {
				stopTimer();
				if (onRate === hear) onRate = void 0;
				resolve(last);
			};
			const stopTimer = scheduleDeadline(clock, RATE_ANSWER_MS, settle);
			const hear = (answered) => {
				last = answered;
				if (isRate(answered, wanted)) settle();
			};
			onRate = hear;
		});
	}
	/** Lets go of the board also where the link counts as lost: a server that was only slow hears it in the end. */
	async function close() {
		const release = lines ? lineRequests(lines, {
			dtr: false,
			rts: false
		}) : /* @__PURE__ */ new Uint8Array(0);
		lines = void 0;
		link.ended();
		await channel.close(release);
	}
	return {
		name: url,
		capabilities: {
			controlLines: true,
			atomicLines: false,
			baudRate: true
		},
		write: (bytes) => guardSending(link, clock, {
			lengthBytes: bytes.length,
			baud: rate
		}, () => channel.send(encodeTelnetData(bytes))),
		setSignals: (next) => link.guard(() => {
			const changes = lineRequests(lines, next);
			lines = next;
			return changes.length > 0 ? channel.send(changes) : Promise.resolve();
		}),
		confirm: () => link.guard(async () => {
			if (!marks.areAnswered || signal.aborted) return;
			const [isAnswered] = await Promise.all([marks.next(MARK_ANSWER_MS), channel.send(timingMark)]);
			if (!isAnswered) link.lost(`the server has not answered for ${MARK_ANSWER_MS / 1e3} s`);
		}),
		async setBaudRate(newBaud) {
			if (newBaud === rate) return;
			rate = newBaud;
			const change = concatBytes(rateRequest(rate), request(comPortRequests.purgeData, PURGE.received));
			const answered = await link.guard(async () => {
				const answer = rateAnswer(rate);
				await channel.send(change);
				return answer;
			});
			if (answered === void 0 || isRate(answered, newBaud)) return;
			rate = answered;
			throw new FlashError("device/baud", `${url} runs at ${answered} baud, not at ${newBaud}`, { port: url });
		},
		subscribe: (listener) => link.subscribe(listener),
		async reopen() {
			await close();
			channel = await open();
		},
		close
	};
}
/**
* One segment for both lines, so that nothing comes between them. A line that stays released is not named again: for
* esptool's server RTS off is the command to reset the board. DTR goes first, since that server takes RTS off behind
* it as part of the same step. One that stays asserted is named, because a server on Windows tells USB devices DTR only
* when it sets RTS.
*/
function lineRequests(before, next) {
	const { dtrOn, dtrOff, rtsOn, rtsOff } = comPortControl;
	const requests = [];
	if (next.dtr || before?.dtr !== false) requests.push(request(comPortRequests.setControl, next.dtr ? dtrOn : dtrOff));
	if (next.rts || before?.rts !== false) requests.push(request(comPortRequests.setControl, next.rts ? rtsOn : rtsOff));
	return concatBytes(...requests);
}
function request(number, value) {
	return encodeComPort(number, Uint8Array.of(value));
}
function rateRequest(baud) {
	const value = /* @__PURE__ */ new Uint8Array(4);
	new DataView(value.buffer).setUint32(0, baud);
	return encodeComPort(comPortRequests.setBaudRate, value);
}
function readRate(value) {
	return value.length === 4 ? new DataView(value.buffer, value.byteOffset).getUint32(0) : 0;
}
function isRate(answered, wanted) {
	return Math.abs(answered - wanted) <= wanted * MAX_RATE_ERROR;
}
export { openRfc2217 };
