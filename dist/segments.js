import { A as alignDown, I as readUint16, L as readUint32, N as formatBytes, P as hex32, Y as FlashError } from "./first-line.js";
/** In both full revision fields: no limit. */
const REVISION_OPEN = 65535;
/** What every parser of this folder throws when `bytes` end too early. */
function truncated(message, details = {}) {
	return new FlashError("image/truncated", message, details);
}
function malformed(message, details = {}) {
	return new FlashError("image/malformed", message, details);
}
/** ESP32-C3: its old one-byte field counts minor revisions; every other chip's counts major ones (esptool `cmds.py`). */
const LEGACY_FIELD_IS_MINOR = [5];
function revisionLimits(bytes, offset, chipId) {
	const legacyField = bytes[offset + 14] ?? 0;
	const legacy = { min: LEGACY_FIELD_IS_MINOR.includes(chipId) ? legacyField : legacyField * 100 };
	const min = readUint16(bytes, offset + 15);
	const max = readUint16(bytes, offset + 17);
	if (max === 0) return legacy;
	if (max === REVISION_OPEN) return min === 0 ? legacy : { min };
	return {
		min,
		max
	};
}
/** Number of segments that the header at `offset` names. Throws image/malformed for one that no loader takes. */
function parseSegmentCount(bytes, offset) {
	const segmentCount = bytes[offset + 1] ?? 0;
	if (segmentCount < 1 || segmentCount > 16) throw malformed(`The image header claims ${segmentCount} segments; 1 to 16 are possible.`, { offset: hex32(offset + 1) });
	return segmentCount;
}
/** Reads the header at `offset`. Throws image/malformed or image/truncated. */
function parseHeader(bytes, offset = 0) {
	const magic = bytes[offset];
	const details = { offset: hex32(offset) };
	const here = `at ${hex32(offset)}`;
	if (magic === void 0) throw truncated(`There are no bytes ${here}, where an image should begin.`, details);
	if (magic !== 233) throw malformed(`An image begins with 0xe9, but ${here} is 0x${magic.toString(16).padStart(2, "0")}.`, details);
	if (bytes.length - offset < 24) throw truncated(`An image header has 24 bytes, but only ${bytes.length - offset} are there ${here}.`, details);
	const segmentCount = parseSegmentCount(bytes, offset);
	const digestFlag = bytes[offset + 23] ?? 0;
	if (digestFlag > 1) throw malformed(`The image header's digest flag is ${digestFlag}; only 0 and 1 have a meaning.`, { offset: hex32(offset + 23) });
	const chipId = readUint16(bytes, offset + 12);
	const { min, max } = revisionLimits(bytes, offset, chipId);
	return {
		segmentCount,
		flashModeByte: bytes[offset + 2] ?? 0,
		sizeFreqByte: bytes[offset + 3] ?? 0,
		entry: readUint32(bytes, offset + 4),
		chipId,
		minRevision: min,
		...max === void 0 ? {} : { maxRevision: max },
		hasDigest: digestFlag === 1
	};
}
/** ESP-IDF `esp_image_format.c`: longer segments, and lengths that are no multiple of 4, are refused. */
const MAX_SEGMENT_BYTES = 16777216;
const CHECKSUM_SEED = 239;
/** Reads the eight bytes at `at` in front of a segment's data. `index` counts from 0. Throws image/malformed. */
function parseSegmentHeader(bytes, at, index) {
	const address = readUint32(bytes, at);
	const lengthBytes = readUint32(bytes, at + 4);
	if (lengthBytes >= MAX_SEGMENT_BYTES || lengthBytes % 4 !== 0) throw malformed(`Segment ${index + 1} of the image claims ${formatBytes(lengthBytes)} for ${hex32(address)}: no boot loader takes that.`, {
		segment: index + 1,
		address: hex32(address),
		lengthBytes,
		offset: hex32(at)
	});
	return {
		address,
		lengthBytes
	};
}
/**
* Reads `count` segments of the image that begins at `start`, the first of them at `at`; `dataEnd` is where the last one
* ends. Both, like `at`, count from the first of `bytes`. Throws image/malformed or image/truncated.
*/
function parseSegments(bytes, place) {
	const segments = [];
	let { at } = place;
	for (let index = 0; index < place.count; index++) {
		const which = `Segment ${index + 1} of ${place.count}`;
		const dataAt = at + 8;
		if (dataAt > bytes.length) throw truncated(`${which} should begin at ${hex32(at)}, behind the end of the bytes.`, { offset: hex32(at) });
		const { address, lengthBytes } = parseSegmentHeader(bytes, at, index);
		at = dataAt + lengthBytes;
		if (at > bytes.length) throw truncated(`${which}, at ${hex32(dataAt)}, has ${formatBytes(lengthBytes)}, but only ${formatBytes(bytes.length - dataAt)} of them are there.`, {
			segment: index + 1,
			lengthBytes,
			presentBytes: bytes.length - dataAt,
			offset: hex32(dataAt)
		});
		segments.push({
			address,
			offset: dataAt - place.start,
			lengthBytes
		});
	}
	return {
		segments,
		dataEnd: at
	};
}
/** The data of a segment of `image`, which begins with the image's first byte. */
function segmentBytes(image, segment) {
	return image.subarray(segment.offset, segment.offset + segment.lengthBytes);
}
/** Where the checksum byte lies behind data that end at `dataEnd`: it is the last byte of a 16-byte line. */
function checksumOffset(dataEnd) {
	return alignDown(dataEnd, 16) + 15;
}
/** Length of an image whose segments end at `dataEnd`, with checksum and digest. */
function imageLength(dataEnd, hasDigest) {
	return checksumOffset(dataEnd) + 1 + (hasDigest ? 32 : 0);
}
/** XOR of all segment bytes over the seed EF, as the ROM computes it. Each length must be a multiple of 4. */
function segmentChecksum(parts) {
	let folded = 0;
	for (const part of parts) {
		const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
		for (let at = 0; at < part.length; at += 4) folded ^= view.getUint32(at, true);
	}
	return CHECKSUM_SEED ^ folded & 255 ^ folded >>> 8 & 255 ^ folded >>> 16 & 255 ^ folded >>> 24;
}
/**
* Compares the checksum byte at `at` of `image` with that of `segments`; `start` is where the image begins in its file.
* Throws image/checksum, or image/truncated where there is no such byte.
*/
function checkChecksum(image, segments, place) {
	const stored = image[place.at];
	const offset = hex32(place.start + place.at);
	if (stored === void 0) throw truncated(`The image ends before its checksum at ${offset}.`, { offset });
	const computed = segmentChecksum(segments.map((segment) => segmentBytes(image, segment)));
	if (computed === stored) return;
	const byte = (value) => `0x${value.toString(16).padStart(2, "0")}`;
	throw new FlashError("image/checksum", `The image says that its checksum is ${byte(stored)} (at ${offset}), but its segments give ${byte(computed)}.`, {
		stored,
		computed,
		offset
	});
}
export { parseSegments as a, malformed as c, truncated as d, parseSegmentHeader as i, parseHeader as l, checksumOffset as n, segmentBytes as o, imageLength as r, segmentChecksum as s, checkChecksum as t, parseSegmentCount as u };
