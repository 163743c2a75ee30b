import { at as FlashError, ot as hasCode } from "./first-line.js";
import { n as guardSending, t as createLink } from "./link.js";
import { Stats, constants } from "node:fs";
import path from "node:path";
import { access, readFile, readdir, realpath, stat } from "node:fs/promises";
// src/transport/serial-errors.ts
/** Names that boards get on Linux and macOS. */
const BOARD_PORTS = /^(tty(USB|ACM)\d+|cu\.(usb|wch|SLAB).*)$/;
/**
* Looks at the path before it is opened, because the addon gives words without codes. Throws `port/not-found`,
* `port/not-serial` or `port/permission`. Windows port names are no paths and pass.
*/
async function checkSerialPath(port) {
	if (process.platform === "win32") return;
	const details = { port };
	const found = await stat(port).catch((error) => {
		if (error.code === "EACCES") throw permissionError(port, error);
		return error;
	});
	if (!(found instanceof Stats)) throw new FlashError("port/not-found", `there is no port ${port}; ${await presentPorts(port)}`, details, found);
	if (!found.isCharacterDevice()) {
		const kind = found.isDirectory() ? "a directory" : found.isFile() ? "a regular file" : "not a device";
		throw new FlashError("port/not-serial", `${port} is ${kind}, not a serial port`, details);
	}
	await access(port, constants.R_OK | constants.W_OK).catch((error) => {
		throw permissionError(port, error);
	});
}
function permissionError(port, cause) {
	return new FlashError("port/permission", `this user may not read and write ${port}`, { port }, cause);
}
async function presentPorts(port) {
	const ports = (await readdir(path.dirname(port)).catch(() => [])).filter((name) => BOARD_PORTS.test(name)).map((name) => path.join(path.dirname(port), name));
	return ports.length > 0 ? `present: ${ports.join(", ")}` : "no board's port is present beside it";
}
const OPEN_PROBLEMS = [
	[
		/cannot lock port|resource busy|access denied/i,
		"port/busy",
		"is in use by another process"
	],
	[
		/no such file|file not found/i,
		"port/not-found",
		"is not there"
	],
	[
		/permission denied/i,
		"port/permission",
		"may not be opened by this user"
	],
	[
		/inappropriate ioctl|not a typewriter|is a directory/i,
		"port/not-serial",
		"is not a serial port"
	]
];
/** What the addon said on opening, as an error with a code; its own words stay in the message. */
function openError(port, thrown) {
	const said = wordsOf(thrown);
	const problem = OPEN_PROBLEMS.find(([pattern]) => pattern.test(said));
	const [code, meaning] = problem ? [problem[1], problem[2]] : ["port/open-failed", "could not be opened"];
	return new FlashError(code, `${port} ${meaning} (${said})`, { port }, thrown);
}
const NO_LINES = /inappropriate ioctl|not a typewriter|not a tty|invalid argument|not supported|ENOTTY|EINVAL|EOPNOTSUPP|ENOTSUP/i;
/** Whether an error of setting the lines means that this port has no control lines, and not that it is gone. */
function meansNoLines(thrown) {
	return NO_LINES.test(wordsOf(thrown));
}
/** That a port has no control lines, with the system's words. */
function noLinesError(port, words, thrown) {
	return new FlashError("port/no-lines", `${port} does not let DTR and RTS be set (${words})`, { port }, thrown);
}
/** What the addon or the system said, without the word `Error` that the addon puts before it. */
function wordsOf(thrown) {
	return String(thrown).replace(/^(Error:? )+/, "");
}
// src/transport/serial-lines.ts
/**
* Sets both lines of a port: through the addon, or on Linux by an ioctl of our own where the addon cannot. It ends a
* break signal before it comes to the lines, and gives up where the driver knows no break: since 6.6, cdc-acm says
* EOPNOTSUPP then (serialport/bindings-cpp issue 229) and usb-serial ENOTTY, as ports without lines do. What worked
* is kept. Rejects with `port/no-lines`, or with what the system said.
*/
function createLineSetter(port, onMessage, loadIoctl = loadSetLines) {
	let byIoctl;
	/** Every call names everything: the addon sets what is left out to its own defaults, DTR and RTS asserted. */
	function setByAddon(target, lines) {
		return target.set({
			...lines,
			brk: false,
			cts: false,
			lowLatency: true
		});
	}
	function setByIoctl(set, target, lines) {
		try {
			set(target.fd ?? -1, lines);
		} catch (thrown) {
			throw meansNoLines(thrown) ? noLinesError(port, wordsOf(thrown), thrown) : thrown;
		}
	}
	return async (target, lines) => {
		if (byIoctl !== void 0) {
			setByIoctl(byIoctl, target, lines);
			return;
		}
		try {
			await setByAddon(target, lines);
		} catch (refusal) {
			if (!meansNoLines(refusal)) throw refusal;
			if (process.platform !== "linux") throw noLinesError(port, wordsOf(refusal), refusal);
			const set = await loadIoctl().catch((problem) => {
				throw noLinesError(port, `${wordsOf(refusal)}; koffi does not load: ${wordsOf(problem)}`, problem);
			});
			setByIoctl(set, target, lines);
			byIoctl = set;
			onMessage(`The driver of ${port} knows no break signal, so DTR and RTS are set by an ioctl, not by serialport.`);
		}
	};
}
/** Loaded only where the addon could not set the lines. */
async function loadSetLines() {
	return (await import("./serial-ioctl.js")).setLinesByIoctl;
}
// src/transport/serial-usb.ts
/**
* Vendor and product of the USB device behind a port, where the system tells: Linux, in `sysfs`. The interface lies one or
* two levels below the device that has the ids.
*/
async function readUsbIds(port, sysfs = "/sys") {
	try {
		const tty = path.basename(await realpath(port));
		let device = await realpath(path.join(sysfs, "class", "tty", tty, "device"));
		for (let level = 0; level < 3; level++) {
			const [vendorId, productId] = await Promise.all([readId(device, "idVendor"), readId(device, "idProduct")]);
			if (vendorId !== void 0 && productId !== void 0) return {
				vendorId,
				productId
			};
			device = path.dirname(device);
		}
	} catch {}
}
async function readId(device, name) {
	const text = await readFile(path.join(device, name), "utf8").catch(() => void 0);
	return text === void 0 ? void 0 : Number.parseInt(text, 16);
}
// src/transport/serial.ts
const IDLE_LINES = {
	dtr: false,
	rts: false
};
/** How long `close` waits for bytes that are still on their way; a port that takes nothing any more is cut off. */
const DRAIN_TIMEOUT_MS = 500;
/** More than driver and adapter hold on the way out. Assumed. */
const HELD_BYTES = 16384;
/**
* A serial port of this machine, locked against others. The kernel asserts both lines while it opens, which the usual
* circuit takes for idle; they are released at once and also before closing, so that neither resets the board.
* Throws `port/not-found`, `port/not-serial`, `port/permission`, `port/busy`, `port/open-failed`, or
* `port/native-addon` when serialport's addon does not load.
*/
async function openSerial(path, baud, { clock, onMessage = () => void 0 }) {
	const link = createLink(path);
	const setLinesOf = createLineSetter(path, onMessage);
	let rate = checkRate(baud);
	let lastWrite = Promise.resolve();
	let stopReading = () => Promise.resolve();
	let binding = await open();
	const controlLines = await hasLines();
	const usb = await readUsbIds(path);
	async function open() {
		await checkSerialPath(path);
		const { openBinding, startReading } = await loadAddon(path);
		const opened = await openBinding(path, rate).catch((thrown) => {
			throw openError(path, thrown);
		});
		link.opened();
		stopReading = startReading(opened, {
			data: (bytes) => link.data(bytes),
			ended: (thrown) => link.lost(thrown === void 0 ? "the device is gone" : wordsOf(thrown), thrown)
		});
		return opened;
	}
	/** Sets the lines idle, as they stay until the board is reset on purpose, and tells whether there are any. */
	async function hasLines() {
		try {
			await setLines(IDLE_LINES);
			return true;
		} catch (thrown) {
			if (hasCode(thrown, "port/no-lines")) return false;
			await close();
			throw thrown;
		}
	}
	/** One call of the addon; when it fails, the port is as good as gone. */
	function called(operation) {
		return operation().catch((thrown) => {
			if (thrown instanceof FlashError) throw thrown;
			link.lost(wordsOf(thrown), thrown);
			throw new FlashError("port/lost", `${path} was lost: ${wordsOf(thrown)}`, { port: path }, thrown);
		});
	}
	function call(operation) {
		return link.guard(() => called(operation));
	}
	function callSending(lengthBytes, operation) {
		return guardSending(link, clock, {
			lengthBytes,
			baud: rate
		}, () => called(operation));
	}
	function setLines(lines) {
		return call(() => setLinesOf(binding, lines));
	}
	/** One write after the other: the addon would mix the pieces of two. */
	function write(bytes) {
		return callSending(bytes.length, () => {
			const target = binding;
			const turn = lastWrite.then(() => target.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
			lastWrite = turn.catch(() => void 0);
			return turn;
		});
	}
	async function drainForClose() {
		let stopTimer = () => void 0;
		const timeout = new Promise((resolve) => {
			stopTimer = clock.schedule(DRAIN_TIMEOUT_MS, resolve);
		});
		await Promise.race([call(() => binding.drain()), timeout]).finally(stopTimer);
		await call(() => binding.flush());
	}
	async function close() {
		if (link.isUp) await drainForClose().catch(() => void 0);
		if (link.isUp) await setLines(IDLE_LINES).catch(() => void 0);
		link.ended();
		if (!binding.isOpen) return;
		await binding.flush().catch(() => void 0);
		await stopReading();
		await binding.close().catch(() => void 0);
	}
	return {
		name: path,
		capabilities: {
			controlLines,
			atomicLines: process.platform !== "win32",
			baudRate: true,
			...usb && { usb }
		},
		write,
		setSignals: setLines,
		confirm: () => link.guard(() => Promise.resolve()),
		async setBaudRate(newBaud) {
			checkRate(newBaud);
			await callSending(HELD_BYTES, () => binding.drain());
			rate = newBaud;
			await call(() => binding.update({ baudRate: rate }));
		},
		subscribe: (listener) => link.subscribe(listener),
		async reopen() {
			await close();
			binding = await open();
			await hasLines();
		},
		close
	};
}
/** The addon takes 0 and negative rates without a word. */
function checkRate(baud) {
	if (Number.isSafeInteger(baud) && baud > 0) return baud;
	throw new FlashError("input/invalid", `\`baud\` is ${baud}, which is no rate: use bits per second`, { input: "baud" });
}
async function loadAddon(port) {
	try {
		return await import("./serial-binding.js");
	} catch (thrown) {
		const platform = `${process.platform}-${process.arch}`;
		throw new FlashError("port/native-addon", `cannot open ${port}: serialport's native part for ${platform} does not load (${wordsOf(thrown)})`, {
			port,
			platform
		}, thrown);
	}
}
export { openSerial };
