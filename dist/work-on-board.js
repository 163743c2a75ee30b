import { at as FlashError, lt as sleep, ot as hasCode, st as toFlashError } from "./first-line.js";
import { $t as attachStubFlash, An as isEspressifUsb, Cn as timeouts, En as encodeRequest, Qt as attachRomFlash, Sn as readRegister, Tn as decodeReply, Xt as createFlightRecorder, Zt as CONNECT_BAUD, _n as changeUartDivider, bn as memoryEnd, dn as flashSizeFromName, en as openDevice, gn as changeBaudrate, hn as writeWord, in as readFlashSlow, jn as isUsbOtg, kn as OTG_BLOCK_BYTES, mn as writeCommand, nn as LOWEST_BAUD, on as MAGIC_ADDRESS, pn as readWord, rn as autoBauds, sn as Connection, tn as readFlashRange, un as stubDialect, vn as memoryBegin, wn as opcodes, xn as memoryStay, yn as memoryData } from "./step.js";
import { n as finishBoard, r as leaveBoard } from "./finish.js";
// src/flash/board-facts.ts
/** As the chip told it: JEDEC id as six hex digits, vendor first. */
function boardFacts({ device, flash }) {
	const vendorLast = flash.flashId.toString(16).padStart(6, "0");
	return {
		chip: device.chip.name,
		identity: device.identity,
		flashId: vendorLast.replace(/(..)(..)(..)/, "$3$2$1"),
		flashSizeBytes: flash.sizeBytes,
		baud: device.baud
	};
}
// src/flash/progress.ts
function createProgress(clock, emit) {
	const spentMs = /* @__PURE__ */ new Map();
	let current;
	let share = 0;
	let total = 0;
	const endPhase = () => {
		if (current === void 0) return;
		const durationMs = clock.nowMs() - current.startMs;
		spentMs.set(current.phase, (spentMs.get(current.phase) ?? 0) + durationMs);
		emit({
			kind: "finished",
			phase: current.phase,
			durationMs
		});
		current = void 0;
	};
	const startPhase = (phase) => {
		endPhase();
		current = {
			phase,
			startMs: clock.nowMs()
		};
		emit({
			kind: "started",
			phase
		});
	};
	return {
		startPhase,
		endPhase,
		async phase(phase, work) {
			startPhase(phase);
			const result = await work();
			endPhase();
			return result;
		},
		message: (level, text) => emit({
			kind: "message",
			level,
			text
		}),
		done(doneBytes, totalBytes) {
			if (total === 0) total = totalBytes;
			const now = Math.min(total - 1, total - (totalBytes - doneBytes));
			if (now <= share) return;
			share = now;
			emit({
				kind: "progress",
				doneBytes: share,
				totalBytes: total
			});
		},
		verified() {
			if (total > 0) emit({
				kind: "progress",
				doneBytes: total,
				totalBytes: total
			});
		},
		durations: () => [...spentMs].map(([phase, durationMs]) => ({
			phase,
			durationMs
		}))
	};
}
// src/device/stub.ts
/** Block of a RAM upload (esptool `loader.py` ESP_RAM_BLOCK at bb72741). */
const RAM_BLOCK_BYTES = 6144;
/** What a stub says when it has started, in a frame of its own. */
const GREETING = "OHAI";
/** Why no stub can be started, for a sentence such as "No stub, as \u2026"; `undefined` where one can. */
function stubHindrance({ chip, identity, security }) {
	if (chip.loadStub === void 0) return "there is none for this chip";
	if (security.secureDownload) return "in Secure Download Mode the ROM takes none";
	return chip.stubRefusal?.(identity.revision, security);
}
async function uploadSegment(connection, segment, blockBytes, pace) {
	const { address, bytes } = segment;
	const blocks = Math.ceil(bytes.length / blockBytes);
	await connection.request(memoryBegin(bytes.length, blocks, blockBytes, address));
	for (let sequence = 0; sequence < blocks; sequence++) {
		const start = sequence * blockBytes;
		await connection.request(memoryData(bytes.subarray(start, start + blockBytes), sequence), pace);
	}
}
async function jumpToStub(connection, stub) {
	try {
		await connection.request(memoryEnd(stub.entry));
	} catch (error) {
		if (!hasCode(error, "device/timeout")) throw error;
	}
}
/** What comes until `deadlineMs`, without the ROM's answer to the jump, which may be late. */
async function nextGreeting(connection, deadlineMs) {
	for (;;) {
		const frame = await connection.nextFrame(deadlineMs - connection.clock.nowMs(), "the start of the stub");
		if (decodeReply(frame)?.op !== opcodes.memEnd) return frame;
	}
}
async function awaitGreeting(connection) {
	const greeting = await nextGreeting(connection, connection.clock.nowMs() + timeouts.defaultMs).catch((error) => {
		if (!hasCode(error, "device/timeout")) throw error;
		throw new FlashError("device/stub", "The stub was uploaded but did not start.", error.details, error);
	});
	const text = Buffer.from(greeting).toString("latin1");
	if (text !== GREETING) throw new FlashError("device/stub", `The stub greeted with ${JSON.stringify(text)} instead of "${GREETING}".`);
}
/**
* For a ROM that does not jump to RAM with Secure Boot on: its flash read function is pointed at the stub and called, and
* pointed back by the stub's own commands (esptool `loader.py` `run_stub` at bb72741).
*/
async function startThroughPointer(device, stub, pointer) {
	const { connection, chip } = device;
	await connection.request(memoryStay());
	const readFunction = await readWord(connection, pointer);
	await writeWord(connection, chip, pointer, stub.entry);
	await connection.sendFrame(encodeRequest(readFlashSlow(0, 0)));
	await awaitGreeting(connection);
	await writeWord(connection, chip, pointer, readFunction);
}
/** Uploads Espressif's stub at `pace`, starts it and waits for its greeting. `device/stub` if that does not come. */
async function startStub(device, pace) {
	const { connection, chip, security } = device;
	const hindrance = stubHindrance(device);
	const stub = hindrance === void 0 ? await chip.loadStub?.(device.identity.revision) : void 0;
	if (stub === void 0) throw new FlashError("device/stub", `No stub for this ${chip.label}: ${hindrance ?? "there is none"}.`);
	const blockBytes = isUsbOtg(connection.transport, chip) ? OTG_BLOCK_BYTES : RAM_BLOCK_BYTES;
	for (const segment of stub.segments) await uploadSegment(connection, segment, blockBytes, pace);
	const pointer = security.secureBootV2 ? chip.secureBootStubPointer : void 0;
	if (pointer === void 0) {
		await jumpToStub(connection, stub);
		await awaitGreeting(connection);
	} else await startThroughPointer(device, stub, pointer);
	return {
		...device,
		loader: "stub"
	};
}
// src/device/baud.ts
/** Both sides change their divider; garbage of the change has come by then (esptool `loader.py` `change_baud`). */
const SETTLE_MS = 50;
/** Beyond a round trip: enough for a frame each way at any rate, and for a bridge that holds bytes for 16 ms. */
const ANSWER_MS = 100;
/** A first question may come while the chip still changes its divider. At a wrong rate no answer comes at all. */
const MAX_QUESTIONS = 3;
/** Bytes from the chip: one READ_FLASH packet, closed by its MD5. */
const PROBE_FROM_CHIP_BYTES = 1024;
/** A word that every read gives: the mask ROM's on the older chips; on later ones flash can be mapped there. */
function probeAddress({ magic, spi }) {
	return magic === void 0 ? spi.base + spi.usr : MAGIC_ADDRESS;
}
/** Asks until the chip answers at the new rate, which is most often at once. `question` may be asked any number of times. */
async function awaitAnswer({ connection }, question) {
	const roundTripMs = connection.quickestAnswerMs;
	for (let asked = 1;; asked++) try {
		await connection.request({
			...question,
			timeoutMs: ANSWER_MS + roundTripMs
		});
		if (asked === 1) return;
		await connection.sleep(SETTLE_MS + roundTripMs);
		connection.drain();
		return;
	} catch (error) {
		if (asked >= MAX_QUESTIONS || !hasCode(error, "device/timeout", "device/bad-reply")) throw error;
	}
}
/**
* Real data both ways: the dialogue about the flash to the chip, 1 KiB of flash with its MD5 from it.
* Blocks of a write carry checksums of their own.
*/
async function checkLink(device) {
	const flash = await attachStubFlash(device);
	await readFlashRange(device, 0, PROBE_FROM_CHIP_BYTES);
	return flash;
}
/** The words of a register have no checksum, so a flash may seem not to answer. */
const SIGNS_OF_NOISE = [
	"device/timeout",
	"device/bad-reply",
	"device/rejected",
	"device/checksum",
	"device/stub",
	"device/flash-id"
];
/** All that is asked on trial is answered in some ms; what noise took is never answered. */
const TRIAL_MS = 500;
/** Does `work`, whose first requests cross the link at `baud`; `device/baud` where they seem not to get through. */
async function trusting(connection, baud, work) {
	connection.patienceMs = TRIAL_MS + 4 * connection.quickestAnswerMs;
	try {
		return await work();
	} catch (error) {
		if (!hasCode(error, ...SIGNS_OF_NOISE)) throw error;
		throw new FlashError("device/baud", `The link does not carry data at ${baud} baud.`, error.details, error);
	} finally {
		connection.patienceMs = 1e400;
	}
}
async function changeRate({ connection }, command, baud) {
	await connection.request(command);
	await connection.transport.setBaudRate(baud);
	connection.drain();
}
/**
* Attaches the flash at `baud`, to which the link is taken if need be, and trusts the rate only after real data has
* crossed it both ways. `device/baud` where it does not work: the stub then listens at a rate that the line does not
* carry, and only a reset brings it back.
*/
function raiseBaud(device, baud) {
	return trusting(device.connection, baud, async () => {
		const raised = {
			...device,
			baud
		};
		if (baud !== device.baud) {
			await changeRate(device, changeBaudrate(stubDialect, baud, device.baud), baud);
			await awaitAnswer(raised, readRegister(probeAddress(device.chip)));
		}
		return {
			device: raised,
			flash: await checkLink(raised)
		};
	});
}
/**
* The highest rate at which the chip's ROM is asked to take bytes; the first contact's where it stays at that. ROMs take them
* one by one at the crystal's speed, which is assumed to do for 921600. The ESP32's has a ring of 256 bytes between (mask ROM
* of revision 3), which in QEMU is more than full at 460800 already.
*/
function romBaudLimit({ romBaud }) {
	return romBaud === void 0 ? CONNECT_BAUD : romBaud === "rate" ? 921600 : 230400;
}
/** No more than ring and UART hold, and not faster than the wire is: bridges and servers hand over a whole frame at once. */
function romPace(baud) {
	return {
		pieceBytes: 256,
		pauseMs: Math.ceil(256e4 / baud)
	};
}
/** What takes the ROM to `baud`. */
function romChange({ chip, identity, baud: present }, baud) {
	if (chip.romBaud === "rate") return changeBaudrate(chip.romDialect, baud, present);
	return changeUartDivider(Math.round(identity.crystalMhz * 16e6 / baud));
}
/** Tells a stub that changes the UART's clock which rate it finds; `undefined` for one that leaves the divider alone. */
function stubBaudChange({ chip, baud }) {
	const { stubBaudAddress: address } = chip;
	return address === void 0 ? void 0 : writeCommand(chip, [{
		address,
		value: baud
	}]);
}
/**
* Starts the stub, and uploads it at `baud`, which is at most `romBaudLimit`; below the present rate, as `startStub`.
* `device/baud` where the ROM does not answer at that rate or the upload fails: only a reset brings it back.
*/
async function startStubAt(device, baud) {
	const { chip, connection } = device;
	if (baud <= device.baud) {
		const change = device.baud === 115200 ? void 0 : stubBaudChange(device);
		if (change !== void 0) await connection.request(change);
		return startStub(device);
	}
	return trusting(connection, baud, async () => {
		const raised = {
			...device,
			baud
		};
		await changeRate(device, romChange(device, baud), baud);
		await awaitAnswer(raised, stubBaudChange(raised) ?? readRegister(probeAddress(chip)));
		return startStub(raised, chip.romBaud === "divider" ? romPace(baud) : void 0);
	});
}
// src/flash/contact.ts
/** Nobody answers, for a reason that the board does not tell. One that starts its firmware would do so again. */
const UNANSWERED = [
	"connect/silent",
	"connect/no-sync",
	"connect/no-reply"
];
const FURTHER_ATTEMPTS = 2;
/**
* The first contact: as asked, then with the port opened anew, at a lower rate, and after a power cycle where the job has
* a way to one. Throws what `open` throws; where nothing helped, the first verdict, and all that was tried.
*/
async function contactBoard(first, open, deps) {
	const { canReset, hasRate, powerCycle, say } = deps;
	const tried = [];
	let verdict;
	const attempt = async (what, approach) => {
		try {
			return await open(approach);
		} catch (error) {
			if (!hasCode(error, ...UNANSWERED)) throw error;
			verdict ??= error;
			tried.push(what);
			say("info", `No answer: ${what}.`);
			return;
		}
	};
	const times = first.attempts === 1 ? "once" : `${first.attempts} times`;
	const asAsked = await attempt(`${canReset ? "reset and " : ""}called ${times} at ${first.baud} baud`, first);
	if (asAsked !== void 0) return asAsked;
	if (!canReset) throw verdictOf(verdict, tried);
	const again = {
		...first,
		attempts: Math.min(first.attempts, FURTHER_ATTEMPTS),
		port: "reopened"
	};
	const reopened = await attempt("opened the port anew", again);
	if (reopened !== void 0) return reopened;
	if (hasRate && first.baud > 57600) {
		const slow = await attempt(`called at ${LOWEST_BAUD} baud`, {
			...again,
			baud: LOWEST_BAUD,
			port: "as it is"
		});
		if (slow !== void 0) return slow;
	}
	if (powerCycle !== void 0) {
		say("warning", "The board does not answer: its power is switched off and on.");
		const cycled = await attempt(await powerCycle(), {
			...first,
			port: "reopened"
		});
		if (cycled !== void 0) return cycled;
	}
	throw verdictOf(verdict, tried);
}
/** To a board that has answered before: as at first, then with the port opened anew, as a dead link does not say so. */
async function contactAgain(first, open) {
	try {
		return await open(first);
	} catch (error) {
		if (!hasCode(error, ...UNANSWERED)) throw error;
		return open({
			...first,
			attempts: Math.min(first.attempts, FURTHER_ATTEMPTS),
			port: "reopened"
		});
	}
}
function verdictOf(verdict, tried) {
	const { code, message, details } = verdict ?? new FlashError("connect/silent", "The board did not answer.");
	return new FlashError(code, `${message} Tried: ${tried.join("; ")}.`, details, verdict);
}
// src/flash/rate-search.ts
/** Two rates in a row are more than a noisy line needs, as the lower one is half the other at most. */
const ROM_FAILURES = 2;
/**
* Goes through `bauds` from above. A ROM that does not answer at a new rate may reckon wrongly, or the line may be at its
* end: the next lower rate tells. Where that fails as well, the ROM stays at the first contact's rate, and the stub begins
* at the top.
*/
function createRateSearch(bauds, slowestBaud) {
	let index = 0;
	let byRom = true;
	let romWorks = false;
	/** Where the ROM was not heard. */
	const romFailures = [];
	const baud = () => bauds[index] ?? slowestBaud;
	return {
		get baud() {
			return baud();
		},
		get byRom() {
			return byRom;
		},
		startAt(known) {
			byRom &&= known.byRom;
			const at = bauds.findIndex((each) => each <= known.baud);
			if (at > index) index = at;
		},
		romWorked() {
			romWorks = true;
		},
		failed({ stage, baud: failedBaud }) {
			if (stage === "rom" && romWorks && failedBaud < baud()) {
				byRom = false;
				return true;
			}
			const next = bauds.findIndex((each) => each < failedBaud);
			if (stage === "rom" && byRom && !romWorks) {
				romFailures.push(index);
				if (romFailures.length >= ROM_FAILURES || (bauds[next] ?? 0) <= slowestBaud) {
					byRom = false;
					index = romFailures[0] ?? index;
					return true;
				}
			}
			if (next < 0) return false;
			index = next;
			return true;
		}
	};
}
// src/flash/session.ts
/** A USB device that dropped out needs a moment to come back (esptool `cmds.py` write_flash at bb72741: 7 \u00d7 1 s). */
const REOPEN_TRIES = 7;
const REOPEN_PAUSE_MS = 1e3;
/** What noise looks like; other trouble says nothing about the rate. */
const LINK_TROUBLE = [
	"device/timeout",
	"device/bad-reply",
	"device/checksum",
	"device/baud"
];
/** May be noise, but also other things that are not to be remembered. */
const PERHAPS_LINK_TROUBLE = ["device/rejected", "device/stub"];
function createSession(transport, job, deps) {
	const { clock, signal, progress, powerCycle, onIdentified } = deps;
	const bauds = job.baud === "auto" ? autoBauds(transport) : [job.baud];
	const leftoverBauds = [...bauds, ...autoBauds(transport)];
	const declaredFlashBytes = flashSizeFromName(job.settings.size ?? "");
	const search = createRateSearch(bauds, CONNECT_BAUD);
	const canReset = !job.before.startsWith("no-reset");
	const hasRate = transport.capabilities.baudRate && !isEspressifUsb(transport);
	/** What is being tried beyond the rate of the first contact, if anything. */
	let trial;
	/** The rate at which the board was first heard, where that was a lower one than usual. */
	let contactBaud = CONNECT_BAUD;
	/** Whose link failed at a higher rate. */
	let slowMac;
	let sentBefore = 0;
	let connection;
	let isDown = false;
	let found = {};
	let boardMac;
	const recorder = createFlightRecorder(clock, (line) => progress.message("debug", line));
	const release = () => {
		if (connection === void 0) return;
		sentBefore += connection.bytesSent;
		connection.release();
		connection = void 0;
	};
	const reopen = async () => {
		isDown = true;
		for (let tried = 1;; tried++) try {
			await transport.reopen();
			isDown = false;
			return;
		} catch (error) {
			if (tried >= REOPEN_TRIES || !hasCode(error, "port/lost", "port/not-found", "port/busy", "port/permission", "port/open-failed")) throw error;
			await sleep(clock, REOPEN_PAUSE_MS, signal);
		}
	};
	/** A lost port is opened again, and one that an approach wants opened anew; any other trouble leaves it open. */
	const approach = async ({ baud, attempts, port }) => {
		isDown ||= connection?.isLost ?? false;
		release();
		if (isDown || port === "reopened") await reopen();
		connection = new Connection(transport, clock, signal, recorder);
		const { before, resetSequence } = job;
		const options = {
			before,
			attempts,
			baud,
			leftoverBauds,
			...resetSequence === void 0 ? {} : { resetSequence }
		};
		try {
			return await openDevice(connection, job.chip, options, (step) => progress.startPhase(step));
		} catch (error) {
			isDown = hasCode(error, "port/lost");
			throw error;
		}
	};
	/** The board that answers is the one that is meant, nobody else's, and the same as before. */
	const checkBoard = (mac) => {
		if (boardMac === mac) return;
		if (boardMac !== void 0) {
			const message = `The board at ${transport.name} was ${boardMac}; now ${mac} answers there.`;
			throw new FlashError("port/other-board", message, {
				found: mac,
				wanted: boardMac
			});
		}
		if (job.expectMac !== void 0 && job.expectMac !== mac) {
			const message = `The board at ${transport.name} has the MAC ${mac}, not ${job.expectMac}.`;
			throw new FlashError("chip/wrong-board", message, {
				found: mac,
				wanted: job.expectMac
			});
		}
	};
	/** A rate that a job before found not to work is not tried again. */
	const recallBaud = ({ identity, security }) => {
		const known = security.secureDownload ? void 0 : deps.bauds?.recall(identity.mac);
		if (known === void 0) return;
		const { baud } = search;
		search.startAt(job.baud === "auto" ? known : {
			...known,
			baud
		});
		if (search.baud === baud) return;
		progress.message("info", `Only up to ${search.baud} baud, as higher rates failed on this board before.`);
	};
	const startStub = async (device, baud) => {
		const romBaud = Math.min(baud, romBaudLimit(device.chip));
		if (romBaud > device.baud) trial = {
			stage: "rom",
			baud: romBaud
		};
		const stub = await startStubAt(device, romBaud);
		if (stub.baud !== device.baud) search.romWorked();
		return stub;
	};
	const withStub = async (device) => {
		if (device.loader === "rom") {
			const hindrance = stubHindrance(device);
			if (!job.stub || hindrance !== void 0) {
				if (job.stub) progress.message("warning", `No stub, as ${hindrance}: the ROM does the work, slower.`);
				return {
					device,
					flash: await attachRomFlash(device, declaredFlashBytes)
				};
			}
			progress.startPhase("stub");
		}
		const target = search.baud;
		const takesRom = hasRate && canReset && search.byRom;
		const stub = device.loader === "stub" ? device : await startStub(device, takesRom ? target : device.baud);
		if (hasRate && target > contactBaud) trial = {
			stage: "stub",
			baud: target
		};
		if (!hasRate || target === device.baud) return {
			device: stub,
			flash: await attachStubFlash(stub)
		};
		progress.startPhase("baud");
		return raiseBaud(stub, target);
	};
	const say = (level, text) => progress.message(level, text);
	const contactDeps = {
		canReset,
		hasRate,
		powerCycle,
		say
	};
	return {
		async open() {
			trial = void 0;
			const first = {
				baud: Math.min(contactBaud, search.baud),
				attempts: job.connectAttempts,
				port: "as it is"
			};
			const device = boardMac ? await contactAgain(first, approach) : await contactBoard(first, approach, contactDeps);
			contactBaud = Math.min(contactBaud, device.baud);
			const { packageName, revision, mac, eui64, crystalMhz } = device.identity;
			const version = `v${Math.floor(revision / 100)}.${revision % 100}`;
			const addresses = eui64 === void 0 ? mac : `${mac} (EUI-64 ${eui64})`;
			progress.message("info", `${packageName} ${version}, MAC ${addresses}, crystal ${crystalMhz} MHz`);
			found = {
				chip: device.chip.name,
				mac,
				"chip-revision": version
			};
			checkBoard(mac);
			const identified = boardMac === mac ? void 0 : onIdentified?.(mac);
			boardMac = mac;
			recallBaud(device);
			const [claimed, opened] = await Promise.allSettled([identified, withStub(device)]);
			if (claimed.status === "rejected") throw claimed.reason;
			if (opened.status === "rejected") throw opened.reason;
			progress.endPhase();
			return opened.value;
		},
		slowDown(trouble) {
			if (trial === void 0 || !hasCode(trouble, ...LINK_TROUBLE, ...PERHAPS_LINK_TROUBLE)) return false;
			if (!search.failed(trial)) return false;
			if (hasCode(trouble, ...LINK_TROUBLE)) slowMac = found.mac;
			return true;
		},
		slowDownToContact() {
			search.startAt({
				baud: contactBaud,
				byRom: search.byRom
			});
		},
		rememberBaud() {
			const { baud, byRom } = search;
			if (slowMac === void 0 || slowMac !== found.mac) return;
			try {
				deps.bauds?.note(slowMac, {
					baud,
					byRom
				});
			} catch (error) {
				const reason = error instanceof Error ? error.message : String(error);
				progress.message("warning", `That ${baud} baud work on this board cannot be noted: ${reason}`);
			}
		},
		found: () => found,
		bytesSent: () => sentBefore + (connection?.bytesSent ?? 0),
		release
	};
}
// src/flash/work-on-board.ts
/** What a link that is lost or loses bytes leads to. */
const FAULTY_LINK = [
	"device/timeout",
	"device/bad-reply",
	"device/rejected",
	"device/checksum",
	"device/stub",
	"device/baud",
	"port/lost"
];
/** Trouble on the way, after which what is in place is in place: connect again and go on. */
const TROUBLE = [...FAULTY_LINK, "verify/mismatch"];
/** Once a board has answered, these are trouble too. */
const TROUBLE_LATER = [
	"connect/silent",
	"connect/brownout",
	"connect/no-sync",
	"connect/no-reply",
	"connect/run-mode"
];
/** A few faulty bytes can end several tries in a row: stub and comparison are some 20 kB that have to get through. */
const MAX_TRIES_WITHOUT_PROGRESS = {
	faultyLink: 4,
	other: 2
};
/**
* Opens the board behind `transport`, works on it, tries again after trouble as long as that gets further, and leaves the
* board as `wish.after` says. Rejects with a `FlashError`; the lines are idle then, and a board that was not changed runs
* its firmware again. Does not close the transport.
*/
async function workOnBoard(transport, wish, deps, work) {
	const { clock, emit, beforeReset } = deps;
	const progress = createProgress(clock, emit);
	const session = createSession(transport, wish, {
		...deps,
		progress
	});
	let stuckTries = 0;
	let retries = 0;
	try {
		for (;;) {
			const furthestBefore = work.furthestBytes();
			try {
				const board = await session.open();
				const outcome = await work.attempt(board, progress);
				session.rememberBaud();
				await progress.phase("reset", () => finishBoard(transport, board, wish, {
					progress,
					beforeReset
				}));
				return {
					...outcome,
					bytesSent: session.bytesSent(),
					retries,
					phases: progress.durations()
				};
			} catch (error) {
				const answered = retries > 0 || work.furthestBytes() >= 0;
				if (!hasCode(error, ...TROUBLE) && !(answered && hasCode(error, ...TROUBLE_LATER))) throw error;
				const lowersBaud = session.slowDown(error);
				if (!(lowersBaud && hasCode(error, "device/baud"))) stuckTries = work.furthestBytes() > furthestBefore ? 1 : stuckTries + 1;
				const { faultyLink, other } = MAX_TRIES_WITHOUT_PROGRESS;
				const leftTries = (hasCode(error, ...FAULTY_LINK) ? faultyLink : other) - stuckTries;
				if (leftTries <= 0) throw error;
				if (lowersBaud && leftTries === 1) session.slowDownToContact();
				retries++;
				progress.message("warning", `${error.message} Going on from what is in place.`);
			}
		}
	} catch (error) {
		session.release();
		await leaveBoard(transport, work.changed() ? "in-loader" : "running", wish, clock);
		const { code, message, details, cause } = toFlashError(error);
		throw new FlashError(code, message, {
			...session.found(),
			...details
		}, cause);
	} finally {
		session.release();
	}
}
export { boardFacts as n, workOnBoard as t };
