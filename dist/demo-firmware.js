import { K as PARTITION_TABLE_OFFSET, Q as buildAppDescription, _t as sha256, ln as esp32, ot as segmentChecksum, q as buildPartitionTable, rt as checksumOffset } from "./step.js";
import { G as words, I as concatBytes, W as toHex, at as FlashError } from "./first-line.js";
import { t as buildImage } from "./build.js";
import { writeFileSync } from "node:fs";
// src/image/demo-layouts.ts
/**
* A small bootloader and app in that memory. Mapped segments have an address and a place in the image that agree in
* the lower 16 bits, as the MMU maps pages of 64 KiB: the first one's data begin at 0x20, the second one's at 0x4018.
*/
function smallLayout({ dram, iram, drom, irom }) {
	return {
		bootloader: {
			entry: iram,
			segments: [[dram, 4096], [iram, 9216]]
		},
		app: {
			entry: iram + 1024,
			segments: [
				[drom + 32, 16368],
				[irom + 16408, 24576],
				[dram, 2048],
				[iram, 8192]
			]
		}
	};
}
/** A chip whose buses share one RAM and one window for flash. */
const sharedLayout = (ram, window) => smallLayout({
	dram: ram,
	iram: ram + 16384,
	drom: window,
	irom: window + 65536
});
/**
* By `imageChipId`. ESP32: the addresses at which the ROM and the bootloader of MicroPython 1.12 loaded theirs. Others:
* inside the memory maps of npm esptool-js 0.7.0 `lib/targets` (DRAM, IRAM, DROM, IROM).
*/
const demoLayouts = {
	0: {
		bootloader: {
			entry: 1074267888,
			segments: [
				[1073676312, 4],
				[1073676316, 4800],
				[1074233344, 9600],
				[1074267136, 6200]
			]
		},
		app: {
			entry: 1074270208,
			segments: [
				[1061158944, 65520],
				[1074593816, 98304],
				[1073414144, 8192],
				[1074266112, 1024],
				[1074267136, 20480]
			]
		}
	},
	2: smallLayout({
		dram: 1073610752,
		iram: 1074069504,
		drom: 1056964608,
		irom: 1074266112
	}),
	5: smallLayout({
		dram: 1070399488,
		iram: 1077673984,
		drom: 1006632960,
		irom: 1107296256
	}),
	9: smallLayout({
		dram: 1070465024,
		iram: 1077608448,
		drom: 1006632960,
		irom: 1107296256
	}),
	12: smallLayout({
		dram: 1070333952,
		iram: 1077542912,
		drom: 1006632960,
		irom: 1107296256
	}),
	13: sharedLayout(1082392576, 1107296256),
	16: sharedLayout(1082327040, 1107296256),
	18: sharedLayout(1341390848, 1073741824),
	20: sharedLayout(1082327040, 1107296256),
	23: sharedLayout(1082392576, 1107296256),
	25: sharedLayout(1082327040, 1107296256),
	28: sharedLayout(1082327040, 1107296256),
	31: sharedLayout(822083584, 1006632960),
	32: sharedLayout(788791296, 1073741824)
};
/** The ESP8266's ROM starts one image, all of it in RAM. */
const esp8266DemoLayout = {
	entry: 1074790404,
	segments: [[1074790400, 24576], [1073643520, 4096]]
};
// src/image/pseudo-code.ts
/** Number of different three-byte instructions in the text. */
const VOCABULARY = 512;
const INSTRUCTION_BYTES = 3;
/** Share of instructions that carry an operand of their own. */
const OPERAND_SHARE = .3;
/** Mulberry32: small, fast and the same everywhere; quality hardly matters here. */
function seededRandom(seed) {
	let state = seed >>> 0;
	return () => {
		state = state + 1831565813 >>> 0;
		let mixed = Math.imul(state ^ state >>> 15, state | 1);
		mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
		return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296;
	};
}
/**
* Bytes that compress about as real code does (deflate to 0.6 to 0.7 of their size), from a few frequent and many rare
* instructions. The same seed gives the same bytes.
*/
function pseudoCode(lengthBytes, seed) {
	const random = seededRandom(seed);
	const code = new Uint8Array(lengthBytes);
	for (let at = 0; at < lengthBytes; at += INSTRUCTION_BYTES) {
		const instruction = Math.floor(VOCABULARY * random() ** 4);
		code[at] = instruction * 29 & 255;
		code[at + 1] = instruction >>> 3 ^ 80;
		code[at + 2] = random() < OPERAND_SHARE ? Math.floor(random() * 256) : 0;
	}
	return code;
}
// src/image/demo-firmware.ts
const APP_OFFSET = 65536;
const table = buildPartitionTable([
	{
		name: "nvs",
		type: 1,
		subtype: 2,
		offset: 36864,
		lengthBytes: 24576,
		flags: 0
	},
	{
		name: "phy_init",
		type: 1,
		subtype: 1,
		offset: 61440,
		lengthBytes: 4096,
		flags: 0
	},
	{
		name: "factory",
		type: 0,
		subtype: 0,
		offset: APP_OFFSET,
		lengthBytes: 1048576,
		flags: 0
	}
]);
/** What a bootloader that logs has in its image; the virtual board prints such a log only where it finds these words. */
const BOOTLOADER_WORDS = Buffer.from("2nd stage bootloader\0v5.4-demo\0");
/** DIO, 4 MB, 40 MHz: what nearly every ESP32 module can do. */
const FLASH_SETTINGS = {
	flashModeByte: 2,
	sizeFreqByte: 32
};
function codeFor(layout, seed) {
	return layout.segments.map(([address, lengthBytes], index) => ({
		address,
		bytes: pseudoCode(lengthBytes, seed + index)
	}));
}
function buildApp(layout, chipId, variant) {
	const code = codeFor(layout, 100).map((segment, index) => index === 1 ? {
		...segment,
		bytes: pseudoCode(segment.bytes.length, 1e3 + variant)
	} : segment);
	const description = buildAppDescription({
		version: `1.0.${variant}`,
		project: "esp32-flash-action-demo",
		compileTime: "12:00:00",
		compileDate: "Jan  1 2025",
		idfVersion: "v5.4-demo",
		elfSha256: toHex(sha256(concatBytes(...code.map((segment) => segment.bytes))))
	});
	const segments = code.map((segment, index) => index === 0 ? {
		...segment,
		bytes: concatBytes(description, segment.bytes.subarray(256))
	} : segment);
	return buildImage({
		chipId,
		entry: layout.entry,
		...FLASH_SETTINGS,
		minRevision: 0,
		segments,
		digest: true
	});
}
/** The ESP8266's header: its size code for 4 MB is another one. */
function buildEsp8266Demo(variant) {
	const segments = codeFor(esp8266DemoLayout, 200 + variant);
	const header = Uint8Array.of(233, segments.length, FLASH_SETTINGS.flashModeByte, 64);
	const body = concatBytes(header, words(esp8266DemoLayout.entry), ...segments.flatMap(({ address, bytes }) => [words(address, bytes.length), bytes]));
	const image = new Uint8Array(checksumOffset(body.length) + 1);
	image.set(body);
	image[image.length - 1] = segmentChecksum(segments.map((segment) => segment.bytes));
	return image;
}
/**
* Firmware for demo and tests that every check of a real boot loader accepts: bootloader, partition table and app, merged
* from the chip's bootloader offset on; for ESP8266, which knows no table, one image. Its code is made up and does
* nothing. Another `variant` is another version of the app. Throws chip/unsupported for a chip without a layout.
*/
function buildDemoFirmware(chip, variant = 0) {
	const chipId = chip.imageChipId;
	if (chipId === void 0) return buildEsp8266Demo(variant);
	const layout = demoLayouts[chipId];
	if (layout === void 0) throw new FlashError("chip/unsupported", `There is no demo firmware for ${chip.label}.`);
	const bootloader = buildImage({
		chipId,
		entry: layout.bootloader.entry,
		...FLASH_SETTINGS,
		minRevision: 0,
		segments: codeFor(layout.bootloader, 1).map((segment, index) => index === 1 ? {
			...segment,
			bytes: concatBytes(BOOTLOADER_WORDS, segment.bytes.subarray(BOOTLOADER_WORDS.length))
		} : segment),
		digest: true
	});
	const app = buildApp(layout.app, chipId, variant);
	const appAt = APP_OFFSET - chip.bootloaderOffset;
	const firmware = new Uint8Array(appAt + app.length).fill(255);
	firmware.set(bootloader);
	firmware.set(table, PARTITION_TABLE_OFFSET - chip.bootloaderOffset);
	firmware.set(app, appAt);
	return firmware;
}
// src/demo-firmware-main.ts
const [file] = process.argv.slice(2);
if (file === void 0) {
	console.error("usage: node demo-firmware.js <file to write>");
	process.exitCode = 1;
} else writeFileSync(file, buildDemoFirmware(esp32));
export {};
