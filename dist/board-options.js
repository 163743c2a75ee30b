import { A as isBlank, D as concatBytes, E as alignUp, M as readUint32, T as alignDown, a as esp32, j as readUint16, k as hex32, y as FlashError } from "./step.js";
import { i as statusCodes, o as opcodes } from "./status-codes.js";
import { resolve } from "node:path";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
// src/virtual/boot-output.ts
const CAUSES = {
	"power-on": "rst:0x1 (POWERON_RESET)",
	software: "rst:0x3 (SW_RESET)",
	watchdog: "rst:0x7 (TG0WDT_SYS_RESET)",
	brownout: "rst:0xf (RTCWDT_BROWN_OUT_RESET)"
};
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
/** Lines end as on the serial line. */
const lines = (...texts) => texts.map((text) => `${text}\r\n`).join("");
function resetBanner(silicon, cause, mode) {
	return lines(silicon.romBanner, "", `${CAUSES[cause]},${silicon.bootModeTexts[mode]}`);
}
function invalidHeader(firstWord) {
	return lines(`invalid header: ${hex(firstWord, 8)}`);
}
function romChecksumError(calculated, stored) {
	return lines(`csum err:${hex(calculated)}!=${hex(stored)}`, "ets_main.c 371 ");
}
function romLoadLog(image) {
	return lines("configsip: 0, SPIWP:0xee", "clk_drv:0x00,q_drv:0x00,d_drv:0x00,cs0_drv:0x00,hd_drv:0x00,wp_drv:0x00", `mode:${FLASH_MODES[image.flashMode] ?? "DIO"}, clock div:${CLOCK_DIVIDERS[image.flashFrequency] ?? 2}`, ...image.segments.map(({ address, lengthBytes }) => `load:${hex(address, 8)},len:${lengthBytes}`), `entry ${hex(image.entry, 8)}`);
}
const COLOURS = {
	E: 31,
	W: 33,
	I: 32
};
/** A line in ESP-IDF's log format; the number is milliseconds since the start. */
function idfLog(level, atMs, tag, text) {
	return lines(`\u001b[0;${COLOURS[level]}m${level} (${Math.round(atMs)}) ${tag}: ${text}\u001b[0m`);
}
// src/virtual/boot-check.ts
const IMAGE_MAGIC = 233;
const HEADER_BYTES$2 = 24;
const SEGMENT_HEADER_BYTES = 8;
const DIGEST_BYTES = 32;
const MAX_SEGMENTS = 16;
const CHECKSUM_SEED = 239;
/**
* Reads and checks the image at `offset` (ESP-IDF, "App Image Format"): header, segments, XOR checksum at the end of
* its 16-byte line and, where `checksDigest`, the SHA-256 behind it.
*/
function checkImage(read, offset, checksDigest, flashBytes) {
	const header = read(offset, HEADER_BYTES$2);
	const segmentCount = header[1] ?? 0;
	const noImage = {
		kind: "no-image",
		firstWord: readUint32(header, 0)
	};
	if (header[0] !== IMAGE_MAGIC || segmentCount === 0 || segmentCount > MAX_SEGMENTS) return noImage;
	const segments = [];
	let at = offset + HEADER_BYTES$2;
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
	if (checksDigest && header[23] === 1) {
		if (!createHash("sha256").update(read(offset, bodyBytes)).digest().equals(read(offset + bodyBytes, DIGEST_BYTES))) return { kind: "bad-digest" };
	}
	return {
		kind: "good",
		entry: readUint32(header, 4),
		chipId: readUint16(header, 12),
		lengthBytes: bodyBytes + (header[23] === 1 ? DIGEST_BYTES : 0),
		flashMode: header[2] ?? 0,
		flashFrequency: (header[3] ?? 0) & 15,
		segments
	};
}
const TABLE_OFFSET = 32768;
const TABLE_BYTES = 3072;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 20650;
const MD5_MAGIC = 60395;
/** Where the MD5 of the entries before stands in its own. */
const MD5_AT = 16;
const APP_TYPE = 0;
const FACTORY = 0;
const FIRST_OTA = 16;
/** Reads the partition table (ESP-IDF, "Partition Tables"). A blank table is an empty one. */
function readBootTable(read) {
	const table = read(TABLE_OFFSET, TABLE_BYTES);
	const apps = [];
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
		const subtype = table[at + 3] ?? 0;
		if (table[at + 2] !== APP_TYPE || subtype !== FACTORY && subtype < FIRST_OTA) continue;
		const name = subtype === FACTORY ? "Factory app partition" : `OTA app partition slot ${subtype - FIRST_OTA}`;
		apps.push({
			name,
			offset: readUint32(table, at + 4),
			lengthBytes: readUint32(table, at + 8),
			subtype
		});
	}
	return {
		kind: "table",
		apps: apps.sort((a, b) => a.subtype - b.subtype)
	};
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
// src/virtual/flash-memory.ts
const SECTOR_BYTES = 4096;
const BLOCK_BYTES = 65536;
/** `seed` decides what weak sectors read as, and how far an interrupted program operation came. */
function createFlashMemory(content, seed, defects, store) {
	const cells = content.bytes;
	const sizeBytes = cells.length;
	const weak = new Set(content.weakSectors);
	const readsOfWeak = /* @__PURE__ */ new Map();
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
				if (!defects.staysUnerased(sector)) cells.fill(255, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
			}
			store?.write(at, cells.subarray(at, at + to - from));
		});
		store?.eraseEnded(weak);
	};
	const memory = {
		sizeBytes,
		bytes: cells,
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
			emit(symbol);
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
	/** One step that either happens as a whole or not at all. */
	const advance = () => {
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
			else if (outputLength >= maxBytes) status = "output-full";
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
// src/virtual/timing.ts
/**
* Modelled times in milliseconds. They are assumptions about boards, not measurements of one; each row has its source.
*/
const timing = {
	/** From EN rising to the ROM's first character. Assumed. */
	romStartMs: 40,
	/**
	* EN's RC element: 10 kΩ and 0.1 µF reach three quarters of the supply after 1.4 ms. Assumed; boards differ between
	* 0.1 µF and 1 µF. Kept in every mode, because a reset that moves one line after the other depends on it.
	*/
	enRiseMs: 1.4,
	/** One 4 KiB sector: typical value of W25Q32JV and GD25Q32C data sheets. */
	sectorEraseMs: 45,
	/** One 64 KiB block: typical value of the same data sheets. */
	blockEraseMs: 150,
	/** One 256-byte page: typical value of the same data sheets. */
	pageProgramMs: .4,
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
	/** The second-stage loader up to its first error line. Assumed; kept in every mode, else a loop would have no end. */
	secondStageMs: 400
};
// src/virtual/rom-flash-commands.ts
const MEBIBYTE$1 = 1048576;
/** READ_FLASH_SLOW always answers with a buffer of this size, however few bytes were asked for. */
const SLOW_READ_BYTES = 64;
/** The ROM inflates into a window of this size and writes what is in it. */
const INFLATE_BYTES = 32768;
const refused$1 = (status) => ({ status });
const ok$1 = { status: romStatus.ok };
const inFlash = (machine, offset, lengthBytes) => machine.bus.attached && offset + lengthBytes <= machine.bus.limitBytes;
/** Erases all of the range before the reply, blank or not. */
function* eraseAhead(machine, offset, lengthBytes) {
	const sectors = Math.ceil(lengthBytes / SECTOR_BYTES);
	if (offset % 4096 !== 0 || !inFlash(machine, offset, lengthBytes)) return false;
	yield* machine.bus.eraseArea(offset, sectors * SECTOR_BYTES);
	return true;
}
function begin$1(inflates) {
	return function* (machine, state, { payload }) {
		if (payload.length !== 16) return refused$1(romStatus.invalid);
		const [lengthBytes, blockBytes, offset] = [
			word(payload, 0),
			word(payload, 2),
			word(payload, 3)
		];
		const blocksBytes = word(payload, 1) * blockBytes;
		state.write = void 0;
		if (!(yield* eraseAhead(machine, offset, lengthBytes))) return refused$1(romStatus.failed);
		state.write = {
			nextOffset: offset,
			remainingBytes: inflates ? lengthBytes : blocksBytes,
			blockBytes,
			inflater: inflates ? createInflater() : void 0
		};
		return ok$1;
	};
}
/** Writes before it answers, unlike the stub. */
function* program(machine, state, bytes) {
	const { write } = state;
	if (write === void 0 || bytes.length > write.remainingBytes) return refused$1(romStatus.failed);
	if (!(yield* machine.bus.program(write.nextOffset, bytes))) return refused$1(romStatus.writeFailed);
	write.nextOffset += bytes.length;
	write.remainingBytes -= bytes.length;
	return ok$1;
}
function* inflate(machine, state, block) {
	const inflater = state.write?.inflater;
	if (inflater === void 0) return refused$1(romStatus.failed);
	inflater.feed(block);
	while (true) {
		const { output, status } = inflater.read(INFLATE_BYTES);
		if (output.length > (state.write?.remainingBytes ?? 0)) return refused$1(romStatus.inflateFailed);
		const outcome = yield* program(machine, state, output);
		if (outcome.status !== romStatus.ok) return outcome;
		if (status === "failed") return refused$1(romStatus.inflateFailed);
		if (status === "bad-checksum") return refused$1(romStatus.inflateChecksum);
		if (status !== "output-full") return ok$1;
	}
}
function data$1(inflates) {
	return function* (machine, state, { payload, checksum }) {
		const block = payload.subarray(16);
		if (payload.length < 16 || word(payload, 0) !== block.length) return refused$1(romStatus.invalid);
		if (state.write === void 0 || state.write.inflater !== void 0 !== inflates) return refused$1(romStatus.failed);
		if (block.length > state.write.blockBytes) return refused$1(romStatus.invalid);
		if (blockChecksum(block) !== checksum) return refused$1(romStatus.badChecksum);
		return inflates ? yield* inflate(machine, state, block) : yield* program(machine, state, block);
	};
}
/** Ends the write and leaves the loader: 0 restarts the chip, anything else boots from the flash. */
const end$1 = (_machine, state, { payload }) => {
	if (payload.length !== 4) return refused$1(romStatus.invalid);
	if (state.write === void 0) return refused$1(romStatus.failed);
	state.write = void 0;
	return {
		...ok$1,
		then: word(payload, 0) === 0 ? "restart" : "run"
	};
};
const spiAttach$1 = (machine, _state, { payload }) => {
	if (payload.length !== machine.silicon.definition.romDialect.spiAttachBytes) return refused$1(romStatus.invalid);
	machine.bus.attached = true;
	return ok$1;
};
const spiSetParams$1 = (machine, _state, { payload }) => {
	if (payload.length !== 24) return refused$1(romStatus.invalid);
	machine.bus.limitBytes = word(payload, 1);
	return ok$1;
};
function* md5$1(machine, _state, { payload }) {
	if (payload.length !== 16) return refused$1(romStatus.invalid);
	const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
	if (!inFlash(machine, offset, lengthBytes)) return refused$1(romStatus.readFailed);
	yield* busy(lengthBytes / MEBIBYTE$1 * timing.romMd5MsPerMebibyte);
	const digest = machine.md5(machine.bus.memory.read(offset, lengthBytes));
	return {
		...ok$1,
		data: Buffer.from(Buffer.from(digest).toString("hex"), "latin1")
	};
}
const readSlow = (machine, _state, { payload }) => {
	if (payload.length !== 8) return refused$1(romStatus.invalid);
	const [offset, lengthBytes] = [word(payload, 0), word(payload, 1)];
	if (lengthBytes > SLOW_READ_BYTES) return refused$1(romStatus.readLength);
	if (!inFlash(machine, offset, lengthBytes)) return refused$1(romStatus.readFailed);
	const data = new Uint8Array(SLOW_READ_BYTES);
	data.set(machine.bus.memory.read(offset, lengthBytes));
	return {
		...ok$1,
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
// src/virtual/known-stubs.ts
/** Espressif's stubs for the ESP32, from `stub_flasher/2/esp32.json`. */
const esp32Stubs = [{
	entry: 1074434092,
	segments: [{
		address: 1074429952,
		lengthBytes: 6456,
		sha256: "fc5fb606754d152b9b9e4f20c72fdad83d1d99b1b139744bc53cc160b1edd570"
	}, {
		address: 1073605996,
		lengthBytes: 212,
		sha256: "580837cfef9d57b223a4d30cf634dad72f1fdcc19b499ca62b514b487a0c3438"
	}]
}, {
	entry: 1074434164,
	segments: [{
		address: 1074429952,
		lengthBytes: 6140,
		sha256: "59c217e201a5910c15a0f202f2852c8ea44b7406bbf227e2cd6e88fd6a2a75af"
	}, {
		address: 1073605992,
		lengthBytes: 212,
		sha256: "e5f63ff41ce28e7239693d72ba524216fa47ce8af9d584653d58919d078f9f74"
	}]
}];
/** Whether RAM holds exactly a known stub that starts at `entry`. */
function holdsStub(stubs, entry, readBytes) {
	return stubs.some((stub) => stub.entry === entry && stub.segments.every(({ address, lengthBytes, sha256 }) => createHash("sha256").update(readBytes(address, lengthBytes)).digest("hex") === sha256));
}
// src/virtual/rom-system-commands.ts
const SYNC_BYTES$1 = 36;
/** The ROM sends this many replies to a SYNC. */
const SYNC_REPLIES = 8;
const WRITE_REGISTER_BYTES$1 = 16;
const refused = (status) => ({ status });
const ok = { status: romStatus.ok };
const sync$1 = (machine, state, { payload }) => {
	if (payload.length !== SYNC_BYTES$1) return refused(romStatus.invalid);
	machine.adoptHostBaud();
	state.value = word(payload, 0);
	return {
		...ok,
		repeats: SYNC_REPLIES
	};
};
const memoryBegin$1 = (machine, state, { payload }) => {
	if (payload.length !== 16) return refused(romStatus.invalid);
	const [lengthBytes, address] = [word(payload, 0), word(payload, 3)];
	state.ram = void 0;
	if (!machine.memory.isRam(address, lengthBytes)) return refused(romStatus.badAddress);
	state.ram = {
		nextAddress: address,
		remainingBytes: lengthBytes
	};
	return ok;
};
const memoryData$1 = (machine, state, { payload, checksum }) => {
	const block = payload.subarray(16);
	if (payload.length < 16 || word(payload, 0) !== block.length) return refused(romStatus.invalid);
	if (state.ram === void 0 || block.length > state.ram.remainingBytes) return refused(romStatus.failed);
	if (blockChecksum(block) !== checksum) return refused(romStatus.badChecksum);
	machine.memory.writeBytes(state.ram.nextAddress, block);
	state.ram.nextAddress += block.length;
	state.ram.remainingBytes -= block.length;
	return ok;
};
/** Jumps to the entry. Where RAM does not hold a program that is known here, the chip is gone until its next reset. */
const memoryEnd$1 = (machine, state, { payload }) => {
	if (payload.length !== 8) return refused(romStatus.invalid);
	state.ram = void 0;
	const [stays, entry] = [word(payload, 0) !== 0, word(payload, 1)];
	if (stays) return ok;
	const known = holdsStub(machine.silicon.stubs, entry, (address, length) => machine.memory.readBytes(address, length));
	return {
		...ok,
		then: known ? "stub" : "hang"
	};
};
const readRegister$1 = (machine, state, { payload }) => {
	if (payload.length !== 4) return refused(romStatus.invalid);
	state.value = machine.memory.readWord(word(payload, 0));
	return ok;
};
const writeRegister$1 = function* (machine, _state, { payload }) {
	if (payload.length === 0 || payload.length % WRITE_REGISTER_BYTES$1 !== 0) return refused(romStatus.invalid);
	for (let index = 0; index < payload.length / 4; index += 4) {
		const [address, value, mask] = [
			word(payload, index),
			word(payload, index + 1),
			word(payload, index + 2)
		];
		yield* busy(word(payload, index + 3) / 1e3);
		machine.memory.writeWord(address, value & mask | machine.memory.readWord(address) & ~mask);
	}
	return ok;
};
const changeBaudrate$1 = (machine, _state, { payload }) => {
	const baud = word(payload, 0);
	if (payload.length !== 8 || baud === 0) return refused(romStatus.invalid);
	return {
		...ok,
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
	[opcodes.changeBaudrate, changeBaudrate$1]
];
// src/virtual/rom-loader.ts
const handlers$1 = new Map([...romSystemHandlers, ...romFlashHandlers]);
/** A command that the ROM does not know is answered this often, under the op of the last one that it knew. */
const UNKNOWN_REPLIES = 8;
const REQUEST$1 = 0;
/** Assumed limits: the ROM takes the largest blocks that any host sends it, and buffers what comes meanwhile. */
const romSlipRules = {
	maxFrameBytes: 16896,
	emptyFrameEnds: false,
	maxWaitingFrames: 16
};
/** Two status bytes and two reserved ones. */
function statusBytes(status) {
	return Uint8Array.of(status >>> 8, status & 255, 0, 0);
}
function sendReply$1(machine, state, outcome) {
	const body = concatBytes(outcome.data ?? /* @__PURE__ */ new Uint8Array(0), statusBytes(outcome.status));
	for (let count = 0; count < (outcome.repeats ?? 1); count++) machine.send(encodeReply(state.lastOp, state.value, body));
}
function* carryOut$1(machine, state, request) {
	const handler = handlers$1.get(request.op);
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
		else if (typeof outcome.then === "string") return outcome.then;
		else machine.setBaud(outcome.then.baud);
	}
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
	const bus = {
		attached: false,
		limitBytes: memory.sizeBytes,
		memory,
		get busy() {
			if (leftMs() > 0) return true;
			memory.finish();
			return false;
		},
		*ready() {
			while (bus.busy) yield* busy(leftMs() * options.speed);
		},
		startErase(offset, lengthBytes) {
			memory.beginErase(offset, lengthBytes);
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
				memory.beginProgram(at, part);
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
		if (isBlank(bus.memory.read(offset, 4096))) {
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
		if (!(yield* bus.program(write.nextOffset, bytes))) return statusCodes.stubSpiFailed;
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
	state.inflater.feed(block);
	while (left > 0) {
		const expectsMore = write.budgetBytes > left;
		const eraseStatus = yield* eraseNext(machine, write);
		if (eraseStatus !== 0) return eraseStatus;
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
	for (let done = 0; done < lengthBytes; done += SECTOR_BYTES) pieces.push(machine.bus.memory.read(offset + done, Math.min(SECTOR_BYTES, lengthBytes - done)));
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
const memoryEnd = ({ memory, silicon }, state, { payload }) => {
	if (payload.length !== 8) return badLength;
	if (state.ram === void 0) return { status: statusCodes.stubNotInFlashMode };
	state.ram = void 0;
	const [stays, entry] = [word(payload, 0) !== 0, word(payload, 1)];
	if (stays) return stubOk;
	return {
		...stubOk,
		*after() {
			return holdsStub(silicon.stubs, entry, (address, length) => memory.readBytes(address, length)) ? "stub" : yield* hang();
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
/** Only newer chips have this information. */
const getSecurityInfo = (_machine, _state, { payload }) => payload.length === 0 ? { status: statusCodes.stubNotImplemented } : badLength;
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
	maxWaitingFrames: 1
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
const MAP_PAGE_BYTES = 65536;
const APP_DESCRIPTION_MAGIC = 2882360370;
/** Fields of `esp_app_desc_t` (ESP-IDF `esp_app_desc.h`): offset and length in bytes, and how the start log names them. */
const APP_FIELDS = [
	[
		"Project name:     ",
		48,
		32
	],
	[
		"App version:      ",
		16,
		32
	],
	[
		"Compile time:     ",
		96,
		16
	],
	[
		"ESP-IDF:          ",
		112,
		32
	]
];
const text = (bytes) => Buffer.from(bytes).toString("latin1").split("\0")[0] ?? "";
/** A boot that failed: waits as a boot loop does, and only goes on while someone reads what it prints. */
function* resetBy(cause, delayMs) {
	yield* untilListened();
	yield* pause(delayMs);
	return cause;
}
/** The app's own words. It is not executed: a good image says who it is, and is taken as running. */
function* runApp(machine, read, firstSegmentOffset) {
	const log = (line) => machine.print(idfLog("I", timing.secondStageMs, "cpu_start", line));
	log("Pro cpu up.");
	if (readUint32(read(firstSegmentOffset, 4), 0) === APP_DESCRIPTION_MAGIC) {
		log("Application information:");
		for (const [label, offset, lengthBytes] of APP_FIELDS) {
			const value = text(read(firstSegmentOffset + offset, lengthBytes));
			if (value !== "") log(`${label}${value}`);
		}
	}
	log("Starting scheduler on PRO CPU.");
	return yield* hang();
}
const inRanges = (ranges, address) => ranges.some(({ start, end }) => address >= start && address < end);
/** Why the second stage refuses an image whose bytes are in order: tag and text of its line. */
function refusal(silicon, image, app) {
	const { imageChipId } = silicon.definition;
	if (image.chipId !== imageChipId) return ["boot_comm", `mismatch chip ID, expected ${imageChipId}, found ${image.chipId}`];
	if (image.lengthBytes > app.lengthBytes) return ["esp_image", `Image length ${image.lengthBytes} doesn't fit in partition length ${app.lengthBytes}`];
	for (const [index, { address, offset }] of image.segments.entries()) {
		const mapped = inRanges(silicon.mappedRanges, address);
		if (mapped && address % MAP_PAGE_BYTES !== offset % MAP_PAGE_BYTES) return ["esp_image", `Segment ${index} load address ${hex32(address)}, doesn't match data ${hex32(offset)}`];
		if (!mapped && !inRanges(silicon.ramRanges, address)) return ["esp_image", `Segment ${index} ${hex32(address)} invalid: bad load address range`];
	}
}
function* startApp(machine, read, app) {
	const log = (tag, line) => machine.print(idfLog("E", timing.secondStageMs, tag, line));
	const image = checkImage(read, app.offset, true, machine.bus.memory.sizeBytes);
	switch (image.kind) {
		case "good": {
			const refused = refusal(machine.silicon, image, app);
			if (refused === void 0) yield* runApp(machine, read, image.segments[0]?.offset ?? app.offset);
			else log(...refused);
			break;
		}
		case "no-image":
			log("esp_image", `image at 0x${app.offset.toString(16)} has invalid magic byte`);
			break;
		case "bad-checksum":
			log("esp_image", `Checksum failed. Calculated 0x${image.calculated.toString(16)} read 0x${image.stored.toString(16)}`);
			break;
		case "bad-digest": log("esp_image", "Image hash failed - image is corrupt");
	}
	log("boot", `${app.name} is not bootable`);
}
/** Second stage: the table, then the apps in turn. */
function* secondStage(machine, read) {
	yield* busy(timing.secondStageMs);
	const log = (tag, line) => machine.print(idfLog("E", timing.secondStageMs, tag, line));
	const table = readBootTable(read);
	if (table.kind !== "table") {
		log("flash_parts", table.kind === "bad-md5" ? "Partition table MD5 mismatch" : `partition 0 invalid magic number 0x${table.magic.toString(16)}`);
		log("boot", "Failed to verify partition table");
		log("boot", "load partition table error!");
	} else {
		for (const app of table.apps) yield* startApp(machine, read, app);
		log("boot", "No bootable app partitions in the partition table");
	}
	return yield* resetBy("software", timing.secondStageMs);
}
/** The ROM boots from the flash; ends with the cause of the next reset where that fails. */
function* bootFromFlash(machine, namesInvalidHeader) {
	const read = (offset, lengthBytes) => machine.bus.memory.read(offset, lengthBytes);
	const { bootloaderOffset } = machine.silicon.definition;
	const image = checkImage(read, bootloaderOffset, false, machine.bus.memory.sizeBytes);
	if (image.kind === "good") {
		machine.print(romLoadLog(image));
		if (image.segments.every(({ address, lengthBytes }) => machine.memory.isRam(address, lengthBytes)) && machine.memory.isRam(image.entry, 1)) return yield* secondStage(machine, read);
	}
	if (image.kind === "bad-checksum") machine.print(romChecksumError(image.calculated, image.stored));
	else if (image.kind === "no-image" && namesInvalidHeader) machine.print(invalidHeader(image.firstWord));
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
		machine.print(resetBanner(machine.silicon, cause, machine.bootMode));
		if (machine.bootMode === "download" && (yield* download(machine)) === "restart") cause = "software";
		else {
			machine.enter("boot");
			cause = yield* bootFromFlash(machine, namesInvalidHeader);
		}
	}
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
	const linkLostCommand = strikes("link-lost-command");
	const resetCommand = strikes("reset-command");
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
			const [linkLost, reset] = [linkLostCommand(), resetCommand()];
			if (loader === "stub" && stubDies()) return "hang";
			if (reset) return "reset";
			return linkLost ? "link-lost" : "carried-out";
		},
		writeRefused: writeFails,
		staysUnerased: (sector) => stuck.has(sector),
		flipsBit: (sector) => flips.delete(sector),
		md5Wrong: md5Fails,
		io0Cut: has("run-mode")
	};
}
// src/virtual/flash-file.ts
const SIZES = [
	1,
	2,
	4,
	8,
	16
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
	const lockPath = `${path}.lock`;
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
		const { fd, bytes } = openCells(path, wantedBytes);
		const sideFd = openSync(`${path}.state.json`, "a+");
		const state = readSideState(sideFd);
		closeSync(sideFd);
		const stateFd = openSync(`${path}.state.json`, "r+");
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
	else if (command === READ_DATA) data.set(bus.memory.read(address, lengthBytes));
	return data;
}
/** Runs the transfer that the USR registers describe, and leaves the flash's answer in W0 and up. */
function runSpiCommand(spi, bus, read, write) {
	const usr = read(spi.base + spi.usr);
	if ((usr & USR_MISO) === 0) return;
	const command = read(spi.base + spi.usr2) & 255;
	const addressBits = (read(spi.base + spi.usr1) >>> 26) + 1;
	const rawAddress = (usr & USR_ADDRESS) === 0 ? 0 : read(spi.base + ADDRESS_OFFSET);
	const address = addressBits === 32 ? rawAddress : rawAddress >>> 32 - addressBits;
	const bits = (read(spi.base + spi.misoLength) & 16777215) + 1;
	const lengthBytes = Math.min(Math.ceil(bits / 8), MAX_DATA_BYTES);
	const padded = new Uint8Array(Math.ceil(lengthBytes / 4) * 4);
	padded.set(answer(bus, command, address, lengthBytes));
	const view = new DataView(padded.buffer);
	for (let offset = 0; offset < padded.length; offset += 4) write(spi.base + spi.w0 + offset, view.getUint32(offset, true));
}
// src/virtual/registers.ts
function createRegisters(silicon, settings, bus) {
	const values = new Map(silicon.registers(settings));
	const spiCommand = silicon.definition.spi.base;
	const isReadOnly = (address) => silicon.readOnlyRanges.some(({ start, end }) => address >= start && address < end);
	const read = (address) => values.get(address) ?? 0;
	return {
		read,
		write(address, value) {
			if (isReadOnly(address)) return;
			if (address !== spiCommand) values.set(address, value);
			else if ((value & 262144) !== 0) runSpiCommand(silicon.definition.spi, bus, read, (target, word) => values.set(target, word));
		},
		setStrap: (value) => void values.set(silicon.strapRegister, value),
		setBaud: (baud) => void values.set(silicon.uartDivider, Math.floor(silicon.crystalHz / baud) - 1)
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
	const rise = () => {
		cancelRise?.();
		cancelRise = clock.schedule(timing.enRiseMs, () => {
			cancelRise = void 0;
			chip.started(sampledMode());
		});
	};
	return {
		setLines(next) {
			const wasLow = enLow();
			lines = next;
			if (!powered || wasLow === enLow()) return;
			if (enLow()) stop();
			else rise();
		},
		powerOn() {
			powered = true;
			if (!enLow()) rise();
		},
		powerOff() {
			powered = false;
			stop();
		}
	};
}
// src/virtual/esp32-silicon.ts
const EFUSE_BASE = 1073061888;
const EFUSE_END = 1073062400;
const ROM_MAGIC = 1073745920;
/** The eFuse's check of the MAC: CRC-8 with the polynomial 0x31, lowest bit first (ESP-IDF `esp_crc8`). */
function macCrc(mac) {
	let crc = 0;
	for (const byte of mac) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? crc >>> 1 ^ 140 : crc >>> 1;
	}
	return crc;
}
function registers({ mac }) {
	const at = (index) => mac[index] ?? 0;
	return /* @__PURE__ */ new Map([
		[1073061892, (at(2) << 24 | at(3) << 16 | at(4) << 8 | at(5)) >>> 0],
		[1073061896, macCrc(mac) << 16 | at(0) << 8 | at(1)],
		[1073061900, 33280],
		[1073061908, 1048576],
		[1073111164, 2516852736],
		[ROM_MAGIC, 15736195],
		[esp32.spi.base + esp32.spi.usr, 2147483712],
		[esp32.spi.base + esp32.spi.usr1, 1543503879],
		[esp32.spi.base + esp32.spi.usr2, 1879048192]
	]);
}
// src/virtual/silicon-table.ts
/** Every chip that there is a virtual board for. */
const silicons = { esp32: {
	definition: esp32,
	romBanner: "ets Jul 29 2019 12:21:46",
	bootModeTexts: {
		download: "boot:0xf (UART_BOOT(UART0))",
		run: "boot:0x12 (SPI_FAST_FLASH_BOOT)"
	},
	crystalHz: 4e7,
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
	registers,
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
	stubs: esp32Stubs
} };
const siliconNames = Object.keys(silicons);
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
		maxWaitingFrames: 0
	};
	let state = "outside";
	let buffer = /* @__PURE__ */ new Uint8Array(0);
	let length = 0;
	const put = (byte) => {
		if (length < rules.maxFrameBytes) buffer[length++] = byte;
		else state = "outside";
	};
	const end = () => {
		if (length > 0) {
			state = "outside";
			onFrame(buffer.slice(0, length));
		} else if (rules.emptyFrameEnds) state = "outside";
		length = 0;
	};
	return {
		push(byte) {
			if (state === "outside") {
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
		restart(next) {
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
// src/virtual/line.ts
/** `latencyMs` passes between the last bit and the arrival. */
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
			arrived(piece.bytes, piece.baud);
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
			busyUntilMs = Math.max(clock.nowMs(), busyUntilMs) + durationMs;
			queue.push({
				bytes,
				baud,
				sentAtMs: busyUntilMs,
				arrivesAtMs: busyUntilMs + latencyMs / timing.speed
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
/** The rate at which the ROM prints, and which it listens at when it is not measuring (bits a second). */
const ROM_BAUD = 115200;
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
	let hostBaud = ROM_BAUD;
	let chipBaud = ROM_BAUD;
	let measuring = false;
	let heardBaud = ROM_BAUD;
	let noiseTurn = 0;
	const received = (bytes, sentAt, heardAt) => sameRate(sentAt, heardAt) ? bytes : noiseBytes(Math.max(1, Math.round(bytes.length * heardAt / sentAt)), sides.seed, noiseTurn++);
	const toChip = createLine(clock, timing, 0, (bytes, baud) => {
		heardBaud = baud;
		const { min, max } = sides.autoBaudLimits;
		const heardAt = measuring && baud >= min && baud <= max ? baud : chipBaud;
		sides.toChip(faults.toChip(received(bytes, baud, heardAt), baud));
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
			chipBaud = ROM_BAUD;
			measuring = true;
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
// src/virtual/board.ts
const DEFAULT_FLASH_BYTES = 4194304;
const SLIP_RULES = {
	rom: romSlipRules,
	stub: stubSlipRules,
	boot: {
		...romSlipRules,
		maxWaitingFrames: 0
	}
};
/** A board that has just been powered on. Throws as `openFlashFile` where its flash is a file. */
function createBoard(options, clock) {
	const silicon = silicons[options.chip];
	const timing = {
		mode: options.timing,
		usbLatencyMs: options.usbLatencyMs,
		speed: options.speed
	};
	const faults = createFaults(options.faults, options.seed);
	const dataListeners = /* @__PURE__ */ new Set();
	const linkListeners = /* @__PURE__ */ new Set();
	const file = options.flashFile === void 0 ? void 0 : openFlashFile(options.flashFile, options.flashSizeBytes);
	const blank = {
		bytes: new Uint8Array(options.flashSizeBytes ?? DEFAULT_FLASH_BYTES).fill(255),
		weakSectors: []
	};
	const flash = createFlashMemory(file?.content ?? blank, options.seed, {
		staysUnerased: (sector) => faults.staysUnerased(sector),
		programmed(offset, bytes) {
			if (bytes.length === 0 || !faults.flipsBit(Math.floor(offset / 4096))) return bytes;
			const wrong = bytes.slice();
			wrong[0] = (wrong[0] ?? 0) ^ 1;
			return wrong;
		}
	}, file?.store);
	const bus = createFlashBus(flash, clock, timing, () => faults.writeRefused());
	const processor = createProcessor(clock, timing, () => dataListeners.size > 0);
	const slip = createSlipReceiver((frame) => processor.offer(frame), () => processor.waitingFrames);
	const uart = createUart(clock, timing, faults, {
		seed: options.seed,
		autoBaudLimits: silicon.autoBaudLimits,
		toChip: (bytes) => bytes.forEach((byte) => slip.push(byte)),
		toHost: (bytes) => dataListeners.forEach((listener) => listener(bytes))
	});
	let stage = "boot";
	const loseLink = () => linkListeners.forEach((listener) => listener());
	const start = (bootMode, cause) => {
		const registers = createRegisters(silicon, { mac: options.mac }, bus);
		registers.setStrap(silicon.strapValues[bootMode]);
		const machine = {
			silicon,
			memory: createMemory(silicon, registers),
			bus,
			bootMode,
			enter(next) {
				stage = next;
				slip.restart(SLIP_RULES[next]);
				if (next === "stub") return;
				bus.attached = false;
				bus.limitBytes = silicon.defaultFlashBytes;
				uart.measure();
			},
			send: (content) => uart.fromChip(frameForHost(content)),
			print: (text) => uart.fromChip(Buffer.from(text, "latin1")),
			setBaud(baud) {
				uart.setChipBaud(baud);
				registers.setBaud(baud);
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
					case "reset":
						brownOut();
						yield* hang();
						break;
					case "hang": yield* hang();
				}
			},
			md5(bytes) {
				const digest = createHash("md5").update(bytes).digest();
				if (faults.md5Wrong()) digest[0] = (digest[0] ?? 0) ^ 1;
				return digest;
			}
		};
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
		start(options.boot, "brownout");
	};
	const io0 = options.boot === "download" ? "held" : "connected";
	const circuit = createResetCircuit(clock, faults.io0Cut ? "cut" : io0, {
		stopped: stop,
		started: (mode) => start(mode, "power-on")
	});
	const powerLost = () => {
		circuit.powerOff();
		uart.cancel();
	};
	circuit.powerOn();
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
		powerCycle() {
			powerLost();
			circuit.powerOn();
		},
		flash,
		get inDownloadMode() {
			return stage !== "boot";
		},
		close() {
			powerLost();
			flash.close();
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
	"16MB": 16777216
};
function oneOf(values, use) {
	return {
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
const rows = {
	flash: {
		accepts: "the path of a file",
		read: (path) => path === "" ? void 0 : { flashFile: path }
	},
	"flash-size": oneOf(Object.keys(FLASH_SIZES), (size) => ({ flashSizeBytes: FLASH_SIZES[size] ?? 0 })),
	mac: {
		accepts: `a MAC such as ${formatMac(defaultBoardOptions.mac)}`,
		read: (text) => {
			const mac = parseMac(text);
			return mac && { mac };
		}
	},
	timing: oneOf(["none", "modelled"], (timing) => ({ timing })),
	"usb-latency-ms": oneOf(["1", "16"], (value) => ({ usbLatencyMs: Number(value) })),
	speed: {
		accepts: "a number from 1 to 1000",
		read: (text) => {
			const speed = wholeNumber(text, 1e3) ?? 0;
			return speed === 0 ? void 0 : { speed };
		}
	},
	boot: oneOf(["run", "download"], (boot) => ({ boot })),
	"invalid-header": oneOf(["silent", "printed"], (invalidHeader) => ({ invalidHeader })),
	seed: {
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
/**
* Reads `virtual:<chip>?key=value&…`. `fault` may be given several times, every other key once. Throws `input/invalid`
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
		const row = rows[key];
		if (row === void 0) throw invalid(`the virtual board has no setting "${key}"`, [...Object.keys(rows), "fault"].join(", "));
		if (seen.has(key)) throw invalid(`the setting "${key}" of the virtual board is given twice`, "each setting once");
		seen.add(key);
		const read = row.read(value);
		if (read === void 0) throw invalid(`"${value}" does not fit the setting "${key}"`, row.accepts);
		options = {
			...options,
			...read
		};
	}
	return options;
}
export { createBoard as n, parseBoardOptions as t };
