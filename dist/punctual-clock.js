import { B as isBlank, F as alignUp, H as readUint16, I as concatBytes, P as alignDown, U as readUint32, W as toHex, at as FlashError, z as hex32 } from "./first-line.js";
import { T as linkedOutside, cn as statusCodes, wn as opcodes } from "./step.js";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { resolve } from "node:path";
// src/virtual/boot-log.ts
/** By the code in an image's header. */
const FLASH_MODES = [
	"QIO",
	"QOUT",
	"DIO",
	"DOUT"
];
/** Divider of the 80 MHz clock by the header's frequency code. */
const CLOCK_DIVIDERS = {
	0: 2,
	1: 3,
	2: 4,
	15: 1
};
const hex = (value, digits = 0) => `0x${value.toString(16).padStart(digits, "0")}`;
const flashLine = (image) => `mode:${FLASH_MODES[image.flashMode] ?? "DIO"}, clock div:${CLOCK_DIVIDERS[image.flashFrequency] ?? 2}`;
const ESP32_CAUSES = {
	"power-on": "rst:0x1 (POWERON_RESET)",
	enable: "rst:0x1 (POWERON_RESET)",
	software: "rst:0x3 (SW_RESET)",
	restart: "rst:0xc (SW_CPU_RESET)",
	"deep-sleep": "rst:0x5 (DEEPSLEEP_RESET)",
	"tg1-watchdog": "rst:0x8 (TG1WDT_SYS_RESET)",
	watchdog: "rst:0x7 (TG0WDT_SYS_RESET)",
	brownout: "rst:0xf (RTCWDT_BROWN_OUT_RESET)",
	usb: "rst:0x1 (POWERON_RESET)",
	"rtc-watchdog": "rst:0x10 (RTCWDT_RTC_RESET)"
};
/** From the recorded ROM of revision 3. */
const esp32Log = {
	head: (cause, mode) => [
		"ets Jul 29 2019 12:21:46",
		"",
		`${ESP32_CAUSES[cause]},${mode === "download" ? "boot:0xf (UART_BOOT(UART0))" : "boot:0x12 (SPI_FAST_FLASH_BOOT)"}`
	],
	download: [],
	load: (image) => [
		"configsip: 0, SPIWP:0xee",
		"clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00",
		flashLine(image),
		...image.segments.map(({ address, lengthBytes }) => `load:${hex(address, 8)},len:${lengthBytes}`)
	],
	checksumFailed: (calculated, stored) => [`csum err:${hex(calculated)}!=${hex(stored)}`, "ets_main.c 371 "],
	entry: true,
	unsigned: ["secure boot check fail", "ets_main.c 371 "],
	invalidHeaders: 0,
	watchdogWarnings: [
		"PRO CPU has been reset by WDT.",
		"APP CPU has been reset by WDT.",
		"WDT reset info: PRO CPU PC=0x0",
		"WDT reset info: APP CPU PC=0x0"
	]
};
/**
* ESP8266: cause 1 power, 2 EN and software, 4 watchdog; boot mode 1 UART, 3 flash (Espressif, "ESP8266 Boot Log"). It
* wakes from deep sleep by its own EN.
*/
const ESP8266_CAUSES = {
	"power-on": "1",
	enable: "2",
	software: "2",
	restart: "2",
	"deep-sleep": "2",
	"tg1-watchdog": "4",
	watchdog: "4",
	brownout: "1",
	usb: "2",
	"rtc-watchdog": "4"
};
const esp8266Log = {
	head: (cause, mode) => [
		"",
		` ets Jan  8 2013,rst cause:${ESP8266_CAUSES[cause]}, boot mode:(${mode === "download" ? 1 : 3},6)`,
		"",
		...ESP8266_CAUSES[cause] === "4" ? ["wdt reset"] : []
	],
	download: [],
	load: (image) => [...image.segments.map(({ address, lengthBytes }) => `load ${hex(address, 8)}, len ${lengthBytes}, room 16 `), `csum ${hex(image.checksum, 2)}`],
	entry: false,
	checksumFailed: () => ["csum err", "ets_main.c "],
	unsigned: [],
	invalidHeaders: 0,
	watchdogWarnings: []
};
/** ESP32-S2, S3, C2 and C3 (ESP-IDF `esp_rom/esp32c3/include/esp32c3/rom/rtc.h` RESET_REASON at 1021229, boot logs). */
const RTC_CAUSES = {
	"power-on": "rst:0x1 (POWERON)",
	enable: "rst:0x1 (POWERON)",
	software: "rst:0x3 (RTC_SW_SYS_RST)",
	restart: "rst:0xc (RTC_SW_CPU_RST)",
	"deep-sleep": "rst:0x5 (DSLEEP)",
	"tg1-watchdog": "rst:0x8 (TG1WDT_SYS_RST)",
	watchdog: "rst:0x7 (TG0WDT_SYS_RST)",
	brownout: "rst:0xf (BROWNOUT_RST)",
	usb: "rst:0x15 (USB_UART_CHIP_RESET)",
	"rtc-watchdog": "rst:0x10 (RTCWDT_RTC_RST)"
};
/** ESP32-C6 and later: the names of the reset domains are others. */
const LP_CAUSES = {
	"power-on": "rst:0x1 (POWERON)",
	enable: "rst:0x1 (POWERON)",
	software: "rst:0x3 (LP_SW_HPSYS)",
	restart: "rst:0xc (SW_CPU)",
	"deep-sleep": "rst:0x5 (SLEEP_WAKEUP)",
	"tg1-watchdog": "rst:0x8 (TG1_WDT_HPSYS)",
	watchdog: "rst:0x7 (TG0_WDT_HPSYS)",
	brownout: "rst:0xf (BROWNOUT_RST)",
	usb: "rst:0x15 (USB_UART_HPSYS)",
	"rtc-watchdog": "rst:0x10 (LP_WDT_SYS)"
};
/** ROMs since ESP32-S2. */
function newerLog({ rom, build, causes, modes, flashLines, download }) {
	return {
		head: (cause, mode) => [
			`ESP-ROM:${rom}`,
			...build === void 0 ? [] : [`Build:${build}`],
			`${causes[cause]},${modes[mode]}`
		],
		download: [download ?? "waiting for download"],
		load: (image) => [...flashLines === "spiwp" ? ["SPIWP:0xee", flashLine(image)] : [`SPI ${flashLine(image)}`], ...image.segments.map(({ address, lengthBytes }) => `load:${hex(address, 8)},len:${hex(lengthBytes)}`)],
		checksumFailed: (calculated, stored) => [`csum err:${hex(calculated)}!=${hex(stored)}`, "ets_main.c 329 "],
		entry: true,
		unsigned: ["secure boot verification failed", "ets_main.c 333 "],
		invalidHeaders: 8,
		watchdogWarnings: []
	};
}
// src/virtual/revision.ts
/** As ESP-IDF writes a revision that is major \u00b7 100 + minor. */
const versionText = (revision) => `v${Math.floor(revision / 100)}.${revision % 100}`;
// src/virtual/app-start.ts
const APP_DESCRIPTION_MAGIC$1 = 2882360370;
/** The description at the head of an app's first segment (ESP-IDF `esp_app_desc.h`), if there is one. */
function readAppIdentity(read, image) {
	const description = read(image.segments[0]?.offset ?? 0, 256);
	if (readUint32(description, 0) !== APP_DESCRIPTION_MAGIC$1) return void 0;
	const text = (offset, lengthBytes) => Buffer.from(description.subarray(offset, offset + lengthBytes)).toString("latin1").split("\0")[0] ?? "";
	return {
		version: text(16, 32),
		project: text(48, 32),
		compiled: `${text(96, 16)} ${text(80, 16)}`.trim(),
		idfVersion: text(112, 32),
		elfSha256: toHex(description.subarray(144, 176))
	};
}
/** ESP-IDF's version as major \u00b7 100 + minor; what does not say is taken for new. */
function generation(identity) {
	const match = /^v?(\d+)\.(\d+)/.exec(identity.idfVersion);
	return match === null ? 1e400 : Number(match[1]) * 100 + Number(match[2]);
}
function informationLines(identity, tag, digits) {
	return ["Application information:", ...[
		["Project name:     ", identity.project],
		["App version:      ", identity.version],
		["Compile time:     ", identity.compiled],
		["ELF file SHA256:  ", `${identity.elfSha256.slice(0, digits)}...`],
		["ESP-IDF:          ", identity.idfVersion]
	].filter(([, value]) => value !== "").map(([label, value]) => label + value)].map((text) => [tag, text]);
}
/**
* What ESP-IDF's start code says of an app before its flash is looked at. Words as in the boot logs of each version:
* `cpu_start` names the app up to 5.2, `app_init` since; the ELF file's digest has 16 digits up to 5.1, then nine.
*/
function startLines({ identity, image, chipRevision }) {
	if (identity === void 0) return [["cpu_start", "Pro cpu up."]];
	const since = generation(identity);
	if (since < 500) return [
		["cpu_start", "Pro cpu up."],
		...informationLines(identity, "cpu_start", 16),
		["cpu_start", "Pro cpu start user code"]
	];
	const revisionTag = since < 503 ? "cpu_start" : "efuse_init";
	return [
		["cpu_start", "Pro cpu start user code"],
		...informationLines(identity, since < 503 ? "cpu_start" : "app_init", since < 502 ? 16 : 9),
		[revisionTag, `Min chip rev:     ${versionText(image.minRevision)}`],
		...image.maxRevision === 1e400 ? [] : [[revisionTag, `Max chip rev:     ${versionText(image.maxRevision)} `]],
		[revisionTag, `Chip rev:         ${versionText(chipRevision)}`],
		["heap_init", "Initializing. RAM available for dynamic allocation:"],
		["spi_flash", "detected chip: gd"],
		["spi_flash", `flash io: ${(FLASH_MODES[image.flashMode] ?? "DIO").toLowerCase()}`]
	];
}
/** The last lines before the app's own code: since 5.1 its main task speaks. */
function mainLines({ identity }) {
	const since = identity === void 0 ? 0 : generation(identity);
	if (since < 501) return [["cpu_start", "Starting scheduler on PRO CPU."]];
	return [
		...since < 502 ? [["app_start", "Starting scheduler on CPU0"]] : [],
		["main_task", "Started on CPU0"],
		["main_task", "Calling app_main()"]
	];
}
// src/virtual/program.ts
function* busy(durationMs) {
	yield {
		kind: "busy",
		durationMs
	};
}
function* pause(durationMs) {
	yield {
		kind: "pause",
		durationMs
	};
}
function* untilListened() {
	yield { kind: "listener" };
}
function* hang() {
	while (true) yield { kind: "never" };
}
/** The next frame from the host, without its delimiters. */
function* nextFrame() {
	while (true) {
		const frame = yield { kind: "frame" };
		if (frame !== void 0) return frame;
	}
}
/** A boot that failed: waits as a boot loop does, and only goes on while someone reads what it prints. */
function* resetBy(cause, delayMs) {
	yield* untilListened();
	yield* pause(delayMs);
	return cause;
}
// src/virtual/script.ts
function matches(pattern, text) {
	const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
	return new RegExp(`^${parts.join(".*")}$`).test(text);
}
/** The script of the app that is in the flash: the first one that fits. */
function scriptFor(scripts, identity) {
	const { project = "", version = "", elfSha256 = "" } = identity ?? {};
	return scripts.find(({ selector }) => "elf" in selector ? elfSha256.startsWith(selector.elf) : matches(selector.project, project) && matches(selector.version, version));
}
/** What the app does in its boot of this number; nothing where the script leaves that open. */
function stepsOf(script, boot) {
	return script?.boots.find(({ from, to }) => boot >= from && boot <= to)?.steps ?? [];
}
// src/virtual/noise.ts
/** A 32-bit number that looks like chance and is the same for the same numbers, so that every run can be repeated. */
function noise(...numbers) {
	let state = 2654435769;
	for (const number of numbers) {
		state = Math.imul(state ^ number, 2246822507);
		state = Math.imul(state ^ state >>> 13, 3266489909);
		state ^= state >>> 16;
	}
	return state >>> 0;
}
/** `lengthBytes` of noise; `turn` makes each call's bytes its own. */
function noiseBytes(lengthBytes, seed, turn) {
	return Uint8Array.from({ length: lengthBytes }, (_, index) => noise(seed, turn, index) & 255);
}
// src/virtual/timing.ts
/**
* Modelled times in milliseconds. They are assumptions about boards, not measurements of one; each row has its source.
*/
const timing = {
	/** From EN rising to the ROM's first character. Assumed. */
	romStartMs: 40,
	/**
	* EN's RC element: 10 k\u03a9 and 0.1 \u00b5F reach three quarters of the supply after 1.4 ms. Assumed; boards differ between
	* 0.1 \u00b5F and 1 \u00b5F. Kept in every mode, because a reset that moves one line after the other depends on it.
	*/
	enRiseMs: 1.4,
	/** One 4 KiB sector: typical value of W25Q32JV and GD25Q32C data sheets. */
	sectorEraseMs: 45,
	/** One 64 KiB block: typical value of the same data sheets. */
	blockEraseMs: 150,
	/** One 256-byte page: typical value of the same data sheets. */
	pageProgramMs: .4,
	/** One KiB of a deflated block in the stub, some 25 cycles for each byte of what comes out. Assumed. */
	stubInflateMsPerKibibyte: .2,
	/** MD5 over one MiB in the stub. Assumed. */
	stubMd5MsPerMebibyte: 250,
	/** MD5 over one MiB in the ROM, which runs at the crystal's speed. Assumed. */
	romMd5MsPerMebibyte: 1500,
	/** The stub lets the ROM's last reply leave before it takes the UART over (esp-flasher-stub `transport.c` at fc713a4). */
	stubStartMs: 10,
	/** Bridge's latency to the host, set by `usb-latency-ms`; FTDI's default is 16. Assumed. */
	usbLatencyMs: 1,
	/** A loop of resets without anything to boot. Assumed from the ROM's watchdog; kept in every mode. */
	bootLoopMs: 320,
	/** The RTC watchdog as ESP-IDF's bootloader leaves it (`CONFIG_BOOTLOADER_WDT_TIME_MS`); kept in every mode. */
	rtcWatchdogMs: 9e3,
	/** The super watchdog where nobody feeds it. Assumed; kept in every mode. */
	superWatchdogMs: 4e3,
	/** From the chip's start to the second stage's first line, as its log counts. Assumed. */
	bootloaderStartMs: 24,
	/** From an app's last word to its reset. Assumed; kept in every mode, else a loop would have no end. */
	restartMs: 100,
	/** The chip's own USB port from a reset until the host can open it again. Assumed; kept in every mode. */
	usbEnumerationMs: 200,
	/** The second-stage loader up to its first error line. Assumed; kept in every mode, else a loop would have no end. */
	secondStageMs: 400
};
// src/virtual/boot-output.ts
/** Lines end as on the serial line. */
const lines = (...texts) => texts.map((text) => `${text}\r\n`).join("");
const COLOURS = {
	E: 31,
	W: 33,
	I: 32
};
const CONSOLE_BAUD = 115200;
/** The number in front of a line is milliseconds since the start: `fromMs`, and what the lines before it took. */
function createIdfLog(print, fromMs) {
	let atMs = fromMs;
	return (level, ...logLines) => {
		for (const [tag, text] of logLines) {
			const line = lines(`\u001b[0;${COLOURS[level]}m${level} (${Math.round(atMs)}) ${tag}: ${text}\u001b[0m`);
			print(line);
			atMs += line.length * 10 * 1e3 / CONSOLE_BAUD;
		}
	};
}
// src/virtual/panic-text.ts
/** Values for registers that nobody looks at. */
const STATUS = 396848;
/** Where two return addresses lie behind the entry: the app's code is not executed, so these stand for any. */
const CALLS = [3, 28];
const FRAME_BYTES = 32;
/** Text of a processor that stopped: registers and the way there. Addresses lie behind the app's entry. */
function dump({ cpu, ramRanges }, { image, identity }) {
	const stack = (ramRanges[0]?.start ?? 0) + 4096;
	const [pc = 0, caller = 0] = CALLS.map((offset) => image.entry + offset);
	const digest = [
		"",
		`ELF file SHA256: ${(identity?.elfSha256 ?? "").slice(0, 9)}`,
		"",
		"Rebooting..."
	];
	const head = ["", "Core  0 register dump:"];
	if (cpu === "riscv") return [
		...head,
		`MEPC    : ${hex(pc, 8)}  RA      : ${hex(caller, 8)}  SP      : ${hex(stack, 8)}  GP      : ${hex(stack, 8)}  `,
		"",
		"Stack memory:",
		`${hex(stack, 8).slice(2)}: ${[
			pc,
			caller,
			0,
			0
		].map((word) => hex(word, 8)).join(" ")}`,
		...digest
	];
	return [
		...head,
		`PC      : ${hex(pc, 8)}  PS      : ${hex(STATUS, 8)}  A0      : ${hex(caller, 8)}  A1      : ${hex(stack, 8)}  `,
		"",
		`Backtrace: ${hex(pc, 8)}:${hex(stack, 8)} ${hex(caller, 8)}:${hex(stack + FRAME_BYTES, 8)}`,
		...digest
	];
}
/** A read at address 0, as each processor calls it. */
const READ_FAULTS = {
	xtensa: "LoadProhibited",
	riscv: "Load access fault"
};
/** ESP8266 (Espressif, "ESP8266 Fatal Exception"): cause 28 is the same. */
const ESP8266_PANIC = ["Fatal exception (28):", "epc1=0x40100010, epc2=0x00000000, epc3=0x00000000, excvaddr=0x00000000"];
/** What ESP-IDF's panic handler prints (`esp_system/panic.c` at 1021229). */
function panicText(silicon, start, reason) {
	if (silicon.chipId === void 0) return lines(...ESP8266_PANIC);
	const text = `Guru Meditation Error: Core  0 panic'ed (${reason ?? READ_FAULTS[silicon.cpu]}). Exception was unhandled.`;
	return lines(text, ...dump(silicon, start));
}
/** What `abort()` prints before the same. */
function abortText(silicon, start) {
	const where = `abort() was called at PC ${hex(start.image.entry + (CALLS[0] ?? 0), 8)} on core 0`;
	return lines("", where, ...silicon.chipId === void 0 ? [] : dump(silicon, start));
}
/** What ESP-IDF prints when its brownout detector interrupts it (`esp_hw_support/power_supply/brownout.c`). */
const brownoutText = lines("", "Brownout detector was triggered", "");
// src/virtual/script-program.ts
const text = (bytes) => Buffer.from(bytes).toString("latin1");
/** Takes one step; ends with the cause of the reset that it led to, if it did. */
function* take(machine, start, step) {
	const { silicon } = machine;
	switch (step.kind) {
		case "write":
			machine.print(Buffer.from(step.text, "utf8").toString("latin1"));
			return;
		case "noise":
			machine.print(text(noiseBytes(step.lengthBytes, step.lengthBytes, 0)));
			return;
		case "baud":
			machine.setBaud(step.baud);
			return;
		case "wait":
			yield* pause(step.durationMs);
			return;
		case "usb-leave":
			yield* pause(timing.restartMs);
			machine.leaveUsb(step.durationMs);
			return;
		case "reset": return yield* resetBy(step.cause, timing.restartMs);
		case "panic":
			machine.print(panicText(silicon, start, step.reason));
			return yield* resetBy("restart", timing.restartMs);
		case "abort":
			machine.print(abortText(silicon, start));
			return yield* resetBy("restart", timing.restartMs);
		case "brownout":
			machine.print(brownoutText);
			return yield* resetBy("software", timing.restartMs);
		case "sleep":
			yield* pause(timing.restartMs);
			machine.leaveUsb(step.durationMs + timing.usbEnumerationMs);
			yield* pause(step.durationMs);
			return "deep-sleep";
		case "hang": return yield* hang();
		case "on":
		case "echo": return;
	}
}
/** Takes all steps, then answers the host; ends with the cause of the next reset. */
function* runScript(machine, start, steps) {
	machine.enter("app");
	for (const step of steps) {
		const cause = yield* take(machine, start, step);
		if (cause !== void 0) return cause;
	}
	const echoes = steps.some(({ kind }) => kind === "echo");
	while (true) {
		const line = text(yield* nextFrame());
		if (echoes) machine.print(`${line}\r\n`);
		for (const step of steps) {
			if (step.kind !== "on" || step.line !== Buffer.from(line, "latin1").toString("utf8")) continue;
			const cause = yield* take(machine, start, step.step);
			if (cause !== void 0) return cause;
		}
	}
}
// src/virtual/app-program.ts
/** By which an app's boots are counted: another build is another app. */
const nameOf = (identity) => identity === void 0 ? "no description" : `${identity.project} ${identity.version} ${identity.elfSha256}`;
/**
* Which boot of this app it is. The one that the supply began does not count, as the board was on already before the
* port was opened: it goes on with what it did last.
*/
function bootNumber({ bootCounts }, identity, cause) {
	return cause === "power-on" ? bootCounts.last(nameOf(identity)) : bootCounts.next(nameOf(identity));
}
/**
* The app's own words. It is not executed: a good image says who it is, and then does what the board's script has for
* it. Its start fails where the bootloader's header names more flash than there is (ESP-IDF `spi_flash/esp_flash_api.c`
* at 1021229). Ends with the cause of the next reset.
*/
function* runApp(machine, read, image, headerFlashBytes, cause, log) {
	const identity = readAppIdentity(read, image);
	const start = {
		image,
		identity,
		chipRevision: machine.settings.revision
	};
	const script = scriptFor(machine.scripts, identity);
	const inform = script?.quiet === true ? () => void 0 : log;
	inform("I", ...startLines(start));
	const { sizeBytes } = machine.bus.memory;
	if (sizeBytes < headerFlashBytes) {
		log("E", ["spi_flash", `Detected size(${sizeBytes / 1024}k) smaller than the size in the binary image header(${headerFlashBytes / 1024}k). Probe failed.`]);
		return yield* resetBy("restart", timing.secondStageMs);
	}
	inform("I", ...mainLines(start));
	return yield* runScript(machine, start, stepsOf(script, bootNumber(machine, identity, cause)));
}
/** An image that the ROM starts by itself, as the ESP8266's does: it has no words of its own. */
function* runBareApp(machine, image, cause) {
	return yield* runScript(machine, {
		image,
		identity: void 0,
		chipRevision: machine.settings.revision
	}, stepsOf(scriptFor(machine.scripts, void 0), bootNumber(machine, void 0, cause)));
}
// src/virtual/boot-check.ts
const IMAGE_MAGIC = 233;
const EXTENDED_HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const DIGEST_BYTES = 32;
const MAX_SEGMENTS = 16;
const CHECKSUM_SEED = 239;
const SIGNATURE_MAGIC = 231;
const SIGNATURE_VERSION = 2;
const SECTOR_BYTES$1 = 4096;
/** A limit that is not set; 0 where the image is older than the field. */
const NO_LIMIT = [0, 65535];
/**
* Whether a signature block of Secure Boot V2 begins in the sector behind the image (ESP-IDF `secure_boot_signatures`:
* magic, version 2). Who signed it is not asked: any block is taken for a good one.
*/
function isSigned(read, endOffset) {
	const [magic, version] = read(Math.ceil(endOffset / SECTOR_BYTES$1) * SECTOR_BYTES$1, 2);
	return magic === SIGNATURE_MAGIC && version === SIGNATURE_VERSION;
}
const revisionLimit = (value, absent) => NO_LIMIT.includes(value) ? absent : value;
function digestMismatch(read, offset, bodyBytes) {
	const calculated = createHash("sha256").update(read(offset, bodyBytes)).digest("hex");
	const stored = Buffer.from(read(offset + bodyBytes, DIGEST_BYTES)).toString("hex");
	return calculated === stored ? void 0 : {
		calculated,
		stored
	};
}
/**
* Reads and checks the image at `offset` (ESP-IDF, "App Image Format"): header, segments, XOR checksum at the end of
* its 16-byte line, and the SHA-256 behind it where the rules and the header say so.
*/
function checkImage(read, offset, rules, flashBytes) {
	const header = read(offset, EXTENDED_HEADER_BYTES);
	const segmentCount = header[1] ?? 0;
	const noImage = {
		kind: "no-image",
		firstWord: readUint32(header, 0)
	};
	if (header[0] !== IMAGE_MAGIC || segmentCount === 0 || segmentCount > MAX_SEGMENTS) return noImage;
	const found = readUint16(header, 12);
	if (rules.chipId !== void 0 && rules.chipId !== found) return {
		kind: "wrong-chip",
		expected: rules.chipId,
		found
	};
	const segments = [];
	let at = offset + rules.headerBytes;
	let checksum = CHECKSUM_SEED;
	for (let index = 0; index < segmentCount; index++) {
		const segmentHeader = read(at, SEGMENT_HEADER_BYTES);
		const segment = {
			address: readUint32(segmentHeader, 0),
			lengthBytes: readUint32(segmentHeader, 4),
			offset: at + SEGMENT_HEADER_BYTES
		};
		at = segment.offset + segment.lengthBytes;
		if (at > flashBytes) return noImage;
		for (const byte of read(segment.offset, segment.lengthBytes)) checksum ^= byte;
		segments.push(segment);
	}
	const bodyBytes = at - offset + 16 - (at - offset) % 16;
	const stored = read(offset + bodyBytes - 1, 1)[0] ?? 0;
	if (stored !== checksum) return {
		kind: "bad-checksum",
		calculated: checksum,
		stored
	};
	const mismatch = rules.comparesDigest && header[23] !== 0 ? digestMismatch(read, offset, bodyBytes) : void 0;
	const endOffset = offset + bodyBytes + (header[23] === 0 ? 0 : DIGEST_BYTES);
	if (rules.wantsSignature && !isSigned(read, endOffset)) return { kind: "unsigned" };
	return {
		kind: "good",
		entry: readUint32(header, 4),
		chipId: readUint16(header, 12),
		lengthBytes: bodyBytes + (header[23] === 1 ? DIGEST_BYTES : 0),
		flashMode: header[2] ?? 0,
		flashFrequency: (header[3] ?? 0) & 15,
		checksum,
		flashBytes: 1048576 * 2 ** ((header[3] ?? 0) >>> 4),
		minRevision: revisionLimit(readUint16(header, 15), 0),
		maxRevision: revisionLimit(readUint16(header, 17), 1e400),
		segments,
		...mismatch === void 0 ? {} : { digestMismatch: mismatch }
	};
}
// src/virtual/request.ts
const HEADER_BYTES$1 = 8;
const REPLY = 1;
/** A frame too short for a header is none. */
function parseRequest(frame) {
	if (frame.length < HEADER_BYTES$1) return void 0;
	return {
		direction: frame[0] ?? 0,
		op: frame[1] ?? 0,
		lengthBytes: readUint16(frame, 2),
		checksum: readUint32(frame, 4),
		payload: frame.subarray(HEADER_BYTES$1)
	};
}
/** Little-endian 32-bit word number `index` of a payload; 0 where the payload has ended. */
function word(payload, index) {
	return payload.length >= index * 4 + 4 ? readUint32(payload, index * 4) : 0;
}
/** XOR over a block, seeded with EF, as data commands carry it. */
function blockChecksum(block) {
	return block.reduce((sum, byte) => sum ^ byte, 239);
}
/** A reply, not framed yet: header, data, status and the ROM's two reserved bytes. */
function encodeReply(op, value, body) {
	const reply = new Uint8Array(HEADER_BYTES$1 + body.length);
	const view = new DataView(reply.buffer);
	view.setUint8(0, REPLY);
	view.setUint8(1, op);
	view.setUint16(2, body.length, true);
	view.setUint32(4, value >>> 0, true);
	reply.set(body, HEADER_BYTES$1);
	return reply;
}
// src/virtual/cipher.ts
const KEY$1 = 99357415;
/**
* Stands in for the XTS-AES of flash encryption: the same call enciphers and deciphers, and each address has its own
* mask. Whether something was written enciphered, and to the right place, shows as on silicon.
*/
function cipher(offset, bytes) {
	return bytes.map((byte, index) => byte ^ noise(KEY$1, offset + index) & 255);
}
// src/virtual/flash-memory.ts
const SECTOR_BYTES = 4096;
const BLOCK_BYTES = 65536;
/** `seed` decides what weak sectors read as, and how far an interrupted program operation came. */
function createFlashMemory(content, seed, defects, store) {
	const cells = content.bytes;
	const sizeBytes = cells.length;
	const weak = new Set(content.weakSectors);
	const readsOfWeak = /* @__PURE__ */ new Map();
	const counters = {
		erasedSectors: 0,
		programmedBytes: 0
	};
	let running;
	/** Calls `part` for each piece that does not wrap: its address, and where it lies in the whole. */
	const unwrapped = (offset, lengthBytes, part) => {
		let done = 0;
		while (done < lengthBytes) {
			const at = (offset + done) % sizeBytes;
			const step = Math.min(lengthBytes - done, sizeBytes - at);
			part(at, done, done + step);
			done += step;
		}
	};
	const sectorsOf = (at, lengthBytes) => {
		const first = Math.floor(at / SECTOR_BYTES);
		const last = Math.floor((at + lengthBytes - 1) / SECTOR_BYTES);
		return lengthBytes === 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
	};
	/** A weak sector shows its cells once; from then on one bit or another reads wrong. */
	const disturb = (copy, at) => {
		for (const sector of sectorsOf(at, copy.length)) {
			if (!weak.has(sector)) continue;
			const reads = (readsOfWeak.get(sector) ?? 0) + 1;
			readsOfWeak.set(sector, reads);
			if (reads === 1) continue;
			const from = Math.max(sector * SECTOR_BYTES - at, 0);
			const to = Math.min((sector + 1) * SECTOR_BYTES - at, copy.length);
			const place = noise(seed, sector, reads);
			const index = from + place % (to - from);
			copy[index] = (copy[index] ?? 0) ^ 1 << (place >>> 28) % 8;
		}
	};
	const program = (offset, bytes) => {
		counters.programmedBytes += bytes.length;
		unwrapped(offset, bytes.length, (at, from, to) => {
			for (let index = from; index < to; index++) {
				const cell = at + index - from;
				cells[cell] = (cells[cell] ?? 0) & (bytes[index] ?? 0);
			}
			store?.write(at, cells.subarray(at, at + to - from));
		});
	};
	const erase = (offset, lengthBytes) => {
		unwrapped(offset, lengthBytes, (at, from, to) => {
			for (const sector of sectorsOf(at, to - from)) {
				weak.delete(sector);
				readsOfWeak.delete(sector);
				if (defects.staysUnerased(sector)) continue;
				cells.fill(255, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
				if (defects.isWorn(sector)) cells[sector * SECTOR_BYTES] = 254;
			}
			store?.write(at, cells.subarray(at, at + to - from));
		});
		store?.eraseEnded(weak);
	};
	const memory = {
		sizeBytes,
		bytes: cells,
		counters,
		get weakSectors() {
			return [...weak].sort((a, b) => a - b);
		},
		read(offset, lengthBytes) {
			const copy = new Uint8Array(lengthBytes);
			unwrapped(offset, lengthBytes, (at, from, to) => {
				const part = cells.slice(at, at + to - from);
				disturb(part, at);
				copy.set(part, from);
			});
			return copy;
		},
		beginErase(offset, lengthBytes) {
			memory.finish();
			running = {
				kind: "erase",
				offset,
				lengthBytes
			};
			counters.erasedSectors += lengthBytes / SECTOR_BYTES;
			store?.eraseBegins(offset % sizeBytes, lengthBytes);
		},
		beginProgram(offset, bytes) {
			memory.finish();
			running = {
				kind: "program",
				offset,
				bytes: defects.programmed(offset, bytes)
			};
		},
		finish() {
			const operation = running;
			running = void 0;
			if (operation?.kind === "erase") erase(operation.offset, operation.lengthBytes);
			else if (operation?.kind === "program") program(operation.offset, operation.bytes);
		},
		interrupt() {
			const operation = running;
			running = void 0;
			if (operation?.kind === "erase") {
				unwrapped(operation.offset, operation.lengthBytes, (at, from, to) => {
					cells.fill(255, at, at + to - from);
					store?.write(at, cells.subarray(at, at + to - from));
					for (const sector of sectorsOf(at, to - from)) {
						weak.add(sector);
						readsOfWeak.delete(sector);
					}
				});
				store?.eraseEnded(weak);
			} else if (operation?.kind === "program") {
				const { offset, bytes } = operation;
				program(offset, bytes.subarray(0, noise(seed, offset, bytes.length) % bytes.length));
			}
		},
		close() {
			memory.interrupt();
			store?.close();
		}
	};
	return memory;
}
// src/virtual/bit-reader.ts
/** Thrown inside a step that the input does not reach for; the step is taken again when there is more. */
const needsInput = /* @__PURE__ */ new Error("the deflate stream goes on");
function createBitReader() {
	let input = /* @__PURE__ */ new Uint8Array(0);
	let bitAt = 0;
	let markedAt = 0;
	const available = () => input.length * 8 - bitAt;
	/** Up to 24 bits from here on, with zeros behind the end. */
	const peek = () => {
		const at = bitAt >>> 3;
		return ((input[at] ?? 0) | (input[at + 1] ?? 0) << 8 | (input[at + 2] ?? 0) << 16 | (input[at + 3] ?? 0) << 24) >>> (bitAt & 7);
	};
	return {
		feed(more) {
			const from = bitAt >>> 3;
			input = concatBytes(input.subarray(from), more);
			bitAt -= from * 8;
			markedAt = bitAt;
		},
		get unreadBytes() {
			return Math.floor(available() / 8);
		},
		bits(count) {
			if (available() < count) throw needsInput;
			const value = peek() & (1 << count) - 1;
			bitAt += count;
			return value;
		},
		symbol(table) {
			const entry = table[peek() & 32767] ?? 0;
			const length = entry & 15;
			if (available() < Math.max(length, 1)) throw needsInput;
			if (length === 0) {
				if (available() < 15) throw needsInput;
				return;
			}
			bitAt += length;
			return entry >>> 4;
		},
		alignToByte() {
			bitAt = bitAt + 7 & -8;
		},
		mark() {
			markedAt = bitAt;
		},
		rewind() {
			bitAt = markedAt;
		}
	};
}
// src/virtual/huffman.ts
const MAX_BITS = 15;
const reversed = (code, length) => {
	let result = 0;
	for (let bit = 0; bit < length; bit++) result |= (code >>> bit & 1) << length - 1 - bit;
	return result;
};
/** Canonical code of RFC 1951, 3.2.2. `undefined` if more codes are asked for than there are. */
function buildHuffmanTable(lengths) {
	const counts = /* @__PURE__ */ new Uint16Array(16);
	for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
	const next = /* @__PURE__ */ new Uint16Array(17);
	let code = 0;
	for (let length = 1; length <= MAX_BITS; length++) {
		code = code + (counts[length - 1] ?? 0) << 1;
		if (code + (counts[length] ?? 0) > 1 << length) return void 0;
		next[length] = code;
	}
	const table = /* @__PURE__ */ new Uint16Array(32768);
	lengths.forEach((length, symbol) => {
		if (length === 0) return;
		const start = reversed(next[length] ?? 0, length);
		next[length] = (next[length] ?? 0) + 1;
		for (let index = start; index < table.length; index += 1 << length) table[index] = symbol << 4 | length;
	});
	return table;
}
/** The fixed codes of RFC 1951, 3.2.6. */
const fixedTables = {
	literals: buildHuffmanTable(Uint8Array.from({ length: 288 }, (_, symbol) => symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)) ?? /* @__PURE__ */ new Uint16Array(0),
	distances: buildHuffmanTable((/* @__PURE__ */ new Uint8Array(30)).fill(5)) ?? /* @__PURE__ */ new Uint16Array(0)
};
// src/virtual/inflate.ts
const WINDOW_BYTES = 32768;
const END_OF_BLOCK = 256;
const ADLER_MODULUS = 65521;
const LENGTH_BASE = [
	3,
	4,
	5,
	6,
	7,
	8,
	9,
	10,
	11,
	13,
	15,
	17,
	19,
	23,
	27,
	31,
	35,
	43,
	51,
	59,
	67,
	83,
	99,
	115,
	131,
	163,
	195,
	227,
	258
];
const LENGTH_EXTRA = [
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	1,
	1,
	1,
	2,
	2,
	2,
	2,
	3,
	3,
	3,
	3,
	4,
	4,
	4,
	4,
	5,
	5,
	5,
	5,
	0
];
const DISTANCE_BASE = [
	1,
	2,
	3,
	4,
	5,
	7,
	9,
	13,
	17,
	25,
	33,
	49,
	65,
	97,
	129,
	193,
	257,
	385,
	513,
	769,
	1025,
	1537,
	2049,
	3073,
	4097,
	6145,
	8193,
	12289,
	16385,
	24577
];
const DISTANCE_EXTRA = [
	0,
	0,
	0,
	0,
	1,
	1,
	2,
	2,
	3,
	3,
	4,
	4,
	5,
	5,
	6,
	6,
	7,
	7,
	8,
	8,
	9,
	9,
	10,
	10,
	11,
	11,
	12,
	12,
	13,
	13
];
const CODE_LENGTH_ORDER = [
	16,
	17,
	18,
	0,
	8,
	7,
	9,
	6,
	10,
	5,
	11,
	4,
	12,
	3,
	13,
	2,
	14,
	1,
	15
];
var InflateError = class extends Error {};
function createInflater() {
	const reader = createBitReader();
	const window = new Uint8Array(WINDOW_BYTES);
	let produced = 0;
	let step = "zlib-header";
	let lastBlock = false;
	let storedLeft = 0;
	let copyLeft = 0;
	let copyDistance = 0;
	let literal;
	let literals = fixedTables.literals;
	let distances = fixedTables.distances;
	let adlerA = 1;
	let adlerB = 0;
	let output = /* @__PURE__ */ new Uint8Array(0);
	let outputLength = 0;
	const emit = (byte) => {
		window[produced++ % WINDOW_BYTES] = byte;
		output[outputLength++] = byte;
		adlerA = (adlerA + byte) % ADLER_MODULUS;
		adlerB = (adlerB + adlerA) % ADLER_MODULUS;
	};
	const table = (lengths) => {
		const built = buildHuffmanTable(lengths);
		if (built === void 0) throw new InflateError("oversubscribed code");
		return built;
	};
	const readZlibHeader = () => {
		const header = reader.bits(8) << 8 | reader.bits(8);
		if ((header >>> 8 & 15) !== 8 || header % 31 !== 0 || (header & 32) !== 0) return "failed";
		return "block-header";
	};
	const readCodes = () => {
		const literalCount = reader.bits(5) + 257;
		const distanceCount = reader.bits(5) + 1;
		const codeCount = reader.bits(4) + 4;
		const codeLengths = /* @__PURE__ */ new Uint8Array(19);
		for (let index = 0; index < codeCount; index++) codeLengths[CODE_LENGTH_ORDER[index] ?? 0] = reader.bits(3);
		const codes = table(codeLengths);
		const lengths = [];
		while (lengths.length < literalCount + distanceCount) {
			const symbol = reader.symbol(codes);
			if (symbol === void 0) throw new InflateError("code without a symbol");
			if (symbol < 16) lengths.push(symbol);
			else if (symbol === 16) {
				const previous = lengths.at(-1);
				if (previous === void 0) throw new InflateError("nothing to repeat");
				lengths.push(...new Array(reader.bits(2) + 3).fill(previous));
			} else lengths.push(...new Array(symbol === 17 ? reader.bits(3) + 3 : reader.bits(7) + 11).fill(0));
		}
		if (lengths.length > literalCount + distanceCount) throw new InflateError("too many code lengths");
		literals = table(Uint8Array.from(lengths.slice(0, literalCount)));
		distances = table(Uint8Array.from(lengths.slice(literalCount)));
	};
	const readBlockHeader = () => {
		const isLast = reader.bits(1) === 1;
		const type = reader.bits(2);
		if (type === 3) return "failed";
		if (type === 0) {
			reader.alignToByte();
			const length = reader.bits(16);
			if ((length ^ reader.bits(16)) !== 65535) return "failed";
			storedLeft = length;
		} else if (type === 1) ({literals, distances} = fixedTables);
		else readCodes();
		lastBlock = isLast;
		return type === 0 ? "stored" : "codes";
	};
	const blockEnded = () => lastBlock ? "trailer" : "block-header";
	const readCode = () => {
		const symbol = reader.symbol(literals);
		if (symbol === void 0) return "failed";
		if (symbol < END_OF_BLOCK) {
			literal = symbol;
			return "codes";
		}
		if (symbol === END_OF_BLOCK) return blockEnded();
		const base = LENGTH_BASE[symbol - 257];
		if (base === void 0) return "failed";
		const length = base + reader.bits(LENGTH_EXTRA[symbol - 257] ?? 0);
		const code = reader.symbol(distances);
		const distanceBase = code === void 0 ? void 0 : DISTANCE_BASE[code];
		if (code === void 0 || distanceBase === void 0) return "failed";
		const distance = distanceBase + reader.bits(DISTANCE_EXTRA[code] ?? 0);
		if (distance > Math.min(produced, WINDOW_BYTES)) return "failed";
		copyLeft = length;
		copyDistance = distance;
		return "codes";
	};
	const readTrailer = () => {
		reader.alignToByte();
		const b = reader.bits(8) << 8 | reader.bits(8);
		return (reader.bits(8) << 8 | reader.bits(8)) === adlerA && b === adlerB ? "done" : "bad-checksum";
	};
	/** The next byte is known: what is left is to put it out. */
	const knowsNext = () => copyLeft > 0 || literal !== void 0 || step === "stored" && storedLeft > 0;
	/** One step that either happens as a whole or not at all. */
	const advance = () => {
		if (literal !== void 0) {
			emit(literal);
			literal = void 0;
			return step;
		}
		if (copyLeft > 0) {
			copyLeft--;
			emit(window[(produced - copyDistance) % WINDOW_BYTES] ?? 0);
			return step;
		}
		switch (step) {
			case "zlib-header": return readZlibHeader();
			case "block-header": return readBlockHeader();
			case "stored":
				if (storedLeft === 0) return blockEnded();
				emit(reader.bits(8));
				storedLeft--;
				return "stored";
			case "codes": return readCode();
			case "trailer": return readTrailer();
			case "done":
			case "failed":
			case "bad-checksum": return step;
		}
	};
	return {
		feed: (input) => reader.feed(input),
		get unreadBytes() {
			return reader.unreadBytes;
		},
		read(maxBytes) {
			output = new Uint8Array(maxBytes);
			outputLength = 0;
			let status;
			while (status === void 0) if (step === "done" || step === "failed" || step === "bad-checksum") status = step;
			else if (outputLength >= maxBytes && knowsNext()) status = "output-full";
			else {
				reader.mark();
				try {
					step = advance();
				} catch (thrown) {
					if (thrown === needsInput) {
						reader.rewind();
						status = step === "trailer" ? "needs-trailer" : "needs-input";
					} else if (thrown instanceof InflateError) step = "failed";
					else throw thrown;
				}
			}
			return {
				output: output.subarray(0, outputLength),
				status
			};
		}
	};
}
// src/virtual/rom-state.ts
/** The ROM's status words (Espressif serial protocol, "Status bytes"; esptool `util.py` at bb72741). */
const romStatus = {
	ok: 0,
	invalid: 261,
	failed: 262,
	badChecksum: 263,
	writeFailed: 264,
	readFailed: 265,
	readLength: 266,
	inflateFailed: 267,
	inflateChecksum: 268,
	badAddress: 270
};
// src/virtual/rom-blocks.ts
/**
* The status with which the ROM refuses a block, or `undefined` where it takes it. Each number is taken once, and a block
* whose checksum is wrong uses its number up: sent again, it is invalid (seen with the ROMs of ESP32 and ESP32-C3).
*/
function refusalOfBlock(count, { payload, checksum }) {
	const block = payload.subarray(16);
	if (payload.length < 16 || word(payload, 0) !== block.length) return romStatus.invalid;
	if (word(payload, 1) !== count.nextSequence) return romStatus.invalid;
	count.nextSequence += 1;
	return blockChecksum(block) === checksum ? void 0 : romStatus.badChecksum;
}
// src/virtual/stub-digests.ts
/**
* Espressif's flasher stubs, by chip. A row holds the first release of esptool that uploads it, its entry, its pieces as
* address+length, and the SHA-256 over all pieces; numbers are hex. Releases v2.0 to v5.3.1 with the stub that each takes
* by default, and bb72741, whose stubs npm esptool-js 0.7.0 has as well. `scripts/stub-digest.mjs` makes a new row.
*/
const stubDigests = {
	esp32: [
		"v2.0 40090560 40090000+c0c,3ffd2ba4+4 aa371c0bdaa53645f1e2b1db847eec9c01fef11fc951acbca32818b735889c5d",
		"v2.2 40090564 40090000+c20,3ffd2ba4+4 24e065712feacc5d0774540216a90bf948dac7ad53c0484a7721f196ea1246a4",
		"v2.4.0 4009f564 4009f000+c44,3fffeba4+4 07afe8741b440011d87e72b0f1cfdcd2dbe705de171b1a2b328f0abc48cf5b7d",
		"v2.7 4009f568 4009f000+cc4,3fffeba4+4 838f16002446576717dbd5074f7c682036c029a2ef6bddb9a825089cf51379ac",
		"v3.0 400be598 400be000+cd8,3ffdeba8+4 ce86641ce87b1bd2666fdcd1eab9142e62a2bcf625ad01b67194677c0afd89b2",
		"v3.1 400be5ac 400be000+d68,3ffdeba8+4 84613e57cf0696ef0279e917f10848f384f43f1528d04a15c3e3793517ecea8f",
		"v3.2 400be5ac 400be000+d68,3ffdeba8+4 9829c0f9ddc926ff5836b7024c3a4a47ee706b0cb53787c22ea85bf0606e7fb9",
		"v4.5 400be5d8 400be000+d58,3ffdeba8+9c 2478f40006fa58b330c6a7d66f8ace6b161e01f1b24ca2f2bbe82de69d244d74",
		"v4.6.2 400be5d8 400be000+d68,3ffdeba8+9c e8aeec15e3c882057746f8852d8660f6b32e3eec0f1ad42f05e579782689acda",
		"v4.7.0 400be5ec 400be000+dcc,3ffdeba8+9c 339a6587cad5dbc4bcda4437a3b28084bf8a1b26c129fd585d6eab1a0172f01c",
		"v4.9.0 400be5e0 400be000+d88,3ffdeba8+9c 0f267dfe8c4bec3862237e2e24b4c3f73a5f0c22f8a8f5bd534dba94af755321",
		"v4.11.0 400be658 400be000+dd4,3ffdebac+9c 0b0b386d6991888509b05fd73e1c486295922f53987ad338c5fb87aa5adfb652",
		"v5.3.0 400a9074 400a8000+17fc,3ffded68+d4 5b9ece0a7a097ae4b50fe7101a282cf793f61501e40aff2851484d6bd69d558c",
		"bb72741 400a902c 400a8000+1938,3ffded6c+d4 f45a88d48ce374b3d91b302e899ab7374010e6ed1b94d0ffc4c3d81893e3feee"
	],
	esp32c2: [
		"v3.2 403805d0 40380000+d40,3fcb6ba8+4 cb759baa849d106137446823a871e2c9fa2e4d345db37f8595e1895302bf4e54",
		"v3.3 403805d0 40380000+d60,3fcb6ba8+4 ae37ade840a8155921ac7517d9e3427e6f2e368650b5db590220b2903d8bab22",
		"v3.3.1 403805d0 40380000+d60,3fcb6ba8+4 25b521725c0ad27996fabcd59c12a9dd290996074d026b9711965f46ed8e934c",
		"v4.5 403805b8 40380000+d04,3fcb6ba8+a0 77e20827e07baa2dc6babb91f07852dadaf6145d545340dbfec15820e2686906",
		"v4.6.2 403805b8 40380000+d0c,3fcb6ba8+a0 6ea79aa98b3dbc07ed821bacb84bc291961cd97b377a6fb53619129e545e3245",
		"v4.7.0 403805b8 40380000+d34,3fcb6ba8+a0 59d87f2a07f8d4c23406d8fa16ec924e014ebc0a9ebc985f17efc295e1fd881b",
		"v4.9.0 40380528 40380000+cd4,3fcb6ba8+a0 8ac29116a18f83ea3c146091926164bd9b85f9eb7a557caa1fa855b800549b6d",
		"v4.11.0 403805da 40380000+d20,3fcb6bac+a0 40a23c78e382d9f7593eb652866167357a743d1fbdf6c1726453e5580bb04988",
		"v5.3.0 4038105c 40380000+1788,3fcb6d6c+cc 97f7f80aada4c68524fb30736b2f6dd43b1a789ca495f6ddb5407c304a495414",
		"bb72741 40380f90 40380000+16b8,3fcb6d6c+cc fa46cb166f85792a124a3e0858af7b7f5d799a35a541167e06e71eccfb511919"
	],
	esp32c3: [
		"v3.0 403805e2 40380000+d14,3fc96ba8+4 55bb6a7fee4e2b3462cfa261af707eb3c0546678844995f97d3c8e88db611e53",
		"v3.1 40380670 40380000+e04,3fc96ba8+4 576f98150dadd3877f187047749d6462b3afedced92f04ff50c7b00196c85fec",
		"v3.2 40380670 40380000+e28,3fc96ba8+4 377311ec424b8844993822eb62522357a1e741a7d96b83d49dd5e742786886b5",
		"v3.3 40380670 40380000+e28,3fc96ba8+4 316e4def52df4cf74dbab9f567866392697332bef2b9cdd25f503c7f540868d5",
		"v4.4 403806b2 40380000+ea8,3fc96bb0+4 e469520d292372d5a93208e9fc0a0bdbdffbe5ba3a35ee204cb063f3f6c3a0e5",
		"v4.5 4038069c 40380000+e84,3fc96bb0+a0 f373384b0df23ea54672fe64cb46af17fa0c93020a1a28e32f603df482016d49",
		"v4.6 4038069c 40380000+ea4,3fc96bb0+a0 726c7fb9592f5739c9ac6c152834276503b42398dd7c0f22e3f5f8b52e80d587",
		"v4.6.2 4038069c 40380000+ea8,3fc96bb0+a0 c95bc280a3e65173bd561562ee00d6b62251aaea48a03f889380f5b97092aadb",
		"v4.7.0 4038069c 40380000+ee8,3fc96bb0+a0 d2389995ca27520f03312e3493104f5a75c83cd630b2e0d1bb893be0fadfe6db",
		"v4.8.0 403806d0 40380000+f1c,3fc96bb4+a0 9b526b6a8e4bc595964e50c2313d5d2b319b2f77e9d0bc337191d3d62cf2e884",
		"v4.9.0 40380620 40380000+e98,3fc96bb4+a0 dd882b48b82cfcff45717bb73388a7e84cfac9c418a8a601637398930759f154",
		"v4.11.0 403806d2 40380000+ee4,3fc96bb8+a0 ef242e82926cf76ea81d68cb246efa8c789b8a3afb3888f6b3e315564ab10383",
		"v5.3.0 40380f2e 40380000+1788,3fc96d68+cc c3d84f372cd5b942808fed9c331e456f249826775ff360910778301d9dd1a5e3",
		"bb72741 40380e9a 40380000+16f8,3fc96d68+cc d73bd88cdeac7b90c57821d81e77cb96cfeb73d8db572e634ec1d1dcafdb853d"
	],
	esp32c5: [
		"v4.8.0 408006c4 40800000+ecc,40852bb0+a0 6e3185e9611e3df78fd08682a303bf3189fdf49cab3589e87d372255d39b7991",
		"v4.9.0 40800610 40800000+e40,40852bb0+a0 431eacd042f61f12eedceddc3f07854acab7817dbc87c244dd2667589a1fe3ad",
		"v4.10.0 4080082e 40800000+12d0,40852bb4+a0 9d0fb8e4fc5ac980c8886471332ba880411225eae4439c70a9656843bf39ab8a",
		"v4.11.0 40800a88 40800000+133c,40852bb8+a0 113fd3149a378c3b9cb9764f827123f887fd52f9872fee112813633eac046270",
		"v5.3.0 408014ee 40800000+1e68,40852f0c+d8 55f49636efb434a213ed1cce9d421fd2b7ec26a9442d75facbdb875ef9cea4f6",
		"bb72741 408015d2 40800000+1f5c,40852f0c+d8 17fd3b3a86565bfc10b04348ab369754c859344ccbe132753cbe35cb7c45aefa"
	],
	esp32c6: [
		"v4.3 408005d0 40800000+d60,40852ba8+4 9041ab5bdb5a27243b0d9fb26b07385d7854f6caf6a48623883e9f235a838b42",
		"v4.5 40800690 40800000+e58,40852bac+a0 f91eaabe7a440d13e8a99c6255cb71a02af9ee03c425d98858c1c96575a6f0b7",
		"v4.6 40800690 40800000+e70,40852bac+a0 6859a98e7d396befd8bcfe191e20a033665e9b7097037f16c3e52fe6457b4a75",
		"v4.6.2 40800690 40800000+e74,40852bac+a0 d580cd80e678f9bf8e0030cae7c10c213b20d6389e21c9210548f89cb9adbcaa",
		"v4.7.0 40800690 40800000+e9c,40852bac+a0 9e2e03ce7959113ddf4a4c37f6c4d6fc472be240df3798d7c1e19afd14cdcf6d",
		"v4.8.0 408006c4 40800000+ed0,40852bb0+a0 de3b369ad777f2b678bee40c637aa1cae23c753b8d6bf04d347b0084185eb924",
		"v4.9.0 40800610 40800000+e44,40852bb0+a0 030d23bc6eeb5599013c0e4f0f61b31f5651ac8ddb7a332fbddf93f1ef617cc4",
		"v4.11.0 408006c2 40800000+e90,40852bb4+a0 721b7cf96ca3702d9f0db92696f504c1344f404146bc6076d80f88a396c77fcd",
		"v5.3.0 40801252 40800000+1b8c,40852f0c+d8 cfa33f935da1f631d4f1b7c373b868f55b0a4d2de986668e204e04f75c20523d",
		"bb72741 408011bc 40800000+1af4,40852f0c+d8 65024e4ee67137a72ab912a0157bc317834e745358347cde1e8dd36e213db383"
	],
	esp32c61: [
		"v4.8.0 408006c4 40800000+ed0,40816bb0+a0 0193eee0a99f4cd0546568266b0080d3d246691e349d881dfddd1754ffe2d275",
		"v4.9.0 40800610 40800000+e48,40816bb0+a0 4db57a34bcc1bd1a11993bc7761afef3add91581b476916635de0f5af74bc364",
		"v4.11.0 408006c2 40800000+e94,40816bb4+a0 65a2328e9d99aa2395ea470d894df14533568897a6dd4ab2f54a9b6f8a724d1d",
		"v5.3.0 4080104e 40800000+18a8,40816d68+cc 463819af9aee58bcead3eaebc0060863721688287cbd3dbdedab3f7ca4f911d2",
		"bb72741 40801130 40800000+1998,40816d68+cc 30282f16552c9418c7a9aff2244c841cac61b7fe20c2886c52d4d669b4feb3f9"
	],
	esp32h2: [
		"v3.2 403805d0 40380000+d6c,3fc96ba8+4 53717eeceb80b290a1c316a3eb54f743d1cc3d1cae3016b2f21e54279fc45c43",
		"v4.5 40800690 40800000+e58,40842bac+a0 6094a498c420f8d5d02a979aa0dde1c54a1874fdbc708d1e00f292f98bfdaf8c",
		"v4.6 40800690 40800000+e70,40842bac+a0 e58a8f10ed66f7bbf86ee2c2e410a285db8a5345db4e203d39e24d45e07be27b",
		"v4.6.2 40800690 40800000+e74,40842bac+a0 ef55ce17647374542362dbd75bd102f922ddc91d37b3076f30a8b114f01f5937",
		"v4.7.0 40800690 40800000+e9c,40842bac+a0 fd0b7e76361c041cebfda9e22fae2cda20c2cf4a82fa457745574092ba4e7a3c",
		"v4.8.0 408006c4 40800000+ed0,40842bb0+a0 8eda6040a04e3cc21192bac9f4403ac625952ef124778e28479de44ec791f1ff",
		"v4.9.0 40800610 40800000+e44,40842bb0+a0 5847eb126f60b5e6b120fb2d5bfb4c17e769dac94a1b791630577e0cc6b00e93",
		"v4.11.0 408006c2 40800000+e90,40842bb4+a0 3b1c2b73855b245b680bcf06d351c3044d4c8b3a53a2b3102b8b0f5194169523",
		"v5.3.0 40800f26 40800000+177c,40842d68+cc f87a79ee7e4f7ce429c29a05d91d6026e1307370378cee6239f4b834649101fc",
		"bb72741 40800e92 40800000+16e8,40842d68+cc 3325fef8f79f75713c69dfd034dd04b41c0350ad99e1f1ef1752a2f781ef5990"
	],
	esp32h4: ["v5.3.0 40810f26 40810000+1790,40842d68+cc ccdd072de892fa32dd017cb65d5fa47ecacc70e0dadf40ce97ccb16ef272f10b", "bb72741 40810e92 40810000+16fc,40842d68+cc dae241c0db791933c863c38da7c33308e3f38e5f9a9a4b813d118275fd12a2bf"],
	esp32p4: [
		"v5.2.0 4ff50ba0 4ff50000+1518,4ff72c00+a0 2fa4b391cff56c48aa407505c7c0b98a90bc5dcf64e2cf7406d18f324820fa1b",
		"v5.3.0 4ff5130e 4ff50000+1c8c,4ff72db8+cc 6c465a730afc906364606261e24912409f2c47d5a7911a393312f8372be4fe94",
		"bb72741 4ff51456 4ff50000+1ff0,4ff72db8+cc e0ea7ce52f3b854ac955af4fb1ad618b7b87bcb4e51fa83e8d926088f8644d70"
	],
	"esp32p4-rev1": [
		"v4.7.0 4ff105c6 4ff10000+d4c,4ff62ba8+a0 724e7e865f0c481a12e210596bae7ffdd835452dcad639dc3222f0a85a83ad4b",
		"v4.8.0 4ff1068e 4ff10000+e60,4ff62bac+a0 baf834fd0a722ba59268bb209fcc67b7fb3a0759b80548e72a608cb1152f98f8",
		"v4.9.0 4ff10962 4ff10000+1494,4ff62bfc+a0 f6955a4687954fa38e2f2a94636d68fd959eebc1d62d991342a7013483697f6c",
		"v4.10.0 4ff50946 4ff50000+14b0,4ff72bfc+a0 bd7961c8fb3185b2937d062e1d692af6a94dc547587830f328a119b16770a3ef",
		"v4.11.0 4ff50ba0 4ff50000+1518,4ff72c00+a0 2fa4b391cff56c48aa407505c7c0b98a90bc5dcf64e2cf7406d18f324820fa1b",
		"v4.11.0 4ff10ba0 4ff10000+1518,4ff62c00+a0 acf5df17d1aef2d8680f56e879d8d72d84f22d6c70fa8c67addb48a41bcf4556",
		"v5.3.0 4ff1130e 4ff10000+1c8c,4ff62db8+cc ac3861eaa1ecce3e1c4e695e31d88f819b90232984d2e33b2fc2d0fa1b7fb317",
		"bb72741 4ff11456 4ff10000+1ff0,4ff62db8+cc 86925465845d60bba51babd3443f012b451bb78b5a455c45adb0507058f4c6c9"
	],
	esp32s2: [
		"v3.0 4002873c 40028000+f68,3ffe2bf4+4 d9abef31fca9104ef6295cd661f0a36e1fad5434e7894ace9f46ae2d0cc1c910",
		"v3.1 40028754 40028000+ffc,3ffe2bf4+4 8d66d76a66d6cd48049290ff6f8943d31ed5d73b87258898cc3cc896367e6298",
		"v3.2 40028760 40028000+1028,3ffe2bf4+4 d59c8ef83032355ebd45d9b3c4caf529b72c6b9846bd02eae8d00e4551783250",
		"v4.4 400287c4 40028000+10dc,3ffe2bfc+4 3f0ca4b9dce3ba820fa7930ac2473f8c732381937113ed2442ca9c5f3769f3d8",
		"v4.5 400287f0 40028000+10f0,3ffe2bfc+a0 b4b1c2cac7ca7c0fa64e2cbb09ae6939ad67e2cc53fd8d93b61eb03045cb835f",
		"v4.6.2 400287f0 40028000+10f8,3ffe2bfc+a0 d18becdb42619c7a9506ecb6060946794ec0ac2385e60b26e3fff32072a58df5",
		"v4.7.0 40028804 40028000+115c,3ffe2bfc+a0 b65843a8d92dab1a6b6714ce68ed10c2deac6509cb441b94caabfb7fe69d6516",
		"v4.9.0 40028828 40028000+1134,3ffe2bfc+a0 ef5ffbc3105504c99cbba6de551880f4a78eb86c5306d3d730ad07a8802fba01",
		"v4.11.0 400288ac 40028000+117c,3ffe2c00+a0 d282cae3be4b1c48126831a9444fc4255a15f013a30eb9afdc14a5e178252eba",
		"v5.3.0 40029144 40028000+1a44,3ffe2dbc+d4 811e18ce2cd70299c2d99a63e727d291cdd1560d3ee65908acf90b8fdd4d79a1",
		"bb72741 400290a4 40028000+19c8,3ffe2dc0+d4 99e52ab6e29848f1cb2d3aca4f7bb589eb106aace7d7a1c2c5728ba949637dba"
	],
	esp32s3: [
		"v3.2 40378978 40378000+12d4,3fcb2bf4+4 040321102d92a7c5b0b2e64bfd91c76a017b8248d4fa8c77478a89f2c6353aa4",
		"v3.3.1 40378988 40378000+12e4,3fcb2bf4+4 6eede60f1663d8b7807c4e4cab4b789ed7fcaf15cb42381df5f2f7505c7c3107",
		"v4.4 40378a0c 40378000+13bc,3fcb2bfc+4 955d57febbe35a01ba8aa85e016da7bcf3cd4c1a07f8282bf63933e023a3361a",
		"v4.5 40378ab8 40378000+1484,3fcb2bfc+fc 88e6c9d5ef098ba4a485320c0bf77e07798ca64f80a8607e11f19dbfbc738875",
		"v4.5.1 40378a34 40378000+13a0,3fcb2bf4+fc 51ed93bb6cf71417af31233a558f5407621ad2b396a069b0d99e3dcd0de4fd13",
		"v4.6 40378a40 40378000+13d4,3fcb2bf4+fc f27e46ec162d052d44e7d57a5f150ca4ae2cac5a34c13dd70b96e484a931c61b",
		"v4.6.1 40378a40 40378000+13d4,3fcb2bf4+fc 8673358825900015de090ba2c8c9ec4d5bbe147268dae806e3a184c5264dbe17",
		"v4.6.2 40378a40 40378000+13ec,3fcb2bf4+fc 51a89f3f0952e08d4417621e8d7573d08302059910ea0d998b7298742e81d2e4",
		"v4.7.0 40378a50 40378000+147c,3fcb2bf8+fc da9f04818cd4e8ada2d445e994ecaef06a53d2b80f64c14a0b2bda8f709703a4",
		"v4.8.0 40378a80 40378000+14ac,3fcb2bfc+fc d50ab5fa56e02d53cbc224da3905c986d9007af82096396133562188afb7fd5d",
		"v4.9.0 40378adc 40378000+1600,3fcb2bfc+fc a63beb265488ad9ee73a1763817350267e5e750304394195ed3af7f97c93ea3a",
		"v4.11.0 40378c94 40378000+162c,3fcb2c00+fc 8b445b3a73c2de116b9951b815a9820a9d63af74ee2bbb47c401943d9da8da08",
		"v5.3.0 40379474 40378000+1ddc,3fcb2dbc+108 5fe3f976cf881566836827b2de85f15dcbf3d9eed4e6cb2745c4d72e8eb0fc1c",
		"bb72741 40379524 40378000+1e98,3fcb2dc0+108 be0fa453e1b4089c9bcf57b51d4db0c3749150caa0e140c6fe0e82e3ccff3456"
	],
	esp32s31: ["v5.3.0 2f001fd0 2f001000+1904,2f01cdb8+cc 81a437bb47de73dbba7ad792fe552b41604e8f73e1dd6391d14b4d0b22713a71", "bb72741 2f00221e 2f001000+1be8,2f01cdb8+cc cd3eeb49668ce78795f646d1e7b73ae03f5549065a34747e657b0b26209f22f6"],
	esp8266: [
		"v2.0 40100004 40100000+1f2c,3fffaba4+300 17676e70881176f770e8648c4dfba0d470a5f9a55ac665fbdc3e2140b223c865",
		"v2.2 40100004 40100000+1f3c,3fffaba4+300 1af4afeee605c505ecd2ea6cc955517fc42805ea720f627877927af79c65c796",
		"v2.4.0 4010e004 4010e000+1f60,3fffaba4+300 e6117d07c681fcd78568176866a46b8d6b6e12f90c9cd7bcd0516d4553922c95",
		"v2.6 4010e004 4010e000+1f6c,3fffaba4+300 1b2c8539d0936ea88bd79dabfd8cf5f2e721008c7b29e5f91ee9523cd8c8af5d",
		"v2.7 4010e004 4010e000+1f54,3fffaca4+300 d0629dce5a21b0dd7cee3754923542f19de0de7194561c6eeb74349a98a0d592",
		"v3.0 4010e004 4010e000+1fa8,3fffaca8+300 44a8a8546f74209c692d16d847d35b754b13aae2e683ea362be68141be870052",
		"v3.1 4010d004 4010d000+2030,3fffaca8+300 6fc91b2d2592731c0ab115150135c48a5e427aeaea1332d5fd9c59c4c70b011f",
		"v3.2 4010d004 4010d000+2030,3fffaca8+300 3708f96a08036e7727dc32ee26bfcf71275f20848d68e00fe8a187b625a1e8c4",
		"v4.5 4010d004 4010d000+2028,3fffaca8+300 80f9a4f960c9c7405cf3b31c4ff3b148811db58db572dddb83979a63fada13df",
		"v4.6.2 4010d004 4010d000+2038,3fffaca8+300 fcaf9ca8327c70052fc2668255d8f22119c6778485e1a59bad2ddc43c59e48d7",
		"v4.11.0 4010d004 4010d000+2054,3fffacac+300 2938963420ff337db4b1135cebdc7135af5c2ddc5b54ac635d72074bc67472a7",
		"v5.3.0 4010c504 4010c500+35ac,3fffae68+3a4 24d33534721d0791cd814065a6468f02cda7e55f67c4c0c65b7f7f0efa61b0b9",
		"bb72741 4010c504 4010c500+2cc0,3fffae6c+398 31c99fe642b95433df972048227ed0cf69adddbd9773c73f56cff46dc0bc885b"
	]
};
// src/virtual/known-stubs.ts
/** The first esptool whose stubs do so (esp-flasher-stub `main.c` at fc713a4). */
const CLOCK_BOOST_RELEASE = "bb72741";
function parseRow(row) {
	const [release, entry = "", segments = "", sha256 = ""] = row.split(" ");
	return {
		entry: Number.parseInt(entry, 16),
		segments: segments.split(",").map((segment) => {
			const [address = "", length = ""] = segment.split("+");
			return {
				address: Number.parseInt(address, 16),
				lengthBytes: Number.parseInt(length, 16)
			};
		}),
		sha256,
		setsBaud: release === CLOCK_BOOST_RELEASE
	};
}
/** The stubs of one row of `stubDigests`. */
function knownStubs(chip) {
	return stubDigests[chip].map(parseRow);
}
/** The known stub that RAM holds exactly, that starts at `entry` and runs on a chip of this revision. */
function stubInRam(stubs, entry, revision, readBytes) {
	const holds = ({ segments, sha256 }) => {
		const hash = createHash("sha256");
		for (const { address, lengthBytes } of segments) hash.update(readBytes(address, lengthBytes));
		return hash.digest("hex") === sha256;
	};
	return stubs.find((stub) => stub.entry === entry && revision >= (stub.minRevision ?? 0) && revision <= (stub.maxRevision ?? 1e400) && holds(stub));
}
// src/virtual/security.ts
/** What can be burnt into a virtual chip, as the board's URL names it. */
const securitySettings = [
	"secure-boot",
	"secure-boot-v1",
	"flash-encryption",
	"secure-download",
	"encrypt-off",
	"key-manager",
	"clock-calibration"
];
const SECURE_BOOT = 1;
const SECURE_DOWNLOAD = 4;
/** The answer's data: flags, count of encryption bits, seven key purposes, chip id, version. */
function encodeSecurityInfo(info, settings) {
	const bytes = /* @__PURE__ */ new Uint8Array(20);
	const view = new DataView(bytes.buffer);
	const flags = (settings.has("secure-boot") ? SECURE_BOOT : 0) | (settings.has("secure-download") ? SECURE_DOWNLOAD : 0);
	view.setUint32(0, flags, true);
	view.setUint8(4, settings.has("flash-encryption") ? 1 : 0);
	view.setUint8(11, info.lastPurpose);
	view.setUint32(12, info.chipId, true);
	view.setUint32(16, info.apiVersion, true);
	return bytes.subarray(0, info.lengthBytes);
}
// src/virtual/rom-system-commands.ts
const SYNC_BYTES$1 = 36;
/** The ROM sends this many replies to a SYNC. */
const SYNC_REPLIES = 8;
const WRITE_REGISTER_BYTES$1 = 16;
const refused$1 = (status) => ({ status });
const ok$1 = { status: romStatus.ok };
const sync$1 = (machine, state, { payload }) => {
	if (payload.length !== SYNC_BYTES$1) return refused$1(romStatus.invalid);
	machine.adoptHostBaud();
	state.value = word(payload, 0);
	return {
		...ok$1,
		repeats: SYNC_REPLIES
	};
};
const memoryBegin$1 = (machine, state, { payload }) => {
	if (payload.length !== 16) return refused$1(romStatus.invalid);
	const [lengthBytes, address] = [word(payload, 0), word(payload, 3)];
	state.ram = void 0;
	if (!machine.memory.isRam(address, lengthBytes)) return refused$1(romStatus.badAddress);
	state.ram = {
		nextSequence: 0,
		nextAddress: address,
		remainingBytes: lengthBytes
	};
	return ok$1;
};
const memoryData$1 = (machine, state, request) => {
	const block = request.payload.subarray(16);
	if (state.ram === void 0 || block.length > state.ram.remainingBytes) return refused$1(romStatus.failed);
	const refusal = refusalOfBlock(state.ram, request);
	if (refusal !== void 0) return refused$1(refusal);
	machine.memory.writeBytes(state.ram.nextAddress, block);
	state.ram.nextAddress += block.length;
	state.ram.remainingBytes -= block.length;
	return ok$1;
};
/** The known stub that begins at `entry`, which then takes over. */
function stubAt({ memory, settings, silicon }, entry) {
	return stubInRam(silicon.stubs, entry, settings.revision, (address, length) => memory.readBytes(address, length));
}
/** Jumps to the entry. Where RAM does not hold a program that is known here, the chip is gone until its next reset. */
const memoryEnd$1 = (machine, state, { payload }) => {
	if (payload.length !== 8) return refused$1(romStatus.invalid);
	state.ram = void 0;
	const [stays, entry] = [word(payload, 0) !== 0, word(payload, 1)];
	if (stays) return ok$1;
	const stub = machine.silicon.startsStub(machine.settings) ? stubAt(machine, entry) : void 0;
	if (stub === void 0) return {
		...ok$1,
		then: "hang"
	};
	const { romUart } = machine.silicon;
	if (!stub.setsBaud || romUart === void 0) return {
		...ok$1,
		then: "stub"
	};
	return {
		...ok$1,
		then: "stub",
		stubBaud: machine.memory.readWord(romUart.linkBaudAddress)
	};
};
const getSecurityInfo$1 = ({ settings, silicon }, _state, { payload }) => {
	const info = silicon.rom.securityInfo;
	if (payload.length !== 0 || info === void 0) return refused$1(romStatus.invalid);
	return {
		...ok$1,
		data: encodeSecurityInfo(info, settings.security)
	};
};
const readRegister$1 = (machine, state, { payload }) => {
	if (payload.length !== 4) return refused$1(romStatus.invalid);
	state.value = machine.memory.readWord(word(payload, 0));
	return ok$1;
};
const writeRegister$1 = function* (machine, _state, { payload }) {
	if (payload.length === 0 || payload.length % WRITE_REGISTER_BYTES$1 !== 0) return refused$1(romStatus.invalid);
	for (let index = 0; index < payload.length / 4; index += 4) {
		const [address, value, mask] = [
			word(payload, index),
			word(payload, index + 1),
			word(payload, index + 2)
		];
		yield* busy(word(payload, index + 3) / 1e3);
		machine.memory.writeWord(address, value & mask | machine.memory.readWord(address) & ~mask);
	}
	return ok$1;
};
const changeBaudrate$1 = ({ silicon, settings, memory }, _state, { payload }) => {
	const asked = word(payload, 0);
	if (payload.length !== 8 || asked === 0) return refused$1(romStatus.invalid);
	const { revision, crystalMhz } = settings;
	const chip = {
		read: (address) => memory.readWord(address),
		revision,
		crystalMhz
	};
	const baud = silicon.romUart === void 0 ? asked : silicon.romUart.baudFor(asked, payload[4] !== 0, chip);
	return baud === void 0 ? ok$1 : {
		...ok$1,
		then: { baud }
	};
};
const romSystemHandlers = [
	[opcodes.sync, sync$1],
	[opcodes.memBegin, memoryBegin$1],
	[opcodes.memData, memoryData$1],
	[opcodes.memEnd, memoryEnd$1],
	[opcodes.readReg, readRegister$1],
	[opcodes.writeReg, writeRegister$1],
	[opcodes.changeBaudrate, changeBaudrate$1],
	[opcodes.getSecurityInfo, getSecurityInfo$1]
];
// src/virtual/rom-flash-commands.ts
const MEBIBYTE$1 = 1048576;
/** READ_FLASH_SLOW always answers with a buffer of this size, however few bytes were asked for. */
const SLOW_READ_BYTES = 64;
const SECTORS_PER_BLOCK = 16;
/** Unit in which the flash is enciphered. */
const CIPHER_BYTES = 16;
/** The ROM inflates into a window of this size and writes what is in it. */
const INFLATE_BYTES = 32768;
const refused = (status) => ({ status });
const ok = { status: romStatus.ok };
const inFlash = (machine, offset, lengthBytes) => machine.bus.attached && offset + lengthBytes <= machine.bus.limitBytes;
/**
* Erases all of the range before the reply, blank or not. ESP8266's ROM erases the sectors up to the next border of
* 64 KiB one by one and then forgets to count them off (esptool `targets/esp8266.py` `get_erase_size` at bb72741).
*/
function* eraseAhead(machine, offset, lengthBytes) {
	const named = Math.ceil(lengthBytes / SECTOR_BYTES);
	const head = Math.min(named, SECTORS_PER_BLOCK - Math.floor(offset / SECTOR_BYTES) % SECTORS_PER_BLOCK);
	const sectors = machine.silicon.rom.erasesHeadTwice ? named + head : named;
	if (offset % 4096 !== 0 || !inFlash(machine, offset, lengthBytes)) return false;
	yield* machine.bus.eraseArea(offset, sectors * SECTOR_BYTES);
	return true;
}
function begin$1(inflates) {
	return function* (machine, state, { payload }) {
		const { beginBytes, spiAttachBytes } = machine.silicon.rom;
		if (payload.length !== beginBytes) return refused(romStatus.invalid);
		const [lengthBytes, blocks, blockBytes, offset] = [
			0,
			1,
			2,
			3
		].map((index) => word(payload, index));
		const enciphers = beginBytes === 20 && word(payload, 4) !== 0;
		state.write = void 0;
		if (spiAttachBytes === 0) machine.bus.attached = true;
		if (enciphers && machine.settings.security.has("encrypt-off")) return refused(romStatus.failed);
		if (!(yield* eraseAhead(machine, offset, lengthBytes))) return refused(romStatus.failed);
		state.write = {
			nextSequence: 0,
			nextOffset: offset,
			remainingBytes: inflates ? lengthBytes : Math.max(lengthBytes, blocks * blockBytes),
			blockBytes,
			enciphers,
			inflater: inflates ? createInflater() : void 0,
			window: new Uint8Array(INFLATE_BYTES),
			inflatedBytes: 0
		};
		return ok;
	};
}
/** Writes before it answers, unlike the stub. */
function* program(machine, state, bytes) {
	const { write } = state;
	if (write === void 0 || bytes.length > write.remainingBytes) return refused(romStatus.failed);
	if (write.enciphers && bytes.length % CIPHER_BYTES !== 0) return refused(romStatus.failed);
	const content = write.enciphers ? cipher(write.nextOffset, bytes) : bytes;
	if (!(yield* machine.bus.program(write.nextOffset, content))) return refused(romStatus.writeFailed);
	write.nextOffset += bytes.length;
	write.remainingBytes -= bytes.length;
	return ok;
}
/** Puts what was inflated into the window; it never holds more than fits. */
function intoWindow(write, output) {
	const at = write.inflatedBytes % INFLATE_BYTES;
	const first = output.subarray(0, INFLATE_BYTES - at);
	write.window.set(first, at);
	write.window.set(output.subarray(first.length));
	write.inflatedBytes += output.length;
}
/** The end of the last sector, from the window. */
function* fillSector(machine, write) {
	const at = write.inflatedBytes % INFLATE_BYTES;
	const stale = write.window.subarray(at, Math.ceil(at / SECTOR_BYTES) * SECTOR_BYTES);
	return (yield* machine.bus.program(write.nextOffset, stale)) ? ok : refused(romStatus.writeFailed);
}
function* inflate(machine, state, block) {
	const { write } = state;
	const inflater = write?.inflater;
	if (write === void 0 || inflater === void 0) return refused(romStatus.failed);
	inflater.feed(block);
	while (true) {
		const { output, status } = inflater.read(INFLATE_BYTES);
		if (output.length > write.remainingBytes) return refused(romStatus.inflateFailed);
		intoWindow(write, output);
		const outcome = yield* program(machine, state, output);
		if (outcome.status !== romStatus.ok) return outcome;
		if (status === "failed") return refused(romStatus.inflateFailed);
		if (status === "bad-checksum") return refused(romStatus.inflateChecksum);
		if (status === "done" && machine.silicon.rom.endsWithSector) return yield* fillSector(machine, write);
		if (status !== "output-full") return ok;
	}
}
function data$1(inflates) {
	return function* (machine, state, request) {
		const { write } = state;
		if (write === void 0 || write.inflater !== void 0 !== inflates) return refused(romStatus.failed);
		const block = request.payload.subarray(16);
		if (block.length > write.blockBytes) return refused(romStatus.invalid);
		const refusal = refusalOfBlock(write, request);
		if (refusal !== void 0) return refused(refusal);
		return inflates ? yield* inflate(machine, state, block) : yield* program(machine, state, block);
	};
}
/** Ends the write and leaves the loader: 0 restarts the chip, anything else boots from the flash. */
const end$1 = (_machine, state, { payload }) => {
	if (payload.length !== 4) return refused(romStatus.invalid);
	if (state.write === void 0) return refused(romStatus.failed);
	state.write = void 0;
	return {
		...ok,
		then: word(payload, 0) === 0 ? "restart" : "run"
	};
};
const spiAttach$1 = (machine, _state, { payload }) => {
	if (payload.length !== machine.silicon.rom.spiAttachBytes) return refused(romStatus.invalid);
	machine.bus.attached = true;
	return ok;
};
const spiSetParams$1 = (machine, _state, { payload }) => {
	if (payload.length !== 24) return refused(romStatus.invalid);
	machine.bus.limitBytes = word(payload, 1);
	return ok;
};
function* md5$1(machine, _state, { payload }) {
	if (payload.length !== 16) return refused(romStatus.invalid);
	const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
	if (!inFlash(machine, offset, lengthBytes)) return refused(romStatus.readFailed);
	yield* busy(lengthBytes / MEBIBYTE$1 * timing.romMd5MsPerMebibyte);
	const digest = machine.md5(machine.bus.read(offset, lengthBytes));
	return {
		...ok,
		data: Buffer.from(Buffer.from(digest).toString("hex"), "latin1")
	};
}
const readSlow = (machine, _state, { payload }) => {
	if (payload.length !== 8) return refused(romStatus.invalid);
	const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
	const { readPointer } = machine.silicon;
	if (readPointer !== void 0 && stubAt(machine, machine.memory.readWord(readPointer))) return {
		...ok,
		repeats: 0,
		then: "stub"
	};
	if (lengthBytes > SLOW_READ_BYTES) return refused(romStatus.readLength);
	if (!inFlash(machine, offset, lengthBytes)) return refused(romStatus.readFailed);
	const data = new Uint8Array(SLOW_READ_BYTES);
	data.set(machine.bus.read(offset, lengthBytes));
	return {
		...ok,
		data
	};
};
const romFlashHandlers = [
	[opcodes.flashBegin, begin$1(false)],
	[opcodes.flashData, data$1(false)],
	[opcodes.flashEnd, end$1],
	[opcodes.flashDeflBegin, begin$1(true)],
	[opcodes.flashDeflData, data$1(true)],
	[opcodes.flashDeflEnd, end$1],
	[opcodes.spiAttach, spiAttach$1],
	[opcodes.spiSetParams, spiSetParams$1],
	[opcodes.spiFlashMd5, md5$1],
	[opcodes.readFlashSlow, readSlow]
];
// src/virtual/rom-traits.ts
const ESP8266_COMMANDS = [
	opcodes.flashBegin,
	opcodes.flashData,
	opcodes.flashEnd,
	opcodes.memBegin,
	opcodes.memEnd,
	opcodes.memData,
	opcodes.sync,
	opcodes.writeReg,
	opcodes.readReg
];
const ESP32_COMMANDS = [
	...ESP8266_COMMANDS,
	opcodes.spiSetParams,
	opcodes.spiAttach,
	opcodes.readFlashSlow,
	opcodes.changeBaudrate,
	opcodes.flashDeflBegin,
	opcodes.flashDeflData,
	opcodes.flashDeflEnd,
	opcodes.spiFlashMd5
];
/** All that is left in Secure Download Mode (esptool `docs/en/advanced-topics/serial-protocol.rst` at bb72741). */
const secureDownloadCommands = /* @__PURE__ */ new Set([
	opcodes.sync,
	opcodes.flashBegin,
	opcodes.flashData,
	opcodes.flashEnd,
	opcodes.spiSetParams,
	opcodes.spiAttach,
	opcodes.changeBaudrate,
	opcodes.getSecurityInfo
]);
const esp8266Rom = {
	commands: new Set(ESP8266_COMMANDS),
	statusBytes: 2,
	beginBytes: 16,
	spiAttachBytes: 0,
	erasesHeadTwice: true,
	endsWithSector: false
};
const esp32Rom = {
	commands: new Set(ESP32_COMMANDS),
	statusBytes: 4,
	beginBytes: 16,
	spiAttachBytes: 8,
	erasesHeadTwice: false,
	endsWithSector: true
};
/** ESP32-S2 and all that came after it: a word in BEGIN says whether to encrypt, and the security settings can be read. */
function newerRom(securityInfo) {
	return {
		...esp32Rom,
		commands: /* @__PURE__ */ new Set([...ESP32_COMMANDS, opcodes.getSecurityInfo]),
		beginBytes: 20,
		endsWithSector: false,
		securityInfo
	};
}
// src/virtual/rom-loader.ts
const handlers$1 = new Map([...romSystemHandlers, ...romFlashHandlers]);
/** A command that the ROM does not know is answered this often, under the op of the last one that it knew. */
const UNKNOWN_REPLIES = 8;
const REQUEST$1 = 0;
/** What a ROM takes for the rate of its link, whatever it measures. */
const USUAL_BAUD = 115200;
/** Assumed limits: the ROM takes the largest blocks that any host sends it, and buffers what comes meanwhile. */
const romSlipRules = {
	maxFrameBytes: 16896,
	emptyFrameEnds: false,
	maxWaitingFrames: 16,
	deafBytes: 0
};
/** Two status bytes, and two reserved ones on all but the ESP8266. */
function statusBytes(machine, status) {
	const bytes = new Uint8Array(machine.silicon.rom.statusBytes);
	bytes.set([status >>> 8, status & 255]);
	return bytes;
}
/** A command that the chip has, and that its security settings leave open. */
function isKnown(machine, op) {
	const { security } = machine.settings;
	return machine.silicon.rom.commands.has(op) && (!security.has("secure-download") || secureDownloadCommands.has(op));
}
function sendReply$1(machine, state, outcome) {
	const body = concatBytes(outcome.data ?? /* @__PURE__ */ new Uint8Array(0), statusBytes(machine, outcome.status));
	for (let count = 0; count < (outcome.repeats ?? 1); count++) machine.send(encodeReply(state.lastOp, state.value, body));
}
function* carryOut$1(machine, state, request) {
	const handler = isKnown(machine, request.op) ? handlers$1.get(request.op) : void 0;
	if (handler === void 0) return {
		status: romStatus.invalid,
		repeats: UNKNOWN_REPLIES
	};
	state.lastOp = request.op;
	if (request.lengthBytes !== request.payload.length) return { status: romStatus.invalid };
	const result = handler(machine, state, request);
	return "next" in result ? yield* result : result;
}
/**
* The mask ROM's serial loader. Until the first SYNC it measures the host's rate and hears nothing else. Ends when a
* command makes the chip leave it.
*/
function* romLoader(machine) {
	const { romUart } = machine.silicon;
	if (romUart !== void 0) machine.memory.writeWord(romUart.linkBaudAddress, USUAL_BAUD);
	const state = {
		lastOp: 0,
		value: 0,
		write: void 0,
		ram: void 0
	};
	while (true) {
		const request = parseRequest(yield* nextFrame());
		if (request?.direction !== REQUEST$1) continue;
		if (machine.measuringBaud && request.op !== opcodes.sync) continue;
		yield* machine.commandTaken("rom");
		const outcome = yield* carryOut$1(machine, state, request);
		sendReply$1(machine, state, outcome);
		if (outcome.then === void 0) continue;
		if (outcome.then === "hang") yield* hang();
		else if (typeof outcome.then === "string") {
			if (outcome.stubBaud !== void 0) machine.setBaud(outcome.stubBaud);
			return outcome.then;
		} else machine.setBaud(outcome.then.baud);
	}
}
// src/virtual/app-refusal.ts
/** Below this address a segment is padding, and is not loaded. */
const PADDING_END = 268435456;
const MAX_SEGMENT_BYTES = 16777216;
const APP_DESCRIPTION_MAGIC = [
	50,
	84,
	205,
	171
];
/** The byte of an app description that has the logarithm of the MMU's page size; 0 in older apps. */
const PAGE_SIZE_AT = 180;
const PAGE_LOGARITHMS = [
	13,
	14,
	15,
	16
];
const DEFAULT_PAGE_BYTES = 65536;
const inRanges = (ranges, address, lengthBytes = 1) => ranges.some(({ start, end }) => address >= start && address + lengthBytes <= end);
/** Whether the second stage shows a segment through the cache instead of loading it. */
function isMapped({ mappedRanges, ramRanges }, address) {
	return mappedRanges === void 0 ? !inRanges(ramRanges, address) : inRanges(mappedRanges, address);
}
function needsRevision(relation, limit, revision) {
	return ["boot_comm", `${`Image requires chip rev ${relation} ${versionText(limit)}`}, but chip is ${versionText(revision)}`];
}
/** Bytes of an MMU page: the app's description says so where the chip lets it choose. */
function pageBytes(read, image) {
	const first = read(image.segments[0]?.offset ?? 0, 181);
	const described = APP_DESCRIPTION_MAGIC.every((byte, index) => first[index] === byte);
	const logarithm = first[PAGE_SIZE_AT] ?? 0;
	return described && PAGE_LOGARITHMS.includes(logarithm) ? 2 ** logarithm : DEFAULT_PAGE_BYTES;
}
/** The first segment that cannot go where it wants to. Not judged where the chip's mapping is not known here. */
function misplacedSegment(silicon, read, image) {
	if (silicon.mappedRanges === void 0) return void 0;
	const page = pageBytes(read, image);
	for (const [index, { address, offset, lengthBytes }] of image.segments.entries()) {
		if (lengthBytes % 4 !== 0 || lengthBytes >= MAX_SEGMENT_BYTES) return ["esp_image", `invalid segment length 0x${lengthBytes.toString(16)}`];
		if (isMapped(silicon, address)) {
			if (address % page === offset % page) continue;
			return ["esp_image", `Segment ${index} load address ${hex32(address)}, doesn't match data ${hex32(offset)}`];
		}
		if (address < PADDING_END || lengthBytes === 0 || inRanges(silicon.ramRanges, address, lengthBytes)) continue;
		return ["esp_image", `Segment ${index} ${`${hex32(address)}-${hex32(address + lengthBytes)}`} invalid: bad load address range`];
	}
}
/** Why the second stage refuses an app whose header, segments and checksum are in order; `undefined` if it starts it. */
function appRefusal(silicon, revision, read, image, app) {
	if (revision < image.minRevision) return needsRevision(">=", image.minRevision, revision);
	if (revision > image.maxRevision) return needsRevision("<=", image.maxRevision, revision);
	const misplaced = misplacedSegment(silicon, read, image);
	if (misplaced !== void 0) return misplaced;
	if (image.digestMismatch !== void 0) return ["esp_image", "Image hash failed - image is corrupt"];
	if (image.lengthBytes > app.lengthBytes) return ["esp_image", `Image length ${image.lengthBytes} doesn't fit in partition length ${app.lengthBytes}`];
}
// src/virtual/bootloader-log.ts
/** What only a bootloader has in its image that was built to say more than errors. */
const WORDS = "2nd stage bootloader";
/** ESP-IDF's version stands in the image as a text of its own. */
const IDF_VERSION = /v\d+\.\d+[\w.-]*(?=\0)/;
const SPEEDS = {
	0: "40MHz",
	1: "26.7MHz",
	2: "20MHz",
	15: "80MHz"
};
/** As ESP-IDF `bootloader_utility.c` at 1021229 names partitions, by type and subtype. */
const USES = {
	"0.0": "factory app",
	"0.32": "test app",
	"1.0": "OTA data",
	"1.1": "RF data",
	"1.2": "WiFi data",
	"1.4": "NVS keys",
	"1.5": "efuse"
};
const hexDigits = (value, digits) => value.toString(16).padStart(digits, "0");
function useOf({ type, subtype }) {
	if (type === 0 && subtype >= 16 && subtype < 32) return "OTA app";
	return USES[`${type}.${subtype}`] ?? (type === 0 ? "Unknown app" : type === 1 ? "Unknown data" : "unknown");
}
/** The version that a bootloader names itself with; `undefined` for one that was built to print errors only. */
function spokenVersion(read, bootloader) {
	const content = bootloader.segments.map(({ offset, lengthBytes }) => Buffer.from(read(offset, lengthBytes)).toString("latin1")).join("\0");
	return content.includes(WORDS) ? IDF_VERSION.exec(content)?.[0] ?? "v0.0" : void 0;
}
function bannerLines(silicon, revision, bootloader, version) {
	const chipTag = `boot.${silicon.label.toLowerCase().replace("-", "")}`;
	return [
		["boot", `ESP-IDF ${version} ${WORDS}`],
		["boot", `chip revision: ${versionText(revision)}`],
		[chipTag, `SPI Speed      : ${SPEEDS[bootloader.flashFrequency] ?? "40MHz"}`],
		[chipTag, `SPI Mode       : ${FLASH_MODES[bootloader.flashMode] ?? "DIO"}`],
		[chipTag, `SPI Flash Size : ${bootloader.flashBytes / 1048576}MB`],
		["boot", "Enabling RNG early entropy source..."]
	];
}
function tableLines(rows) {
	return [
		"Partition Table:",
		"## Label            Usage          Type ST Offset   Length",
		...rows.map((row, index) => {
			return `${`${String(index).padStart(2)} ${row.label.padEnd(16)} ${useOf(row).padEnd(16)}`} ${`${hexDigits(row.type, 2)} ${hexDigits(row.subtype, 2)}`} ${hexDigits(row.offset, 8)} ${hexDigits(row.lengthBytes, 8)}`;
		}),
		"End of partition table"
	].map((text) => ["boot", text]);
}
function segmentLines(silicon, app) {
	return app.segments.map(({ address, offset, lengthBytes }, index) => {
		return ["esp_image", `segment ${index}: ${`paddr=${hexDigits(offset, 8)} vaddr=${hexDigits(address, 8)}`} ${`size=${hexDigits(lengthBytes, 5)}h (${String(lengthBytes).padStart(6)})`} ${isMapped(silicon, address) ? "map" : "load"}`];
	});
}
function loadedLines(appOffset) {
	return [["boot", `Loaded app from partition at offset 0x${appOffset.toString(16)}`], ["boot", "Disabling RNG early entropy source..."]];
}
// src/virtual/boot-table.ts
const TABLE_OFFSET = 32768;
const TABLE_BYTES = 3072;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 20650;
const MD5_MAGIC = 60395;
/** Where the MD5 of the entries before stands in its own. */
const MD5_AT = 16;
const APP_TYPE = 0;
const DATA_TYPE = 1;
const FACTORY = 0;
const FIRST_OTA = 16;
const MAX_OTA_SLOTS = 16;
const OTA_DATA = 0;
const FACTORY_INDEX = -1;
/** Two sectors, of which the one with the higher number counts (ESP-IDF `esp_flash_partitions.h` at 1021229). */
const OTA_SECTOR_BYTES = 4096;
const OTA_ENTRY_BYTES = 32;
const NO_SEQUENCE = 4294967295;
/** ESP_OTA_IMG_INVALID, ESP_OTA_IMG_ABORTED. */
const REJECTED_STATES = [3, 4];
/** CRC-32 of the sequence number as the ROM computes it from FFFFFFFF on, which it turns round first. */
function sequenceCrc(entry) {
	let crc = 0;
	for (const byte of entry.subarray(0, 4)) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? crc >>> 1 ^ 3988292384 : crc >>> 1;
	}
	return ~crc >>> 0;
}
/** Number of the slot that was chosen last, counted from 0, before it is taken modulo the number of slots. */
function chosenSlot(read, otaDataOffset) {
	const sequences = [0, 1].flatMap((sector) => {
		const entry = read(otaDataOffset + sector * OTA_SECTOR_BYTES, OTA_ENTRY_BYTES);
		const sequence = readUint32(entry, 0);
		return sequence !== NO_SEQUENCE && !REJECTED_STATES.includes(readUint32(entry, 24)) && readUint32(entry, 28) === sequenceCrc(entry) ? [sequence] : [];
	});
	return sequences.length === 0 ? void 0 : Math.max(...sequences) - 1;
}
/**
* Reads the partition table (ESP-IDF, "Partition Tables"). A blank table is an empty one. The order is that of ESP-IDF
* `bootloader_utility.c` at 1021229: the chosen app, those before it down to the factory app, then those behind it.
*/
function readBootTable(read) {
	const table = read(TABLE_OFFSET, TABLE_BYTES);
	const found = /* @__PURE__ */ new Map();
	const rows = [];
	let otaDataOffset;
	for (let at = 0; at < TABLE_BYTES; at += ENTRY_BYTES) {
		const magic = (table[at] ?? 0) | (table[at + 1] ?? 0) << 8;
		if (magic === 65535) break;
		if (magic === MD5_MAGIC) {
			if (!createHash("md5").update(table.subarray(0, at)).digest().equals(table.subarray(at + MD5_AT, at + ENTRY_BYTES))) return { kind: "bad-md5" };
			break;
		}
		if (magic !== ENTRY_MAGIC) return {
			kind: "bad-magic",
			magic
		};
		const [type, subtype] = [table[at + 2] ?? 0, table[at + 3] ?? 0];
		const [offset, lengthBytes] = [readUint32(table, at + 4), readUint32(table, at + 8)];
		const label = Buffer.from(table.subarray(at + 12, at + 28)).toString("latin1").split("\0")[0] ?? "";
		rows.push({
			label,
			type,
			subtype,
			offset,
			lengthBytes
		});
		if (type === DATA_TYPE && subtype === OTA_DATA) otaDataOffset = offset;
		if (type !== APP_TYPE) continue;
		if (subtype === FACTORY) found.set(FACTORY_INDEX, {
			offset,
			lengthBytes
		});
		else if (subtype >= FIRST_OTA && subtype < 32) found.set(subtype - FIRST_OTA, {
			offset,
			lengthBytes
		});
	}
	const slots = [...found.keys()].filter((index) => index !== FACTORY_INDEX).length;
	const chosen = otaDataOffset === void 0 || slots === 0 ? void 0 : chosenSlot(read, otaDataOffset);
	const first = chosen === void 0 ? found.has(FACTORY_INDEX) ? FACTORY_INDEX : 0 : chosen % slots;
	const rank = (index) => index <= first ? first - index : index + MAX_OTA_SLOTS;
	return {
		kind: "table",
		apps: [...found].sort(([one], [other]) => rank(one) - rank(other)).map(([index, place]) => ({
			name: index === FACTORY_INDEX ? "Factory app partition" : `OTA app partition slot ${index}`,
			...place
		})),
		rows
	};
}
// src/virtual/second-stage.ts
/** What the second stage finds wrong with an app, or the image that it starts. */
function judge(machine, read, app) {
	const { silicon, settings } = machine;
	const rules = {
		headerBytes: 24,
		comparesDigest: true,
		wantsSignature: settings.security.has("secure-boot"),
		...silicon.chipId === void 0 ? {} : { chipId: silicon.chipId }
	};
	const image = checkImage(read, app.offset, rules, machine.bus.memory.sizeBytes);
	switch (image.kind) {
		case "good": return appRefusal(silicon, settings.revision, read, image, app) ?? image;
		case "no-image": return ["esp_image", `image at 0x${app.offset.toString(16)} has invalid magic byte`];
		case "bad-checksum": return ["esp_image", `Checksum failed. ${`Calculated 0x${image.calculated.toString(16)} read 0x${image.stored.toString(16)}`}`];
		case "wrong-chip": return ["boot_comm", `mismatch chip ID, expected ${image.expected}, found ${image.found}`];
		case "unsigned": return ["esp_image", "Secure boot signature verification failed"];
	}
}
const isRefusal = (verdict) => Array.isArray(verdict);
/** Starts the first app that is in order; ends with the cause of the next reset. */
function* bootApps(machine, read, bootloader, apps, cause, log, inform) {
	for (const app of apps) {
		const verdict = judge(machine, read, app);
		if (isRefusal(verdict)) {
			log("E", verdict, ["boot", `${app.name} is not bootable`]);
			continue;
		}
		inform(...segmentLines(machine.silicon, verdict), ...loadedLines(app.offset));
		return yield* runApp(machine, read, verdict, bootloader.flashBytes, cause, log);
	}
	log("E", ["boot", "No bootable app partitions in the partition table"]);
}
/** Second stage: the table, then the apps in turn. Ends with the cause of the next reset. */
function* secondStage(machine, read, bootloader, cause) {
	const log = createIdfLog((text) => machine.print(text), timing.bootloaderStartMs);
	const version = spokenVersion(read, bootloader);
	const inform = (...logLines) => {
		if (version !== void 0) log("I", ...logLines);
	};
	inform(...bannerLines(machine.silicon, machine.settings.revision, bootloader, version ?? ""));
	if (cause === "watchdog") log("W", ...machine.silicon.log.watchdogWarnings.map((text) => ["boot", text]));
	yield* busy(timing.secondStageMs);
	const table = readBootTable(read);
	if (table.kind === "table") {
		inform(...tableLines(table.rows));
		const next = yield* bootApps(machine, read, bootloader, table.apps, cause, log, inform);
		if (next !== void 0) return next;
	} else log("E", ["flash_parts", table.kind === "bad-md5" ? "Partition table MD5 mismatch" : `partition 0 invalid magic number 0x${table.magic.toString(16)}`], ["boot", "Failed to verify partition table"], ["boot", "load partition table error!"]);
	return yield* resetBy("software", timing.secondStageMs);
}
// src/virtual/flash-bus.ts
/** The next piece that one erase command takes: a block where one fits, else a sector. */
function nextErasePiece(offset, remainingBytes) {
	return offset % 65536 === 0 && remainingBytes >= 65536 ? BLOCK_BYTES : SECTOR_BYTES;
}
function eraseDurationMs(lengthBytes) {
	return lengthBytes === 4096 ? timing.sectorEraseMs : Math.ceil(lengthBytes / BLOCK_BYTES) * timing.blockEraseMs;
}
/** `writeRefused` is asked once for each call of `program`. */
function createFlashBus(memory, clock, options, writeRefused) {
	let busyUntilMs = -1e400;
	let programming = false;
	const leftMs = () => busyUntilMs - clock.nowMs();
	const sent = (offset) => bus.reachBytes === 1e400 ? offset : offset % bus.reachBytes;
	const bus = {
		attached: false,
		limitBytes: memory.sizeBytes,
		reachBytes: 1e400,
		memory,
		get busy() {
			if (leftMs() > 0) return true;
			memory.finish();
			return false;
		},
		read: (offset, lengthBytes) => memory.read(sent(offset), lengthBytes),
		*ready() {
			while (bus.busy) yield* busy(leftMs() * options.speed);
		},
		startErase(offset, lengthBytes) {
			memory.beginErase(sent(offset), lengthBytes);
			if (options.mode === "modelled") busyUntilMs = clock.nowMs() + eraseDurationMs(lengthBytes) / options.speed;
			else memory.finish();
		},
		*eraseArea(offset, lengthBytes) {
			for (let done = 0; done < lengthBytes;) {
				yield* bus.ready();
				const piece = nextErasePiece(offset + done, lengthBytes - done);
				bus.startErase(offset + done, piece);
				done += piece;
			}
			yield* bus.ready();
		},
		*program(offset, bytes) {
			yield* bus.ready();
			if (writeRefused()) return false;
			for (let done = 0; done < bytes.length;) {
				const at = offset + done;
				const part = bytes.subarray(done, done + SECTOR_BYTES - at % SECTOR_BYTES);
				memory.beginProgram(sent(at), part);
				const pages = Math.ceil((at + part.length) / 256) - Math.floor(at / 256);
				programming = true;
				yield* busy(pages * timing.pageProgramMs);
				programming = false;
				memory.finish();
				done += part.length;
			}
			return true;
		},
		cut() {
			if (programming || bus.busy) memory.interrupt();
			programming = false;
			busyUntilMs = -1e400;
		}
	};
	return bus;
}
// src/virtual/stub-state.ts
const stubOk = { status: 0 };
const badLength = { status: statusCodes.stubBadLength };
const spiFailed = { status: statusCodes.stubSpiFailed };
// src/virtual/stub-write.ts
const INFLATE_WINDOW_BYTES = 32768;
/**
* Starts the next erase of the range, or steps over a sector that is blank. Does nothing while an erase is running.
* Returns a status.
*/
function* eraseNext(machine, write) {
	if (write.eraseRemainingBytes === 0) return 0;
	const { bus } = machine;
	const offset = write.nextEraseOffset;
	if (!write.dirtySeen) {
		yield* bus.ready();
		if (offset + 4096 > bus.limitBytes) return statusCodes.stubSpiFailed;
		if (isBlank(bus.read(offset, 4096))) {
			write.nextEraseOffset += SECTOR_BYTES;
			write.eraseRemainingBytes -= SECTOR_BYTES;
			return 0;
		}
		write.dirtySeen = true;
	}
	if (bus.busy) return 0;
	const piece = nextErasePiece(offset, write.eraseRemainingBytes);
	bus.startErase(offset, piece);
	write.nextEraseOffset += piece;
	write.eraseRemainingBytes -= piece;
	return 0;
}
/** Writes at the place reached, erasing up to its end first. Returns a status. */
function* writeNext(machine, write, bytes) {
	const { bus } = machine;
	const endOffset = write.nextOffset + bytes.length;
	while (write.nextEraseOffset < endOffset) {
		if (write.eraseRemainingBytes === 0) yield* hang();
		yield* bus.ready();
		const status = yield* eraseNext(machine, write);
		if (status !== 0) return status;
	}
	if (bytes.length > 0) {
		if (endOffset > bus.limitBytes) return statusCodes.stubSpiFailed;
		const { security } = machine.settings;
		if (write.enciphers && security.has("encrypt-off")) return statusCodes.stubSpiFailed;
		const content = write.enciphers ? cipher(write.nextOffset, bytes) : bytes;
		if (!(yield* bus.program(write.nextOffset, content))) return statusCodes.stubSpiFailed;
	}
	write.remainingBytes = write.remainingBytes - bytes.length >>> 0;
	write.nextOffset = endOffset;
	return 0;
}
/** Inflates a block into the window, and writes the window whenever it is full or the stream has ended. */
function* inflateAndWrite(machine, state, write, block, sequence) {
	if (sequence === 0) state.inflated = /* @__PURE__ */ new Uint8Array(0);
	let parsesHeader = sequence === 0;
	let left = block.length;
	let inflateMs = block.length / 1024 * timing.stubInflateMsPerKibibyte;
	state.inflater.feed(block);
	while (left > 0) {
		const expectsMore = write.budgetBytes > left;
		const eraseStatus = yield* eraseNext(machine, write);
		if (eraseStatus !== 0) return eraseStatus;
		yield* busy(inflateMs);
		inflateMs = 0;
		const { output, status } = state.inflater.read(INFLATE_WINDOW_BYTES - state.inflated.length);
		const done = status === "done" || status === "bad-checksum" || status === "needs-trailer" && !parsesHeader;
		const starved = !done && (status === "needs-input" || status === "needs-trailer");
		const unread = starved ? 0 : Math.min(state.inflater.unreadBytes, left);
		write.budgetBytes -= left - unread;
		left = unread;
		parsesHeader = false;
		state.inflated = concatBytes(state.inflated, output);
		if (done || state.inflated.length >= INFLATE_WINDOW_BYTES) {
			const writeStatus = yield* writeNext(machine, write, state.inflated);
			if (writeStatus !== 0) return writeStatus;
			state.inflated = /* @__PURE__ */ new Uint8Array(0);
		}
		if (done) return 0;
		if (status === "failed" || starved && !expectsMore) return statusCodes.stubInflateFailed;
	}
	return 0;
}
// src/virtual/stub-flash-commands.ts
function begin(inflates) {
	return function* (machine, state, { payload }) {
		if (payload.length !== 16 && payload.length !== 20) return badLength;
		const [lengthBytes, blocks, blockBytes, offset] = [
			0,
			1,
			2,
			3
		].map((index) => word(payload, index));
		const eraseStart = alignDown(offset, SECTOR_BYTES);
		state.write = {
			nextOffset: offset,
			remainingBytes: lengthBytes,
			budgetBytes: blocks * blockBytes,
			nextEraseOffset: eraseStart,
			eraseRemainingBytes: alignUp(offset + lengthBytes, SECTOR_BYTES) - eraseStart,
			enciphers: payload.length === 20 && word(payload, 4) !== 0,
			dirtySeen: false
		};
		if (inflates) state.inflater = createInflater();
		return { status: yield* eraseNext(machine, state.write) };
	};
}
const data = (machine, state, { payload, checksum }) => {
	if (payload.length < 16) return { status: statusCodes.stubNotEnoughData };
	const { write } = state;
	if (write === void 0) return { status: statusCodes.stubNotInFlashMode };
	const block = payload.subarray(16);
	if (word(payload, 0) !== block.length) return { status: statusCodes.stubTooMuchData };
	if (blockChecksum(block) !== checksum) return { status: statusCodes.stubBadChecksum };
	return {
		...stubOk,
		after: () => writeNext(machine, write, block.subarray(0, write.remainingBytes))
	};
};
const deflateData = (machine, state, { payload, checksum }) => {
	if (payload.length < 16) return badLength;
	const { write } = state;
	if (write === void 0) return { status: statusCodes.stubNotInFlashMode };
	const lengthBytes = word(payload, 0);
	const block = payload.subarray(16, 16 + lengthBytes);
	if (block.length !== lengthBytes || blockChecksum(block) !== checksum) return { status: statusCodes.stubBadChecksum };
	return {
		...stubOk,
		after: () => inflateAndWrite(machine, state, write, block, word(payload, 1))
	};
};
function ended(state) {
	state.write = void 0;
	state.inflater = createInflater();
}
/** Its flag asks for a reboot, which the stub does not do. */
const end = (_machine, state, { payload }) => {
	if (payload.length !== 4) return badLength;
	if (state.write === void 0) return { status: statusCodes.stubNotInFlashMode };
	if (state.write.remainingBytes !== 0) return badLength;
	ended(state);
	return stubOk;
};
const eraseFlash = function* ({ bus }) {
	yield* bus.ready();
	bus.startErase(0, bus.memory.sizeBytes);
	yield* bus.ready();
	return stubOk;
};
/** Erases whether blank or not. */
const eraseRegion = function* ({ bus }, _state, { payload }) {
	if (payload.length !== 8) return badLength;
	const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
	if (offset % 4096 !== 0 || lengthBytes % 4096 !== 0) return badLength;
	for (let done = 0; done < lengthBytes;) {
		yield* bus.ready();
		const piece = nextErasePiece(offset + done, lengthBytes - done);
		bus.startErase(offset + done, piece);
		done += piece;
	}
	yield* bus.ready();
	return stubOk;
};
const stubFlashHandlers = [
	[opcodes.flashBegin, begin(false)],
	[opcodes.flashData, data],
	[opcodes.flashEnd, end],
	[opcodes.flashDeflBegin, begin(true)],
	[opcodes.flashDeflData, deflateData],
	[opcodes.flashDeflEnd, end],
	[opcodes.eraseFlash, eraseFlash],
	[opcodes.eraseRegion, eraseRegion]
];
// src/virtual/stub-read-commands.ts
const MEBIBYTE = 1048576;
const MAX_PACKET_BYTES = 4096;
const ACK_BYTES = 4;
/** Reads in pieces of a sector, as the stub does; `undefined` beyond the flash. */
function readPieces(machine, offset, lengthBytes) {
	if (offset + lengthBytes > machine.bus.limitBytes) return void 0;
	const pieces = [];
	for (let done = 0; done < lengthBytes; done += SECTOR_BYTES) pieces.push(machine.bus.read(offset + done, Math.min(SECTOR_BYTES, lengthBytes - done)));
	return concatBytes(...pieces);
}
const md5 = function* (machine, _state, { payload }) {
	if (payload.length !== 16) return badLength;
	yield* machine.bus.ready();
	const bytes = readPieces(machine, word(payload, 0), word(payload, 1));
	if (bytes === void 0) return spiFailed;
	yield* busy(bytes.length / MEBIBYTE * timing.stubMd5MsPerMebibyte);
	return {
		...stubOk,
		data: machine.md5(bytes)
	};
};
/** One packet at a time, each waiting for a frame with the number of bytes received; at the end the MD5 of all. */
function* sendFlash(machine, payload) {
	const [offset, lengthBytes, packetBytes] = [
		word(payload, 0),
		word(payload, 1),
		word(payload, 2)
	];
	if (packetBytes > MAX_PACKET_BYTES) return statusCodes.stubBadLength;
	const sent = [];
	let sentBytes = 0;
	let acknowledgedBytes = 0;
	while (sentBytes < lengthBytes || acknowledgedBytes < lengthBytes) {
		if (sentBytes < lengthBytes) {
			yield* machine.bus.ready();
			const packet = readPieces(machine, offset + sentBytes, Math.min(packetBytes, lengthBytes - sentBytes));
			if (packet === void 0) return statusCodes.stubSpiFailed;
			machine.send(packet);
			sent.push(packet);
			sentBytes += packet.length;
		}
		const acknowledgement = yield* nextFrame();
		if (acknowledgement.length !== ACK_BYTES) break;
		acknowledgedBytes = readUint32(acknowledgement, 0);
	}
	machine.send(machine.md5(concatBytes(...sent)));
	return 0;
}
const readFlash = (machine, _state, { payload }) => {
	if (payload.length !== 16) return badLength;
	return {
		...stubOk,
		after: () => sendFlash(machine, payload)
	};
};
const stubReadHandlers = [[opcodes.spiFlashMd5, md5], [opcodes.readFlash, readFlash]];
// src/virtual/stub-system-commands.ts
const SYNC_BYTES = 36;
const EXTRA_SYNC_REPLIES = 7;
const WRITE_REGISTER_BYTES = 16;
const sync = (_machine, _state, { payload }) => payload.length === SYNC_BYTES ? {
	...stubOk,
	extraReplies: EXTRA_SYNC_REPLIES
} : badLength;
const memoryBegin = (_machine, state, { payload }) => {
	if (payload.length !== 16) return badLength;
	state.ram = {
		nextAddress: word(payload, 3),
		remainingBytes: word(payload, 0)
	};
	return stubOk;
};
/** The stub compares no checksum here, and an address that is no RAM ends in an exception. */
const memoryData = function* ({ memory }, state, { payload }) {
	if (payload.length < 16) return { status: statusCodes.stubNotEnoughData };
	if (state.ram === void 0) return { status: statusCodes.stubNotInFlashMode };
	const block = payload.subarray(16);
	if (state.ram.remainingBytes < word(payload, 0) || word(payload, 0) !== block.length) return { status: statusCodes.stubTooMuchData };
	if (!memory.isRam(state.ram.nextAddress, block.length)) yield* hang();
	memory.writeBytes(state.ram.nextAddress, block);
	state.ram.nextAddress += block.length;
	state.ram.remainingBytes -= block.length;
	return stubOk;
};
const memoryEnd = (machine, state, { payload }) => {
	if (payload.length !== 8) return badLength;
	if (state.ram === void 0) return { status: statusCodes.stubNotInFlashMode };
	state.ram = void 0;
	const [stays, entry] = [word(payload, 0) !== 0, word(payload, 1)];
	if (stays) return stubOk;
	return {
		...stubOk,
		*after() {
			return stubAt(machine, entry) ? "stub" : yield* hang();
		}
	};
};
const readRegister = ({ memory }, _state, { payload }) => payload.length === 4 ? {
	...stubOk,
	value: memory.readWord(word(payload, 0))
} : badLength;
const writeRegister = function* ({ memory }, _state, { payload }) {
	if (payload.length === 0 || payload.length % WRITE_REGISTER_BYTES !== 0) return { status: statusCodes.stubNotEnoughData };
	for (let index = 0; index < payload.length / 4; index += 4) {
		const [address, value, mask] = [
			word(payload, index),
			word(payload, index + 1),
			word(payload, index + 2)
		];
		yield* busy(word(payload, index + 3) / 1e3);
		memory.writeWord(address, value & mask | memory.readWord(address) & ~mask);
	}
	return stubOk;
};
const spiAttach = ({ bus }, _state, { payload }) => {
	if (payload.length !== 4) return badLength;
	bus.attached = true;
	return stubOk;
};
const spiSetParams = ({ bus }, _state, { payload }) => {
	if (payload.length !== 24) return badLength;
	bus.limitBytes = word(payload, 1);
	return stubOk;
};
/** The rate changes after the reply has left. */
const changeBaudrate = (machine, _state, { payload }) => {
	if (payload.length !== 8) return badLength;
	return {
		...stubOk,
		*after() {
			yield* busy(0);
			machine.setBaud(word(payload, 0));
			return 0;
		}
	};
};
/** Only newer chips have this information; the stub asks the ROM for it. */
const getSecurityInfo = ({ settings, silicon }, _state, { payload }) => {
	if (payload.length !== 0) return badLength;
	const info = silicon.rom.securityInfo;
	if (info === void 0) return { status: statusCodes.stubNotImplemented };
	return {
		...stubOk,
		data: encodeSecurityInfo(info, settings.security)
	};
};
const stubSystemHandlers = [
	[opcodes.sync, sync],
	[opcodes.memBegin, memoryBegin],
	[opcodes.memData, memoryData],
	[opcodes.memEnd, memoryEnd],
	[opcodes.readReg, readRegister],
	[opcodes.writeReg, writeRegister],
	[opcodes.spiAttach, spiAttach],
	[opcodes.spiSetParams, spiSetParams],
	[opcodes.changeBaudrate, changeBaudrate],
	[opcodes.getSecurityInfo, getSecurityInfo]
];
// src/virtual/stub-loader.ts
const handlers = new Map([
	...stubSystemHandlers,
	...stubFlashHandlers,
	...stubReadHandlers
]);
const HEADER_BYTES = 8;
const REQUEST = 0;
/** Places for NAND commands, which answer "not implemented" until a host loads the plugin. */
const FIRST_PLUGIN_OP = 213;
const LAST_PLUGIN_OP = 222;
const GREETING = Buffer.from("OHAI", "latin1");
/** A buffer of 0x4000 + 0xFF and the header, twice: one frame is worked on while the next one arrives. */
const stubSlipRules = {
	maxFrameBytes: 16647,
	emptyFrameEnds: true,
	maxWaitingFrames: 1,
	deafBytes: 128
};
function sendReply(machine, op, outcome) {
	const status = Uint8Array.of(outcome.status >>> 8, outcome.status & 255);
	const data = outcome.status === 0 ? outcome.data : void 0;
	const reply = encodeReply(op, outcome.value ?? 0, concatBytes(data ?? /* @__PURE__ */ new Uint8Array(0), status));
	for (let count = 0; count <= (outcome.extraReplies ?? 0); count++) machine.send(reply);
}
function unknown(op) {
	return { status: op >= FIRST_PLUGIN_OP && op <= LAST_PLUGIN_OP ? statusCodes.stubNotImplemented : statusCodes.stubInvalidCommand };
}
/** The frame as the stub's buffer shows it: what a frame shorter than a header lacks reads as zeros. */
function readRequest(frame) {
	return parseRequest(frame.length < HEADER_BYTES ? concatBytes(frame, new Uint8Array(HEADER_BYTES - frame.length)) : frame);
}
function* carryOut(machine, state, request) {
	const handler = handlers.get(request.op);
	if (handler === void 0) return unknown(request.op);
	const result = handler(machine, state, request);
	return "next" in result ? yield* result : result;
}
/** Ends only when a host starts it anew. */
function* stubLoader(machine) {
	const state = {
		write: void 0,
		ram: void 0,
		inflater: createInflater(),
		inflated: /* @__PURE__ */ new Uint8Array(0)
	};
	let lateStatus = 0;
	machine.bus.attached = true;
	machine.bus.limitBytes = machine.bus.memory.sizeBytes;
	machine.bus.reachBytes = machine.silicon.stubReachBytes;
	yield* busy(timing.stubStartMs);
	machine.send(GREETING);
	while (true) {
		const frame = yield* nextFrame();
		const request = readRequest(frame);
		if (request === void 0) continue;
		yield* machine.commandTaken("stub");
		const { op } = request;
		if (request.direction !== REQUEST) sendReply(machine, op, { status: statusCodes.stubInvalidCommand });
		else if (frame.length !== request.lengthBytes + HEADER_BYTES) sendReply(machine, op, { status: statusCodes.stubBadLength });
		else if (lateStatus !== 0) {
			sendReply(machine, op, { status: lateStatus });
			lateStatus = 0;
		} else if (op !== opcodes.runUserCode) {
			const outcome = yield* carryOut(machine, state, request);
			sendReply(machine, op, outcome);
			const after = outcome.status === 0 && outcome.after !== void 0 ? yield* outcome.after() : 0;
			if (after === "stub") return "stub";
			lateStatus = after;
		}
	}
}
// src/virtual/boot-program.ts
/** What the ROM says of an image that it loads. */
function loadLog(log, image) {
	const digest = image.digestMismatch;
	return lines(...log.load(image), ...digest === void 0 ? [] : [
		"SHA-256 comparison failed:",
		`Calculated: ${digest.calculated}`,
		`Expected: ${digest.stored}`,
		"Attempting to boot anyway..."
	], ...log.entry ? [`entry ${hex(image.entry, 8)}`] : []);
}
function loadsIntoRam({ memory }, { segments, entry }) {
	return segments.every(({ address, lengthBytes }) => memory.isRam(address, lengthBytes)) && memory.isRam(entry, 1);
}
/** The ROM boots from the flash; ends with the cause of the next reset where that fails. */
function* bootFromFlash(machine, cause, namesInvalidHeader) {
	const read = (offset, lengthBytes) => machine.readAtBoot(offset, lengthBytes);
	const { boot, chipId, log } = machine.silicon;
	const rules = {
		headerBytes: boot.headerBytes,
		comparesDigest: boot.comparesDigest,
		wantsSignature: machine.settings.security.has("secure-boot"),
		...boot.checksChipId && chipId !== void 0 ? { chipId } : {}
	};
	const image = checkImage(read, boot.offset, rules, machine.bus.memory.sizeBytes);
	switch (image.kind) {
		case "good":
			machine.print(loadLog(log, image));
			if (boot.headerBytes === 8) return yield* runBareApp(machine, image, cause);
			if (loadsIntoRam(machine, image)) return yield* secondStage(machine, read, image, cause);
			break;
		case "bad-checksum":
			machine.print(lines(...log.checksumFailed(image.calculated, image.stored)));
			break;
		case "wrong-chip":
			machine.print(lines(`Invalid chip id. Expected ${image.expected} read ${image.found}. Bootloader for wrong chip?`));
			break;
		case "unsigned":
			machine.print(lines(...log.unsigned));
			break;
		case "no-image": {
			const times = namesInvalidHeader ? Math.max(1, log.invalidHeaders) : log.invalidHeaders;
			for (let time = 0; time < times; time++) machine.print(lines(`invalid header: ${hex(image.firstWord, 8)}`));
		}
	}
	return yield* resetBy("watchdog", timing.bootLoopMs);
}
/** The loader, and the stub that it may start; ends where the chip leaves them. */
function* download(machine) {
	machine.enter("rom");
	let end = yield* romLoader(machine);
	while (end === "stub") {
		machine.enter("stub");
		end = yield* stubLoader(machine);
	}
	return end;
}
/** All that the chip does from EN's rise on. */
function* chipProgram(machine, firstCause, namesInvalidHeader) {
	let cause = firstCause;
	while (true) {
		machine.enter("boot");
		yield* busy(timing.romStartMs);
		const { log } = machine.silicon;
		machine.print(lines(...log.head(cause, machine.bootMode)));
		if (machine.bootMode === "download") machine.print(lines(...log.download));
		if (machine.bootMode === "download" && (yield* download(machine)) === "restart") cause = "software";
		else {
			machine.enter("boot");
			cause = yield* bootFromFlash(machine, cause, namesInvalidHeader);
		}
		machine.resetsItself(cause);
	}
}
// src/virtual/own-path.ts
/** The whole path of a board's file. Throws an Error where a link in the workspace leads out of it. */
function ownPath(file) {
	const path = resolve(file);
	const elsewhere = linkedOutside(path);
	if (elsewhere !== void 0) throw new Error(`a link leads to ${elsewhere}, outside of the workspace`);
	return path;
}
// src/virtual/flash-file.ts
const SIZES = [
	1,
	2,
	4,
	8,
	16,
	32
].map((mebibytes) => mebibytes * 1048576);
const openPaths = /* @__PURE__ */ new Set();
function isAlive(pid) {
	try {
		process.kill(pid, 0);
		return true;
	} catch (thrown) {
		return thrown.code === "EPERM";
	}
}
const inUse = (path, pid) => new FlashError("port/busy", `The flash file ${path} is in use by process ${pid}.`, {
	path,
	pid
});
/** One board a file. A lock that a dead process left behind is taken over. */
function lock(path) {
	const lockPath = ownPath(`${path}.lock`);
	if (openPaths.has(path)) throw inUse(path, process.pid);
	for (let attempt = 0;; attempt++) {
		try {
			const fd = openSync(lockPath, "wx");
			writeSync(fd, String(process.pid));
			closeSync(fd);
			openPaths.add(path);
			return lockPath;
		} catch (thrown) {
			if (thrown.code !== "EEXIST" || attempt > 2) throw thrown;
		}
		const owner = Number(readFileSync(lockPath, "utf8"));
		if (owner > 0 && owner !== process.pid && isAlive(owner)) throw inUse(path, owner);
		rmSync(lockPath, { force: true });
	}
}
function sectorsIn(offset, lengthBytes) {
	const first = Math.floor(offset / SECTOR_BYTES);
	return Array.from({ length: Math.ceil(lengthBytes / SECTOR_BYTES) }, (_, index) => first + index);
}
function readSideState(fd) {
	const text = readFileSync(fd, "utf8").trim();
	return text === "" ? { weakSectors: [] } : JSON.parse(text);
}
function openCells(path, wantedBytes) {
	const fd = openSync(path, "a+");
	closeSync(fd);
	const cellsFd = openSync(path, "r+");
	const stored = readFileSync(cellsFd);
	if (stored.length === 0) {
		const blank = new Uint8Array(wantedBytes ?? 4194304).fill(255);
		writeSync(cellsFd, blank, 0, blank.length, 0);
		return {
			fd: cellsFd,
			bytes: blank
		};
	}
	if (!SIZES.includes(stored.length) || wantedBytes !== void 0 && wantedBytes !== stored.length) {
		closeSync(cellsFd);
		throw new FlashError("input/invalid", `port: the flash file ${path} has ${stored.length} bytes; accepted: ${wantedBytes ?? SIZES.join(", ")}.`, { input: "port" });
	}
	return {
		fd: cellsFd,
		bytes: new Uint8Array(stored)
	};
}
/**
* Opens a file as the board's flash, or makes a blank one. Every change reaches the file before the call returns, so
* that it outlives a killed process; what was being erased then comes back weak. Throws `port/busy` if another board
* has the file, `input/invalid` if its size is not that of the flash, `port/open-failed` for anything else.
*/
function openFlashFile(file, wantedBytes) {
	const path = resolve(file);
	try {
		return open(path, wantedBytes);
	} catch (thrown) {
		if (thrown instanceof FlashError) throw thrown;
		throw new FlashError("port/open-failed", `The flash file ${path} cannot be used: ${String(thrown)}`, { path }, thrown);
	}
}
function open(path, wantedBytes) {
	const lockPath = lock(path);
	const unlock = () => {
		rmSync(lockPath, { force: true });
		openPaths.delete(path);
	};
	try {
		const { fd, bytes } = openCells(ownPath(path), wantedBytes);
		const sidePath = ownPath(`${path}.state.json`);
		const sideFd = openSync(sidePath, "a+");
		const state = readSideState(sideFd);
		closeSync(sideFd);
		const stateFd = openSync(sidePath, "r+");
		const stateBytes = bytes.length / SECTOR_BYTES * 6 + 100;
		const save = (next) => {
			writeSync(stateFd, JSON.stringify(next).padEnd(stateBytes), 0, "utf8");
		};
		let weakSectors = [...state.weakSectors];
		if (state.erasing !== void 0) {
			const { offset, lengthBytes } = state.erasing;
			bytes.fill(255, offset, offset + lengthBytes);
			writeSync(fd, bytes, offset, lengthBytes, offset);
			weakSectors = [.../* @__PURE__ */ new Set([...weakSectors, ...sectorsIn(offset, lengthBytes)])];
		}
		save({ weakSectors });
		return {
			content: {
				bytes,
				weakSectors
			},
			store: {
				write: (offset, part) => void writeSync(fd, part, 0, part.length, offset),
				eraseBegins: (offset, lengthBytes) => save({
					erasing: {
						offset,
						lengthBytes
					},
					weakSectors
				}),
				eraseEnded(weak) {
					weakSectors = [...weak];
					save({ weakSectors });
				},
				close() {
					closeSync(fd);
					closeSync(stateFd);
					unlock();
				}
			}
		};
	} catch (thrown) {
		unlock();
		throw thrown;
	}
}
// src/virtual/board-flash.ts
const DEFAULT_FLASH_BYTES = 4194304;
/** A board's flash with its faults: what its file holds, or a blank one. Throws as `openFlashFile`. */
function createBoardFlash({ flashFile, flashSizeBytes, seed }, faults) {
	const file = flashFile === void 0 ? void 0 : openFlashFile(flashFile, flashSizeBytes);
	return createFlashMemory(file?.content ?? {
		bytes: new Uint8Array(flashSizeBytes ?? DEFAULT_FLASH_BYTES).fill(255),
		weakSectors: []
	}, seed, {
		staysUnerased: (sector) => faults.staysUnerased(sector),
		isWorn: (sector) => faults.isWorn(sector),
		programmed(offset, bytes) {
			if (bytes.length === 0 || !faults.flipsBit(Math.floor(offset / 4096))) return bytes;
			const wrong = bytes.slice();
			wrong[0] = (wrong[0] ?? 0) ^ 1;
			return wrong;
		}
	}, file?.store);
}
// src/virtual/memory.ts
const contains = (range, address, lengthBytes) => address >= range.start && address + lengthBytes <= range.end;
function createMemory(silicon, registers) {
	const banks = silicon.ramRanges.map((range) => ({
		range,
		bytes: /* @__PURE__ */ new Uint8Array(0)
	}));
	/** RAM behind an address, and the address within it. Banks are made when they are first used. */
	const locate = (address, lengthBytes) => {
		const bank = banks.find(({ range }) => contains(range, address, lengthBytes));
		if (bank === void 0) return void 0;
		if (bank.bytes.length === 0) bank.bytes = new Uint8Array(bank.range.end - bank.range.start);
		return {
			bytes: bank.bytes,
			at: address - bank.range.start
		};
	};
	return {
		readWord(address) {
			const ram = locate(address, 4);
			return ram === void 0 ? registers.read(address) : new DataView(ram.bytes.buffer).getUint32(ram.at, true);
		},
		writeWord(address, value) {
			const ram = locate(address, 4);
			if (ram === void 0) registers.write(address, value >>> 0);
			else new DataView(ram.bytes.buffer).setUint32(ram.at, value >>> 0, true);
		},
		isRam: (address, lengthBytes) => banks.some(({ range }) => contains(range, address, lengthBytes)),
		readBytes(address, lengthBytes) {
			const ram = locate(address, lengthBytes);
			return ram === void 0 ? /* @__PURE__ */ new Uint8Array(0) : ram.bytes.subarray(ram.at, ram.at + lengthBytes);
		},
		writeBytes(address, bytes) {
			const ram = locate(address, bytes.length);
			ram?.bytes.set(bytes, ram.at);
		}
	};
}
// src/virtual/slip-receiver.ts
const END = 192;
const ESC = 219;
const ESC_END = 220;
const ESC_ESC = 221;
/** `waitingFrames` tells how many frames nobody has taken yet. */
function createSlipReceiver(onFrame, waitingFrames) {
	let rules = {
		maxFrameBytes: 0,
		emptyFrameEnds: false,
		maxWaitingFrames: 0,
		deafBytes: 0
	};
	let state = "outside";
	let buffer = /* @__PURE__ */ new Uint8Array(0);
	let length = 0;
	let deafBytes = 0;
	const put = (byte) => {
		if (length < rules.maxFrameBytes) buffer[length++] = byte;
		else state = "outside";
	};
	const end = () => {
		if (length > 0) {
			state = "outside";
			deafBytes = rules.deafBytes;
			onFrame(buffer.slice(0, length));
		} else if (rules.emptyFrameEnds) state = "outside";
		length = 0;
	};
	return {
		push(byte) {
			if (deafBytes > 0) deafBytes--;
			else if (state === "outside") {
				if (byte !== END || waitingFrames() >= rules.maxWaitingFrames) return;
				state = "inside";
				length = 0;
			} else if (state === "escaping") {
				state = "inside";
				if (byte === ESC_END) put(END);
				else if (byte === ESC_ESC) put(ESC);
				else state = "outside";
			} else if (byte === END) end();
			else if (byte === ESC) state = "escaping";
			else put(byte);
		},
		rest() {
			deafBytes = 0;
		},
		restart(next) {
			deafBytes = 0;
			rules = next;
			buffer = new Uint8Array(next.maxFrameBytes);
			state = "outside";
			length = 0;
		}
	};
}
/** Frames what the chip sends. */
function frameForHost(content) {
	const framed = [END];
	for (const byte of content) if (byte === END) framed.push(ESC, ESC_END);
	else if (byte === ESC) framed.push(ESC, ESC_ESC);
	else framed.push(byte);
	framed.push(END);
	return Uint8Array.from(framed);
}
// src/virtual/board-machine.ts
/** The chip as its programs reach it, from one start to the next. */
function createMachine(parts) {
	const { silicon, settings, bus, registers, uart, faults, clockRatio, stage, loseLink, brownOut, systemReset } = parts;
	return {
		silicon,
		settings,
		bus,
		memory: createMemory(silicon, registers),
		bootMode: parts.bootMode,
		scripts: parts.scripts,
		bootCounts: parts.bootCounts,
		enter: (next) => parts.enter(next),
		resetsItself: (cause) => parts.resetsItself(cause),
		leaveUsb: (durationMs) => parts.leaveUsb(durationMs),
		send: (content) => uart.fromChip(frameForHost(content)),
		print: (text) => uart.fromChip(Buffer.from(text, "latin1")),
		setBaud(baud) {
			const realBaud = stage() === "rom" ? baud * clockRatio : baud;
			uart.setChipBaud(realBaud);
			registers.setBaud(realBaud);
		},
		adoptHostBaud() {
			if (!uart.measuring) return;
			uart.setChipBaud(uart.heardBaud);
			registers.setBaud(uart.heardBaud);
		},
		get measuringBaud() {
			return uart.measuring;
		},
		*commandTaken(loader) {
			switch (faults.commandFate(loader)) {
				case "carried-out": break;
				case "link-lost":
					loseLink();
					break;
				case "brownout":
					brownOut();
					yield* hang();
					break;
				case "watchdog":
					systemReset();
					yield* hang();
					break;
				case "hang": yield* hang();
			}
		},
		readAtBoot(offset, lengthBytes) {
			const cells = bus.memory.read(offset, lengthBytes);
			return settings.security.has("flash-encryption") ? cipher(offset, cells) : cells;
		},
		md5(bytes) {
			const digest = createHash("md5").update(bytes).digest();
			if (faults.md5Wrong()) digest[0] = (digest[0] ?? 0) ^ 1;
			return digest;
		}
	};
}
// src/virtual/json-file.ts
function jsonFile(path) {
	return {
		read() {
			try {
				return JSON.parse(readFileSync(ownPath(path), "utf8"));
			} catch (thrown) {
				if (thrown.code === "ENOENT") return void 0;
				throw thrown;
			}
		},
		write(value) {
			const whole = ownPath(`${path}.new`);
			writeFileSync(whole, `${JSON.stringify(value, null, 2)}\n`);
			renameSync(whole, path);
		}
	};
}
/** Runs `use`; what goes wrong with the file becomes `port/open-failed`. */
function withJsonFile(path, use) {
	try {
		return use(jsonFile(path));
	} catch (thrown) {
		const message = `The virtual board cannot keep its counters in ${path}: ${String(thrown)}`;
		throw new FlashError("port/open-failed", message, { path }, thrown);
	}
}
// src/virtual/boot-counts.ts
function readCounts(content) {
	const entries = Object.entries(content ?? {});
	if (!entries.every(([, count]) => Number.isSafeInteger(count))) throw new Error("it holds no counters");
	return new Map(entries);
}
/** Counts lie beside `flashFile`, if there is one. Throws `port/open-failed` where their file cannot be used. */
function openBootCounts(flashFile) {
	const path = flashFile === void 0 ? void 0 : `${flashFile}.boots.json`;
	const counts = path === void 0 ? /* @__PURE__ */ new Map() : withJsonFile(path, (file) => readCounts(file.read()));
	return {
		last: (app) => counts.get(app) ?? 1,
		next(app) {
			const number = (counts.get(app) ?? 0) + 1;
			counts.set(app, number);
			if (path !== void 0) withJsonFile(path, (file) => file.write(Object.fromEntries(counts)));
			return number;
		}
	};
}
// src/virtual/console-input.ts
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;
const MAX_LINE_BYTES = 1024;
/** Cuts what the host types into lines, as an app's console does: either end of line, or both, end one. */
function createConsoleInput(onLine) {
	let typed = [];
	return {
		push(byte) {
			if (byte !== CARRIAGE_RETURN && byte !== LINE_FEED) {
				if (typed.length < MAX_LINE_BYTES) typed.push(byte);
				return;
			}
			if (typed.length === 0) return;
			const line = Uint8Array.from(typed);
			typed = [];
			onLine(line);
		},
		clear() {
			typed = [];
		}
	};
}
// src/virtual/faults.ts
/** What a board can be made to suffer. A new fault is a row here and its handling in `createFaults`. */
const faultTable = {
	silent: {
		number: "none",
		meaning: "the chip sends nothing"
	},
	"run-mode": {
		number: "none",
		meaning: "IO0 is not connected: every reset boots from the flash"
	},
	"no-sync": {
		number: "none",
		meaning: "the chip hears nothing; what it prints arrives"
	},
	garbage: {
		number: "none",
		meaning: "every byte from the chip arrives as noise"
	},
	"noisy-above": {
		number: "baud rate",
		meaning: "above this rate some bytes arrive wrong, both ways"
	},
	"link-lost-byte": {
		number: "byte",
		meaning: "the link breaks once, at this byte from the host"
	},
	"link-lost-command": {
		number: "command",
		meaning: "the link breaks once, when the chip takes this command"
	},
	"reset-command": {
		number: "command",
		meaning: "the supply dips once and the chip resets, at this command"
	},
	"watchdog-command": {
		number: "command",
		meaning: "the chip's watchdog resets it once, at this command"
	},
	"stub-dies": {
		number: "command",
		meaning: "the stub hangs at its command of this number"
	},
	"write-fails": {
		number: "write",
		meaning: "this write to the flash is refused, once"
	},
	"sector-stuck": {
		number: "sector",
		meaning: "this sector does not erase"
	},
	"sector-worn": {
		number: "sector",
		meaning: "this sector erases, but for one bit that stays 0"
	},
	"bit-flip": {
		number: "sector",
		meaning: "the first write into this sector leaves one bit wrong"
	},
	"md5-wrong": {
		number: "MD5",
		meaning: "this MD5 reply is wrong, once"
	},
	"to-chip-flip": {
		number: "byte",
		meaning: "this byte from the host arrives with a bit flipped"
	},
	"to-chip-drop": {
		number: "byte",
		meaning: "this byte from the host does not arrive"
	},
	"to-chip-double": {
		number: "byte",
		meaning: "this byte from the host arrives twice"
	},
	"to-host-flip": {
		number: "byte",
		meaning: "this byte from the chip arrives with a bit flipped"
	},
	"to-host-drop": {
		number: "byte",
		meaning: "this byte from the chip does not arrive"
	},
	"to-host-double": {
		number: "byte",
		meaning: "this byte from the chip arrives twice"
	}
};
/** One byte in this many arrives wrong on a noisy line. Assumed. */
const NOISE_SPACING = 400;
function createFaults(list, seed) {
	const has = (name) => list.some((fault) => fault.name === name);
	const numbers = (name) => list.filter((fault) => fault.name === name).map(({ number }) => number);
	/** A counter that says whether it has just reached one of the fault's numbers. */
	const strikes = (name) => {
		const at = numbers(name);
		let count = 0;
		return () => at.includes(++count);
	};
	const noisyAbove = Math.min(1e400, ...numbers("noisy-above"));
	const linkLostAt = numbers("link-lost-byte");
	const flips = new Set(numbers("bit-flip"));
	const stuck = new Set(numbers("sector-stuck"));
	const worn = new Set(numbers("sector-worn"));
	const linkLostCommand = strikes("link-lost-command");
	const resetCommand = strikes("reset-command");
	const watchdogCommand = strikes("watchdog-command");
	const stubDies = strikes("stub-dies");
	const writeFails = strikes("write-fails");
	const md5Fails = strikes("md5-wrong");
	let hostBytes = 0;
	const damaged = (side) => {
		const damages = new Map([
			"flip",
			"drop",
			"double"
		].flatMap((damage) => numbers(`${side}-${damage}`).map((number) => [number, damage])));
		let count = 0;
		return (bytes, baud) => {
			const from = count;
			count += bytes.length;
			const noisy = baud > noisyAbove;
			if (!noisy && damages.size === 0) return bytes;
			const result = [];
			bytes.forEach((byte, index) => {
				const damage = damages.get(from + index + 1);
				const wrong = noisy && noise(seed, from + index) % NOISE_SPACING === 0;
				if (damage !== "drop") result.push(damage === "flip" || wrong ? byte ^ 16 : byte);
				if (damage === "double") result.push(byte);
			});
			return Uint8Array.from(result);
		};
	};
	const damagedToChip = damaged("to-chip");
	const damagedToHost = damaged("to-host");
	let garbageTurn = 0;
	return {
		toChip: (bytes, baud) => has("no-sync") ? /* @__PURE__ */ new Uint8Array(0) : damagedToChip(bytes, baud),
		toHost(bytes, baud) {
			if (has("silent")) return /* @__PURE__ */ new Uint8Array(0);
			return has("garbage") ? noiseBytes(bytes.length, seed, garbageTurn++) : damagedToHost(bytes, baud);
		},
		linkLostWithin(lengthBytes) {
			const from = hostBytes;
			hostBytes += lengthBytes;
			const at = linkLostAt.find((number) => number > from && number <= hostBytes);
			return at === void 0 ? void 0 : at - from;
		},
		commandFate(loader) {
			const [linkLost, brownout, watchdog] = [
				linkLostCommand(),
				resetCommand(),
				watchdogCommand()
			];
			if (loader === "stub" && stubDies()) return "hang";
			if (brownout) return "brownout";
			if (watchdog) return "watchdog";
			return linkLost ? "link-lost" : "carried-out";
		},
		writeRefused: writeFails,
		staysUnerased: (sector) => stuck.has(sector),
		isWorn: (sector) => worn.has(sector),
		flipsBit: (sector) => flips.delete(sector),
		md5Wrong: md5Fails,
		io0Cut: has("run-mode")
	};
}
// src/virtual/processor.ts
function createProcessor(clock, timing, hasListener) {
	let program;
	let wait;
	let frames = [];
	let cancelTimer;
	let workedUntilMs = 0;
	const drop = () => {
		cancelTimer?.();
		cancelTimer = void 0;
		program = void 0;
		wait = void 0;
		frames = [];
	};
	const durationOf = (waiting) => {
		if (waiting.kind === "pause") return waiting.durationMs;
		return waiting.kind === "busy" && timing.mode === "modelled" ? waiting.durationMs / timing.speed : 0;
	};
	/** The value to resume with, or `undefined` if the program has to stay where it is. */
	const ready = (waiting) => {
		switch (waiting.kind) {
			case "frame": {
				const frame = frames.shift();
				return frame && { frame };
			}
			case "listener": return hasListener() ? {} : void 0;
			case "never": return;
			case "busy":
			case "pause": {
				const durationMs = durationOf(waiting);
				if (durationMs === 0) return {};
				workedUntilMs += durationMs;
				const leftMs = workedUntilMs - clock.nowMs();
				if (leftMs <= 0) return {};
				const running = program;
				cancelTimer = clock.schedule(leftMs, () => {
					cancelTimer = void 0;
					if (program === running) proceed(void 0);
				});
				return;
			}
		}
	};
	const proceed = (first) => {
		const running = program;
		let input = first;
		while (running !== void 0 && program === running) {
			const step = running.next(input);
			if (program !== running) return;
			if (step.done === true) {
				drop();
				return;
			}
			wait = step.value;
			if (wait.kind !== "busy") workedUntilMs = clock.nowMs();
			const resume = ready(wait);
			if (resume === void 0) return;
			input = resume.frame;
		}
	};
	const wake = (kind) => {
		if (wait?.kind !== kind) return;
		const resume = ready(wait);
		if (resume === void 0) return;
		workedUntilMs = clock.nowMs();
		proceed(resume.frame);
	};
	return {
		run(next) {
			drop();
			program = next;
			workedUntilMs = clock.nowMs();
			proceed(void 0);
		},
		halt: drop,
		offer(frame) {
			if (program === void 0) return;
			frames.push(frame);
			wake("frame");
		},
		get waitingFrames() {
			return frames.length;
		},
		get listensForFrames() {
			return wait?.kind === "frame";
		},
		listened: () => wake("listener")
	};
}
const USR_ADDRESS = 1 << 30;
const USR_MISO = 1 << 28;
const ADDRESS_OFFSET = 4;
const MAX_DATA_BYTES = 64;
/** GigaDevice, as in the recorded conversations; the third byte is the logarithm of the size. */
const FLASH_VENDOR = 200;
const FLASH_TYPE = 64;
/** Flash commands that answer with data. All others are heard and change nothing that a board would notice. */
const READ_ID = 159;
const READ_DATA = 3;
function answer(bus, command, address, lengthBytes) {
	const data = new Uint8Array(lengthBytes);
	if (!bus.attached) return data.fill(255);
	if (command === READ_ID) data.set([
		FLASH_VENDOR,
		FLASH_TYPE,
		Math.log2(bus.memory.sizeBytes)
	].slice(0, lengthBytes));
	else if (command === READ_DATA) data.set(bus.read(address, lengthBytes));
	return data;
}
/** Runs the transfer that the USR registers describe, and leaves the flash's answer in W0 and up. */
function runSpiCommand(spi, bus, read, write) {
	const usr = read(spi.usr);
	if ((usr & USR_MISO) === 0) return;
	const command = read(spi.usr2) & 255;
	const usr1 = read(spi.usr1);
	const addressBits = (usr1 >>> 26) + 1;
	const rawAddress = (usr & USR_ADDRESS) === 0 ? 0 : read(spi.base + ADDRESS_OFFSET);
	const address = spi.addressFromTop && addressBits < 32 ? rawAddress >>> 32 - addressBits : rawAddress;
	const bits = (spi.misoLength === void 0 ? usr1 >>> 8 & 511 : read(spi.misoLength) & 16777215) + 1;
	const lengthBytes = Math.min(Math.ceil(bits / 8), MAX_DATA_BYTES);
	const padded = new Uint8Array(Math.ceil(lengthBytes / 4) * 4);
	padded.set(answer(bus, command, address, lengthBytes));
	const view = new DataView(padded.buffer);
	for (let offset = 0; offset < padded.length; offset += 4) write(spi.w0 + offset, view.getUint32(offset, true));
}
// src/virtual/registers.ts
function createRegisters(silicon, settings, bus, onWrite) {
	const values = new Map(silicon.registers(settings));
	const spiCommand = silicon.spi.base;
	const isReadOnly = (address) => silicon.readOnlyRanges.some(({ start, end }) => address >= start && address < end);
	const { registerAlias } = silicon;
	const named = (address) => registerAlias !== void 0 && address >= registerAlias.start && address < registerAlias.end ? address - registerAlias.start + registerAlias.of : address;
	const read = (address) => values.get(named(address)) ?? 0;
	return {
		read,
		write(asked, value) {
			const address = named(asked);
			onWrite(address, value, read);
			if (isReadOnly(address)) return;
			if (address !== spiCommand) values.set(address, value);
			else if ((value & 262144) !== 0) runSpiCommand(silicon.spi, bus, read, (target, word) => values.set(target, word));
		},
		preset: (address, value) => void values.set(address, value),
		setBaud(baud) {
			const clockHz = settings.crystalMhz * 1e6 * silicon.uartClockFactor;
			values.set(silicon.uartDivider, Math.floor(clockHz / baud) - 1);
		}
	};
}
// src/virtual/reset-circuit.ts
/** `started` tells what IO0 said when EN had risen. `held`: someone holds BOOT. */
function createResetCircuit(clock, io0, chip) {
	let lines = {
		dtr: false,
		rts: false
	};
	let powered = false;
	let cancelRise;
	const enLow = () => lines.rts && !lines.dtr;
	const sampledMode = () => {
		if (io0 === "cut") return "run";
		return io0 === "held" || lines.dtr && !lines.rts ? "download" : "run";
	};
	const stop = () => {
		cancelRise?.();
		cancelRise = void 0;
		chip.stopped();
	};
	const rise = (cause) => {
		cancelRise?.();
		cancelRise = clock.schedule(timing.enRiseMs, () => {
			cancelRise = void 0;
			chip.started(sampledMode(), cause);
		});
	};
	return {
		setLines(next) {
			const wasLow = enLow();
			lines = next;
			if (!powered || wasLow === enLow()) return;
			if (enLow()) stop();
			else rise("enable");
		},
		powerOn() {
			powered = true;
			if (!enLow()) rise("power-on");
		},
		powerOff() {
			powered = false;
			stop();
		},
		systemReset() {
			stop();
			chip.started(sampledMode(), "rtc-watchdog");
		}
	};
}
// src/virtual/script-steps.ts
/** Words such as `toString` are no row. */
const ownRow = (table, word) => Object.hasOwn(table, word) ? table[word] : void 0;
const MAX_NOISE_BYTES = 65536;
const MAX_BAUD = 5e6;
/** How a script names what resets a chip. */
const resetCauses = {
	restart: "restart",
	"tg0-watchdog": "watchdog",
	"tg1-watchdog": "tg1-watchdog",
	"rtc-watchdog": "rtc-watchdog",
	brownout: "brownout"
};
function single(kind, args) {
	return args.length === 1 && args[0]?.kind === kind ? args[0].value : void 0;
}
function duration(args) {
	const match = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s)$/.exec(single("word", args) ?? "");
	return match === null ? void 0 : Number(match[1]) * (match[2] === "s" ? 1e3 : 1);
}
function wholeNumber$1(args, max) {
	const text = single("word", args) ?? "";
	return /^[1-9]\d{0,8}$/.test(text) && Number(text) <= max ? Number(text) : void 0;
}
const withText = (args, make) => {
	const text = single("text", args);
	return text === void 0 ? void 0 : make(text);
};
const withDuration = (args, make) => {
	const durationMs = duration(args);
	return durationMs === void 0 ? void 0 : make(durationMs);
};
const alone = (args, step) => args.length === 0 ? step : void 0;
function onLine([line, word, ...args]) {
	if (line?.kind !== "text" || word?.kind !== "word" || word.value === "on" || word.value === "echo") return void 0;
	const step = stepRow(word.value)?.read(args);
	return step && {
		kind: "on",
		line: line.value,
		step
	};
}
/** The steps of a script by their first word; the README's table is made from them. */
const steps = {
	print: {
		takes: "\"text\"",
		meaning: "prints the text and an end of line",
		read: (args) => withText(args, (text) => ({
			kind: "write",
			text: `${text}\r\n`
		}))
	},
	write: {
		takes: "\"text\"",
		meaning: "prints the text alone",
		read: (args) => withText(args, (text) => ({
			kind: "write",
			text
		}))
	},
	wait: {
		takes: "500ms or 1.5s",
		meaning: "lets that time pass",
		read: (args) => withDuration(args, (durationMs) => ({
			kind: "wait",
			durationMs
		}))
	},
	on: {
		takes: "\"line\" and a step",
		meaning: "takes that step whenever this line arrives from the host",
		read: onLine
	},
	echo: {
		takes: "",
		meaning: "sends back every line that arrives",
		read: (args) => alone(args, { kind: "echo" })
	},
	reset: {
		takes: Object.keys(resetCauses).join(", "),
		meaning: "the chip starts again, for this reason",
		read: (args) => {
			const cause = ownRow(resetCauses, single("word", args) ?? "");
			return cause && {
				kind: "reset",
				cause
			};
		},
		ends: true
	},
	panic: {
		takes: "\"LoadProhibited\", or nothing",
		meaning: "prints a Guru Meditation Error with registers and backtrace, then restarts",
		read: (args) => {
			const reason = single("text", args);
			return args.length === 0 ? { kind: "panic" } : reason === void 0 ? void 0 : {
				kind: "panic",
				reason
			};
		},
		ends: true
	},
	abort: {
		takes: "",
		meaning: "as `abort()` does: says so with a backtrace, then restarts",
		read: (args) => alone(args, { kind: "abort" }),
		ends: true
	},
	brownout: {
		takes: "",
		meaning: "says that the brownout detector was triggered, then restarts",
		read: (args) => alone(args, { kind: "brownout" }),
		ends: true
	},
	sleep: {
		takes: "2s",
		meaning: "sleeps deeply for that time, and boots as it wakes",
		read: (args) => withDuration(args, (durationMs) => ({
			kind: "sleep",
			durationMs
		})),
		ends: true
	},
	hang: {
		takes: "",
		meaning: "does nothing any more",
		read: (args) => alone(args, { kind: "hang" }),
		ends: true
	},
	"usb-leave": {
		takes: "300ms",
		meaning: "the chip's own USB port goes away for that time (`usb=jtag` and `otg` only)",
		read: (args) => withDuration(args, (durationMs) => ({
			kind: "usb-leave",
			durationMs
		}))
	},
	baud: {
		takes: "9600",
		meaning: "the console's rate from now on",
		read: (args) => {
			const baud = wholeNumber$1(args, MAX_BAUD);
			return baud === void 0 ? void 0 : {
				kind: "baud",
				baud
			};
		}
	},
	noise: {
		takes: "64",
		meaning: "sends that many unreadable bytes",
		read: (args) => {
			const lengthBytes = wholeNumber$1(args, MAX_NOISE_BYTES);
			return lengthBytes === void 0 ? void 0 : {
				kind: "noise",
				lengthBytes
			};
		}
	}
};
/** The row of a step's first word, if there is such a step. */
const stepRow = (word) => ownRow(steps, word);
// src/virtual/parse-script.ts
/** A text in quotes, a word, a comment, or the blank between them. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[^\s"#]+|#.*$|\s+/y;
/** A mistake, for whoever knows the line's number. */
var Mistake = class extends Error {};
function tokens(line) {
	const found = [];
	TOKEN.lastIndex = 0;
	while (TOKEN.lastIndex < line.length) {
		const at = TOKEN.lastIndex;
		const text = TOKEN.exec(line)?.[0];
		if (text === void 0) throw new Mistake(`the text that begins at column ${at + 1} has no end`);
		if (text.startsWith("#") || text.trim() === "") continue;
		if (!text.startsWith("\"")) {
			found.push({
				kind: "word",
				value: text
			});
			continue;
		}
		try {
			found.push({
				kind: "text",
				value: JSON.parse(text)
			});
		} catch {
			throw new Mistake(`${text} is no text as JSON writes it (\\n, \\t, \\", \\\\, \\u001b)`);
		}
	}
	return found;
}
function readSelector(args) {
	const [project, version, ...rest] = args.map(({ value }) => value);
	if (project === void 0 || project === "" || rest.length > 0) throw new Mistake("`app` takes a project and perhaps a version, each with * for any text, or elf:<hex digits>");
	if (!project.startsWith("elf:")) return {
		project,
		version: version ?? "*"
	};
	const elf = project.slice(4).toLowerCase();
	if (version !== void 0 || !/^[0-9a-f]{8,64}$/.test(elf)) throw new Mistake("`app elf:` takes 8 to 64 hex digits of the ELF file's SHA-256, and nothing else");
	return { elf };
}
function readBoots(args, last) {
	const match = args.length === 1 ? /^([1-9]\d{0,5})(?:(-)([1-9]\d{0,5})?)?$/.exec(args[0]?.value ?? "") : null;
	if (match === null) throw new Mistake("`boot` takes a number from 1, such as 3, 1-2, or 3- for all from there on");
	const from = Number(match[1]);
	const to = match[2] === void 0 ? from : match[3] === void 0 ? 1e400 : Number(match[3]);
	if (to < from) throw new Mistake(`boot ${from} comes before boot ${to}`);
	if (last !== void 0 && from <= last.to) throw new Mistake(`the boots before this line go on up to ${last.to}`);
	return {
		from,
		to,
		steps: []
	};
}
function readStep([word, ...args]) {
	const row = word?.kind === "word" ? stepRow(word.value) : void 0;
	if (row === void 0) throw new Mistake(`there is no "${word?.value ?? ""}"; known: app, quiet, boot, ${Object.keys(steps).join(", ")}`);
	const step = row.read(args);
	if (step === void 0) throw new Mistake(`\`${word?.value ?? ""}\` takes ${row.takes || "nothing"}`);
	return {
		step,
		ends: row.ends === true
	};
}
function readLine(apps, line, hasOwnUsb) {
	const [first, ...args] = line;
	if (first === void 0) return;
	if (first.value === "app" && first.kind === "word") {
		apps.push({
			selector: readSelector(args),
			quiet: false,
			boots: [],
			ended: false
		});
		return;
	}
	const app = apps.at(-1);
	if (app === void 0) throw new Mistake("`app` comes first, such as `app *`");
	if (first.value === "quiet" && first.kind === "word") {
		if (args.length > 0 || app.boots.length > 0) throw new Mistake("`quiet` stands alone, right behind `app`");
		app.quiet = true;
	} else if (first.value === "boot" && first.kind === "word") {
		app.boots.push(readBoots(args, app.boots.at(-1)));
		app.ended = false;
	} else {
		const { step, ends } = readStep(line);
		if (app.ended) throw new Mistake("the step before ends this boot");
		if ((step.kind === "usb-leave" || step.kind === "on" && step.step.kind === "usb-leave") && !hasOwnUsb) throw new Mistake("`usb-leave` needs the chip's own USB port: usb=jtag or usb=otg");
		if (app.boots.length === 0) app.boots.push({
			from: 1,
			to: 1e400,
			steps: []
		});
		app.boots.at(-1)?.steps.push(step);
		app.ended = ends;
	}
}
/**
* Reads what apps do, line by line. Throws `input/invalid` with the file's name and the line's number for anything that
* is not in the tables, or can never happen.
*/
function parseScript(text, file, hasOwnUsb) {
	const apps = [];
	for (const [index, line] of text.replace(/^\uFEFF/, "").split(/\r?\n/).entries()) try {
		readLine(apps, tokens(line), hasOwnUsb);
	} catch (thrown) {
		if (!(thrown instanceof Mistake)) throw thrown;
		const message = `port: ${file}, line ${index + 1}: ${thrown.message}.`;
		throw new FlashError("input/invalid", message, {
			input: "port",
			file,
			line: index + 1
		});
	}
	return apps.map(({ selector, quiet, boots }) => ({
		selector,
		quiet,
		boots
	}));
}
/** Reads a board's script. Throws `input/invalid` as `parseScript`, and where the file cannot be read. */
function readScript(file, hasOwnUsb) {
	let text;
	try {
		text = readFileSync(ownPath(file), "utf8");
	} catch (thrown) {
		const message = `port: the script ${file} cannot be read: ${String(thrown)}`;
		throw new FlashError("input/invalid", message, {
			input: "port",
			file
		}, thrown);
	}
	return parseScript(text, file, hasOwnUsb);
}
// src/virtual/esp32-uart.ts
const CLOCK_8M = 1073061904;
const CALIBRATION = 1073082476;
/** Holds a frequency in steps of 4096 Hz, in both halves. */
const STORE_5 = 1072988340;
const UNMEASURED_HZ = 26e6;
const REVISION_3_CHOICES_HZ = {
	low: 26e6,
	high: 4e7,
	between: 305e5
};
/** What the ROM takes its crystal for: what somebody told it, or what it measured with an oscillator that drifts. */
function believedHz(read, revision) {
	const told = read(STORE_5);
	const [high, low] = [told >>> 16, told & 65535];
	if (high === low && high !== 0 && high !== 65535) return high * 4096;
	const measured = (read(CALIBRATION) >>> 7) * 15625 * (read(CLOCK_8M) & 255) / 40 || UNMEASURED_HZ;
	const { low: lowHz, high: highHz, between } = REVISION_3_CHOICES_HZ;
	if (revision < 300) return measured;
	return measured < between ? lowHz : highHz;
}
/** How the ESP32's ROM sets its UART. */
const esp32Uart = {
	linkBaudAddress: 1073611164,
	baudFor(asked, isDivider, { read, revision, crystalMhz }) {
		const sixteenths = isDivider ? asked : Math.floor(believedHz(read, revision) * 16 / asked);
		return sixteenths === 0 ? void 0 : crystalMhz * 16e6 / sixteenths;
	}
};
// src/virtual/spi-layout.ts
/** As far as addresses of 24 bits reach. */
const SHORT_ADDRESSES_BYTES = 16777216;
function esp8266Spi(base) {
	return {
		base,
		usr: base + 28,
		usr1: base + 32,
		usr2: base + 36,
		w0: base + 64,
		addressFromTop: true
	};
}
function esp32Spi(base) {
	return {
		...esp8266Spi(base),
		misoLength: base + 44,
		w0: base + 128
	};
}
/** All chips from the ESP32-S2 on. */
function newerSpi(base) {
	return {
		base,
		usr: base + 24,
		usr1: base + 28,
		usr2: base + 32,
		misoLength: base + 40,
		w0: base + 88,
		addressFromTop: false
	};
}
// src/virtual/esp32-silicon.ts
const EFUSE_BASE = 1073061888;
const EFUSE_END = 1073062400;
const ROM_MAGIC$2 = 1073745920;
const spi$1 = esp32Spi(1072963584);
/** The bits of the major revision, in the order in which they were burnt over the years. */
const REVISION_BITS = {
	0: 0,
	1: 1,
	2: 3,
	3: 7
};
/** The eFuse's check of the MAC: CRC-8 with the polynomial 0x31, lowest bit first (ESP-IDF `esp_crc8`). */
function macCrc(mac) {
	let crc = 0;
	for (const byte of mac) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? crc >>> 1 ^ 140 : crc >>> 1;
	}
	return crc;
}
/** CK8M_FREQ in steps of 62.5 kHz: 8.5 MHz, its nominal rate. Assumed. */
const CLOCK_8M_STEPS = 136;
/**
* How many cycles of the crystal the ROM counts in 160 of that clock, where TIMG0's RTCCALICFG1 has it (esptool
* `targets/esp32.py` get_rom_cal_crystal_freq at bb72741 has the formula, ESP-IDF `soc/esp32` the fields).
*/
const calibrationOf = (crystalMhz) => Math.round(crystalMhz * 160 / (CLOCK_8M_STEPS * .0625)) << 7;
function registers$1({ mac, revision, security, crystalMhz }) {
	const at = (index) => mac[index] ?? 0;
	const major = REVISION_BITS[Math.floor(revision / 100)] ?? 0;
	return /* @__PURE__ */ new Map([
		[EFUSE_BASE, security.has("flash-encryption") ? 1 << 20 : 0],
		[1073061892, (at(2) << 24 | at(3) << 16 | at(4) << 8 | at(5)) >>> 0],
		[1073061896, macCrc(mac) << 16 | at(0) << 8 | at(1)],
		[1073061900, 512 | (major & 1) << 15],
		[1073061904, security.has("clock-calibration") ? CLOCK_8M_STEPS : 0],
		[1073082476, calibrationOf(crystalMhz)],
		[1073061908, (major >> 1 & 1) << 20 | revision % 100 << 24],
		[1073061912, (security.has("secure-boot-v1") ? 16 : 0) | (security.has("secure-boot") ? 32 : 0) | (security.has("encrypt-off") ? 128 : 0)],
		[1073111164, 369369088 + (major >> 2) * 2 ** 31],
		[ROM_MAGIC$2, 15736195],
		[spi$1.usr, 2147483712],
		[spi$1.usr1, 1543503879],
		[spi$1.usr2, 1879048192]
	]);
}
/** ESP32 with a 40 MHz crystal. */
const esp32Silicon = {
	label: "ESP32",
	chipId: 0,
	boot: {
		headerBytes: 24,
		offset: 4096,
		checksChipId: false,
		comparesDigest: false
	},
	rom: esp32Rom,
	spi: spi$1,
	log: esp32Log,
	cpu: "xtensa",
	crystalsMhz: [40, 26],
	uartClockFactor: 1,
	ramRanges: [
		{
			start: 1073405952,
			end: 1073741824
		},
		{
			start: 1074200576,
			end: 1074397184
		},
		{
			start: 1074397184,
			end: 1074528256
		},
		{
			start: 1074528256,
			end: 1074536448
		},
		{
			start: 1342177280,
			end: 1342185472
		},
		{
			start: 1073217536,
			end: 1073225728
		}
	],
	mappedRanges: [{
		start: 1061158912,
		end: 1065353216
	}, {
		start: 1074593792,
		end: 1077936128
	}],
	readOnlyRanges: [{
		start: 1073741824,
		end: 1074200576
	}, {
		start: EFUSE_BASE,
		end: EFUSE_END
	}],
	registerAlias: {
		start: 1610612736,
		end: 1610874880,
		of: 1072955392
	},
	efuses: {
		start: EFUSE_BASE,
		end: EFUSE_END
	},
	registers: registers$1,
	uartDivider: 1072955412,
	strapRegister: 1072971832,
	strapValues: {
		download: 15,
		run: 18
	},
	autoBaudLimits: {
		min: 1200,
		max: 15e5
	},
	defaultFlashBytes: 2097152,
	romUart: esp32Uart,
	stubs: knownStubs("esp32"),
	stubReachBytes: SHORT_ADDRESSES_BYTES,
	startsStub: () => true,
	defaultRevision: 300,
	securitySettings: [
		"secure-boot",
		"secure-boot-v1",
		"flash-encryption",
		"encrypt-off",
		"clock-calibration"
	],
	usb: { serialJtag: false }
};
// src/virtual/efuse.ts
/** The registers of burnt eFuses; all others read 0. The MAC's last byte lies lowest. */
function efuseWords(map, mac, values) {
	const words = /* @__PURE__ */ new Map();
	const burn = ([block, bit, bits], value) => {
		const base = map.blocks[block] ?? 0;
		for (let index = 0; index < bits; index++) {
			if ((value >>> index & 1) === 0) continue;
			const address = base + Math.floor((bit + index) / 32) * 4;
			words.set(address, ((words.get(address) ?? 0) | 1 << (bit + index) % 32) >>> 0);
		}
	};
	[...mac].reverse().forEach((byte, index) => burn([
		map.macBlock,
		index * 8,
		8
	], byte));
	for (const [name, fields] of Object.entries(map.fields)) {
		let value = values[name] ?? 0;
		for (const bits of fields) {
			burn(bits, value);
			value >>>= bits[2];
		}
	}
	return words;
}
// src/virtual/newer-silicon.ts
/** Where the first words of ROM tell chips and their revisions apart. */
const ROM_MAGIC$1 = 1073745920;
/** What is burnt for a setting; a count of one or three bits means encrypted. KEY_MANAGER: the XTS key's bit. */
const BURNT = {
	"secure-boot": ["secureBoot", 1],
	"flash-encryption": ["cryptCount", 1],
	"secure-download": ["secureDownload", 1],
	"encrypt-off": ["encryptOff", 1],
	"key-manager": ["keyManager", 2]
};
/** The chip with all that its generation has in common. */
function newerSilicon(chip) {
	const spi = newerSpi(chip.spiBase);
	const settingRows = Object.entries(BURNT).filter(([, [field]]) => chip.efuse.fields[field] !== void 0);
	const registers = ({ mac, revision, security }) => {
		const burnt = settingRows.filter(([setting]) => security.has(setting)).map(([, row]) => row);
		const values = {
			...chip.efuseValues,
			major: Math.floor(revision / 100),
			minor: revision % 100,
			...Object.fromEntries(burnt)
		};
		return new Map([
			...efuseWords(chip.efuse, mac, values),
			[ROM_MAGIC$1, chip.magic],
			[spi.usr, 2147483840],
			[spi.usr1, 1543503879],
			[spi.usr2, 1879048192],
			...chip.otherRegisters ?? []
		]);
	};
	const { start, end } = chip.efuse;
	return {
		label: chip.label,
		chipId: chip.chipId,
		boot: {
			headerBytes: 24,
			offset: chip.bootloaderOffset,
			checksChipId: true,
			comparesDigest: true
		},
		rom: newerRom({
			...chip.securityInfo,
			chipId: chip.chipId
		}),
		spi,
		log: chip.log,
		cpu: chip.cpu ?? "riscv",
		crystalsMhz: chip.crystalsMhz,
		uartClockFactor: 1,
		...chip.assumedCrystalMhz === void 0 ? {} : { assumedCrystalMhz: chip.assumedCrystalMhz },
		ramRanges: chip.ramRanges,
		...chip.mappedRanges === void 0 ? {} : { mappedRanges: chip.mappedRanges },
		readOnlyRanges: [chip.romRange, {
			start,
			end
		}],
		efuses: {
			start,
			end
		},
		registers,
		uartDivider: chip.uartBase + 20,
		strapRegister: chip.strapRegister,
		strapValues: chip.strapValues,
		...chip.forceDownload === void 0 ? {} : { forceDownload: chip.forceDownload },
		...chip.watchdogs === void 0 ? {} : { watchdogs: chip.watchdogs },
		autoBaudLimits: {
			min: 1200,
			max: 15e5
		},
		defaultFlashBytes: 2097152,
		stubs: chip.stubs,
		stubReachBytes: chip.longAddresses === true ? 1e400 : SHORT_ADDRESSES_BYTES,
		startsStub: chip.startsStub ?? (() => true),
		...chip.readPointer === void 0 ? {} : { readPointer: chip.readPointer },
		defaultRevision: chip.defaultRevision,
		securitySettings: settingRows.map(([setting]) => setting),
		usb: chip.usb
	};
}
// src/virtual/esp32c2-silicon.ts
/** ESP32-C2. */
const esp32c2Silicon = newerSilicon({
	label: "ESP32-C2",
	chipId: 12,
	bootloaderOffset: 0,
	magic: 1867591791,
	spiBase: 1610620928,
	uartBase: 1610612736,
	strapRegister: 1610629176,
	strapValues: {
		download: 4,
		run: 12
	},
	crystalsMhz: [40, 26],
	assumedCrystalMhz: 40,
	romRange: {
		start: 1073741824,
		end: 1074331648
	},
	ramRanges: [{
		start: 1070202880,
		end: 1070465024
	}, {
		start: 1077395456,
		end: 1077673984
	}],
	mappedRanges: [{
		start: 1006632960,
		end: 1010827264
	}, {
		start: 1107296256,
		end: 1111490560
	}],
	efuse: {
		start: 1610647552,
		end: 1610648064,
		blocks: {
			0: 1610647596,
			2: 1610647616
		},
		macBlock: 2,
		fields: {
			minor: [[
				2,
				48,
				4
			]],
			major: [[
				2,
				52,
				2
			]],
			package: [[
				2,
				54,
				3
			]],
			flashCapacity: [[
				2,
				253,
				3
			]],
			blockMinor: [[
				2,
				57,
				3
			]],
			cryptCount: [[
				0,
				39,
				3
			]],
			secureBoot: [[
				0,
				53,
				1
			]],
			secureDownload: [[
				0,
				48,
				1
			]],
			encryptOff: [[
				0,
				38,
				1
			]]
		}
	},
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp8684-api2-20220127",
		build: "Jan 27 2022",
		causes: {
			...RTC_CAUSES,
			"tg1-watchdog": RTC_CAUSES.watchdog
		},
		modes: {
			download: "boot:0x4 (DOWNLOAD(UART0))",
			run: "boot:0xc (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spiwp"
	}),
	stubs: knownStubs("esp32c2"),
	startsStub: ({ revision }) => revision > 0,
	defaultRevision: 102,
	watchdogs: {
		config0: 1610645636,
		config1: 1610645640,
		protect: 1610645660,
		superConfig: 1610645664,
		superProtect: 1610645668,
		superAutoFeed: 2 ** 31,
		superKey: 2401055018
	},
	usb: { serialJtag: false }
});
// src/virtual/esp32c3-silicon.ts
/** ESP32-C3, revision 0.3 as the recorded one, and with its words. */
const esp32c3Silicon = newerSilicon({
	label: "ESP32-C3",
	chipId: 5,
	bootloaderOffset: 0,
	magic: 1763790959,
	spiBase: 1610620928,
	uartBase: 1610612736,
	strapRegister: 1610629176,
	strapValues: {
		download: 2,
		run: 8
	},
	crystalsMhz: [40],
	romRange: {
		start: 1073741824,
		end: 1074135040
	},
	ramRanges: [
		{
			start: 1070071808,
			end: 1070465024
		},
		{
			start: 1077395456,
			end: 1077805056
		},
		{
			start: 1342177280,
			end: 1342185472
		}
	],
	mappedRanges: [{
		start: 1006632960,
		end: 1015021568
	}, {
		start: 1107296256,
		end: 1115684864
	}],
	efuse: {
		start: 1610647552,
		end: 1610648064,
		blocks: {
			0: 1610647596,
			1: 1610647620
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				114,
				3
			], [
				1,
				183,
				1
			]],
			major: [[
				1,
				184,
				2
			]],
			package: [[
				1,
				117,
				3
			]],
			flashCapacity: [[
				1,
				123,
				3
			]],
			blockMinor: [[
				1,
				120,
				3
			]],
			cryptCount: [[
				0,
				82,
				3
			]],
			secureBoot: [[
				0,
				116,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]]
		}
	},
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 3,
		lastPurpose: 12
	},
	log: newerLog({
		rom: "esp32c3-api1-20210207",
		build: "Feb  7 2021",
		causes: RTC_CAUSES,
		modes: {
			download: "boot:0x2 (UART0_BOOT)",
			run: "boot:0x8 (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spiwp",
		download: "wait uart0 download"
	}),
	stubs: knownStubs("esp32c3"),
	startsStub: ({ security }) => !security.has("secure-boot"),
	defaultRevision: 3,
	watchdogs: {
		config0: 1610645648,
		config1: 1610645652,
		protect: 1610645672,
		superConfig: 1610645676,
		superProtect: 1610645680,
		superAutoFeed: 2 ** 31,
		superKey: 2401055018
	},
	usb: { serialJtag: true }
});
// src/virtual/esp32c5-silicon.ts
/** ESP32-C5. */
const esp32c5Silicon = newerSilicon({
	label: "ESP32-C5",
	chipId: 23,
	bootloaderOffset: 8192,
	magic: 285294703,
	spiBase: 1610625024,
	uartBase: 1610612736,
	strapRegister: 1611206712,
	strapValues: {
		download: 8,
		run: 24
	},
	crystalsMhz: [48, 40],
	assumedCrystalMhz: 48,
	romRange: {
		start: 1073741824,
		end: 1074069504
	},
	ramRanges: [{
		start: 1082130432,
		end: 1082523648
	}, {
		start: 1342177280,
		end: 1342193664
	}],
	mappedRanges: [{
		start: 1107296256,
		end: 1140850688
	}],
	efuse: {
		start: 1611352064,
		end: 1611352576,
		blocks: {
			0: 1611352108,
			1: 1611352132
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				64,
				4
			]],
			major: [[
				1,
				68,
				2
			]],
			package: [[
				1,
				90,
				3
			]],
			flashCapacity: [[
				1,
				77,
				3
			]],
			blockMinor: [[
				1,
				72,
				3
			]],
			macExtension: [[
				1,
				48,
				16
			]],
			cryptCount: [[
				0,
				80,
				3
			]],
			secureBoot: [[
				0,
				121,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]],
			keyManager: [[
				0,
				74,
				4
			]]
		}
	},
	efuseValues: { macExtension: 65534 },
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32c5-eco2-20250121",
		build: "Jan 21 2025",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x8 (DOWNLOAD(USB/UART0))",
			run: "boot:0x18 (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spi-mode"
	}),
	stubs: knownStubs("esp32c5"),
	longAddresses: true,
	defaultRevision: 100,
	otherRegisters: /* @__PURE__ */ new Map([[1611227408, 48 << 24]]),
	watchdogs: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340824,
		superConfig: 1611340828,
		superProtect: 1611340832,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: { serialJtag: true }
});
// src/virtual/esp32c6-silicon.ts
/** ESP32-C6. */
const esp32c6Silicon = newerSilicon({
	label: "ESP32-C6",
	chipId: 13,
	bootloaderOffset: 0,
	magic: 752910447,
	spiBase: 1610625024,
	uartBase: 1610612736,
	strapRegister: 1611206712,
	strapValues: {
		download: 4,
		run: 12
	},
	crystalsMhz: [40],
	romRange: {
		start: 1073741824,
		end: 1074069504
	},
	ramRanges: [{
		start: 1082130432,
		end: 1082654720
	}, {
		start: 1342177280,
		end: 1342193664
	}],
	mappedRanges: [{
		start: 1107296256,
		end: 1124073472
	}],
	efuse: {
		start: 1611335680,
		end: 1611336192,
		blocks: {
			0: 1611335724,
			1: 1611335748
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				114,
				4
			]],
			major: [[
				1,
				118,
				2
			]],
			package: [[
				1,
				120,
				3
			]],
			flashCapacity: [[
				1,
				128,
				3
			]],
			blockMinor: [[
				1,
				123,
				3
			]],
			macExtension: [[
				1,
				48,
				16
			]],
			cryptCount: [[
				0,
				82,
				3
			]],
			secureBoot: [[
				0,
				116,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]]
		}
	},
	efuseValues: { macExtension: 65534 },
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32c6-20220919",
		build: "Sep 19 2022",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x4 (DOWNLOAD(USB/UART0/SDIO_FEI_FEO))",
			run: "boot:0xc (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spiwp"
	}),
	stubs: knownStubs("esp32c6"),
	defaultRevision: 1,
	watchdogs: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340824,
		superConfig: 1611340828,
		superProtect: 1611340832,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: { serialJtag: true }
});
// src/virtual/esp32c61-silicon.ts
/** ESP32-C61. */
const esp32c61Silicon = newerSilicon({
	label: "ESP32-C61",
	chipId: 20,
	bootloaderOffset: 0,
	magic: 606167151,
	spiBase: 1610625024,
	uartBase: 1610612736,
	strapRegister: 1611206712,
	strapValues: {
		download: 4,
		run: 12
	},
	crystalsMhz: [40],
	romRange: {
		start: 1073741824,
		end: 1074003968
	},
	ramRanges: [{
		start: 1082130432,
		end: 1082458112
	}],
	mappedRanges: [{
		start: 1107296256,
		end: 1140850688
	}],
	efuse: {
		start: 1611352064,
		end: 1611352576,
		blocks: {
			0: 1611352108,
			1: 1611352132
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				64,
				4
			]],
			major: [[
				1,
				68,
				2
			]],
			package: [[
				1,
				90,
				3
			]],
			flashCapacity: [[
				1,
				77,
				3
			]],
			blockMinor: [[
				1,
				72,
				3
			]],
			cryptCount: [[
				0,
				55,
				3
			]],
			secureBoot: [[
				0,
				90,
				1
			]],
			secureDownload: [[
				0,
				100,
				1
			]],
			encryptOff: [[
				0,
				46,
				1
			]]
		}
	},
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32c61-eco3-20250228",
		build: "Feb 28 2025",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x4 (DOWNLOAD(UART0))",
			run: "boot:0xc (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spi-mode"
	}),
	stubs: knownStubs("esp32c61"),
	longAddresses: true,
	defaultRevision: 100,
	watchdogs: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340824,
		superConfig: 1611340828,
		superProtect: 1611340832,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: { serialJtag: true }
});
// src/virtual/esp32e22-silicon.ts
/** ESP32-E22. It is in no ESP-IDF yet, and no boot log of it is public: its eFuses are known from one source, the words are assumed. */
const esp32e22Silicon = newerSilicon({
	label: "ESP32-E22",
	chipId: 31,
	bootloaderOffset: 0,
	magic: 0,
	spiBase: 3271569408,
	uartBase: 3272613888,
	strapRegister: 3272658944,
	strapValues: {
		download: 0,
		run: 8
	},
	crystalsMhz: [40],
	romRange: {
		start: 805306368,
		end: 806486016
	},
	ramRanges: [{
		start: 821952512,
		end: 824180736
	}, {
		start: 3221225472,
		end: 3221258240
	}],
	efuse: {
		start: 3288367104,
		end: 3288367616,
		blocks: {
			0: 3288367148,
			1: 3288367172
		},
		macBlock: 1,
		fields: { secureBoot: [[
			0,
			116,
			1
		]] }
	},
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32e22",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x0 (DOWNLOAD(USB/UART0))",
			run: "boot:0x8 (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spi-mode"
	}),
	stubs: [],
	defaultRevision: 0,
	usb: {
		serialJtag: false,
		otgProductId: 31
	}
});
// src/virtual/esp32h2-silicon.ts
/** ESP32-H2. */
const esp32h2Silicon = newerSilicon({
	label: "ESP32-H2",
	chipId: 16,
	bootloaderOffset: 0,
	magic: 3619110528,
	spiBase: 1610625024,
	uartBase: 1610612736,
	strapRegister: 1611206712,
	strapValues: {
		download: 4,
		run: 12
	},
	crystalsMhz: [32],
	romRange: {
		start: 1073741824,
		end: 1073872896
	},
	ramRanges: [{
		start: 1082130432,
		end: 1082458112
	}, {
		start: 1342177280,
		end: 1342181376
	}],
	mappedRanges: [{
		start: 1107296256,
		end: 1124073472
	}],
	efuse: {
		start: 1611335680,
		end: 1611336192,
		blocks: {
			0: 1611335724,
			1: 1611335748
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				114,
				3
			]],
			major: [[
				1,
				117,
				2
			]],
			package: [[
				1,
				128,
				3
			]],
			flashCapacity: [[
				1,
				120,
				3
			]],
			macExtension: [[
				1,
				48,
				16
			]],
			cryptCount: [[
				0,
				82,
				3
			]],
			secureBoot: [[
				0,
				116,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]]
		}
	},
	efuseValues: { macExtension: 65534 },
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32h2-20221101",
		build: "Nov  1 2022",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x4 (DOWNLOAD(USB/UART0))",
			run: "boot:0xc (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spiwp"
	}),
	stubs: knownStubs("esp32h2"),
	defaultRevision: 1,
	watchdogs: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340828,
		superConfig: 1611340832,
		superProtect: 1611340836,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: { serialJtag: true }
});
// src/virtual/esp32h21-silicon.ts
/** ESP32-H21. No boot log of it is public: the words are those of its family. */
const esp32h21Silicon = newerSilicon({
	label: "ESP32-H21",
	chipId: 25,
	bootloaderOffset: 0,
	magic: 0,
	spiBase: 1610625024,
	uartBase: 1610612736,
	strapRegister: 1611206712,
	strapValues: {
		download: 4,
		run: 12
	},
	crystalsMhz: [32],
	romRange: {
		start: 1073741824,
		end: 1073872896
	},
	ramRanges: [{
		start: 1082130432,
		end: 1082458112
	}, {
		start: 1342177280,
		end: 1342181376
	}],
	mappedRanges: [{
		start: 1107296256,
		end: 1124073472
	}],
	efuse: {
		start: 1611350016,
		end: 1611350528,
		blocks: {
			0: 1611350060,
			1: 1611350084
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				164,
				4
			]],
			major: [[
				1,
				168,
				2
			]],
			package: [[
				1,
				171,
				3
			]],
			flashCapacity: [[
				1,
				120,
				3
			]],
			blockMinor: [[
				1,
				114,
				3
			]],
			macExtension: [[
				1,
				48,
				16
			]],
			cryptCount: [[
				0,
				82,
				3
			]],
			secureBoot: [[
				0,
				116,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]]
		}
	},
	efuseValues: { macExtension: 65534 },
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32h21",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x4 (DOWNLOAD(USB/UART0))",
			run: "boot:0xc (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spi-mode"
	}),
	stubs: [],
	defaultRevision: 0,
	watchdogs: {
		config0: 1611340800,
		config1: 1611340804,
		protect: 1611340828,
		superConfig: 1611340832,
		superProtect: 1611340836,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: { serialJtag: true }
});
// src/virtual/esp32h4-silicon.ts
/** ESP32-H4. No boot log of it is public: the words are those of its family. */
const esp32h4Silicon = newerSilicon({
	label: "ESP32-H4",
	chipId: 28,
	bootloaderOffset: 8192,
	magic: 0,
	spiBase: 1611239424,
	uartBase: 1610686464,
	strapRegister: 1611214848,
	strapValues: {
		download: 4,
		run: 12
	},
	crystalsMhz: [32],
	romRange: {
		start: 1073741824,
		end: 1074069504
	},
	ramRanges: [{
		start: 1082195968,
		end: 1082523648
	}, {
		start: 1342177280,
		end: 1342193664
	}],
	mappedRanges: [{
		start: 1107296256,
		end: 1140850688
	}],
	efuse: {
		start: 1611339776,
		end: 1611340288,
		blocks: {
			0: 1611339820,
			1: 1611339844
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				114,
				4
			]],
			major: [[
				1,
				118,
				2
			]],
			package: [[
				1,
				140,
				3
			]],
			flashCapacity: [[
				1,
				127,
				3
			]],
			blockMinor: [[
				1,
				122,
				3
			]],
			macExtension: [[
				1,
				48,
				16
			]],
			cryptCount: [[
				0,
				55,
				3
			]],
			secureBoot: [[
				0,
				101,
				1
			]],
			secureDownload: [[
				0,
				131,
				1
			]],
			encryptOff: [[
				0,
				46,
				1
			]],
			keyManager: [[
				0,
				115,
				5
			]]
		}
	},
	efuseValues: { macExtension: 65534 },
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32h4",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x4 (DOWNLOAD(USB/UART0))",
			run: "boot:0xc (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spi-mode"
	}),
	stubs: knownStubs("esp32h4"),
	defaultRevision: 100,
	watchdogs: {
		config0: 1611355136,
		config1: 1611355140,
		protect: 1611355164,
		superConfig: 1611355168,
		superProtect: 1611355172,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: { serialJtag: true }
});
// src/virtual/esp32p4-silicon.ts
/** ESP32-P4; from revision 3 on it lies otherwise in memory, and needs another stub. */
const esp32p4Silicon = newerSilicon({
	label: "ESP32-P4",
	chipId: 18,
	bootloaderOffset: 8192,
	magic: 0,
	spiBase: 1342754816,
	uartBase: 1343004672,
	strapRegister: 1343094840,
	strapValues: {
		download: 775,
		run: 783
	},
	crystalsMhz: [40],
	romRange: {
		start: 1337982976,
		end: 1338114048
	},
	ramRanges: [
		{
			start: 1341128704,
			end: 1341915136
		},
		{
			start: 1343258624,
			end: 1343291392
		},
		{
			start: 806354944,
			end: 806363136
		}
	],
	mappedRanges: [{
		start: 1073741824,
		end: 1140850688
	}],
	efuse: {
		start: 1343410176,
		end: 1343410688,
		blocks: {
			0: 1343410220,
			1: 1343410244
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				64,
				4
			]],
			major: [[
				1,
				68,
				2
			], [
				1,
				87,
				1
			]],
			package: [[
				1,
				84,
				3
			]],
			blockMinor: [[
				1,
				72,
				3
			]],
			cryptCount: [[
				0,
				82,
				3
			]],
			secureBoot: [[
				0,
				116,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]],
			keyManager: [[
				0,
				73,
				4
			]]
		}
	},
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32p4-eco2-20240710",
		build: "Jul 10 2024",
		causes: {
			"power-on": "rst:0x1 (POWERON)",
			enable: "rst:0x1 (POWERON)",
			software: "rst:0x3 (SW_SYS_RESET)",
			restart: "rst:0xc (SW_CPU_RESET)",
			"deep-sleep": "rst:0x5 (PMU_SYS_PWR_DOWN_RESET)",
			watchdog: "rst:0x7 (HP_SYS_HP_WDT_RESET)",
			"tg1-watchdog": "rst:0x7 (HP_SYS_HP_WDT_RESET)",
			"rtc-watchdog": "rst:0x10 (CHIP_LP_WDT_RESET)",
			brownout: "rst:0xf (BROWN_OUT_RESET)",
			usb: "rst:0x17 (CHIP_USB_UART_RESET)"
		},
		modes: {
			download: "boot:0x307 (DOWNLOAD(USB/UART0/SPI))",
			run: "boot:0x30f (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spi-mode"
	}),
	stubs: [...knownStubs("esp32p4-rev1").map((stub) => ({
		...stub,
		maxRevision: 299
	})), ...knownStubs("esp32p4").map((stub) => ({
		...stub,
		minRevision: 300
	}))],
	longAddresses: true,
	defaultRevision: 103,
	forceDownload: {
		register: 1343291400,
		mask: 4,
		sticks: false
	},
	watchdogs: {
		config0: 1343315968,
		config1: 1343315972,
		protect: 1343315992,
		superConfig: 1343315996,
		superProtect: 1343316e3,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: {
		serialJtag: true,
		otgProductId: 18
	}
});
// src/virtual/esp32s2-silicon.ts
/** ESP32-S2. */
const esp32s2Silicon = newerSilicon({
	label: "ESP32-S2",
	chipId: 2,
	cpu: "xtensa",
	bootloaderOffset: 4096,
	magic: 1990,
	spiBase: 1061167104,
	uartBase: 1061158912,
	strapRegister: 1061175352,
	strapValues: {
		download: 2,
		run: 8
	},
	crystalsMhz: [40],
	romRange: {
		start: 1073741824,
		end: 1073872896
	},
	ramRanges: [
		{
			start: 1073414144,
			end: 1073741824
		},
		{
			start: 1073872896,
			end: 1074200576
		},
		{
			start: 1074200576,
			end: 1074208768
		},
		{
			start: 1342177280,
			end: 1342185472
		},
		{
			start: 1073340416,
			end: 1073348608
		}
	],
	mappedRanges: [{
		start: 1056964608,
		end: 1073217536
	}, {
		start: 1074266112,
		end: 1082130432
	}],
	efuse: {
		start: 1061265408,
		end: 1061265920,
		blocks: {
			0: 1061265452,
			1: 1061265476
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				132,
				3
			], [
				1,
				116,
				1
			]],
			major: [[
				1,
				114,
				2
			]],
			package: [[
				1,
				128,
				4
			]],
			cryptCount: [[
				0,
				82,
				3
			]],
			secureBoot: [[
				0,
				116,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				51,
				1
			]]
		}
	},
	securityInfo: {
		lengthBytes: 12,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32s2-rc4-20191025",
		build: "Oct 25 2019",
		causes: RTC_CAUSES,
		modes: {
			download: "boot:0x2 (DOWNLOAD(USB/UART0/1/SPI))",
			run: "boot:0x8 (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spiwp"
	}),
	stubs: knownStubs("esp32s2"),
	defaultRevision: 0,
	forceDownload: {
		register: 1061191976,
		mask: 1,
		sticks: false
	},
	watchdogs: {
		config0: 1061191828,
		config1: 1061191832,
		protect: 1061191852,
		superConfig: 1061191856,
		superProtect: 1061191860,
		superAutoFeed: 2 ** 31,
		superKey: 2401055018
	},
	usb: {
		serialJtag: false,
		otgProductId: 2
	}
});
// src/virtual/esp32s3-silicon.ts
/** ESP32-S3. */
const esp32s3Silicon = newerSilicon({
	label: "ESP32-S3",
	chipId: 9,
	cpu: "xtensa",
	bootloaderOffset: 0,
	magic: 9,
	spiBase: 1610620928,
	uartBase: 1610612736,
	strapRegister: 1610629176,
	strapValues: {
		download: 0,
		run: 8
	},
	crystalsMhz: [40],
	romRange: {
		start: 1073741824,
		end: 1074135040
	},
	ramRanges: [
		{
			start: 1070104576,
			end: 1070596096
		},
		{
			start: 1077346304,
			end: 1077805056
		},
		{
			start: 1342177280,
			end: 1342185472
		},
		{
			start: 1611653120,
			end: 1611661312
		}
	],
	mappedRanges: [{
		start: 1006632960,
		end: 1040187392
	}, {
		start: 1107296256,
		end: 1140850688
	}],
	efuse: {
		start: 1610641408,
		end: 1610641920,
		blocks: {
			0: 1610641452,
			1: 1610641476
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				114,
				3
			], [
				1,
				183,
				1
			]],
			major: [[
				1,
				184,
				2
			]],
			package: [[
				1,
				117,
				3
			]],
			flashCapacity: [[
				1,
				123,
				3
			]],
			blockMinor: [[
				1,
				120,
				3
			]],
			cryptCount: [[
				0,
				82,
				3
			]],
			secureBoot: [[
				0,
				116,
				1
			]],
			secureDownload: [[
				0,
				133,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]]
		}
	},
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32s3-20210327",
		build: "Mar 27 2021",
		causes: RTC_CAUSES,
		modes: {
			download: "boot:0x0 (DOWNLOAD(USB/UART0))",
			run: "boot:0x8 (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spiwp"
	}),
	stubs: knownStubs("esp32s3"),
	startsStub: ({ security }) => !security.has("secure-boot"),
	readPointer: 1070528136,
	longAddresses: true,
	defaultRevision: 2,
	forceDownload: {
		register: 1610645804,
		mask: 1,
		sticks: true
	},
	watchdogs: {
		config0: 1610645656,
		config1: 1610645660,
		protect: 1610645680,
		superConfig: 1610645684,
		superProtect: 1610645688,
		superAutoFeed: 2 ** 31,
		superKey: 2401055018
	},
	usb: {
		serialJtag: true,
		otgProductId: 9
	}
});
// src/virtual/esp32s31-silicon.ts
/** ESP32-S31. */
const esp32s31Silicon = newerSilicon({
	label: "ESP32-S31",
	chipId: 32,
	bootloaderOffset: 8192,
	magic: 0,
	spiBase: 542117888,
	uartBase: 540581888,
	strapRegister: 542650368,
	strapValues: {
		download: 105,
		run: 109
	},
	crystalsMhz: [40],
	romRange: {
		start: 796917760,
		end: 797245440
	},
	ramRanges: [{
		start: 788529152,
		end: 789053440
	}, {
		start: 771751936,
		end: 771784704
	}],
	mappedRanges: [{
		start: 1073741824,
		end: 1140850688
	}],
	efuse: {
		start: 544296960,
		end: 544297472,
		blocks: {
			0: 544297004,
			1: 544297040
		},
		macBlock: 1,
		fields: {
			minor: [[
				1,
				114,
				4
			]],
			major: [[
				1,
				118,
				2
			]],
			package: [[
				1,
				134,
				2
			]],
			blockMinor: [[
				1,
				122,
				3
			]],
			macExtension: [[
				1,
				48,
				16
			]],
			cryptCount: [[
				0,
				85,
				3
			]],
			secureBoot: [[
				0,
				130,
				1
			]],
			secureDownload: [[
				0,
				149,
				1
			]],
			encryptOff: [[
				0,
				52,
				1
			]],
			keyManager: [[
				0,
				76,
				5
			]]
		}
	},
	efuseValues: { macExtension: 65534 },
	securityInfo: {
		lengthBytes: 20,
		apiVersion: 0,
		lastPurpose: 0
	},
	log: newerLog({
		rom: "esp32s31-20251218",
		build: "Dec 18 2025",
		causes: LP_CAUSES,
		modes: {
			download: "boot:0x69 (DOWNLOAD(USB/UART0/SPI))",
			run: "boot:0x6d (SPI_FAST_FLASH_BOOT)"
		},
		flashLines: "spi-mode"
	}),
	stubs: knownStubs("esp32s31"),
	longAddresses: true,
	defaultRevision: 0,
	watchdogs: {
		config0: 545263616,
		config1: 545263620,
		protect: 545263640,
		superConfig: 545263644,
		superProtect: 545263648,
		superAutoFeed: 1 << 18,
		superKey: 1356348065
	},
	usb: {
		serialJtag: true,
		otgProductId: 32
	}
});
// src/virtual/esp8266-silicon.ts
const OTP_BASE = 1072693328;
const OTP_END = 1072693344;
const ROM_MAGIC = 1073745920;
const spi = esp8266Spi(1610613248);
/** Three words hold the MAC; its first half stands in the last of them (esptool `targets/esp8266.py` at bb72741). */
function registers({ mac }) {
	const at = (index) => mac[index] ?? 0;
	return /* @__PURE__ */ new Map([
		[OTP_BASE, at(5) << 24 >>> 0],
		[1072693332, at(3) << 8 | at(4)],
		[1072693340, at(0) << 16 | at(1) << 8 | at(2)],
		[ROM_MAGIC, 4293968129],
		[spi.usr, 2147483648],
		[spi.usr1, 1543503879],
		[spi.usr2, 1879048192]
	]);
}
// src/virtual/silicon-table.ts
/** Every chip that there is a virtual board for. */
const silicons = {
	esp8266: {
		label: "ESP8266",
		boot: {
			headerBytes: 8,
			offset: 0,
			checksChipId: false,
			comparesDigest: false
		},
		rom: esp8266Rom,
		spi,
		log: esp8266Log,
		cpu: "xtensa",
		crystalsMhz: [26, 40],
		uartClockFactor: 2,
		assumedCrystalMhz: 40,
		ramRanges: [{
			start: 1073643520,
			end: 1073741824
		}, {
			start: 1074790400,
			end: 1074855936
		}],
		readOnlyRanges: [{
			start: 1073741824,
			end: 1073807360
		}, {
			start: OTP_BASE,
			end: OTP_END
		}],
		efuses: {
			start: OTP_BASE,
			end: OTP_END
		},
		registers,
		uartDivider: 1610612756,
		strapRegister: 1610613528,
		strapValues: {
			download: 65536,
			run: 196608
		},
		autoBaudLimits: {
			min: 1200,
			max: 15e5
		},
		defaultFlashBytes: 4194304,
		stubs: knownStubs("esp8266"),
		stubReachBytes: SHORT_ADDRESSES_BYTES,
		startsStub: () => true,
		defaultRevision: 0,
		securitySettings: [],
		usb: { serialJtag: false }
	},
	esp32: esp32Silicon,
	esp32s2: esp32s2Silicon,
	esp32s3: esp32s3Silicon,
	esp32c2: esp32c2Silicon,
	esp32c3: esp32c3Silicon,
	esp32c5: esp32c5Silicon,
	esp32c6: esp32c6Silicon,
	esp32c61: esp32c61Silicon,
	esp32h2: esp32h2Silicon,
	esp32h21: esp32h21Silicon,
	esp32h4: esp32h4Silicon,
	esp32p4: esp32p4Silicon,
	esp32s31: esp32s31Silicon,
	esp32e22: esp32e22Silicon
};
const siliconNames = Object.keys(silicons);
// src/virtual/stats-file.ts
const noStats = {
	powerOns: 0,
	resets: 0,
	ownResets: 0,
	loaderEntries: 0,
	erasedSectors: 0,
	programmedBytes: 0,
	efuseWrites: 0
};
const keys = Object.keys(noStats);
function sum(one, other) {
	return Object.fromEntries(keys.map((key) => [key, one[key] + other[key]]));
}
function readStats(content) {
	if (content === void 0) return noStats;
	const found = content;
	if (!keys.every((key) => Number.isSafeInteger(found[key]))) throw new Error("its counters are not all there");
	return found;
}
/**
* Keeps counters in a JSON file, added to what it holds; the returned function writes them. Throws `port/open-failed`
* where the file cannot be used.
*/
function openStatsFile(path) {
	const before = withJsonFile(path, (file) => {
		const stats = readStats(file.read());
		file.write(stats);
		return stats;
	});
	return (stats) => withJsonFile(path, (file) => file.write(sum(before, stats)));
}
// src/virtual/usb-presence.ts
/** `lost` is called each time the port goes away. */
function createUsbPresence(clock, lost) {
	let present = true;
	let cancelReturn;
	const comeBack = (afterMs) => {
		cancelReturn?.();
		cancelReturn = clock.schedule(afterMs, () => {
			cancelReturn = void 0;
			present = true;
		});
	};
	return {
		get present() {
			return present;
		},
		leave(durationMs) {
			cancelReturn?.();
			cancelReturn = void 0;
			if (present) lost();
			present = false;
			if (durationMs !== void 0) comeBack(durationMs);
		},
		comeBack
	};
}
// src/virtual/line.ts
/** `latencyMs` passes between the last bit and the arrival. `followsOn`: without a pause behind what came before. */
function createLine(clock, timing, latencyMs, arrived) {
	let queue = [];
	let busyUntilMs = -1e400;
	let cancelTimer;
	let breathing = false;
	const deliverDue = (nowMs) => {
		while (true) {
			const piece = queue[0];
			if (piece === void 0 || piece.arrivesAtMs > nowMs) return;
			queue.shift();
			arrived(piece.bytes, piece.baud, piece.followsOn);
		}
	};
	const wait = () => {
		const next = queue[0];
		if (next === void 0) return;
		if (timing.mode === "none") {
			if (breathing) return;
			breathing = true;
			clock.breathe().then(() => {
				breathing = false;
				deliverDue(1e400);
				wait();
			});
		} else cancelTimer ??= clock.schedule(Math.max(0, next.arrivesAtMs - clock.nowMs()), () => {
			cancelTimer = void 0;
			deliverDue(clock.nowMs());
			wait();
		});
	};
	return {
		send(bytes, baud) {
			if (bytes.length === 0) return;
			const durationMs = bytes.length * 10 * 1e3 / baud / timing.speed;
			const nowMs = clock.nowMs();
			const followsOn = timing.mode === "modelled" && busyUntilMs > nowMs;
			busyUntilMs = Math.max(nowMs, busyUntilMs) + durationMs;
			queue.push({
				bytes,
				baud,
				sentAtMs: busyUntilMs,
				arrivesAtMs: busyUntilMs + latencyMs / timing.speed,
				followsOn
			});
			wait();
		},
		cut() {
			busyUntilMs = -1e400;
			if (timing.mode === "none") return;
			const nowMs = clock.nowMs();
			queue = queue.filter((piece) => piece.sentAtMs <= nowMs);
		},
		cancel() {
			cancelTimer?.();
			cancelTimer = void 0;
			queue = [];
			busyUntilMs = -1e400;
		}
	};
}
// src/virtual/uart.ts
/** The rate of every port that was just opened (bits a second). */
const FIRST_BAUD = 115200;
/** A receiver that is off by more samples the last bits of a byte in the wrong place. */
const BAUD_TOLERANCE = .03;
const FRAME_END = 192;
const sameRate = (one, other) => Math.abs(one / other - 1) <= BAUD_TOLERANCE;
/** Cuts behind each delimiter, so that a frame is complete when its own last bit is there. */
function* atDelimiters(bytes) {
	let from = 0;
	while (from < bytes.length) {
		const end = bytes.indexOf(FRAME_END, from);
		const to = end < 0 ? bytes.length : end + 1;
		yield bytes.subarray(from, to);
		from = to;
	}
}
function createUart(clock, timing, faults, sides) {
	let hostBaud = FIRST_BAUD;
	let chipBaud = sides.romBaud;
	let measuring = false;
	let heardBaud = FIRST_BAUD;
	let noiseTurn = 0;
	const received = (bytes, sentAt, heardAt) => !sides.hasBaud || sameRate(sentAt, heardAt) ? bytes : noiseBytes(Math.max(1, Math.round(bytes.length * heardAt / sentAt)), sides.seed, noiseTurn++);
	const toChip = createLine(clock, timing, 0, (bytes, baud, followsOn) => {
		heardBaud = baud;
		const { min, max } = sides.autoBaudLimits;
		const heardAt = measuring && baud >= min && baud <= max ? baud : chipBaud;
		sides.toChip(faults.toChip(received(bytes, baud, heardAt), baud), followsOn);
	});
	const toHost = createLine(clock, timing, timing.usbLatencyMs, (bytes, baud) => {
		const heard = faults.toHost(received(bytes, baud, hostBaud), baud);
		if (heard.length > 0) sides.toHost(heard);
	});
	return {
		fromHost(bytes) {
			const pieces = timing.mode === "modelled" ? atDelimiters(bytes) : [bytes];
			for (const piece of pieces) toChip.send(piece.slice(), hostBaud);
		},
		fromChip: (bytes) => toHost.send(bytes, chipBaud),
		setHostBaud(baud) {
			hostBaud = baud;
		},
		setChipBaud(baud) {
			chipBaud = baud;
			measuring = false;
		},
		measure() {
			chipBaud = sides.romBaud;
			measuring = sides.hasBaud;
		},
		get measuring() {
			return measuring;
		},
		get heardBaud() {
			return heardBaud;
		},
		cut: () => toHost.cut(),
		cancel() {
			toChip.cancel();
			toHost.cancel();
		}
	};
}
// src/virtual/usb-reset.ts
/**
* DTR and RTS of the chip's own USB port are messages, not wires. USB-Serial/JTAG: DTR alone notes "loader", neither
* forgets it, RTS alone resets the core (ESP32-C3 Technical Reference Manual, "USB Serial/JTAG Controller"). USB-OTG:
* the loader resets the core itself when RTS falls, and keeps the port alive meanwhile (esp-stub-lib
* `target/esp32s3/src/usb_otg.c` at b8f78b2). A reset of the core does not look at the straps again: they stay as
* they were at power-on. `boot`: whether BOOT was held then.
*/
function createUsbReset(clock, kind, boot, chip) {
	let lines = {
		dtr: false,
		rts: false
	};
	let strapped = boot;
	let noted = false;
	let cancelRise;
	const serialJtag = (next) => {
		if (next.rts && !next.dtr && !(lines.rts && !lines.dtr)) {
			const mode = noted || chip.downloadForced() ? "download" : strapped;
			cancelRise?.();
			chip.stopped();
			chip.started(mode, "usb");
		} else if (!next.rts) noted = next.dtr;
	};
	const otg = (next) => {
		if (!lines.rts || next.rts || !chip.loaderListens()) return;
		chip.stopped();
		chip.started(strapped, "software");
	};
	return {
		setLines(next) {
			if (next.dtr === lines.dtr && next.rts === lines.rts) return;
			if (kind === "jtag") serialJtag(next);
			else otg(next);
			lines = next;
		},
		powerOn() {
			strapped = boot;
			chip.portBack();
			cancelRise = clock.schedule(timing.enRiseMs, () => chip.started(strapped, "power-on"));
		},
		powerOff() {
			cancelRise?.();
			cancelRise = void 0;
			chip.portLost();
			chip.stopped();
		},
		systemReset() {
			strapped = "run";
			chip.stopped();
			chip.portLost();
			chip.portBack();
			chip.started(strapped, "rtc-watchdog");
		}
	};
}
// src/virtual/watchdogs.ts
/** Opens the RTC watchdog for writing (ESP-IDF `soc/esp32c3/include/soc/rtc_cntl_reg.h` RTC_CNTL_WDT_WKEY at 1021229). */
const KEY = 1356348065;
const ENABLED = 2 ** 31;
/** The slow clock counts for it: nominally 136 kHz (ESP-IDF `soc/esp32c3/include/soc/clk_tree_defs.h` at 1021229). */
const SLOW_CLOCK_HZ = 136e3;
function createWatchdogs(clock, registers, bite) {
	let cancelRtc;
	let cancelSuper;
	const stopRtc = () => {
		cancelRtc?.();
		cancelRtc = void 0;
	};
	const stopSuper = () => {
		cancelSuper?.();
		cancelSuper = void 0;
	};
	return {
		written(address, value, read) {
			if (registers === void 0) return;
			if (address === registers.config0 && read(registers.protect) === KEY) {
				stopRtc();
				const delayMs = read(registers.config1) / SLOW_CLOCK_HZ * 1e3;
				if ((value & ENABLED) !== 0) cancelRtc = clock.schedule(delayMs, bite);
			}
			const opened = read(registers.superProtect) === registers.superKey;
			if (address === registers.superConfig && opened && (value & registers.superAutoFeed) !== 0) stopSuper();
		},
		leftRunning() {
			if (registers === void 0) return;
			stopRtc();
			stopSuper();
			cancelRtc = clock.schedule(timing.rtcWatchdogMs, bite);
			cancelSuper = clock.schedule(timing.superWatchdogMs, bite);
		},
		stop() {
			stopRtc();
			stopSuper();
		}
	};
}
// src/virtual/board.ts
const ESPRESSIF = 12346;
const SERIAL_JTAG = 4097;
/** On USB-OTG, blocks above 0x800 bytes get lost (esptool `targets/esp32s2.py` USB_RAM_BLOCK at bb72741). */
const OTG_FRAME_BYTES = 2072;
/** What a ROM prints at where it counts on the crystal that there is. */
const PRINTED_BAUD = 115200;
const DEAF = {
	...romSlipRules,
	maxWaitingFrames: 0
};
const SLIP_RULES = {
	rom: romSlipRules,
	stub: stubSlipRules,
	boot: DEAF,
	app: DEAF
};
/** Lines that an app's console keeps while the app does something else. */
const MAX_WAITING_LINES = 64;
/** Resets that the USB-Serial/JTAG does not outlive; one of the core alone leaves it be. */
const WHOLE_CHIP = ["rtc-watchdog", "brownout"];
/** A board that has just been powered on. Throws as `openFlashFile`, `openStatsFile` and `readScript` where it has such a file. */
function createBoard(options, clock) {
	const silicon = silicons[options.chip];
	const settings = {
		mac: options.mac,
		revision: options.revision ?? silicon.defaultRevision,
		security: new Set(options.security),
		crystalMhz: options.crystalMhz ?? silicon.crystalsMhz[0] ?? 40
	};
	/** Real rate over the rate that the ROM believes in. */
	const clockRatio = settings.crystalMhz / (silicon.assumedCrystalMhz ?? settings.crystalMhz);
	const pace = {
		mode: options.timing,
		usbLatencyMs: options.usbLatencyMs,
		speed: options.speed
	};
	const faults = createFaults(options.faults, options.seed);
	const dataListeners = /* @__PURE__ */ new Set();
	const linkListeners = /* @__PURE__ */ new Set();
	const scripts = options.scriptFile === void 0 ? [] : readScript(options.scriptFile, options.usb !== "uart");
	const bootCounts = openBootCounts(options.flashFile);
	const saveStats = options.statsFile === void 0 ? void 0 : openStatsFile(options.statsFile);
	const flash = createBoardFlash(options, faults);
	const bus = createFlashBus(flash, clock, pace, () => faults.writeRefused());
	const processor = createProcessor(clock, pace, () => dataListeners.size > 0);
	const slip = createSlipReceiver((frame) => processor.offer(frame), () => processor.waitingFrames);
	const consoleInput = createConsoleInput((line) => {
		if (processor.waitingFrames < MAX_WAITING_LINES) processor.offer(line);
	});
	const uart = createUart(clock, pace, faults, {
		seed: options.seed,
		autoBaudLimits: silicon.autoBaudLimits,
		romBaud: PRINTED_BAUD * clockRatio,
		hasBaud: options.usb === "uart",
		toChip(bytes, followsOn) {
			if (!followsOn) slip.rest();
			bytes.forEach((byte) => (stage === "app" ? consoleInput : slip).push(byte));
		},
		toHost: (bytes) => dataListeners.forEach((listener) => listener(bytes))
	});
	let stage = "boot";
	const inLoader = () => stage === "rom" || stage === "stub";
	const tally = { ...noStats };
	let downloadForced = false;
	const count = (what) => {
		tally[what]++;
		saveStats?.({
			...tally,
			...flash.counters
		});
	};
	const loseLink = () => linkListeners.forEach((listener) => listener());
	const usb = createUsbPresence(clock, loseLink);
	const hasOwnUsb = options.usb !== "uart";
	const enter = (next) => {
		stage = next;
		consoleInput.clear();
		if (next === "rom") count("loaderEntries");
		if (next === "app") uart.setChipBaud(PRINTED_BAUD * clockRatio);
		const rules = SLIP_RULES[next];
		const maxFrameBytes = options.usb === "otg" ? Math.min(rules.maxFrameBytes, OTG_FRAME_BYTES) : rules.maxFrameBytes;
		slip.restart({
			...rules,
			maxFrameBytes
		});
		if (next === "stub" || next === "app") return;
		bus.attached = false;
		bus.limitBytes = silicon.defaultFlashBytes;
		bus.reachBytes = SHORT_ADDRESSES_BYTES;
		uart.measure();
	};
	const start = (bootMode, cause) => {
		const registers = createRegisters(silicon, settings, bus, (address, value, read) => {
			const { efuses, forceDownload } = silicon;
			if (address >= efuses.start && address < efuses.end) tally.efuseWrites++;
			if (address === forceDownload?.register) downloadForced = (value & forceDownload.mask) !== 0;
			watchdogs.written(address, value, read);
		});
		registers.setBaud(PRINTED_BAUD * clockRatio);
		registers.preset(silicon.strapRegister, silicon.strapValues[bootMode]);
		const { forceDownload } = silicon;
		if (forceDownload !== void 0 && downloadForced) registers.preset(forceDownload.register, forceDownload.mask);
		const machine = createMachine({
			silicon,
			settings,
			registers,
			bus,
			uart,
			faults,
			clockRatio,
			bootMode,
			scripts,
			bootCounts,
			stage: () => stage,
			enter,
			resetsItself(why) {
				count("ownResets");
				if (options.usb === "otg" || hasOwnUsb && WHOLE_CHIP.includes(why)) usb.leave(timing.usbEnumerationMs);
			},
			leaveUsb(durationMs) {
				if (hasOwnUsb) usb.leave(durationMs);
			},
			loseLink,
			brownOut,
			systemReset: () => circuit.systemReset()
		});
		processor.run(chipProgram(machine, cause, options.invalidHeader === "printed"));
	};
	const stop = () => {
		processor.halt();
		bus.cut();
		uart.cut();
		stage = "boot";
		slip.restart(SLIP_RULES.boot);
	};
	/** The lines are idle at such a moment, or the supply would not be what fails: the chip boots from its flash. */
	const brownOut = () => {
		stop();
		count("ownResets");
		if (hasOwnUsb) usb.leave(timing.usbEnumerationMs);
		start(options.boot, "brownout");
	};
	const started = (mode, cause) => {
		const { forceDownload } = silicon;
		if (cause !== "power-on") count(cause === "rtc-watchdog" ? "ownResets" : "resets");
		if (cause !== "usb") downloadForced = false;
		if (cause === "power-on" || cause === "enable" || cause === "rtc-watchdog") watchdogs.stop();
		if (cause === "usb" && mode === "download") {
			watchdogs.leftRunning();
			downloadForced ||= forceDownload?.sticks === true;
		}
		start(mode, cause);
	};
	const io0 = options.boot === "download" ? "held" : "connected";
	const circuit = options.usb === "uart" ? createResetCircuit(clock, faults.io0Cut ? "cut" : io0, {
		stopped: stop,
		started
	}) : createUsbReset(clock, options.usb, options.boot, {
		stopped: stop,
		started,
		downloadForced: () => downloadForced,
		loaderListens: () => inLoader() && processor.listensForFrames,
		portLost: () => usb.leave(),
		portBack: () => usb.comeBack(timing.usbEnumerationMs)
	});
	const watchdogs = createWatchdogs(clock, silicon.watchdogs, () => circuit.systemReset());
	const productId = options.usb === "jtag" ? SERIAL_JTAG : options.usb === "otg" ? silicon.usb.otgProductId : void 0;
	const powerLost = () => {
		circuit.powerOff();
		uart.cancel();
		watchdogs.stop();
	};
	const powerOn = () => {
		count("powerOns");
		circuit.powerOn();
	};
	powerOn();
	return {
		receive(bytes) {
			const linkLostAfter = faults.linkLostWithin(bytes.length);
			uart.fromHost(linkLostAfter === void 0 ? bytes : bytes.subarray(0, linkLostAfter));
			if (linkLostAfter !== void 0) loseLink();
		},
		setLines: (lines) => circuit.setLines(lines),
		setHostBaud: (baud) => uart.setHostBaud(baud),
		onData(listener) {
			dataListeners.add(listener);
			processor.listened();
			return () => void dataListeners.delete(listener);
		},
		onLinkLost(listener) {
			linkListeners.add(listener);
			return () => void linkListeners.delete(listener);
		},
		powerLost,
		get present() {
			return usb.present;
		},
		powerCycle() {
			powerLost();
			powerOn();
		},
		flash,
		get counters() {
			return {
				...tally,
				...flash.counters
			};
		},
		...productId === void 0 ? {} : { usb: {
			vendorId: ESPRESSIF,
			productId
		} },
		get inDownloadMode() {
			return inLoader();
		},
		close() {
			powerLost();
			flash.close();
			saveStats?.({
				...tally,
				...flash.counters
			});
		}
	};
}
// src/virtual/mac.ts
/** Six bytes from `4c:11:ae:b9:90:54`, or `undefined`. */
function parseMac(text) {
	if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) return void 0;
	return Uint8Array.from(text.split(":"), (part) => parseInt(part, 16));
}
function formatMac(mac) {
	return Array.from(mac, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}
// src/virtual/board-options.ts
const defaultBoardOptions = {
	chip: "esp32",
	security: [],
	usb: "uart",
	mac: Uint8Array.of(76, 17, 174, 185, 144, 84),
	timing: "none",
	usbLatencyMs: timing.usbLatencyMs,
	speed: 1,
	boot: "run",
	invalidHeader: "silent",
	seed: 1,
	faults: []
};
const FLASH_SIZES = {
	"1MB": 1048576,
	"2MB": 2097152,
	"4MB": 4194304,
	"8MB": 8388608,
	"16MB": 16777216,
	"32MB": 33554432
};
function oneOf(meaning, values, use) {
	return {
		meaning,
		accepts: values.join(" or "),
		read: (text) => {
			const value = values.find((candidate) => candidate === text);
			return value === void 0 ? void 0 : use(value);
		}
	};
}
function wholeNumber(text, max) {
	return /^\d{1,9}$/.test(text) && Number(text) <= max ? Number(text) : void 0;
}
function readFault(text) {
	const [name = "", number, ...rest] = text.split(":");
	const row = Object.entries(faultTable).find(([key]) => key === name);
	if (row === void 0 || rest.length > 0) return void 0;
	if (row[1].number === "none") return number === void 0 ? {
		name,
		number: 0
	} : void 0;
	const value = wholeNumber(number ?? "1", 999999999);
	return value === void 0 ? void 0 : {
		name,
		number: value
	};
}
function readSecurity(text) {
	const named = text.split(",").map((part) => securitySettings.find((setting) => setting === part));
	return named.some((setting) => setting === void 0) ? void 0 : named;
}
/** The settings of a virtual board, by key; the README's table is made from them. */
const boardSettings = {
	flash: {
		meaning: "file that keeps the flash between steps; without it the board begins blank",
		accepts: "the path of a file",
		read: (path) => path === "" ? void 0 : { flashFile: path }
	},
	stats: {
		meaning: "JSON file that counts power-ons, resets, entries into the loader, erased sectors and written bytes over all steps",
		accepts: "the path of a file",
		read: (path) => path === "" ? void 0 : { statsFile: path }
	},
	script: {
		meaning: "file that says what the app does once it has started: see below",
		accepts: "the path of a file",
		read: (path) => path === "" ? void 0 : { scriptFile: path }
	},
	"flash-size": oneOf("size of the flash", Object.keys(FLASH_SIZES), (size) => ({ flashSizeBytes: FLASH_SIZES[size] ?? 0 })),
	mac: {
		meaning: "MAC of the board",
		accepts: `a MAC such as ${formatMac(defaultBoardOptions.mac)}`,
		read: (text) => {
			const mac = parseMac(text);
			return mac && { mac };
		}
	},
	revision: {
		meaning: "revision of the chip",
		accepts: "a revision such as 1.3",
		read: (text) => {
			const match = /^v?(\d)\.(\d{1,2})$/.exec(text);
			return match === null ? void 0 : { revision: Number(match[1]) * 100 + Number(match[2]) };
		}
	},
	security: {
		meaning: "eFuses that are burnt, separated by commas; each chip knows its own",
		accepts: securitySettings.join(", "),
		read: (text) => {
			const security = readSecurity(text);
			return security && { security };
		}
	},
	crystal: oneOf("MHz of the crystal", [
		"26",
		"32",
		"40",
		"48"
	], (crystal) => ({ crystalMhz: Number(crystal) })),
	usb: oneOf("which port of the board the host is plugged into", [
		"uart",
		"jtag",
		"otg"
	], (usb) => ({ usb })),
	timing: oneOf("whether wire, flash and resets take the time that they take on a board", ["none", "modelled"], (timing) => ({ timing })),
	"usb-latency-ms": oneOf("latency of the USB bridge, with `timing=modelled`", ["1", "16"], (value) => ({ usbLatencyMs: Number(value) })),
	speed: {
		meaning: "divides the modelled times",
		accepts: "a number from 1 to 1000",
		read: (text) => {
			const speed = wholeNumber(text, 1e3) ?? 0;
			return speed === 0 ? void 0 : { speed };
		}
	},
	boot: oneOf("`download`: somebody holds the BOOT button", ["run", "download"], (boot) => ({ boot })),
	"invalid-header": oneOf("whether the ROM names a blank flash in its log", ["silent", "printed"], (invalidHeader) => ({ invalidHeader })),
	seed: {
		meaning: "decides what noise and weak sectors look like",
		accepts: "a whole number",
		read: (text) => {
			const seed = wholeNumber(text, 999999999);
			return seed === void 0 ? void 0 : { seed };
		}
	}
};
const invalid = (message, accepts) => new FlashError("input/invalid", `port: ${message}; accepted: ${accepts}.`, { input: "port" });
/** Percent signs are decoded; a plus sign stays one, as paths may have it. */
function pairs(query) {
	if (query === "") return [];
	return query.split("&").map((pair) => {
		const [key = "", ...value] = pair.split("=");
		try {
			return [key, decodeURIComponent(value.join("="))];
		} catch {
			throw invalid(`"${pair}" is not percent-encoded text`, "key=value, with % written as %25");
		}
	});
}
function checkSilicon(options) {
	const silicon = silicons[options.chip];
	const missing = options.security.find((setting) => !silicon.securitySettings.includes(setting));
	if (missing !== void 0) throw invalid(`the ${silicon.label} has no setting "${missing}"`, silicon.securitySettings.join(", ") || "none");
	if (options.crystalMhz !== void 0 && !silicon.crystalsMhz.includes(options.crystalMhz)) {
		const message = `no ${silicon.label} has a crystal of ${options.crystalMhz} MHz`;
		throw invalid(message, silicon.crystalsMhz.join(", "));
	}
	const ports = [
		"uart",
		...silicon.usb.serialJtag ? ["jtag"] : [],
		...silicon.usb.otgProductId === void 0 ? [] : ["otg"]
	];
	if (!ports.includes(options.usb)) throw invalid(`the ${silicon.label} has no USB port "${options.usb}"`, ports.join(", "));
}
/**
* Reads `virtual:<chip>?key=value&\u2026`. `fault` may be given several times, every other key once. Throws `input/invalid`
* for anything that it does not know.
*/
function parseBoardOptions(url) {
	const match = /^virtual:([^?#]*)(?:\?([^#]*))?$/.exec(url);
	const chip = siliconNames.find((name) => name === match?.[1]);
	if (match === null || chip === void 0) throw invalid(`there is no virtual board "${url}"`, siliconNames.map((name) => `virtual:${name}`).join(", "));
	let options = {
		...defaultBoardOptions,
		chip
	};
	const seen = /* @__PURE__ */ new Set();
	for (const [key, value] of pairs(match[2] ?? "")) {
		if (key === "fault") {
			const fault = readFault(value);
			if (fault === void 0) throw invalid(`there is no fault "${value}" of the virtual board`, Object.keys(faultTable).join(", "));
			options = {
				...options,
				faults: [...options.faults, fault]
			};
			continue;
		}
		const row = boardSettings[key];
		if (row === void 0) throw invalid(`the virtual board has no setting "${key}"`, [...Object.keys(boardSettings), "fault"].join(", "));
		if (seen.has(key)) throw invalid(`the setting "${key}" of the virtual board is given twice`, "each setting once");
		seen.add(key);
		const read = row.read(value);
		if (read === void 0) throw invalid(`"${value}" does not fit the setting "${key}"`, row.accepts);
		options = {
			...options,
			...read
		};
	}
	checkSilicon(options);
	return options;
}
// src/virtual/punctual-clock.ts
/** How long before its end a wait leaves its timer, which may come so late, and looks at each turn of the event loop instead. */
const TIMER_MS = 1.25;
/**
* The machine's time for one board that others wait for. Its timers come late by a millisecond or so; in a callback it is
* the time at which that was due, so that a chain of callbacks is late once and not once for each link.
*/
function createPunctualClock() {
	let dueMs;
	let latestMs = -1e400;
	const nowMs = () => latestMs = Math.max(latestMs, dueMs ?? performance.now());
	return {
		nowMs,
		schedule(delayMs, callback) {
			const atMs = nowMs() + delayMs;
			const fire = () => {
				dueMs = atMs;
				try {
					callback();
				} finally {
					dueMs = void 0;
				}
			};
			let timer;
			let immediate;
			const wait = () => {
				const leftMs = atMs - performance.now();
				if (leftMs <= 0) fire();
				else if (leftMs < TIMER_MS) immediate = setImmediate(wait);
				else timer = setTimeout(wait, leftMs - TIMER_MS);
			};
			if (atMs - performance.now() < TIMER_MS) immediate = setImmediate(wait);
			else wait();
			return () => {
				clearTimeout(timer);
				clearImmediate(immediate);
			};
		},
		breathe: () => new Promise((resolve) => setImmediate(resolve)),
		aside: (work) => work
	};
}
export { parseBoardOptions as n, createBoard as r, createPunctualClock as t };
