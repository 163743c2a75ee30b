import { I as concatBytes } from "./first-line.js";
// src/transport/telnet.ts
const IAC = 255;
const SUBNEGOTIATION = 250;
const SUBNEGOTIATION_END = 240;
const VERBS = {
	will: 251,
	wont: 252,
	do: 253,
	dont: 254
};
const verbByCode = new Map(Object.entries(VERBS).map(([verb, code]) => [code, verb]));
/** Options that a serial line over telnet needs. */
const telnetOptions = {
	binary: 0,
	suppressGoAhead: 3,
	comPort: 44
};
/** Requests of RFC 2217 from client to server; the server's answer has the number plus `comPortAnswer`. */
const comPortRequests = {
	signature: 0,
	setBaudRate: 1,
	setDataSize: 2,
	setParity: 3,
	setStopSize: 4,
	setControl: 5,
	setLineStateMask: 10,
	setModemStateMask: 11,
	purgeData: 12
};
/** Values of `setControl` that concern the two lines (RFC 2217, section 3). */
const comPortControl = {
	noFlowControl: 1,
	requestFlowControl: 0,
	requestBreak: 4,
	breakOff: 6,
	requestDtr: 7,
	dtrOn: 8,
	dtrOff: 9,
	requestRts: 10,
	rtsOn: 11,
	rtsOff: 12
};
/** What a doubled FF stands for. */
const DOUBLED_IAC = Uint8Array.of(IAC);
/** Data with its FF bytes doubled. */
function encodeTelnetData(bytes) {
	let count = 0;
	for (let at = bytes.indexOf(IAC); at >= 0; at = bytes.indexOf(IAC, at + 1)) count++;
	if (count === 0) return bytes;
	const doubled = new Uint8Array(bytes.length + count);
	let to = 0;
	for (let from = 0; from < bytes.length;) {
		const found = bytes.indexOf(IAC, from);
		const end = found < 0 ? bytes.length : found + 1;
		doubled.set(bytes.subarray(from, end), to);
		to += end - from;
		if (found >= 0) doubled[to++] = IAC;
		from = end;
	}
	return doubled;
}
function encodeTelnetOption(verb, option) {
	return Uint8Array.of(IAC, VERBS[verb], option);
}
function encodeSubnegotiation(option, payload) {
	return concatBytes(Uint8Array.of(IAC, SUBNEGOTIATION, option), encodeTelnetData(payload), Uint8Array.of(IAC, SUBNEGOTIATION_END));
}
/** A COM port request or answer: its number and its value. */
function encodeComPort(request, value) {
	return encodeSubnegotiation(telnetOptions.comPort, concatBytes(Uint8Array.of(request), value));
}
/** A subnegotiation longer than this is none of ours: its rest is dropped. */
const MAX_SUBNEGOTIATION_BYTES = 1024;
function createTelnetDecoder() {
	let state = "data";
	let verb = "will";
	let payload = [];
	return { push(chunk) {
		const events = [];
		let data = [];
		const flush = () => {
			if (data.length > 0) events.push({
				kind: "data",
				bytes: concatBytes(...data)
			});
			data = [];
		};
		const command = (byte) => {
			const named = verbByCode.get(byte);
			state = "data";
			if (byte === IAC) data.push(DOUBLED_IAC);
			else if (byte === SUBNEGOTIATION) {
				state = "subnegotiation";
				payload = [];
			} else if (named !== void 0) {
				state = "option";
				verb = named;
			}
		};
		for (let at = 0; at < chunk.length; at++) {
			const byte = chunk[at] ?? 0;
			switch (state) {
				case "data": {
					const found = chunk.indexOf(IAC, at);
					const end = found < 0 ? chunk.length : found;
					if (end > at) data.push(chunk.subarray(at, end));
					if (found >= 0) state = "command";
					at = end;
					break;
				}
				case "command":
					command(byte);
					break;
				case "option":
					flush();
					events.push({
						kind: "option",
						verb,
						option: byte
					});
					state = "data";
					break;
				case "subnegotiation":
					if (byte === IAC) state = "subnegotiation-command";
					else if (payload.length < MAX_SUBNEGOTIATION_BYTES) payload.push(byte);
					break;
				case "subnegotiation-command": if (byte === SUBNEGOTIATION_END) {
					flush();
					const [option = 0, ...rest] = payload;
					events.push({
						kind: "subnegotiation",
						option,
						payload: Uint8Array.from(rest)
					});
					state = "data";
				} else {
					if (byte === IAC) payload.push(IAC);
					state = "subnegotiation";
				}
			}
		}
		flush();
		return events;
	} };
}
export { encodeTelnetData as a, encodeComPort as i, comPortRequests as n, encodeTelnetOption as o, createTelnetDecoder as r, telnetOptions as s, comPortControl as t };
