import { $ as sleep, X as hasCode, Y as FlashError, Z as toFlashError } from "./first-line.js";
import { T as Connection, d as hardReset, i as openDevice, t as CONNECT_BAUD, u as leaveLoader, w as createFlightRecorder } from "./open-device.js";
import { a as parsePortSelector, o as openTransport } from "./step.js";
import { a as isContainer, c as keepForJob, i as privateLockDir, r as defaultLockDir, s as jobIdentity, t as lockBoard, u as systemCodeOf } from "./lock.js";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { userInfo } from "node:os";
import { readFile, readdir, readlink, realpath } from "node:fs/promises";
// src/device/read-mac.ts
/** Asks the chip for its MAC and lets its firmware start again, also where it did not answer. What `openDevice` throws. */
async function readMac(transport, options, { clock, signal }) {
	const recorder = createFlightRecorder(clock, () => void 0);
	const connection = new Connection(transport, clock, signal, recorder);
	try {
		const device = await openDevice(connection, "auto", {
			...options,
			baud: CONNECT_BAUD
		}, () => void 0);
		await leaveLoader(device, "lines");
		return device.identity.mac;
	} catch (thrown) {
		if (transport.capabilities.controlLines) await hardReset(transport, clock).catch(() => void 0);
		throw thrown;
	} finally {
		connection.release();
	}
}
// src/ports/board-health.ts
/** With one job a chance, with two a cable that somebody plugs in again; three in a row need a person or a power switch. */
const WEDGED_AFTER = 3;
/** Errors that speak of the board or its link; what is wrong with a workflow or its firmware says nothing about the board. */
const BOARD_TROUBLE = /^(connect|device)\/|^port\/(lost|open-failed)$|^verify\/mismatch$/;
/**
* Notes how a job on a board ended (`undefined`: well), under the name of its lock. Returns what is known about the board
* afterwards. Other errors than those of a board change nothing. Throws `job/state` where the note cannot be kept.
*/
function noteJobEnd(stateDir, board, code) {
	const file = healthFile(stateDir, board);
	const before = boardHealth(stateDir, board);
	if (code !== void 0 && !BOARD_TROUBLE.test(code)) return before;
	try {
		if (code === void 0) {
			rmSync(file, { force: true });
			return;
		}
		const since = before?.since ?? (/* @__PURE__ */ new Date()).toISOString();
		const health = {
			failures: (before?.failures ?? 0) + 1,
			since,
			lastCode: code
		};
		mkdirSync(stateDir, { recursive: true });
		writeFileSync(`${file}.${process.pid}`, JSON.stringify(health));
		renameSync(`${file}.${process.pid}`, file);
		return health;
	} catch (thrown) {
		throw new FlashError("job/state", `how board ${board} did cannot be noted: ${String(thrown)}`, {}, thrown);
	}
}
/** What is noted about a board; `undefined` if its last job went well. A damaged note is as good as none. */
function boardHealth(stateDir, board) {
	try {
		const { failures, since, lastCode } = JSON.parse(readFileSync(healthFile(stateDir, board), "utf8")) ?? {};
		if (!Number.isSafeInteger(failures) || typeof since !== "string" || typeof lastCode !== "string") return void 0;
		return {
			failures: failures ?? 0,
			since,
			lastCode
		};
	} catch {
		return;
	}
}
/** One sentence for the log where a board is wedged; `undefined` where it is not. */
function describeWedged(health) {
	if (health === void 0 || health.failures < WEDGED_AFTER) return void 0;
	const { failures, since, lastCode } = health;
	return `this board seems to be wedged: ${failures} jobs in a row failed on it since ${since}, the last with ${lastCode}`;
}
function healthFile(stateDir, board) {
	return path.join(stateDir, `${board}.health.json`);
}
// src/ports/usb-bridges.ts
const SILICON_LABS = 4292;
const WCH = 6790;
const FTDI = 1027;
const PROLIFIC = 1659;
const ESPRESSIF = 12346;
/** USB devices behind which a board is to be expected. A new one is a row. */
const usbBridges = [
	{
		vendorId: SILICON_LABS,
		productId: 6e4,
		name: "CP210x"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60001,
		name: "CP210x"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60003,
		name: "CP210x"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60016,
		name: "CP2105"
	},
	{
		vendorId: SILICON_LABS,
		productId: 60017,
		name: "CP2108"
	},
	{
		vendorId: WCH,
		productId: 21795,
		name: "CH341"
	},
	{
		vendorId: WCH,
		productId: 29986,
		name: "CH340K"
	},
	{
		vendorId: WCH,
		productId: 29987,
		name: "CH340"
	},
	{
		vendorId: WCH,
		productId: 21970,
		name: "CH342"
	},
	{
		vendorId: WCH,
		productId: 21971,
		name: "CH343"
	},
	{
		vendorId: WCH,
		productId: 21972,
		name: "CH9102"
	},
	{
		vendorId: WCH,
		productId: 21973,
		name: "CH344"
	},
	{
		vendorId: WCH,
		productId: 21975,
		name: "CH9103"
	},
	{
		vendorId: WCH,
		productId: 21976,
		name: "CH9101"
	},
	{
		vendorId: FTDI,
		productId: 24577,
		name: "FT232R"
	},
	{
		vendorId: FTDI,
		productId: 24592,
		name: "FT2232"
	},
	{
		vendorId: FTDI,
		productId: 24593,
		name: "FT4232H"
	},
	{
		vendorId: FTDI,
		productId: 24596,
		name: "FT232H"
	},
	{
		vendorId: FTDI,
		productId: 24597,
		name: "FT-X"
	},
	{
		vendorId: PROLIFIC,
		productId: 8963,
		name: "PL2303"
	},
	{
		vendorId: PROLIFIC,
		productId: 9123,
		name: "PL2303GC"
	},
	{
		vendorId: PROLIFIC,
		productId: 9139,
		name: "PL2303GB"
	},
	{
		vendorId: PROLIFIC,
		productId: 9155,
		name: "PL2303GT"
	},
	{
		vendorId: PROLIFIC,
		productId: 9171,
		name: "PL2303GL"
	},
	{
		vendorId: PROLIFIC,
		productId: 9187,
		name: "PL2303GE"
	},
	{
		vendorId: PROLIFIC,
		productId: 9203,
		name: "PL2303GS"
	},
	{
		vendorId: ESPRESSIF,
		productId: 2,
		name: "ESP32-S2 ROM"
	},
	{
		vendorId: ESPRESSIF,
		productId: 9,
		name: "ESP32-S3 ROM"
	},
	{
		vendorId: ESPRESSIF,
		productId: 18,
		name: "ESP32-P4 ROM"
	},
	{
		vendorId: ESPRESSIF,
		productId: 4097,
		name: "Espressif USB-Serial/JTAG"
	}
];
/** What a USB device is called here; any of Espressif's is one, whatever its firmware calls itself. */
function bridgeName(vendorId, productId) {
	return usbBridges.find((row) => row.vendorId === vendorId && row.productId === productId)?.name ?? (vendorId === ESPRESSIF ? "Espressif USB" : void 0);
}
/** Whether the chip itself is the USB device, so that its ids depend on what runs on it. */
function isNative(vendorId) {
	return vendorId === ESPRESSIF;
}
/**
* The MAC that a USB serial number tells. Only the silicon of USB-Serial/JTAG is sure to put the chip's own there; firmware
* and Espressif's USB bridges (such as 303a:1002) put in what they like.
*/
function macFromSerial(vendorId, productId, serial) {
	if (vendorId !== ESPRESSIF || productId !== 4097) return void 0;
	return /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(serial) ? serial.toLowerCase() : void 0;
}
// src/ports/port-info.ts
function portInfo(path, links, usb) {
	if (usb === void 0) return {
		path,
		links
	};
	const bridge = bridgeName(usb.vendorId, usb.productId);
	const macFromUsb = usb.serial === void 0 ? void 0 : macFromSerial(usb.vendorId, usb.productId, usb.serial);
	return {
		path,
		links,
		usb,
		...bridge && { bridge },
		...macFromUsb && { macFromUsb }
	};
}
/** `303a:1001`, as `lsusb` writes it. */
function usbIds({ vendorId, productId }) {
	return [vendorId, productId].map((id) => id.toString(16).padStart(4, "0")).join(":");
}
/** One line with all that tells this port from another. */
function describePort(port) {
	const { usb, bridge, macFromUsb } = port;
	if (usb === void 0) return `${port.path} (no USB device)`;
	const facts = [
		bridge ?? usb.product,
		`usb:${usbIds(usb)}`,
		usb.location && `location:${usb.location}${usb.interface ? `:${usb.interface}` : ""}`,
		macFromUsb ? `mac:${macFromUsb}` : usb.serial && `serial:${usb.serial}`
	];
	return `${port.path} (${facts.filter(Boolean).join(", ")})`;
}
/**
* The name of a port's lock: the USB place, whichever number or mode the board there has at the moment. Ports of one USB
* device share it: they may lead to one board.
*/
function lockNameOfPort(port) {
	return fileName(port.usb?.location ? `usb-${port.usb.location}` : `port-${port.path.replace(/^.*[/\\]/, "")}`);
}
/** The name of a board's lock once its MAC is known; taken besides the port's, and after it. */
function lockNameOfMac(mac) {
	return `mac-${mac.toLowerCase().replaceAll(":", "")}`;
}
/** The name of the lock of a remote board, such as `tcp://bench:3333`. It holds among the jobs of this machine only. */
function lockNameOfUrl(url) {
	const { hostname, port } = new URL(url);
	return fileName(`net-${hostname.toLowerCase()}-${port}`);
}
function fileName(name) {
	return name.replace(/[^A-Za-z0-9._-]+/g, "-");
}
// src/ports/follow.ts
/** A device is ready some 100 ms after it was plugged in; looking costs a few reads of /sys. */
const POLL_MS = 100;
/**
* Looks again and again until `look` no longer says `port/not-found`. Rejects with that when `timeoutMs` are over, with
* any other error of `look` at once, and with the signal's reason.
*/
async function waitForPort(look, { timeoutMs, clock, signal }) {
	const startedMs = clock.nowMs();
	for (;;) {
		signal.throwIfAborted();
		try {
			return await look();
		} catch (thrown) {
			if (!hasCode(thrown, "port/not-found")) throw thrown;
			if (clock.nowMs() - startedMs >= timeoutMs) throw timeoutMs > 0 ? afterWait(thrown, timeoutMs) : thrown;
		}
		await sleep(clock, POLL_MS, signal);
	}
}
function afterWait(error, timeoutMs) {
	return new FlashError(error.code, `${error.message} (waited ${timeoutMs / 1e3} s)`, error.details, error);
}
/**
* Finds the port of a board again after a reset: by its USB place, whatever number, ids or mode it has now. A port without
* a place is where it was. Throws `port/not-found` after `timeoutMs`, `port/other-board` when another board is there.
*/
async function followPort(before, discover, options) {
	if (before.usb?.location === void 0) return before;
	return waitForPort(async () => portAtPlace(before, await discover()), options);
}
/** The port among `ports` at which the board of `before` is now. Throws `port/not-found`, `port/other-board`. */
function portAtPlace(before, ports) {
	const location = before.usb?.location;
	const there = ports.filter(({ usb }) => location !== void 0 && usb?.location === location);
	const now = there.find(({ usb }) => usb?.interface === before.usb?.interface) ?? there[0];
	if (now === void 0) {
		const message = `${describePort(before)} is gone: there is no port at USB place ${location ?? "unknown"} now`;
		throw new FlashError("port/not-found", message, { port: before.path });
	}
	if (mayBeSame(before, now)) return now;
	const message = `at USB place ${location ?? "unknown"} was ${describePort(before)}; now it is ${describePort(now)}`;
	throw new FlashError("port/other-board", message, { port: now.path });
}
/** A bridge has its ids and serial number for good; a chip with USB of its own changes both between its firmware and its ROM. */
function mayBeSame(before, now) {
	const [was, is] = [before.usb, now.usb];
	if (was === void 0 || is === void 0) return false;
	if (before.macFromUsb && now.macFromUsb) return before.macFromUsb === now.macFromUsb;
	if (usbIds(was) === usbIds(is)) return was.serial === is.serial;
	return isNative(was.vendorId) || isNative(is.vendorId);
}
// src/ports/known-boards.ts
/**
* Notes which board was met at a port: one small file a board in `stateDir`, so that jobs do not get in each other's way.
* Ports without USB are not noted. Throws `job/state`.
*/
function rememberBoard(stateDir, mac, { usb }) {
	if (usb === void 0) return;
	const { vendorId, productId, location, serial } = usb;
	const board = {
		mac: mac.toLowerCase(),
		vendorId,
		productId,
		...location && { location },
		...usb.interface && { interface: usb.interface },
		...serial && { serial },
		seenAtMs: Date.now()
	};
	const file = path.join(stateDir, `${board.mac.replaceAll(":", "")}.json`);
	try {
		mkdirSync(stateDir, { recursive: true });
		writeFileSync(`${file}.${process.pid}`, JSON.stringify(board));
		renameSync(`${file}.${process.pid}`, file);
	} catch (thrown) {
		throw new FlashError("job/state", `where board ${mac} is cannot be noted: ${String(thrown)}`, {}, thrown);
	}
}
/** All noted boards, one a place. Throws `job/state` where the folder cannot be read. */
function knownBoards(stateDir) {
	const byPlace = /* @__PURE__ */ new Map();
	for (const board of readNotes(stateDir).sort((a, b) => a.seenAtMs - b.seenAtMs)) byPlace.set(board.location ? `${board.location}:${board.interface ?? ""}` : board.mac, board);
	return [...byPlace.values()];
}
/** The ports at which a board is to be expected by what was noted: its serial number if that is one of a kind, else its place. */
function rememberedPorts(mac, boards, ports) {
	const board = boards.find((known) => known.mac === mac);
	if (board === void 0) return [];
	const sameBridge = ports.filter(({ usb, macFromUsb }) => usb?.vendorId === board.vendorId && usb.productId === board.productId && usb.interface === board.interface && macFromUsb === void 0);
	const withSerial = (serial) => sameBridge.filter(({ usb }) => usb?.serial === serial);
	if (board.serial !== void 0) {
		const isOneOfAKind = boards.every((other) => other.mac === mac || other.serial !== board.serial || other.interface !== board.interface);
		const bySerial = withSerial(board.serial);
		if (isOneOfAKind && bySerial.length === 1) return bySerial;
		return bySerial.filter(({ usb }) => usb?.location === board.location);
	}
	return sameBridge.filter(({ usb }) => usb?.location === board.location && usb?.serial === void 0);
}
function readNotes(stateDir) {
	let files;
	try {
		files = readdirSync(stateDir);
	} catch (thrown) {
		if (systemCodeOf(thrown) === "ENOENT") return [];
		throw new FlashError("job/state", `the known boards cannot be read: ${String(thrown)}`, {}, thrown);
	}
	return files.filter((file) => /^[0-9a-f]{12}\.json$/.test(file)).flatMap((file) => readNote(path.join(stateDir, file)));
}
/** A damaged note is as good as none: the board is asked instead, and noted anew. */
function readNote(file) {
	try {
		const note = JSON.parse(readFileSync(file, "utf8"));
		const { mac, vendorId, productId, seenAtMs, location, serial } = note ?? {};
		const texts = [
			location,
			serial,
			note?.interface
		];
		if (typeof mac !== "string" || [
			vendorId,
			productId,
			seenAtMs
		].some((part) => typeof part !== "number")) return [];
		if (texts.some((part) => part !== void 0 && typeof part !== "string")) return [];
		return [note];
	} catch {
		return [];
	}
}
// src/ports/links.ts
const LINK_FOLDERS = ["by-id", "by-path"];
/** The links below `<devRoot>/serial`, by the device that each leads to. */
async function findLinks(devRoot) {
	const byDevice = /* @__PURE__ */ new Map();
	for (const kind of LINK_FOLDERS) {
		const folder = path.join(devRoot, "serial", kind);
		for (const name of (await readdir(folder).catch(() => [])).sort()) {
			const link = path.join(folder, name);
			const device = await nextOf(link);
			if (device !== void 0) byDevice.set(device, [...byDevice.get(device) ?? [], link]);
		}
	}
	return byDevice;
}
/**
* Follows `start` link by link to the first path that `isDevice` knows; else to the end. `undefined` if there is nothing. A
* device that is itself a link, as to a pty, thus keeps its own name.
*/
async function followLinks(start, isDevice) {
	let at = path.resolve(start);
	for (let step = 0; step < MAX_LINKS; step++) {
		if (isDevice(at)) return at;
		const next = await nextOf(at);
		if (next === void 0) break;
		at = next;
	}
	return realpath(start).catch(() => void 0);
}
/** As many as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;
async function nextOf(link) {
	const target = await readlink(link).catch(() => void 0);
	return target === void 0 ? void 0 : path.resolve(path.dirname(link), target);
}
// src/ports/select.ts
/**
* Finds the one port that `selector` means among `ports`, and opens none. `known` are the boards noted by earlier jobs.
* Throws `port/not-found` with what is there, or `port/ambiguous` with what tells the fitting ones apart.
*/
async function selectPort(selector, ports, known = []) {
	if (selector.kind === "mac") return selectByMac(selector.mac, ports, known);
	return {
		kind: "port",
		port: exactlyOne(await matches(selector, ports), describeSelector(selector), ports),
		by: "system"
	};
}
function matches(selector, ports) {
	const filter = (fits) => Promise.resolve(ports.filter(fits));
	switch (selector.kind) {
		case "path": return portsAt([selector.path], ports);
		case "glob": return portsLike(selector.folder, selector.pattern, ports);
		case "usb": return filter(({ usb }) => usb?.vendorId === selector.vendorId && usb.productId === selector.productId);
		case "serial": return filter(({ usb }) => usb?.serial?.toLowerCase() === selector.serial.toLowerCase());
		case "location": return filter(({ usb }) => usb?.location?.toLowerCase() === selector.location.toLowerCase() && (selector.interface === void 0 || usb.interface === selector.interface));
		case "auto": return filter(({ bridge }) => bridge !== void 0);
	}
}
/** A path that is none of the listed ports can still be one, such as a pty; opening it tells. */
async function portsAt(paths, ports) {
	const found = /* @__PURE__ */ new Map();
	for (const each of paths) {
		const device = path.isAbsolute(each) ? await followLinks(each, isListed) : each;
		if (device === void 0) continue;
		const listed = ports.find((port) => port.path === device);
		if (listed || path.isAbsolute(each)) found.set(device, listed ?? {
			path: device,
			links: []
		});
	}
	return [...found.values()];
	function isListed(candidate) {
		return ports.some((port) => port.path === candidate);
	}
}
async function portsLike(folder, pattern, ports) {
	if (folder === "") return ports.filter((port) => pattern.test(port.path));
	return portsAt((await readdir(folder).catch(() => [])).filter((name) => pattern.test(name)).map((name) => folder + name), ports);
}
function selectByMac(mac, ports, known) {
	const wanted = `mac:${mac}`;
	const named = ports.filter((port) => port.macFromUsb === mac);
	if (named.length > 0) return {
		kind: "port",
		port: exactlyOne(named, wanted, ports),
		by: "system"
	};
	const [remembered, ...more] = rememberedPorts(mac, known, ports);
	if (remembered && more.length === 0) return {
		kind: "port",
		port: remembered,
		by: "memory"
	};
	const candidates = ports.filter((port) => port.bridge !== void 0 && port.macFromUsb === void 0);
	if (candidates.length === 0) throw notFound(wanted, ports);
	const others = known.filter((board) => board.mac !== mac);
	const taken = new Set(others.flatMap((board) => rememberedPorts(board.mac, known, ports)));
	return {
		kind: "candidates",
		mac,
		ports: [...candidates].sort((a, b) => Number(taken.has(a)) - Number(taken.has(b)))
	};
}
function exactlyOne(found, wanted, all) {
	const [port, ...more] = found;
	if (port === void 0) throw notFound(wanted, all);
	if (more.length === 0) return port;
	const lines = found.map(describePort);
	throw new FlashError("port/ambiguous", `${wanted} fits ${lines.length} ports: ${lines.join("; ")}`, { ports: found.map((each) => each.path) });
}
function notFound(wanted, ports) {
	const there = ports.length === 0 ? "there is no serial port at all" : `there are: ${ports.map(describePort).join("; ")}`;
	return new FlashError("port/not-found", `no port fits ${wanted}; ${there}`, { port: wanted });
}
function describeSelector(selector) {
	switch (selector.kind) {
		case "path": return selector.path;
		case "glob": return selector.text;
		case "usb": return `usb:${[selector.vendorId, selector.productId].map((id) => id.toString(16).padStart(4, "0")).join(":")}`;
		case "serial": return `serial:${selector.serial}`;
		case "location": return `location:${selector.location}${selector.interface ? `:${selector.interface}` : ""}`;
		case "auto": return "auto (a known USB bridge or Espressif device)";
	}
}
// src/ports/claim.ts
/**
* Finds the one port that is meant and takes its lock; what `selectPort`, `waitForPort` and `lockBoard` throw. While it
* waits for the lock, ports may change: it is the port as it is once the lock is held.
*/
async function claimPort(selector, options) {
	const { discover, stateDir, waitForPortMs, clock, signal } = options;
	const look = async () => selectPort(selector, await discover(), selector.kind === "mac" ? knownBoards(stateDir) : []);
	for (;;) {
		const found = await waitForPort(look, {
			timeoutMs: waitForPortMs,
			clock,
			signal
		});
		if (found.kind === "candidates") return askAll(found.mac, found.ports, options);
		if (selector.kind === "mac" && found.by === "memory") return askRemembered(selector.mac, found.port, options);
		const locks = await takeLocks(found.port, options);
		try {
			const now = await look();
			if (now.kind === "port" && sameLocks(now.port, found.port)) return {
				port: now.port,
				locks
			};
		} catch (thrown) {
			releaseAll(locks);
			if (!hasCode(thrown, "port/not-found")) throw thrown;
			if (waitForPortMs === 0) throw thrown;
			continue;
		}
		releaseAll(locks);
	}
}
/**
* Adds the lock of the board's MAC once the chip has told it: the same board may be plugged in twice, by a bridge and by
* its own USB. What `lockBoard` throws; the claim itself stays.
*/
async function claimMac(claim, mac, options) {
	const name = lockNameOfMac(mac);
	if (claim.locks.some((lock) => lock.name === name)) return claim;
	return {
		...claim,
		locks: [...claim.locks, ...await takeAll([name], options)]
	};
}
/** The place that was noted first, and the other candidates only if another board answers there. */
async function askRemembered(mac, port, options) {
	const all = await options.discover();
	const rest = await selectPort({
		kind: "mac",
		mac
	}, all);
	return askAll(mac, [port, ...rest.kind === "candidates" ? rest.ports.filter(({ path }) => path !== port.path) : []], options);
}
/** Asks one board after the other: first those that are free, then those for whose lock one has to wait. */
async function askAll(mac, ports, options) {
	const { lock } = options;
	const answers = [];
	const held = [];
	for (const port of ports) {
		const free = lock === "off" ? options : {
			...options,
			lock: {
				...lock,
				timeoutMs: 0
			}
		};
		try {
			const found = await askOne(mac, port, free, answers);
			if (found) return found;
		} catch (thrown) {
			if (!hasCode(thrown, "lock/timeout")) throw thrown;
			held.push(port);
		}
	}
	for (const port of held) {
		const found = await askOne(mac, port, options, answers);
		if (found) return found;
	}
	throw new FlashError("port/not-found", `no board with mac:${mac} answers; ${answers.join("; ")}`, { port: `mac:${mac}` });
}
async function askOne(mac, port, options, answers) {
	const locks = await takeLocks(port, options);
	let isMeant = false;
	try {
		const now = portAtPlace(port, await options.discover());
		const answer = await options.ask(now);
		rememberBoard(options.stateDir, answer, now);
		isMeant = answer === mac;
		if (isMeant) return {
			port: now,
			locks
		};
		answers.push(`${describePort(now)} is mac:${answer}`);
	} catch (thrown) {
		options.signal.throwIfAborted();
		if (!(thrown instanceof FlashError) || thrown.code === "job/state") throw thrown;
		answers.push(`${describePort(port)}: ${thrown.message}`);
	} finally {
		if (!isMeant) releaseAll(locks);
	}
}
/** Place before MAC, always: so no two jobs can wait for each other. */
function lockNames(port) {
	return [lockNameOfPort(port), ...port.macFromUsb ? [lockNameOfMac(port.macFromUsb)] : []];
}
function sameLocks(a, b) {
	return lockNames(a).join() === lockNames(b).join();
}
function takeLocks(port, options) {
	return takeAll(lockNames(port), options);
}
async function takeAll(names, options) {
	const { lock, clock, signal } = options;
	const locks = [];
	if (lock === "off") return locks;
	try {
		for (const name of names) locks.push(await lockBoard(name, {
			...lock,
			clock,
			signal
		}));
	} catch (thrown) {
		releaseAll(locks);
		throw thrown;
	}
	return locks;
}
function releaseAll(locks) {
	for (const lock of locks) lock.release();
}
// src/ports/discovery.ts
/** How this system's ports are listed. `list` is serialport's, asked only where there is no `/sys`. */
function discovery(list) {
	return process.platform === "linux" ? () => discoverLinux() : () => discoverListed(list);
}
/**
* Reads `/sys` and `/dev` of Linux. It needs no udevadm, which slim containers lack, and tells the place of each board,
* which serialport's own list does not. Where there is no `/sys`, there are no ports. The roots differ in tests only.
*/
async function discoverLinux(sysRoot = "/sys", devRoot = "/dev") {
	const folder = path.join(sysRoot, "class", "tty");
	const [names, present] = await Promise.all([readdir(folder).catch(() => []), readdir(devRoot).catch(() => [])]);
	const nodes = new Set(present);
	const links = await findLinks(devRoot);
	return sortPorts((await Promise.all(names.map(async (name) => {
		const device = await readTty(path.join(folder, name));
		if (device === void 0 || !nodes.has(name)) return void 0;
		const node = path.join(devRoot, name);
		return portInfo(node, links.get(node) ?? [], device.usb);
	}))).filter((port) => port !== void 0));
}
/** The same from serialport's `list()`, for macOS and Windows. */
async function discoverListed(list) {
	return sortPorts((await list()).map((port) => portInfo(port.path, [], usbOf(port))));
}
function sortPorts(ports) {
	return [...ports].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
}
/** `undefined` for a tty without hardware: a console, a pty, or a UART of a PC that is not built in (type 0). */
async function readTty(folder) {
	const device = await realpath(path.join(folder, "device")).catch(() => void 0);
	if (device === void 0 || await readAttribute(folder, "type") === "0") return void 0;
	const usb = await readUsb(device);
	return usb ? { usb } : {};
}
/** The tty hangs on an interface of the USB device, or, for `usb-serial` drivers, one level below that. */
async function readUsb(device) {
	let place = device;
	for (let level = 0; level < 3; level++, place = path.dirname(place)) {
		const [vendorId, productId] = await Promise.all([readId(place, "idVendor"), readId(place, "idProduct")]);
		if (vendorId === void 0 || productId === void 0) continue;
		const location = path.basename(place);
		const [serial, manufacturer, product] = await Promise.all([
			"serial",
			"manufacturer",
			"product"
		].map((name) => readAttribute(place, name)));
		return {
			vendorId,
			productId,
			location,
			...withoutBlanks({
				interface: path.relative(place, device).split(path.sep)[0]?.split(":")[1],
				serial,
				manufacturer,
				product
			})
		};
	}
}
function withoutBlanks(texts) {
	return Object.fromEntries(Object.entries(texts).filter(([, text]) => text));
}
async function readId(folder, name) {
	return parseId(await readAttribute(folder, name));
}
/** A board that is unplugged meanwhile, or an attribute that it lacks, reads as `undefined`. */
async function readAttribute(folder, name) {
	return (await readFile(path.join(folder, name), "utf8").catch(() => void 0))?.trim();
}
function parseId(text) {
	return text !== void 0 && /^[0-9a-f]{4}$/i.test(text) ? Number.parseInt(text, 16) : void 0;
}
function usbOf(port) {
	const [vendorId, productId] = [parseId(port.vendorId), parseId(port.productId)];
	if (vendorId === void 0 || productId === void 0) return void 0;
	return {
		vendorId,
		productId,
		...port.locationId && { location: port.locationId },
		...withoutBlanks({
			interface: void 0,
			serial: port.serialNumber,
			manufacturer: port.manufacturer,
			product: port.friendlyName
		})
	};
}
// src/ports/port-holders.ts
/**
* The processes of Linux that have `port` open, oldest number first. Those of other users cannot be looked into; only root
* sees all. Empty where there is no `/proc`. `procRoot` differs in tests only.
*/
async function findPortHolders(port, procRoot = "/proc") {
	const device = await realpath(port).catch(() => port);
	const pids = (await readdir(procRoot).catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
	const holders = [];
	for (const pid of pids.sort((a, b) => a - b)) {
		const folder = path.join(procRoot, String(pid));
		if (await hasOpen(path.join(folder, "fd"), device)) holders.push({
			pid,
			command: await commandOf(folder)
		});
	}
	return holders;
}
/** `false` also for a process that ends meanwhile, or that is another user's. */
async function hasOpen(fdFolder, device) {
	const descriptors = await readdir(fdFolder).catch(() => []);
	for (const descriptor of descriptors) if (await readlink(path.join(fdFolder, descriptor)).catch(() => void 0) === device) return true;
	return false;
}
const MAX_COMMAND = 120;
/** The kernel parts arguments by NUL; threads of its own have none, but a name. */
async function commandOf(folder) {
	const read = (name) => readFile(path.join(folder, name), "utf8").catch(() => "");
	const command = (await read("cmdline")).split("\0").join(" ").trim() || (await read("comm")).trim() || "unknown";
	return command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}…` : command;
}
// src/ports/explain.ts
/** Services that open each new serial port by themselves, and how they are kept off. */
const MEDDLERS = [[/ModemManager/, "ModemManager looks for modems on new ports: stop it (`sudo systemctl disable --now ModemManager`), or exempt the board with a udev rule that sets ENV{ID_MM_DEVICE_IGNORE}=\"1\""], [/brltty/, "brltty takes USB bridges for Braille displays: remove it (`sudo apt-get remove brltty`)"]];
const explainers = {
	"port/busy": async (_, port, root) => explainBusy(await findPortHolders(port, path.join(root, "proc"))),
	"port/permission": (_, port, root) => explainPermission(port, root),
	"port/not-found": (_, port, root) => isContainer(root) ? containerHint(port) : void 0
};
/**
* What was said when a port of Linux could not be opened, with what this machine knows about it: who has it open, which
* group is missing, what the container lacks. Any other error comes back as it is. `root` is `/` but for tests.
*/
async function explainPortError(error, port, root = "/") {
	if (process.platform !== "linux") return error;
	const more = await explainers[error.code]?.(error, port, root);
	return more === void 0 ? error : new FlashError(error.code, `${error.message}; ${more}`, error.details, error);
}
function explainBusy(holders) {
	if (holders.length === 0) return "who has it open cannot be seen: it is a process of another user or container";
	const named = holders.map(({ pid, command }) => `process ${pid} (${command})`).join(", ");
	const hints = MEDDLERS.filter(([name]) => holders.some(({ command }) => name.test(command))).map(([, hint]) => hint);
	return [`it is open in ${named}`, ...hints].join("; ");
}
function explainPermission(port, root) {
	const device = statSync(port, { throwIfNoEntry: false });
	if (device === void 0) return void 0;
	const group = groupName(device.gid, root);
	const isMember = process.getgroups?.().includes(device.gid) ?? false;
	const groupMay = (device.mode & 48) === 48;
	if (isContainer(root)) return `${containerHint(port)} --group-add ${device.gid}`;
	if (!groupMay) return `its mode is ${(device.mode & 511).toString(8)}, so that not even group ${group} may use it`;
	if (isMember) return `the user is in group ${group} as it must be: does a sandbox of the runner's service forbid devices?`;
	return `it belongs to group ${group}: \`sudo usermod -aG ${group} ${userInfo().username}\`, then start the runner's service again`;
}
function groupName(gid, root) {
	return readIfThere(path.join(root, "etc", "group")).split("\n").map((line) => line.split(":")).find(([, , id]) => id === String(gid))?.[0] ?? String(gid);
}
function readIfThere(file) {
	return existsSync(file) ? readFileSync(file, "utf8") : "";
}
function containerHint(port) {
	return `this is a container: start it with \`-v /dev:/dev --privileged\`, which follows a board that gets a new number, or with --device ${port}`;
}
// src/ports/followed-transport.ts
/**
* A transport whose `reopen` finds the board again, whatever its port is called by then: it closes the old port and takes
* what `open` gives, at the rate set last and with the same listeners. What `open` throws.
*/
async function followedTransport(open) {
	const listeners = /* @__PURE__ */ new Set();
	let baud;
	let inner = await openInner();
	async function openInner() {
		const opened = await open();
		opened.subscribe({
			data: (bytes) => [...listeners].forEach((listener) => listener.data(bytes)),
			closed: (reason) => [...listeners].forEach((listener) => listener.closed(reason))
		});
		return opened;
	}
	return {
		get name() {
			return inner.name;
		},
		get capabilities() {
			return inner.capabilities;
		},
		write: (bytes) => inner.write(bytes),
		setSignals: (lines) => inner.setSignals(lines),
		async setBaudRate(rate) {
			baud = rate;
			await inner.setBaudRate(rate);
		},
		subscribe(listener) {
			listeners.add(listener);
			return () => void listeners.delete(listener);
		},
		async reopen() {
			await inner.close();
			inner = await openInner();
			if (baud !== void 0) await inner.setBaudRate(baud);
		},
		close: () => inner.close()
	};
}
// src/action/claim-board.ts
/** How long a port may take to come back after a reset, at each of the times that a job opens it anew. */
const COME_BACK_MS = 2e3;
const ASK_ATTEMPTS = 3;
/**
* Finds the board that `port` names and takes its lock. Throws what `claimPort`, `lockBoard` and `keepForJob` throw.
* Nothing is opened, but for `mac:` where only the boards themselves can tell.
*/
async function claimBoard(inputs, surroundings) {
	const { env, clock, signal, time, stateDir, say } = surroundings;
	const lockDir = inputs.lockDir ?? defaultLockDir(env);
	const hears = {
		clock,
		signal,
		onMessage: onceEach((text) => say("info", text))
	};
	const options = {
		discover: discovery(async () => (await import("./serial-list.js")).listSerialPorts()),
		stateDir,
		waitForPortMs: inputs.waitForPortMs,
		lock: inputs.lock === "off" ? "off" : {
			lockDir,
			job: jobIdentity(env),
			timeoutMs: inputs.lockTimeoutMs,
			onWait
		},
		clock,
		signal,
		ask: async ({ path: port }) => {
			const transport = await openExplained(port);
			const { before, resetSequence } = inputs;
			return readMac(transport, {
				before,
				attempts: ASK_ATTEMPTS,
				...resetSequence && { resetSequence }
			}, {
				clock,
				signal
			}).finally(() => transport.close());
		}
	};
	const selector = parsePortSelector(inputs.port);
	const remoteName = selector ? void 0 : nameOfRemote(inputs.port);
	function onWait(holder) {
		time.pause();
		say("info", `Waiting for the board: it is held by ${holder}`);
	}
	async function openExplained(port) {
		try {
			return await openTransport(port, hears);
		} catch (thrown) {
			throw selector ? await explainPortError(toFlashError(thrown), port) : thrown;
		}
	}
	async function take() {
		if (selector) {
			const named = selector.kind === "path" ? selector.path : "/dev/ttyUSB0";
			return claimPort(selector, options).catch(async (thrown) => {
				throw await explainPortError(toFlashError(thrown), named);
			});
		}
		const port = {
			path: inputs.port,
			links: []
		};
		if (remoteName === void 0 || options.lock === "off") return {
			port,
			locks: []
		};
		return {
			port,
			locks: [await lockBoard(remoteName, {
				...options.lock,
				clock,
				signal
			})]
		};
	}
	const kept = [];
	/** Only where a runner runs `post` steps is there a job that outlives the step. */
	async function keep(locks) {
		if (inputs.lock !== "job" || !env.GITHUB_RUN_ID) return;
		const script = path.join(import.meta.dirname, "lock-keeper.js");
		for (const lock of locks) {
			const board = await keepForJob(lock, {
				script,
				jobProcessId: process.ppid,
				env
			});
			if (board === void 0) continue;
			kept.push(board);
			surroundings.onKept(kept);
		}
	}
	const privateReason = inputs.lock === "off" || remoteNeedsNoLock() ? void 0 : privateLockDir(lockDir);
	if (privateReason !== void 0) say("warning", `The locks in ${lockDir} keep out the jobs of this place only: ${privateReason}`);
	function remoteNeedsNoLock() {
		return selector === void 0 && remoteName === void 0;
	}
	let claim = await take().finally(() => time.resume());
	const releaseLocks = () => [...claim.locks].reverse().forEach((lock) => lock.release());
	await keep(claim.locks).catch((thrown) => {
		releaseLocks();
		throw thrown;
	});
	let port = claim.port;
	const boardName = selector ? lockNameOfPort(port) : remoteName;
	const wedged = boardName === void 0 ? void 0 : describeWedged(boardHealth(stateDir, boardName));
	if (selector) say("info", `Found ${describePort(port)}`);
	if (wedged !== void 0) say("warning", `${describePort(port)}: ${wedged}`);
	async function openWhereItIs() {
		const now = await followPort(port, options.discover, {
			timeoutMs: COME_BACK_MS,
			clock,
			signal
		});
		if (now.path !== port.path) say("info", `The board is at ${now.path} now`);
		port = now;
		return openExplained(port.path);
	}
	return {
		get port() {
			return port.path;
		},
		open: () => followedTransport(openWhereItIs),
		async identified(mac) {
			if (remoteNeedsNoLock() || inputs.port.startsWith("virtual:") || !mac.includes(":")) return;
			tryNoting(() => rememberBoard(stateDir, mac, port));
			const before = claim.locks.length;
			claim = await claimMac(claim, mac, options).finally(() => time.resume());
			await keep(claim.locks.slice(before));
		},
		release(code) {
			tryNoting(() => {
				const health = boardName === void 0 ? void 0 : noteJobEnd(stateDir, boardName, code);
				const now = code === void 0 ? void 0 : describeWedged(health);
				if (now !== void 0) say("warning", `${describePort(port)}: ${now}`);
			});
			releaseLocks();
		}
	};
	/** Notes are for the next job: without them this one is no worse. */
	function tryNoting(note) {
		try {
			note();
		} catch (thrown) {
			const { message } = toFlashError(thrown);
			say("warning", message);
		}
	}
}
/** The lock's name of what is no port of this machine; a virtual board without a file is nobody else's. */
function nameOfRemote(port) {
	if (!port.startsWith("virtual:")) return lockNameOfUrl(port);
	const file = new URLSearchParams(port.split("?")[1] ?? "").get("flash") ?? "";
	if (file === "") return void 0;
	return `virtual-${createHash("sha256").update(path.resolve(file)).digest("hex").slice(0, 16)}`;
}
function onceEach(say) {
	const said = /* @__PURE__ */ new Set();
	return (text) => {
		if (!said.has(text)) say(text);
		said.add(text);
	};
}
export { claimBoard };
