import { D as concatBytes, N as toHex, P as words, a as esp32, y as FlashError } from "./step.js";
import { d as malformed, h as buildAppDescription, m as sha256, n as PARTITION_TABLE_OFFSET, r as buildPartitionTable, s as checksumOffset, u as segmentChecksum } from "./partition-table.js";
import { writeFileSync } from "node:fs";
// src/image/build.ts
/** Leaves the pin to the chip (ESP-IDF `esp_image_header_t.wp_pin`). */
const WP_PIN_DISABLED = 238;
function buildHeader(recipe) {
	const header = /* @__PURE__ */ new Uint8Array(24);
	const view = new DataView(header.buffer);
	header.set([
		233,
		recipe.segments.length,
		recipe.flashModeByte,
		recipe.sizeFreqByte
	]);
	view.setUint32(4, recipe.entry, true);
	header[8] = WP_PIN_DISABLED;
	view.setUint16(12, recipe.chipId, true);
	view.setUint16(15, recipe.minRevision, true);
	view.setUint16(17, recipe.maxRevision ?? 65535, true);
	header[23] = recipe.digest ? 1 : 0;
	return header;
}
/** A valid image: header, segments, checksum and digest. Deterministic. Throws image/malformed for an odd length. */
function buildImage(recipe) {
	const odd = recipe.segments.find((segment) => segment.bytes.length % 4 !== 0);
	if (odd !== void 0) throw malformed(`A segment of ${odd.bytes.length} bytes does not consist of whole words.`);
	const segments = recipe.segments.flatMap(({ address, bytes }) => [words(address, bytes.length), bytes]);
	const body = concatBytes(buildHeader(recipe), ...segments);
	const image = new Uint8Array(checksumOffset(body.length) + 1);
	image.set(body);
	image[image.length - 1] = segmentChecksum(recipe.segments.map((segment) => segment.bytes));
	return recipe.digest ? concatBytes(image, sha256(image)) : image;
}
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
/**
* Where the demo's code goes, by `imageChipId`. ESP32: the addresses at which the ROM and the bootloader of MicroPython
* 1.12 loaded theirs. The second app segment is mapped: its address and its place in the image agree in the lower
* 16 bits, as the MMU maps pages of 64 KiB.
*/
const LAYOUTS = { 0: {
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
} };
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
		idfVersion: "demo",
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
/**
* Firmware for demo and tests that every check of a real boot loader accepts: bootloader, partition table and app, merged
* from the chip's bootloader offset on. Its code is made up and does nothing. Another `variant` is another version of
* the app. Throws chip/unsupported for a chip without a layout.
*/
function buildDemoFirmware(chip, variant = 0) {
	const layout = LAYOUTS[chip.imageChipId];
	if (layout === void 0) throw new FlashError("chip/unsupported", `There is no demo firmware for ${chip.label}.`);
	const bootloader = buildImage({
		chipId: chip.imageChipId,
		entry: layout.bootloader.entry,
		...FLASH_SETTINGS,
		minRevision: 0,
		segments: codeFor(layout.bootloader, 1),
		digest: true
	});
	const app = buildApp(layout.app, chip.imageChipId, variant);
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
