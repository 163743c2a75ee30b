import { B as isBlank, ot as hasCode } from "./first-line.js";
import { G as PARTITION_TABLE_BYTES, X as parsePartitionTable, Y as looksLikePartitionTable, Z as parseImage, at as parseSegmentHeader, ct as parseHeader, dt as needsFlashMapping, it as imageLength, lt as truncated, mt as overlaps, nt as isEsp8266Image } from "./step.js";
import { createHash } from "node:crypto";
// src/flash/hash.ts
/** About 3 ms of hashing, so that a cancellation or a byte from the board never waits long. */
const SLICE_BYTES = 1048576;
async function md5Of(bytes, clock) {
	const hash = createHash("md5");
	for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
		hash.update(bytes.subarray(at, at + SLICE_BYTES));
		if (at + SLICE_BYTES < bytes.length) await clock.breathe();
	}
	return hash.digest("hex");
}
const BLANK = (/* @__PURE__ */ new Uint8Array(65536)).fill(255);
const blankDigests = /* @__PURE__ */ new Map();
/** MD5 of erased flash of that length. */
async function md5OfBlank(lengthBytes, clock) {
	const known = blankDigests.get(lengthBytes);
	if (known !== void 0) return known;
	const hash = createHash("md5");
	for (let at = 0; at < lengthBytes; at += BLANK.length) {
		if (at > 0 && at % SLICE_BYTES === 0) await clock.breathe();
		hash.update(BLANK.subarray(0, lengthBytes - at));
	}
	const digest = hash.digest("hex");
	blankDigests.set(lengthBytes, digest);
	return digest;
}
// src/flash/boot-parts.ts
const isImageError = (error) => hasCode(error, "image/malformed", "image/truncated", "image/checksum", "image/digest");
/** Follows `count` segments from `from` on. Throws image/\u2026 where they lead out of `place`. */
async function readSegments(view, place, from, count) {
	const addresses = [];
	let at = from;
	for (let index = 0; index < count; index++) {
		if (at + 8 > place.lengthBytes) throw truncated("The image is longer than its place.");
		const segment = parseSegmentHeader(await view.read(place.offset + at, 8), 0, index);
		addresses.push(segment.address);
		at += 8 + segment.lengthBytes;
	}
	return {
		addresses,
		end: at
	};
}
/** Version 1 is what the ROM starts; version 2 has one mapped segment in front of such an image. */
async function readEsp8266Outline(view, place, start) {
	if (start[0] === 233) {
		const { end } = await readSegments(view, place, 8, start[1] ?? 0);
		return {
			lengthBytes: imageLength(end, false),
			kind: "bootloader"
		};
	}
	const mapped = await readSegments(view, place, 8, 1);
	const [, count = 0] = await view.read(place.offset + mapped.end, 8);
	const { end } = await readSegments(view, place, mapped.end + 8, count);
	return {
		lengthBytes: imageLength(end, false),
		kind: "app"
	};
}
/** Reads headers only: 24 bytes, and 8 for each segment. Throws image/\u2026 where they lead out of `place`. */
async function readOutline(view, place) {
	if (place.lengthBytes < 24) throw truncated("There is no room for an image.");
	const start = await view.read(place.offset, 24);
	const outline = isEsp8266Image(start) ? await readEsp8266Outline(view, place, start) : await readLaterOutline(view, place, start);
	if (outline.lengthBytes > place.lengthBytes) throw truncated("The image is longer than its place.");
	return outline;
}
async function readLaterOutline(view, place, start) {
	const { segmentCount, chipId, hasDigest } = parseHeader(start);
	const { addresses, end } = await readSegments(view, place, 24, segmentCount);
	return {
		lengthBytes: imageLength(end, hasDigest),
		kind: needsFlashMapping(chipId, addresses) ? "app" : "bootloader"
	};
}
/** Length of the image at `place` by its headers; 0 where there is none. */
async function imageLengthAt(view, place) {
	try {
		return (await readOutline(view, place)).lengthBytes;
	} catch (error) {
		if (isImageError(error)) return 0;
		throw error;
	}
}
/**
* Why the image at a place would not start, in words that follow "would be"; `undefined` if it would. What the job leaves
* alone is judged by its headers, as it starts today or does not; what it changes is read and checked whole.
*/
async function faultAt(view, wanted) {
	const { place, kind, changed } = wanted;
	if (place.lengthBytes < 24) return "the end of the flash";
	const start = await view.read(place.offset, 24);
	if (isBlank(start)) return "blank flash";
	if (start[0] !== 233 && !isEsp8266Image(start)) return "bytes that are no image";
	try {
		const outline = await readOutline(view, place);
		const extent = {
			offset: place.offset,
			lengthBytes: outline.lengthBytes
		};
		const found = changed.some((range) => overlaps(range, extent)) ? parseImage(await view.read(extent.offset, extent.lengthBytes)).kind : outline.kind;
		return kind === "bootloader" && found === "app" ? "an app, which the ROM cannot start" : void 0;
	} catch (error) {
		if (isImageError(error)) return `an image that cannot start (${error.message})`;
		throw error;
	}
}
/** Sixteen rows: most tables end within them, and all of a table takes four times as long to read. */
const TABLE_START_BYTES = 512;
/** The partition table at `offset`: its rows, `damaged` for one with errors, `none` for anything else. */
async function readTable(view, offset) {
	if (offset + 3072 > view.lengthBytes) return "none";
	const start = await view.read(offset, TABLE_START_BYTES);
	if (!looksLikePartitionTable(start)) return "none";
	const isAll = isBlank(start.subarray(-32));
	try {
		return parsePartitionTable(isAll ? start : await view.read(offset, PARTITION_TABLE_BYTES));
	} catch (error) {
		if (isImageError(error)) return "damaged";
		throw error;
	}
}
export { md5OfBlank as a, md5Of as i, imageLengthAt as n, readTable as r, faultAt as t };
