import { $ as sleep, F as isBlank, I as readUint16, L as readUint32, M as concatBytes, P as hex32, R as toHex, X as hasCode, Y as FlashError, j as alignUp, z as words } from "./first-line.js";
import { d as chips, h as readField, l as chipByImageId, m as RTC_WATCHDOG_KEY, u as chipByMagic } from "./step.js";
import { a as opcodeName, i as statusCodes, n as isChecksumFailure, o as opcodes, r as isUnsupported, t as describeStatus } from "./status-codes.js";
import { n as flashSizeFromId, t as flashAnswers } from "./flash-ids.js";
import { createHash } from "node:crypto";
// src/protocol/packet.ts
const REQUEST = 0;
const REPLY = 1;
const HEADER_BYTES = 8;
const STATUS_BYTES = 2;
const CHECKSUM_SEED = 239;
/** XOR over the data alone, seeded with EF. */
function dataChecksum(data) {
	let checksum = CHECKSUM_SEED;
	for (const byte of data) checksum ^= byte;
	return checksum;
}
/** Header (00, op, length, checksum; little endian) and payload, not yet framed. */
function encodeRequest(command) {
	const header = new Uint8Array(HEADER_BYTES);
	const view = new DataView(header.buffer);
	view.setUint8(0, REQUEST);
	view.setUint8(1, command.op);
	view.setUint16(2, command.payload.length, true);
	view.setUint32(4, command.checksum, true);
	return concatBytes(header, command.payload);
}
/** The reply in a frame, or `undefined` if the frame is none (noise, flash data, a stub's greeting). */
function decodeReply(frame) {
	if (frame.length < 10 || frame[0] !== REPLY) return void 0;
	const bodyLength = readUint16(frame, 2);
	if (frame.length !== HEADER_BYTES + bodyLength || bodyLength < STATUS_BYTES) return void 0;
	return {
		op: frame[1] ?? 0,
		value: readUint32(frame, 4),
		body: frame.subarray(HEADER_BYTES)
	};
}
/**
* Splits the body at the payload length that the command declares. A failure comes without payload, so its status
* stands at the front. `undefined`: too short for what was asked.
*/
function readReply(reply, replyLength) {
	const { body, value } = reply;
	const statusAt = (offset) => (body[offset] ?? 0) << 8 | (body[offset + 1] ?? 0);
	const whole = body.length >= replyLength + STATUS_BYTES;
	if (whole && (replyLength === 0 || body[replyLength] === 0)) {
		const status = body[replyLength] === 0 ? 0 : statusAt(replyLength);
		return {
			value,
			data: body.subarray(0, replyLength),
			status
		};
	}
	if (body.length <= 4 && body[0] !== 0) return {
		value,
		data: body.subarray(0, 0),
		status: statusAt(0)
	};
	if (whole) return {
		value,
		data: body.subarray(0, 0),
		status: statusAt(replyLength)
	};
}
// src/protocol/slip.ts
/**
* SLIP as the loader uses it: C0 at both ends of a frame, C0 → DB DC and DB → DB DD inside
* (Espressif serial protocol, "Low Level Protocol").
*/
const END = 192;
const ESC = 219;
const ESC_END = 220;
const ESC_ESC = 221;
/** The frame with delimiters at both ends. */
function encodeFrame(content) {
	let escapes = 0;
	for (const byte of content) if (byte === END || byte === ESC) escapes++;
	const frame = new Uint8Array(content.length + escapes + 2);
	let at = 0;
	frame[at++] = END;
	for (const byte of content) if (byte === END || byte === ESC) {
		frame[at++] = ESC;
		frame[at++] = byte === END ? ESC_END : ESC_ESC;
	} else frame[at++] = byte;
	frame[at] = END;
	return frame;
}
/** The largest frame that a loader sends: a READ_FLASH packet of 4096 bytes, with room for its header. */
const MAX_FRAME_BYTES = 16384;
/**
* Text between frames (the boot log) is handed to `onStray`, as is a frame with a wrong escape or of absurd length:
* the peer never repeats it, so the waiting request must time out or be asked again.
*/
function createFrameDecoder(onStray = () => void 0) {
	let inFrame = false;
	let escaped = false;
	let broken = false;
	let content = [];
	const endFrame = (frames) => {
		if (content.length === 0 && !broken) return;
		if (broken || escaped) onStray(Uint8Array.from(content));
		else frames.push(Uint8Array.from(content));
		inFrame = false;
	};
	return { push(chunk) {
		const frames = [];
		const stray = [];
		for (const byte of chunk) if (byte === END) {
			const wasInFrame = inFrame;
			if (inFrame) endFrame(frames);
			if (!wasInFrame || content.length === 0) inFrame = true;
			content = [];
			escaped = false;
			broken = false;
		} else if (!inFrame) stray.push(byte);
		else if (escaped) {
			escaped = false;
			if (byte === ESC_END) content.push(END);
			else if (byte === ESC_ESC) content.push(ESC);
			else broken = true;
		} else if (byte === ESC) escaped = true;
		else if (content.length < MAX_FRAME_BYTES) content.push(byte);
		else broken = true;
		if (stray.length > 0) onStray(Uint8Array.from(stray));
		return frames;
	} };
}
// src/device/connection.ts
/** Replies to other commands that may come before the right one (esptool `loader.py` `command` at bb72741). */
const MAX_SKIPPED_REPLIES = 100;
/** A ROM may send "unsupported" eight times (esptool `loader.py`); what is missing after this time does not come. */
const UNSUPPORTED_REPLIES = 8;
const UNSUPPORTED_DRAIN_MS = 200;
/**
* One request at a time over one transport, with a deadline each. Fails at once when the link is lost or the job is
* aborted. Counts what it sends and keeps what comes outside frames (the boot log).
*/
var Connection = class {
	transport;
	clock;
	signal;
	recorder;
	bytesSent = 0;
	#frames = [];
	#stray = /* @__PURE__ */ new Uint8Array(0);
	#waiter;
	#lost;
	#unsubscribe;
	constructor(transport, clock, signal, recorder) {
		this.transport = transport;
		this.clock = clock;
		this.signal = signal;
		this.recorder = recorder;
		const decoder = createFrameDecoder((bytes) => this.#keepStray(bytes));
		this.#unsubscribe = transport.subscribe({
			data: (bytes) => {
				for (const frame of decoder.push(bytes)) this.#deliver(frame);
			},
			closed: (reason) => {
				this.#lost = reason;
				this.#waiter?.reject(reason);
			}
		});
	}
	/** The transport has told that the link is gone. */
	get isLost() {
		return this.#lost !== void 0;
	}
	/** Ends the subscription; the transport stays as it is. */
	release() {
		this.#unsubscribe();
	}
	/** Hands out what came outside frames since the last call, as text. */
	takeStray() {
		const text = Buffer.from(this.#stray).toString("latin1");
		this.#stray = /* @__PURE__ */ new Uint8Array(0);
		return text;
	}
	/** Throws away frames that nobody waited for. */
	drain() {
		this.#frames = [];
	}
	async sendFrame(content) {
		this.#check();
		const frame = encodeFrame(content);
		this.recorder.sent(content);
		this.bytesSent += frame.length;
		await this.transport.write(frame);
	}
	/** The next frame, whatever it is; `device/timeout` when none comes within `timeoutMs`. */
	nextFrame(timeoutMs, waitingFor) {
		this.#check();
		const ready = this.#frames.shift();
		if (ready !== void 0) return Promise.resolve(ready);
		return new Promise((resolve, reject) => {
			const finish = () => {
				cancelTimer();
				this.signal.removeEventListener("abort", onAbort);
				this.#waiter = void 0;
			};
			const onAbort = () => this.#waiter?.reject(this.signal.reason);
			const cancelTimer = this.clock.schedule(timeoutMs, () => {
				finish();
				reject(this.#error("device/timeout", `No answer to ${waitingFor} within ${Math.round(timeoutMs)} ms.`));
			});
			this.#waiter = {
				resolve: (frame) => {
					finish();
					resolve(frame);
				},
				reject: (reason) => {
					finish();
					reject(reason);
				}
			};
			this.signal.addEventListener("abort", onAbort, { once: true });
		});
	}
	/**
	* Sends `command` and returns what the chip answers. `device/rejected` (with the chip's reason) or `device/checksum`
	* where it refuses, `device/timeout`, `device/bad-reply`, `port/lost`.
	*/
	async request(command) {
		const { content } = await this.requestRaw(command);
		return content;
	}
	/** As `request`, with the whole reply beside its content. */
	async requestRaw(command) {
		const name = opcodeName(command.op);
		const deadlineMs = this.clock.nowMs() + command.timeoutMs;
		await this.sendFrame(encodeRequest(command));
		for (let skipped = 0; skipped < MAX_SKIPPED_REPLIES; skipped++) {
			const reply = decodeReply(await this.nextFrame(Math.max(0, deadlineMs - this.clock.nowMs()), name));
			if (reply === void 0) continue;
			if (reply.op !== command.op) {
				const refusal = readReply(reply, 0);
				if (refusal !== void 0 && isUnsupported(refusal.status)) await this.#refuse(name, refusal.status);
				continue;
			}
			const content = readReply(reply, command.replyLength);
			if (content === void 0) throw this.#error("device/bad-reply", `The answer to ${name} is ${reply.body.length} bytes long.`);
			if (content.status !== 0) await this.#refuse(name, content.status);
			return {
				reply,
				content
			};
		}
		throw this.#error("device/bad-reply", `${MAX_SKIPPED_REPLIES} frames came, but no answer to ${name}.`);
	}
	sleep(delayMs) {
		return sleep(this.clock, delayMs, this.signal);
	}
	async #refuse(name, status) {
		if (isUnsupported(status)) await this.#takeRepeats();
		const code = isChecksumFailure(status) ? "device/checksum" : "device/rejected";
		throw this.#error(code, `The chip refused ${name} (${describeStatus(status)}).`, { status });
	}
	/** Takes the repeats of a refusal, so that none of them is taken for the answer to the next command. */
	async #takeRepeats() {
		const deadlineMs = this.clock.nowMs() + UNSUPPORTED_DRAIN_MS;
		try {
			for (let taken = 1; taken < UNSUPPORTED_REPLIES; taken++) await this.nextFrame(deadlineMs - this.clock.nowMs(), "the repeats of a refusal");
		} catch (error) {
			if (!hasCode(error, "device/timeout")) throw error;
		}
		this.drain();
	}
	#error(code, message, details = {}) {
		return new FlashError(code, message, {
			...details,
			flight: this.recorder.lines()
		});
	}
	#deliver(frame) {
		this.recorder.received(frame);
		if (this.#waiter !== void 0) this.#waiter.resolve(frame);
		else this.#frames.push(frame);
	}
	#keepStray(bytes) {
		this.recorder.stray(bytes);
		this.#stray = concatBytes(this.#stray, bytes).slice(-8192);
	}
	#check() {
		if (this.signal.aborted) throw this.signal.reason;
		if (this.#lost !== void 0) throw this.#lost;
	}
};
/** The status that a refusal carries, or `undefined` for any other error. */
function refusedStatus(thrown) {
	if (!(thrown instanceof FlashError)) return void 0;
	return typeof thrown.details.status === "number" ? thrown.details.status : void 0;
}
// src/device/flight-recorder.ts
/** How many frames an error carries: about what fits a screen. */
const KEPT_FRAMES = 24;
const SHOWN_BYTES = 24;
/** `onLine` gets every line as it comes, for the debug log. */
function createFlightRecorder(clock, onLine) {
	const startMs = clock.nowMs();
	const kept = [];
	const add = (direction, label, bytes) => {
		const atMs = (clock.nowMs() - startMs).toFixed(1).padStart(9);
		const more = bytes.length > SHOWN_BYTES ? "…" : "";
		const line = `${atMs} ${direction} ${label} (${bytes.length}) ${toHex(bytes.subarray(0, SHOWN_BYTES))}${more}`;
		kept.push(line);
		if (kept.length > KEPT_FRAMES) kept.shift();
		onLine(line);
	};
	return {
		sent: (frame) => add(">", opcodeName(frame[1] ?? -1), frame),
		received: (frame) => add("<", frame[0] === 1 ? opcodeName(frame[1] ?? -1) : "data", frame),
		stray: (bytes) => add("<", "outside frames", bytes),
		lines: () => [...kept]
	};
}
// src/protocol/timeouts.ts
/**
* How long a command may take, in milliseconds. Figures: esptool `loader.py` l.90-118 at bb72741; a "megabyte" there
* is 10^6 bytes.
*/
const timeouts = {
	defaultMs: 3e3,
	syncMs: 100,
	chipEraseMs: 12e4,
	memEndRomMs: 200,
	md5MsPerMegabyte: 8e3,
	eraseMsPerMegabyte: 4e4,
	writeMsPerMegabyte: 4e4
};
const MEGABYTE = 1e6;
function scaled(msPerMegabyte, lengthBytes) {
	return Math.max(timeouts.defaultMs, msPerMegabyte * lengthBytes / MEGABYTE);
}
function md5TimeoutMs(lengthBytes) {
	return scaled(timeouts.md5MsPerMegabyte, lengthBytes);
}
function eraseTimeoutMs(lengthBytes) {
	return scaled(timeouts.eraseMsPerMegabyte, lengthBytes);
}
const STUB_DICTIONARY_BYTES = 32768;
const ERASE_BLOCK_BYTES = 65536;
/**
* For a block of which `inflatedBytes` reach the flash. The stub writes 32 KiB at a time and may erase a 64 KiB block
* before each of them, so one block of zeros, which inflates to megabytes, can take a long time.
*/
function writeTimeoutMs(inflatedBytes) {
	const eraseBytes = (Math.ceil(inflatedBytes / STUB_DICTIONARY_BYTES) + 1) * ERASE_BLOCK_BYTES;
	return scaled(timeouts.writeMsPerMegabyte, inflatedBytes + eraseBytes);
}
// src/protocol/system-commands.ts
const EMPTY = /* @__PURE__ */ new Uint8Array(0);
function plain(op, payload, replyLength = 0) {
	return {
		op,
		payload,
		checksum: 0,
		replyLength,
		timeoutMs: timeouts.defaultMs
	};
}
const SYNC_PAYLOAD = concatBytes(Uint8Array.of(7, 7, 18, 32), (/* @__PURE__ */ new Uint8Array(32)).fill(85));
function sync() {
	return {
		...plain(opcodes.sync, SYNC_PAYLOAD),
		timeoutMs: timeouts.syncMs
	};
}
function readRegister(address) {
	return plain(opcodes.readReg, words(address));
}
/** Writes `value` where `mask` has ones, after `delayUs`. */
function writeRegister(address, value, mask = 4294967295, delayUs = 0) {
	return plain(opcodes.writeReg, words(address, value, mask, delayUs));
}
/**
* Flags, crypt count, seven key purposes, chip id, version: 20 bytes; 12 on ESP32-S2, which ends before the chip id.
* ESP32 and ESP8266 know no such command.
*/
function getSecurityInfo(replyBytes = 20) {
	return plain(opcodes.getSecurityInfo, EMPTY, replyBytes);
}
function memoryBegin(lengthBytes, blocks, blockBytes, address) {
	return plain(opcodes.memBegin, words(lengthBytes, blocks, blockBytes, address));
}
function memoryData(block, sequence) {
	return {
		...plain(opcodes.memData, concatBytes(words(block.length, sequence, 0, 0), block)),
		checksum: dataChecksum(block)
	};
}
/** Jumps to `entry`. The ROM may not answer any more. */
function memoryEnd(entry) {
	return {
		...plain(opcodes.memEnd, words(0, entry)),
		timeoutMs: timeouts.memEndRomMs
	};
}
/** Ends an upload and stays in the loader. */
function memoryStay() {
	return plain(opcodes.memEnd, words(1, 0));
}
function changeBaudrate(dialect, newBaud, presentBaud) {
	return plain(opcodes.changeBaudrate, words(newBaud, dialect.namesOldBaud ? presentBaud : 0));
}
// src/device/registers.ts
function readRegisterRaw(connection, address) {
	return connection.requestRaw(readRegister(address));
}
/** The 32-bit word at `address`. */
async function readWord(connection, address) {
	return (await connection.request(readRegister(address))).value;
}
/**
* The only way to write a register. Refuses the whole eFuse controller: what is burnt there cannot be undone, and no job
* burns anything.
*/
async function writeWord(connection, chip, address, value, mask = 4294967295) {
	if (address >= chip.efuses.start && address < chip.efuses.end) throw new FlashError("internal/unexpected", `A write to the eFuse register ${hex32(address)} was stopped.`);
	await connection.request(writeRegister(address, value, mask));
}
/** The value of a field. */
async function readBits(connection, { address, shift, bits }) {
	return await readWord(connection, address) >>> shift & 2 ** bits - 1;
}
/** Registers as a chip's own steps take them. */
function registersOf(connection, chip) {
	return {
		read: (address) => readWord(connection, address),
		write: (address, value) => writeWord(connection, chip, address, value),
		sleepMs: (delayMs) => connection.sleep(delayMs)
	};
}
// src/device/usb.ts
/** Espressif's USB vendor id. */
const ESPRESSIF = 12346;
/** USB product id of the USB-Serial/JTAG unit of every chip that has one. */
const USB_JTAG_PRODUCT_ID = 4097;
/** The board hangs on a USB port of the chip itself, with no bridge between. */
function isEspressifUsb(transport) {
	return transport.capabilities.usb?.vendorId === ESPRESSIF;
}
/** The board hangs on the chip's own USB-Serial/JTAG unit. */
function isUsbJtag(transport) {
	const { usb } = transport.capabilities;
	return usb?.vendorId === ESPRESSIF && usb.productId === USB_JTAG_PRODUCT_ID;
}
/** The board hangs on the USB-OTG port of the chip's ROM, whose product id is the chip id (esptool `loader.py` `uses_usb_otg` at bb72741). */
function isUsbOtg(transport, chip) {
	const { usb } = transport.capabilities;
	return chip.usb.otg && usb?.vendorId === ESPRESSIF && usb.productId === chip.imageChipId;
}
/** Largest block over USB-OTG (esptool `targets/esp32s2.py` USB_RAM_BLOCK at bb72741). */
const OTG_BLOCK_BYTES = 2048;
// src/device/reset.ts
const IDLE = {
	dtr: false,
	rts: false
};
const BOTH = {
	dtr: true,
	rts: true
};
const EN_LOW = {
	dtr: false,
	rts: true
};
const IO0_LOW = {
	dtr: true,
	rts: false
};
const HOLD_MS = 100;
/** Time for the chip to start and sample IO0; the longer one is for boards with a large capacitor on EN. */
const SHORT_BOOT_MS = 50;
const LONG_BOOT_MS = 550;
const classic = (bootMs) => [
	EN_LOW,
	HOLD_MS,
	IO0_LOW,
	bootMs,
	IDLE
];
/** Never has both transistors of the circuit off between EN low and IO0 low, so that IO0 is low when EN rises. */
const tight = (bootMs) => [
	IDLE,
	BOTH,
	EN_LOW,
	HOLD_MS,
	IO0_LOW,
	bootMs,
	IDLE
];
const STEPS = {
	tight: tight(SHORT_BOOT_MS),
	tightLong: tight(LONG_BOOT_MS),
	classic: classic(SHORT_BOOT_MS),
	classicLong: classic(LONG_BOOT_MS),
	/** USB-Serial/JTAG: goes through both asserted, not through idle. */
	usbJtag: [
		IDLE,
		HOLD_MS,
		IO0_LOW,
		HOLD_MS,
		BOTH,
		EN_LOW,
		HOLD_MS,
		IDLE
	],
	hardReset: [
		EN_LOW,
		HOLD_MS,
		IDLE
	],
	usbHardReset: [
		EN_LOW,
		200,
		IDLE,
		200
	]
};
/** The strategies into the loader, in the order in which attempts cycle through them (esptool `loader.py` l.720-900). */
function loaderResets(transport, usbReset) {
	if (usbReset || isUsbJtag(transport)) return ["usbJtag"];
	if (transport.capabilities.atomicLines) return [
		"tight",
		"tightLong",
		"classic",
		"classicLong"
	];
	return ["classic", "classicLong"];
}
/** Walks through the steps. If that fails, the lines end idle: a chip held in reset would look dead. */
async function runResetSteps(transport, steps, clock, signal) {
	try {
		for (const step of steps) if (typeof step === "number") await sleep(clock, step, signal);
		else await transport.setSignals(step);
	} catch (error) {
		await transport.setSignals(IDLE).catch(() => void 0);
		throw error;
	}
}
/** One of the usual sequences. */
function resetSteps(name) {
	return STEPS[name];
}
/** Starts the firmware: EN low and high again with IO0 left high. A chip's own USB port gets twice the time. */
function hardReset(transport, clock, signal) {
	const name = isEspressifUsb(transport) ? "usbHardReset" : "hardReset";
	return runResetSteps(transport, STEPS[name], clock, signal);
}
// src/device/watchdogs.ts
/**
* Stops the watchdogs that a reset over USB-Serial/JTAG leaves running: they would reset the chip in the middle of a long
* write (esptool `targets/esp32c3.py` `disable_watchdogs` at bb72741).
*/
async function stopWatchdogs(connection, chip) {
	const { rtcWatchdog, superWatchdog } = chip;
	if (rtcWatchdog !== void 0) {
		await writeWord(connection, chip, rtcWatchdog.protect, RTC_WATCHDOG_KEY);
		await writeWord(connection, chip, rtcWatchdog.config0, 0);
		await writeWord(connection, chip, rtcWatchdog.protect, 0);
	}
	if (superWatchdog === void 0) return;
	const { config, protect, autoFeedBit, key } = superWatchdog;
	await writeWord(connection, chip, protect, key);
	await writeWord(connection, chip, config, (await readWord(connection, config) | 1 << autoFeedBit) >>> 0);
	await writeWord(connection, chip, protect, 0);
}
const WATCHDOG_TICKS = 2e3;
const WATCHDOG_RESETS_CHIP = 3489661186;
/** By then the reset has taken effect. */
const WATCHDOG_RESET_MS = 500;
/**
* Lets the RTC watchdog reset the chip, straps included. The port of a chip on USB vanishes with it. For chips whose
* record says `reset.byWatchdog`; the others have no register to write, and nothing happens.
*/
async function resetByWatchdog(connection, chip) {
	const { rtcWatchdog } = chip;
	if (rtcWatchdog === void 0) return;
	await writeWord(connection, chip, rtcWatchdog.protect, RTC_WATCHDOG_KEY);
	await writeWord(connection, chip, rtcWatchdog.config1, WATCHDOG_TICKS);
	await writeWord(connection, chip, rtcWatchdog.config0, WATCHDOG_RESETS_CHIP);
	await writeWord(connection, chip, rtcWatchdog.protect, 0).catch((error) => {
		if (!hasCode(error, "device/timeout", "device/bad-reply", "port/lost")) throw error;
	});
	await connection.sleep(WATCHDOG_RESET_MS);
}
// src/device/leave-loader.ts
/** Faults of a board that may be starting already. */
const MAY_BE_GONE = [
	"device/timeout",
	"device/bad-reply",
	"device/rejected",
	"device/checksum",
	"port/lost"
];
/** Otherwise the chip could come back in download mode. */
async function clearForcedDownload({ connection, chip, security }) {
	const { forceDownload } = chip.reset;
	if (forceDownload?.clearBeforeReset !== true || security.secureDownload) return;
	const mask = (2 ** forceDownload.bits - 1) * 2 ** forceDownload.shift;
	await writeWord(connection, chip, forceDownload.address, 0, mask).catch((error) => {
		if (!hasCode(error, ...MAY_BE_GONE)) throw error;
	});
}
/** Whether the chip hangs on USB-OTG in a state that its RTS line does not end (esptool `targets/esp32s3.py` `hard_reset` at bb72741). */
async function needsWatchdog({ connection, chip, security }) {
	const { byWatchdog, otg, strap, forceDownload } = chip.reset;
	if (!byWatchdog || otg === void 0 || security.secureDownload || !isUsbOtg(connection.transport, chip)) return false;
	if (otg === "watchdog") return true;
	const isStrapped = strap !== void 0 && await readBits(connection, strap) === 0;
	const isForced = forceDownload !== void 0 && await readBits(connection, forceDownload) === 1;
	return isStrapped && !isForced;
}
/**
* Starts the firmware by whatever the chip has on this port: the reset line, or its watchdog where the line does not help
* or `wanted` asks for it. In Secure Download Mode there is only the line.
*/
async function leaveLoader(device, wanted) {
	const { connection, chip, security } = device;
	await clearForcedDownload(device);
	if (wanted === "watchdog" && chip.reset.byWatchdog && !security.secureDownload || await needsWatchdog(device)) {
		await resetByWatchdog(connection, chip);
		return "watchdog";
	}
	if (!connection.transport.capabilities.controlLines) return "no-lines";
	await hardReset(connection.transport, connection.clock, connection.signal);
	return "lines";
}
// src/protocol/command.ts
const stubDialect = {
	statusBytes: 2,
	spiAttachBytes: 4,
	setsFlashSize: true,
	md5Reply: "raw",
	inflates: true,
	beginWords: 5,
	blockBytes: 16384,
	namesOldBaud: true
};
// src/protocol/flash-commands.ts
function flashCommand(op, payload, timeoutMs, replyLength = 0) {
	return {
		op,
		payload,
		checksum: 0,
		replyLength,
		timeoutMs
	};
}
/** `pins`: 0 for the usual ones, else hd << 24 | cs << 18 | d << 12 | q << 6 | clk. */
function spiAttach(dialect, pins) {
	const payload = dialect.spiAttachBytes === 8 ? words(pins, 0) : words(pins);
	return flashCommand(opcodes.spiAttach, payload, timeouts.defaultMs);
}
const BLOCK_BYTES = 65536;
const SECTOR_BYTES$1 = 4096;
const PAGE_BYTES = 256;
const STATUS_MASK = 65535;
/** Tells the loader the size of the flash; without it the ROM takes 2 MB for granted. */
function spiSetParams(flashSizeBytes) {
	return flashCommand(opcodes.spiSetParams, words(0, flashSizeBytes, BLOCK_BYTES, SECTOR_BYTES$1, PAGE_BYTES, STATUS_MASK), timeouts.defaultMs);
}
function beginPayload(dialect, begin) {
	const { lengthBytes, blocks, blockBytes, offset } = begin;
	return dialect.beginWords === 5 ? words(lengthBytes, blocks, blockBytes, offset, 0) : words(lengthBytes, blocks, blockBytes, offset);
}
/** The ROM erases the whole range before it answers; the stub only looks at the first sector. */
function flashBegin(dialect, begin) {
	return flashCommand(opcodes.flashBegin, beginPayload(dialect, begin), eraseTimeoutMs(begin.lengthBytes));
}
function flashDeflateBegin(dialect, begin) {
	return flashCommand(opcodes.flashDeflBegin, beginPayload(dialect, begin), eraseTimeoutMs(begin.lengthBytes));
}
function dataCommand(op, block, sequence, timeoutMs) {
	return {
		op,
		payload: concatBytes(words(block.length, sequence, 0, 0), block),
		checksum: dataChecksum(block),
		replyLength: 0,
		timeoutMs
	};
}
function flashData(block, sequence, timeoutMs) {
	return dataCommand(opcodes.flashData, block, sequence, timeoutMs);
}
function flashDeflateData(block, sequence, timeoutMs) {
	return dataCommand(opcodes.flashDeflData, block, sequence, timeoutMs);
}
/** 1 keeps the loader; 0 would start the firmware. */
const STAY_IN_LOADER = 1;
/** Answered only after the last block is in the flash. */
function flashEnd(timeoutMs) {
	return flashCommand(opcodes.flashEnd, words(STAY_IN_LOADER), timeoutMs);
}
function flashDeflateEnd(timeoutMs) {
	return flashCommand(opcodes.flashDeflEnd, words(STAY_IN_LOADER), timeoutMs);
}
const MD5_REPLY_LENGTH = {
	ascii: 32,
	raw: 16,
	none: 0
};
function flashMd5(dialect, offset, lengthBytes) {
	return flashCommand(opcodes.spiFlashMd5, words(offset, lengthBytes, 0, 0), md5TimeoutMs(lengthBytes), MD5_REPLY_LENGTH[dialect.md5Reply]);
}
/** Stub only; erases whether blank or not. Both numbers are multiples of a sector. */
function eraseRegion(offset, lengthBytes) {
	return flashCommand(opcodes.eraseRegion, words(offset, lengthBytes), eraseTimeoutMs(lengthBytes));
}
/** The stub takes at most 4096 bytes a packet and sends one at a time, whatever number in flight it is given. */
const READ_PACKET_BYTES = 4096;
const READ_PACKETS_IN_FLIGHT = 64;
/** Stub only; packets of data and a last one with their MD5 follow, each acknowledged. */
function readFlash(offset, lengthBytes) {
	return flashCommand(opcodes.readFlash, words(offset, lengthBytes, READ_PACKET_BYTES, READ_PACKETS_IN_FLIGHT), timeouts.defaultMs);
}
/** The acknowledgement of a READ_FLASH packet: all bytes received so far, in a frame of its own. */
function readFlashAck(receivedBytes) {
	return words(receivedBytes);
}
/** ROM only; always answered with 64 bytes, of which the first `lengthBytes` count. */
function readFlashSlow(offset, lengthBytes) {
	return flashCommand(opcodes.readFlashSlow, words(offset, lengthBytes), timeouts.defaultMs, 64);
}
/** What an MD5 reply holds, as lower-case hex: ASCII from a ROM, 16 raw bytes from a stub. */
function md5FromReply(dialect, data) {
	return Buffer.from(data).toString(dialect.md5Reply === "ascii" ? "latin1" : "hex").toLowerCase();
}
// src/device/security-info.ts
const FULL_BYTES = 20;
/** ESP32-S2 ends before the chip id (esptool `loader.py` `get_security_info` at bb72741). */
const SHORT_BYTES = 12;
const CRYPT_COUNT_OFFSET = 4;
const CHIP_ID_OFFSET = 12;
const SECURE_BOOT = 1;
const SECURE_DOWNLOAD = 4;
function parse(data) {
	const flags = readUint32(data, 0);
	const ones = (data[CRYPT_COUNT_OFFSET] ?? 0).toString(2).replaceAll("0", "").length;
	const settings = {
		secureBoot: (flags & SECURE_BOOT) !== 0,
		secureDownload: (flags & SECURE_DOWNLOAD) !== 0,
		flashEncryption: ones % 2 === 1
	};
	return data.length === FULL_BYTES ? {
		...settings,
		chipId: readUint32(data, CHIP_ID_OFFSET)
	} : settings;
}
async function ask(connection, lengthBytes) {
	try {
		const { data } = await connection.request(getSecurityInfo(lengthBytes));
		return parse(data);
	} catch (error) {
		const status = refusedStatus(error);
		if (status !== void 0 && isUnsupported(status)) return void 0;
		throw error;
	}
}
/** The chip's own words, or `undefined` where ROM or stub have no such command (ESP8266, ESP32). */
async function readSecurityInfo(connection) {
	try {
		return await ask(connection, FULL_BYTES);
	} catch (error) {
		if (!hasCode(error, "device/bad-reply")) throw error;
		return ask(connection, SHORT_BYTES);
	}
}
/** As settings; what the command leaves out is not set. */
function securityFromInfo(info) {
	return {
		secureBootV1: false,
		secureBootV2: info.secureBoot,
		flashEncryption: info.flashEncryption,
		secureDownload: info.secureDownload,
		keyManager: false,
		manualEncryptOff: false
	};
}
// src/device/identify.ts
/** A word of the mask ROM that every chip lets read, and that tells the older ones apart. */
const MAGIC_ADDRESS = 1073745920;
/** Which chip answers: by chip id first, by magic where there is no id. `chip/unknown` for any other. */
async function detectChip(connection) {
	const info = await readSecurityInfo(connection);
	if (info?.chipId !== void 0) {
		const { chipId } = info;
		const chip = chipByImageId(chipId);
		if (chip !== void 0) return {
			chip,
			info
		};
		throw new FlashError("chip/unknown", `The chip has the id ${chipId}, which is not known.`, { chipId });
	}
	if (info?.secureDownload === true) return {
		chip: chips.esp32s2,
		info
	};
	const magic = await readWord(connection, MAGIC_ADDRESS);
	const chip = chipByMagic(magic);
	if (chip !== void 0) return info === void 0 ? { chip } : {
		chip,
		info
	};
	throw new FlashError("chip/unknown", `The chip's magic number is ${hex32(magic)}, which is not known.`, { magic: hex32(magic) });
}
/** A MAC for a chip that tells none. */
const UNKNOWN_MAC = "unknown";
/** In Secure Download Mode no register can be read, so all but the kind of chip stays hidden. */
function hiddenIdentity(chip) {
	return {
		mac: UNKNOWN_MAC,
		revision: 0,
		packageName: chip.label,
		features: [],
		crystalMhz: 0,
		spiPins: 0
	};
}
async function readSecurity(read, { chip, info }, revision) {
	if (info === void 0) {
		if (chip.readSecurity !== void 0) return chip.readSecurity(read, revision);
		throw new FlashError("device/bad-reply", `This ${chip.label} does not tell its security settings.`);
	}
	const state = securityFromInfo(info);
	const { manualEncryptOff, keyManager } = chip.securityFields ?? {};
	return {
		...state,
		keyManager: keyManager !== void 0 && await readField(read, keyManager) === 1,
		manualEncryptOff: manualEncryptOff !== void 0 && await readField(read, manualEncryptOff) === 1
	};
}
/** MAC, revision and the like, and the security settings. `baud`: the rate that the ROM has measured. */
async function identify(connection, detected, baud) {
	const { chip, info } = detected;
	if (info?.secureDownload === true) return {
		identity: hiddenIdentity(chip),
		security: securityFromInfo(info)
	};
	const words = /* @__PURE__ */ new Map();
	const read = async (address) => {
		const word = words.get(address) ?? await readWord(connection, address);
		words.set(address, word);
		return word;
	};
	const identity = await chip.readIdentity(read, baud);
	return {
		identity,
		security: await readSecurity(read, detected, identity.revision)
	};
}
// src/device/connect.ts
const SYNCS_PER_ATTEMPT = 5;
const SYNC_PAUSE_MS = 50;
/** ROM and stub answer each SYNC eight times. */
const SYNC_REPLIES = 8;
/** Rates that a stub of an earlier job may have been left at. */
const LEFTOVER_BAUDS = [
	921600,
	460800,
	230400
];
/** Behind the status most ROMs send two more bytes, the stub none. */
const STUB_STATUS_BYTES = 2;
/** The loader's answer to one SYNC, or `undefined` if there was none. A stub answers with the value 0, a ROM never. */
async function trySync(connection) {
	connection.drain();
	try {
		const values = [(await connection.request(sync())).value];
		while (values.length < SYNC_REPLIES) {
			const reply = decodeReply(await connection.nextFrame(sync().timeoutMs, "the eight answers to a sync"));
			if (reply?.op === opcodes.sync) values.push(reply.value);
		}
		return values.every((value) => value === 0) ? "stub" : "rom";
	} catch (error) {
		if (hasCode(error, "device/timeout", "device/bad-reply", "device/rejected", "device/checksum")) return void 0;
		throw error;
	}
}
async function syncAttempt(connection) {
	for (let tried = 0; tried < SYNCS_PER_ATTEMPT; tried++) {
		const loader = await trySync(connection);
		if (loader !== void 0) return loader;
		await connection.sleep(SYNC_PAUSE_MS);
	}
}
/** Boot modes by the ROM's own names, and what it says when it waits (ESP32 ROM of 2019 and C3 ROM of 2021). */
const DOWNLOAD_MODE = /UART\d?_BOOT|DOWNLOAD|waiting for download|wait uart/i;
const BOOT_BANNER = /boot:(0x[0-9a-f]+)[^\r\n]*[\s\S]*$/i;
/** Reset reasons of the ROMs (`RTCWDT_BROWN_OUT_RESET`), and what ESP-IDF says before it resets the chip. */
const BROWNOUT = /BROWN_?OUT_RE?SE?T|Brownout detector was triggered/i;
/** What the board said while nobody answered, and so what is wrong. */
function verdict(log, name, wasReset) {
	const tail = { log: log.slice(-400) };
	if (log.length === 0) return new FlashError("connect/silent", `The board at ${name} sent nothing.`);
	if (BROWNOUT.test(log)) return new FlashError("connect/brownout", `The board at ${name} resets because its supply breaks down.`, tail);
	const banner = BOOT_BANNER.exec(log.slice(Math.max(0, log.lastIndexOf("boot:0x"))));
	if (banner !== null && DOWNLOAD_MODE.test(banner[0])) return new FlashError("connect/no-reply", `The board at ${name} waits for a download but answers no sync.`, tail);
	if (banner !== null) {
		const mode = banner[1] ?? "";
		return new FlashError("connect/run-mode", `The board at ${name} started from flash (boot mode ${mode}).`, tail);
	}
	const text = log.replaceAll(/[^\x20-\x7e\r\n\t]/g, "");
	if (!wasReset && text.length > log.length * .9) return new FlashError("connect/run-mode", `The board at ${name} runs its firmware and was not reset.`, tail);
	return new FlashError("connect/no-sync", `${log.length} bytes came from ${name}, but no answer to a sync.`, tail);
}
/** Rates to try, one an attempt. Without a reset the loader keeps the rate that it had. */
function baudOf(attempt, options, isReset) {
	if (isReset) return options.baud;
	const bauds = [options.baud, ...LEFTOVER_BAUDS];
	return bauds[attempt % bauds.length] ?? options.baud;
}
/** Which loader answers without a sync: most ROMs add two bytes to each reply, which a stub does not. */
async function loaderInReply(connection) {
	const { reply } = await readRegisterRaw(connection, MAGIC_ADDRESS);
	const chip = chipByMagic(reply.value);
	if (reply.body.length !== STUB_STATUS_BYTES) return "rom";
	if (chip?.romDialect.statusBytes !== STUB_STATUS_BYTES) return "stub";
	return connection.request(getSecurityInfo()).then(() => "stub", (error) => {
		const status = refusedStatus(error);
		if (status === void 0) throw error;
		return status === statusCodes.romUnsupported ? "rom" : "stub";
	});
}
/**
* Brings the board into its loader and finds out which one answers, and at which rate. Rejects with a `connect/…`
* code that says what the board did instead, or `port/…` where the lines do not work.
*/
async function connect(connection, options) {
	const { transport } = connection;
	if (options.before === "no-reset-no-sync") {
		await transport.setBaudRate(options.baud);
		return {
			loader: await loaderInReply(connection),
			baud: options.baud
		};
	}
	const isReset = options.before !== "no-reset" && transport.capabilities.controlLines;
	const usual = isReset ? loaderResets(transport, options.before === "usb-reset").map(resetSteps) : [];
	const resets = isReset && options.resetSequence !== void 0 ? [options.resetSequence] : usual;
	connection.takeStray();
	for (let attempt = 0; attempt < options.attempts; attempt++) {
		const baud = baudOf(attempt, options, isReset);
		await transport.setBaudRate(baud);
		connection.drain();
		const reset = resets[attempt % resets.length];
		if (reset !== void 0) await runResetSteps(transport, reset, connection.clock, connection.signal);
		const loader = await syncAttempt(connection);
		if (loader === "stub" && isReset) throw new FlashError("connect/not-reset", `The reset lines of ${transport.name} have no effect: the stub of an earlier job still answers.`);
		if (loader !== void 0) return {
			loader,
			baud
		};
	}
	throw verdict(connection.takeStray(), transport.name, isReset);
}
// src/device/spi-id.ts
const USR_COMMAND = 2147483648;
const USR_ADDRESS = 1073741824;
const USR_DUMMY = 536870912;
const USR_MISO = 268435456;
const USR1_ADDRESS_LENGTH_SHIFT = 26;
/** Only where there is no register for it (esptool `loader.py` `run_spiflash_command` at bb72741). */
const USR1_MISO_LENGTH_SHIFT = 8;
const USR2_COMMAND_LENGTH_SHIFT = 28;
const ADDRESS_OFFSET = 4;
const COMMAND_BITS = 8;
const ADDRESS_BITS = 24;
const CMD_USR = 1 << 18;
const MAX_POLLS = 10;
const READ_JEDEC_ID = 159;
const JEDEC_ID_BITS = 24;
const READ_DATA = 3;
const lengthField = (length, shift) => length === 0 ? 0 : (length - 1) * 2 ** shift;
function usrFlags({ address, dummyClocks = 0, replyBits }) {
	return [
		[USR_ADDRESS, address !== void 0],
		[USR_DUMMY, dummyClocks > 0],
		[USR_MISO, replyBits > 0]
	].reduce((flags, [flag, isUsed]) => isUsed ? flags + flag : flags, USR_COMMAND);
}
/** Lengths of address and dummy, and of the answer where there is no register for it. */
function usr1Word({ address, dummyClocks = 0, replyBits }, holdsReplyLength) {
	const addressLength = lengthField(address === void 0 ? 0 : ADDRESS_BITS, USR1_ADDRESS_LENGTH_SHIFT);
	const replyLength = holdsReplyLength ? lengthField(replyBits, USR1_MISO_LENGTH_SHIFT) : 0;
	return addressLength + lengthField(dummyClocks, 0) + replyLength;
}
async function spiCommand(connection, chip, command) {
	const { base, usr, usr1, usr2, dataLengths, w0, addressBits } = chip.spi;
	const write = (offset, value) => writeWord(connection, chip, base + offset, value);
	const usr1Value = usr1Word(command, dataLengths === void 0);
	if (dataLengths !== void 0 && command.replyBits > 0) await write(dataLengths.miso, command.replyBits - 1);
	if (dataLengths === void 0 || usr1Value > 0) await write(usr1, usr1Value);
	await write(usr, usrFlags(command));
	await write(usr2, lengthField(COMMAND_BITS, USR2_COMMAND_LENGTH_SHIFT) + command.code);
	if (command.address !== void 0) await write(ADDRESS_OFFSET, addressBits === "upper" ? command.address * 256 : command.address);
	await write(w0, 0);
	await write(0, CMD_USR);
	let polls = 0;
	while ((await readWord(connection, base) & CMD_USR) !== 0) if (++polls >= MAX_POLLS) throw new FlashError("device/flash-id", "The SPI controller does not finish a command.");
}
/** Runs `command`, hands out what `take` reads, and leaves the controller's settings as they were. */
async function keepingSettings(connection, chip, command, take) {
	const { base, usr, usr1, usr2, dataLengths } = chip.spi;
	const changesUsr1 = dataLengths === void 0 || usr1Word(command, false) > 0;
	const saved = [];
	for (const offset of changesUsr1 ? [
		usr,
		usr2,
		usr1
	] : [usr, usr2]) saved.push([base + offset, await readWord(connection, base + offset)]);
	await spiCommand(connection, chip, command);
	const value = await take();
	for (const [address, word] of saved) await writeWord(connection, chip, address, word);
	return value;
}
/** Runs a command whose answer is at most 32 bits; the first byte is the lowest. */
async function askFlash(connection, chip, command) {
	return await keepingSettings(connection, chip, command, () => readWord(connection, chip.spi.base + chip.spi.w0)) & 2 ** command.replyBits - 1;
}
/** Runs commands that answer nothing. */
async function tellFlash(connection, chip, ...codes) {
	for (const code of codes) await keepingSettings(connection, chip, {
		code,
		replyBits: 0
	}, () => Promise.resolve());
}
const readId = (connection, chip) => askFlash(connection, chip, {
	code: READ_JEDEC_ID,
	replyBits: JEDEC_ID_BITS
});
const READ_SFDP = {
	code: 90,
	dummyClocks: 8,
	replyBits: 8
};
const SFDP_VENDOR_ADDRESS = 16;
const XMC = 32;
const DEEP_POWER_DOWN = [
	185,
	121,
	255
];
const POWER_DOWN_EXIT_MS = 2;
const RELEASE_POWER_DOWN = 171;
async function startXmcFlash(connection, chip) {
	if (await askFlash(connection, chip, {
		...READ_SFDP,
		address: SFDP_VENDOR_ADDRESS
	}) !== XMC) return;
	await tellFlash(connection, chip, ...DEEP_POWER_DOWN);
	await connection.sleep(POWER_DOWN_EXIT_MS);
	await tellFlash(connection, chip, RELEASE_POWER_DOWN);
}
/**
* The JEDEC id, vendor in the lowest byte. A flash that gives no known id gets a second chance to start.
* `device/flash-id` when no flash answers.
*/
async function readFlashId(connection, chip) {
	let id = await readId(connection, chip);
	if (flashSizeFromId(id) === void 0) {
		await startXmcFlash(connection, chip);
		id = await readId(connection, chip);
	}
	if (!flashAnswers(id)) throw new FlashError("device/flash-id", `The flash gives the id 0x${id.toString(16)}: nothing answers.`);
	return id;
}
const FLASH_RESET = [102, 153];
const FLASH_RESET_MS = 1;
/** Ends a state that an app left the flash in (octal, 120 MHz): the ROM would not start from it. */
async function resetFlash(connection, chip) {
	await tellFlash(connection, chip, ...FLASH_RESET);
	await connection.sleep(FLASH_RESET_MS);
}
/**
* `lengthBytes` (a multiple of 4, at most `SPI_DATA_BYTES`) from `offset` on, through the controller's registers: the way
* where the loader has no command for it. Some 60 ms for 64 bytes at 115200 baud.
*/
async function readThroughRegisters(connection, chip, offset, lengthBytes) {
	const bytes = new Uint8Array(lengthBytes);
	const view = new DataView(bytes.buffer);
	await keepingSettings(connection, chip, {
		code: READ_DATA,
		address: offset,
		replyBits: lengthBytes * 8
	}, async () => {
		for (let at = 0; at < lengthBytes; at += 4) view.setUint32(at, await readWord(connection, chip.spi.base + chip.spi.w0 + at), true);
	});
	return bytes;
}
// src/device/write-stream.ts
/** A block that arrived damaged was not used, so it alone may be sent again. Any other failure may not. */
const SENDS_PER_BLOCK = 4;
async function sendBlock(connection, command) {
	for (let sent = 1;; sent++) try {
		await connection.request(command);
		return;
	} catch (error) {
		if (sent >= SENDS_PER_BLOCK || !hasCode(error, "device/checksum")) throw error;
	}
}
const dataCommands = {
	raw: flashData,
	deflate: flashDeflateData
};
/**
* Sends the blocks one after the other. The stub acknowledges a block before it writes it and the ROM after, so each
* request may take the time of its own block and of the one before. Returns the time that the last one may take.
*/
async function sendBlocks(connection, stream, beforeBlock) {
	const command = dataCommands[stream.encoding];
	let previousBytes = 0;
	let sentBytes = 0;
	for (const [sequence, block] of stream.blocks.entries()) {
		beforeBlock(sentBytes - previousBytes, previousBytes + block.flashBytes);
		const timeoutMs = writeTimeoutMs(previousBytes) + writeTimeoutMs(block.flashBytes);
		await sendBlock(connection, command(block.bytes, sequence, timeoutMs));
		previousBytes = block.flashBytes;
		sentBytes += block.flashBytes;
	}
	return writeTimeoutMs(previousBytes);
}
// src/device/rom-flash.ts
const begins$1 = {
	raw: flashBegin,
	deflate: flashDeflateBegin
};
const SECTOR_BYTES = 4096;
const exactly = (lengthBytes) => ({
	argumentBytes: lengthBytes,
	erasedBytes: lengthBytes
});
const nothingUnderWay = () => void 0;
function refuse(chip, what) {
	const message = `The ROM of this ${chip.label} does not ${what} its flash in this state.`;
	return Promise.reject(new FlashError("chip/unsupported", message));
}
/** Reads in steps; `readStep` gives at least what it is asked for. */
async function readInSteps(lengthBytes, stepBytes, readStep) {
	const parts = [];
	for (let at = 0; at < lengthBytes; at += stepBytes) {
		const wanted = Math.min(stepBytes, lengthBytes - at);
		parts.push((await readStep(at, wanted)).subarray(0, wanted));
	}
	return concatBytes(...parts);
}
function blocksOf(bytes, blockBytes) {
	return Array.from({ length: bytes.length / blockBytes }, (_, index) => ({
		bytes: bytes.subarray(index * blockBytes, (index + 1) * blockBytes),
		flashBytes: blockBytes
	}));
}
/** The flash through the ROM alone: small blocks, and BEGIN erases its whole range before it answers. */
function romFlash(device) {
	const { connection, chip, security } = device;
	const dialect = chip.romDialect;
	const { blockBytes } = dialect;
	const isOpen = !security.secureDownload;
	const verifies = isOpen && dialect.md5Reply !== "none";
	const read = (offset, lengthBytes) => {
		if (!isOpen) return refuse(chip, "read");
		if (verifies) return readInSteps(lengthBytes, 64, async (at, wanted) => {
			const { data } = await connection.request(readFlashSlow(offset + at, wanted));
			return data;
		});
		return readInSteps(lengthBytes, 64, (at, wanted) => readThroughRegisters(connection, chip, offset + at, alignUp(wanted, 4)));
	};
	const writeStream = async (stream, erase, beforeBlock) => {
		const begin = {
			lengthBytes: erase.argumentBytes,
			blocks: stream.blocks.length,
			blockBytes,
			offset: stream.offset
		};
		const timeoutMs = eraseTimeoutMs(erase.erasedBytes);
		await connection.request({
			...begins$1[stream.encoding](dialect, begin),
			timeoutMs
		});
		await sendBlocks(connection, stream, beforeBlock);
	};
	/** What a miscounting ROM erases behind the range; empty where that is blank anyway. */
	const readBehind = async ({ erasedBytes }, offset, lengthBytes) => {
		const behind = await read(offset + lengthBytes, erasedBytes - lengthBytes);
		return isBlank(behind) ? /* @__PURE__ */ new Uint8Array(0) : behind;
	};
	return {
		blockBytes,
		verifies,
		inflates: isOpen && dialect.inflates,
		reads: isOpen,
		async md5(offset, lengthBytes) {
			if (!verifies) return refuse(chip, "compare");
			const { data } = await connection.request(flashMd5(dialect, offset, lengthBytes));
			return md5FromReply(dialect, data);
		},
		async erase(offset, lengthBytes) {
			const plan = chip.romErase?.(offset, lengthBytes);
			const behind = plan === void 0 ? /* @__PURE__ */ new Uint8Array(0) : await readBehind(plan, offset, lengthBytes);
			if (behind.length === 0) {
				const { argumentBytes, erasedBytes } = plan ?? exactly(lengthBytes);
				const begin = {
					lengthBytes: argumentBytes,
					blocks: lengthBytes / blockBytes,
					blockBytes,
					offset
				};
				await connection.request({
					...flashBegin(dialect, begin),
					timeoutMs: eraseTimeoutMs(erasedBytes)
				});
				return;
			}
			const lastSector = offset + lengthBytes - SECTOR_BYTES;
			if (lastSector > offset) await this.erase(offset, lastSector - offset);
			const both = concatBytes(new Uint8Array(SECTOR_BYTES).fill(255), behind);
			const stream = {
				offset: lastSector,
				lengthBytes: both.length,
				encoding: "raw"
			};
			const pair = chip.romErase?.(lastSector, SECTOR_BYTES) ?? exactly(both.length);
			await writeStream({
				...stream,
				blocks: blocksOf(both, blockBytes)
			}, pair, nothingUnderWay);
		},
		async write(stream, beforeBlock) {
			const plan = chip.romErase?.(stream.offset, stream.lengthBytes);
			if (plan === void 0) return writeStream(stream, exactly(alignUp(stream.lengthBytes, blockBytes)), beforeBlock);
			const sectorBytes = alignUp(stream.lengthBytes, SECTOR_BYTES);
			const behind = await readBehind(plan, stream.offset, sectorBytes);
			if (behind.length === 0) return writeStream(stream, plan, beforeBlock);
			const fill = new Uint8Array(sectorBytes - alignUp(stream.lengthBytes, blockBytes)).fill(255);
			const blocks = [...stream.blocks, ...blocksOf(concatBytes(fill, behind), blockBytes)];
			return writeStream({
				...stream,
				blocks
			}, plan, beforeBlock);
		},
		read
	};
}
// src/device/stub-flash.ts
const MD5_BYTES = 16;
/** `lengthBytes` of flash from `offset` on, checked against the MD5 that the stub sends behind them. */
async function readFlashRange(device, offset, lengthBytes) {
	const { connection } = device;
	await connection.request(readFlash(offset, lengthBytes));
	const packets = [];
	let received = 0;
	while (received < lengthBytes) {
		const packet = await connection.nextFrame(timeouts.defaultMs, "a packet of flash data");
		packets.push(packet);
		received += packet.length;
		await connection.sendFrame(readFlashAck(received));
	}
	const digest = await connection.nextFrame(timeouts.defaultMs, "the MD5 of flash data");
	const bytes = concatBytes(...packets);
	const md5 = createHash("md5").update(bytes).digest("hex");
	if (received !== lengthBytes || digest.length !== MD5_BYTES || toHex(digest) !== md5) throw new FlashError("device/bad-reply", "Flash data arrived damaged from the chip.", { flight: connection.recorder.lines() });
	return bytes;
}
const begins = {
	raw: flashBegin,
	deflate: flashDeflateBegin
};
const ends = {
	raw: flashEnd,
	deflate: flashDeflateEnd
};
/** The flash through the stub. */
function stubFlash(device) {
	const { connection, chip } = device;
	const blockBytes = isUsbOtg(connection.transport, chip) ? OTG_BLOCK_BYTES : stubDialect.blockBytes;
	return {
		blockBytes,
		verifies: true,
		inflates: true,
		reads: true,
		async md5(offset, lengthBytes) {
			const { data } = await connection.request(flashMd5(stubDialect, offset, lengthBytes));
			return md5FromReply(stubDialect, data);
		},
		async erase(offset, lengthBytes) {
			await connection.request(eraseRegion(offset, lengthBytes));
		},
		async write(stream, beforeBlock) {
			const { offset, lengthBytes, blocks, encoding } = stream;
			const begin = {
				lengthBytes,
				blocks: blocks.length,
				blockBytes,
				offset
			};
			await connection.request(begins[encoding](stubDialect, begin));
			const lastMs = await sendBlocks(connection, stream, beforeBlock);
			await connection.request(ends[encoding](lastMs));
		},
		read: (offset, lengthBytes) => readFlashRange(device, offset, lengthBytes)
	};
}
// src/device/open-device.ts
/** Rate of the first contact: every ROM measures it, and C2 asks for no less (esptool `loader.py` at bb72741). */
const CONNECT_BAUD = 115200;
/** What the chip needs before its flash is touched. Without registers, in Secure Download Mode, nothing can be done. */
async function prepareChip({ connection, chip, identity, security, loader }) {
	if (security.secureDownload) return;
	if (loader === "rom" && chip.usb.serialJtag && isUsbJtag(connection.transport)) await stopWatchdogs(connection, chip);
	await chip.prepareFlash?.(registersOf(connection, chip), identity.revision);
}
/** Connects and finds out what is there. `chip/mismatch` where it is another chip than the job was made for. */
async function openDevice(connection, wanted, options, onStep) {
	onStep("connect");
	const { loader, baud } = await connect(connection, options);
	onStep("identify");
	const detected = await detectChip(connection).catch((error) => {
		if (wanted === "auto" || !hasCode(error, "chip/unknown")) throw error;
		throw new FlashError("chip/mismatch", `The job is for ${chips[wanted].label}. ${error.message}`, error.details, error);
	});
	const { chip } = detected;
	if (wanted !== "auto" && chip !== chips[wanted]) throw new FlashError("chip/mismatch", `The job is for ${chips[wanted].label}, the board has an ${chip.label}.`, {
		found: chip.name,
		wanted
	});
	const { identity, security } = await identify(connection, detected, baud);
	const device = {
		connection,
		chip,
		identity,
		security,
		baud,
		loader
	};
	await prepareChip(device);
	return device;
}
/** What esptool takes for granted where an id is in no table. */
const UNKNOWN_FLASH_BYTES = 4194304;
async function readSize(connection, chip, dialect) {
	const flashId = await readFlashId(connection, chip);
	const sizeBytes = flashSizeFromId(flashId) ?? UNKNOWN_FLASH_BYTES;
	if (dialect.setsFlashSize) await connection.request(spiSetParams(sizeBytes));
	if (chip.resetsFlash === true) await resetFlash(connection, chip);
	return {
		flashId,
		sizeBytes
	};
}
/** In Secure Download Mode the chip tells no flash id, and its ROM would go by 2 MB. */
async function attachHiddenFlash(device, declaredBytes) {
	const { connection, chip } = device;
	if (declaredBytes === void 0) throw new FlashError("chip/unsupported", `This ${chip.label} is in Secure Download Mode and does not tell the size of its flash: it has to be given.`);
	await connection.request(spiSetParams(declaredBytes));
	return {
		flashId: 0,
		sizeBytes: declaredBytes,
		access: romFlash(device)
	};
}
/**
* The ROM touches no flash before it is attached, and takes it for 2 MB before SPI_SET_PARAMS. `declaredBytes`: the size
* of the flash, for a chip that does not tell it (chip/unsupported where it is missing).
*/
async function attachRomFlash(device, declaredBytes) {
	const { connection, chip, identity, security } = device;
	const { romDialect } = chip;
	const attach = romDialect.spiAttachBytes === 0 ? flashBegin(romDialect, {
		lengthBytes: 0,
		blocks: 0,
		blockBytes: romDialect.blockBytes,
		offset: 0
	}) : spiAttach(romDialect, identity.spiPins);
	await connection.request(attach);
	if (security.secureDownload) return attachHiddenFlash(device, declaredBytes);
	return {
		...await readSize(connection, chip, romDialect),
		access: romFlash(device)
	};
}
/** The stub attaches a flash on the usual pins by itself. */
async function attachStubFlash(device) {
	const { connection, chip, identity } = device;
	if (identity.spiPins !== 0) await connection.request(spiAttach(stubDialect, identity.spiPins));
	return {
		...await readSize(connection, chip, stubDialect),
		access: stubFlash(device)
	};
}
export { timeouts as C, encodeRequest as E, readRegister as S, Connection as T, changeBaudrate as _, readFlashRange as a, memoryEnd as b, spiSetParams as c, hardReset as d, OTG_BLOCK_BYTES as f, writeWord as g, readWord as h, openDevice as i, stubDialect as l, isUsbOtg as m, attachRomFlash as n, MAGIC_ADDRESS as o, isEspressifUsb as p, attachStubFlash as r, readFlashSlow as s, CONNECT_BAUD as t, leaveLoader as u, memoryBegin as v, createFlightRecorder as w, memoryStay as x, memoryData as y };
