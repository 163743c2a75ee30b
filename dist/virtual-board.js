import { at as FlashError, st as toFlashError } from "./first-line.js";
import { n as parseBoardOptions, r as createBoard, t as createPunctualClock } from "./punctual-clock.js";
import { a as encodeTelnetData, i as encodeComPort, n as comPortRequests, o as encodeTelnetOption, r as createTelnetDecoder, s as telnetOptions, t as comPortControl } from "./telnet.js";
import { createServer } from "node:net";
import { parseArgs } from "node:util";
// src/virtual/rfc2217-port.ts
/**
* pyserial's client waits 50 ms for the answer to each line, far longer than EN's RC element. A step from "EN low" to
* "both asserted" would let EN rise before IO0 falls, so it waits this long for the other line to follow.
*/
const PAIR_MS = 200;
const OUR_OPTIONS = Object.values(telnetOptions);
/** `send` takes bytes to the client. Every request is answered at once. */
function createRfc2217Port(board, clock, send) {
	const decoder = createTelnetDecoder();
	/** Options that have been agreed on, so that an agreement is not answered again. */
	const agreed = /* @__PURE__ */ new Set();
	let lines = {
		dtr: false,
		rts: false
	};
	let baud = 115200;
	let cancelPair;
	const drive = (next) => {
		cancelPair?.();
		cancelPair = void 0;
		const releasesEnAlone = lines.rts && !lines.dtr && next.rts && next.dtr;
		lines = next;
		if (!releasesEnAlone) board.setLines(next);
		else cancelPair = clock.schedule(PAIR_MS, () => board.setLines(next));
	};
	const control = (value) => {
		switch (value) {
			case comPortControl.dtrOn:
			case comPortControl.dtrOff:
				drive({
					...lines,
					dtr: value === comPortControl.dtrOn
				});
				return value;
			case comPortControl.rtsOn:
			case comPortControl.rtsOff:
				drive({
					...lines,
					rts: value === comPortControl.rtsOn
				});
				return value;
			case comPortControl.requestDtr: return lines.dtr ? comPortControl.dtrOn : comPortControl.dtrOff;
			case comPortControl.requestRts: return lines.rts ? comPortControl.rtsOn : comPortControl.rtsOff;
			case comPortControl.requestFlowControl: return comPortControl.noFlowControl;
			case comPortControl.requestBreak: return comPortControl.breakOff;
			default: return value;
		}
	};
	const baudAnswer = (value) => {
		const asked = value.length === 4 ? Buffer.from(value).readUInt32BE(0) : 0;
		if (asked !== 0) {
			baud = asked;
			board.setHostBaud(asked);
		}
		const answer = Buffer.alloc(4);
		answer.writeUInt32BE(baud);
		return answer;
	};
	const answerOf = (request, value) => {
		switch (request) {
			case comPortRequests.signature: return Buffer.from("virtual board", "latin1");
			case comPortRequests.setBaudRate: return baudAnswer(value);
			case comPortRequests.setControl: return Uint8Array.of(control(value[0] ?? 0));
			default: return value;
		}
	};
	const handle = (event) => {
		switch (event.kind) {
			case "data":
				board.receive(event.bytes);
				break;
			case "option": {
				const { verb, option } = event;
				const asks = verb === "will" || verb === "do";
				const key = `${verb === "will" || verb === "wont" ? "client" : "server"} ${option}`;
				const accepts = asks && OUR_OPTIONS.includes(option);
				if (accepts === agreed.has(key) && (accepts || !asks)) break;
				if (accepts) agreed.add(key);
				else agreed.delete(key);
				send(encodeTelnetOption(accepts ? verb === "will" || verb === "wont" ? "do" : "will" : verb === "will" || verb === "wont" ? "dont" : "wont", option));
				break;
			}
			case "subnegotiation": {
				const [request = 0] = event.payload;
				if (event.option !== telnetOptions.comPort || request >= 100) break;
				send(encodeComPort(request + 100, answerOf(request, event.payload.subarray(1))));
			}
		}
	};
	return {
		fromClient: (chunk) => decoder.push(chunk).forEach(handle),
		fromBoard: encodeTelnetData,
		end() {
			cancelPair?.();
			board.setLines({
				dtr: false,
				rts: false
			});
		}
	};
}
// src/virtual/serve.ts
/** A serial port has one user: a second client is turned away, as all are while the board's port is gone. */
function createPortServer(board, sockets, openSession) {
	let used = false;
	return createServer({ noDelay: true }, (socket) => {
		if (used || !board.present) {
			socket.destroy();
			return;
		}
		used = true;
		sockets.add(socket);
		const session = openSession(socket);
		const stopWatching = board.onLinkLost(() => socket.destroy());
		socket.on("data", session.fromClient);
		socket.on("error", () => socket.destroy());
		socket.on("close", () => {
			used = false;
			sockets.delete(socket);
			stopWatching();
			session.end();
		});
	});
}
function listen(server, host, port) {
	return new Promise((resolve, reject) => {
		server.once("error", (error) => reject(new FlashError("port/open-failed", `The board cannot be served on ${host}:${port}.`, { port }, error)));
		server.listen(port, host, () => resolve(server.address().port));
	});
}
/** Serves `board` over TCP. Rejects with `port/open-failed` where a port cannot be had. */
async function serveBoard(board, clock, options) {
	const sockets = /* @__PURE__ */ new Set();
	const raw = createPortServer(board, sockets, (socket) => {
		return {
			fromClient: (bytes) => board.receive(bytes),
			end: board.onData((bytes) => socket.write(bytes))
		};
	});
	const rfc2217 = createPortServer(board, sockets, (socket) => {
		const port = createRfc2217Port(board, clock, (bytes) => socket.write(bytes));
		const stop = board.onData((bytes) => socket.write(port.fromBoard(bytes)));
		return {
			fromClient: (bytes) => port.fromClient(bytes),
			end() {
				stop();
				port.end();
			}
		};
	});
	const listening = [];
	const close = async () => {
		for (const socket of sockets) socket.destroy();
		await Promise.all(listening.map((server) => new Promise((resolve) => server.close(resolve))));
	};
	const open = async (server, port) => {
		if (port === void 0) return void 0;
		const actual = await listen(server, options.host, port);
		listening.push(server);
		return actual;
	};
	try {
		return {
			rawPort: await open(raw, options.rawPort),
			rfc2217Port: await open(rfc2217, options.rfc2217Port),
			close
		};
	} catch (thrown) {
		await close();
		throw thrown;
	}
}
// src/virtual/serve-main.ts
const USAGE = "usage: virtual-board [--raw <port>] [--rfc2217 <port>] [--host <address>] [--board 'virtual:esp32?\u2026']";
const DEFAULT_HOST = "127.0.0.1";
function readPort(name, text) {
	if (text === void 0) return void 0;
	if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text);
	throw new FlashError("input/invalid", `--${name} takes a port number from 0 to 65535, not "${text}".`);
}
function readArguments(args) {
	const text = { type: "string" };
	const { values } = parseArgs({
		args: [...args],
		options: {
			raw: text,
			rfc2217: text,
			host: text,
			board: text
		}
	});
	const ports = {
		rawPort: readPort("raw", values.raw),
		rfc2217Port: readPort("rfc2217", values.rfc2217)
	};
	if (ports.rawPort === void 0 && ports.rfc2217Port === void 0) throw new FlashError("input/required", USAGE);
	return {
		...ports,
		host: values.host ?? DEFAULT_HOST,
		url: values.board ?? "virtual:esp32"
	};
}
async function main() {
	const options = readArguments(process.argv.slice(2));
	const clock = createPunctualClock();
	const board = createBoard(parseBoardOptions(options.url), clock);
	try {
		const server = await serveBoard(board, clock, options);
		const { rawPort, rfc2217Port } = server;
		if (rawPort !== void 0) console.log(`raw: socket://${options.host}:${rawPort}`);
		if (rfc2217Port !== void 0) console.log(`RFC 2217: rfc2217://${options.host}:${rfc2217Port}`);
		await new Promise((resolve) => {
			process.once("SIGINT", resolve);
			process.once("SIGTERM", resolve);
		});
		await server.close();
	} finally {
		board.close();
	}
}
main().catch((thrown) => {
	console.error(toFlashError(thrown).message);
	process.exitCode = 1;
});
export {};
