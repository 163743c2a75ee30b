import { A as isBlank, D as concatBytes, M as readUint32, N as toHex, O as formatBytes, P as words, T as alignDown, j as readUint16, k as hex32, y as FlashError } from "./step.js";
import { createHash } from "node:crypto";
// src/image/app-description.ts
const APP_DESCRIPTION_MAGIC = 2882360370;
function textAt(bytes, offset, lengthBytes) {
	const field = bytes.subarray(offset, offset + lengthBytes);
	const end = field.indexOf(0);
	return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}
function textField(text, lengthBytes) {
	const field = new Uint8Array(lengthBytes);
	field.set(Buffer.from(text, "utf8").subarray(0, lengthBytes - 1));
	return field;
}
/** The description at the start of a segment's data, or `undefined` if there is none. */
function parseAppDescription(segment) {
	if (segment.length < 256 || readUint32(segment, 0) !== APP_DESCRIPTION_MAGIC) return void 0;
	return {
		version: textAt(segment, 16, 32),
		project: textAt(segment, 48, 32),
		compileTime: textAt(segment, 80, 16),
		compileDate: textAt(segment, 96, 16),
		idfVersion: textAt(segment, 112, 32),
		elfSha256: toHex(segment.subarray(144, 176))
	};
}
/** The 256 bytes of a description. Texts that are too long for their field are cut. */
function buildAppDescription(app) {
	const described = concatBytes(words(APP_DESCRIPTION_MAGIC, 0, 0, 0), textField(app.version, 32), textField(app.project, 32), textField(app.compileTime, 16), textField(app.compileDate, 16), textField(app.idfVersion, 32), Buffer.from(app.elfSha256, "hex"));
	return concatBytes(described, new Uint8Array(256 - described.length));
}
// src/image/digest.ts
/** SHA-256 of `bytes`: what follows an image's checksum. */
function sha256(bytes) {
	return createHash("sha256").update(bytes).digest();
}
/** MD5 of `bytes`: what closes a partition table. */
function md5(bytes) {
	return createHash("md5").update(bytes).digest();
}
const MAX_SEGMENTS = 16;
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
/** Reads the header at `offset`. Throws image/malformed or image/truncated. */
function parseHeader(bytes, offset = 0) {
	const magic = bytes[offset];
	if (magic === void 0) throw truncated("There are no bytes where an image should begin.", { offset });
	if (magic !== 233) throw malformed(`An image begins with 0xe9, but here is 0x${magic.toString(16).padStart(2, "0")}.`, { offset });
	if (bytes.length - offset < 24) throw truncated(`An image header has 24 bytes, but only ${bytes.length - offset} are there.`);
	const segmentCount = bytes[offset + 1] ?? 0;
	if (segmentCount < 1 || segmentCount > MAX_SEGMENTS) throw malformed(`The image header claims ${segmentCount} segments; 1 to ${MAX_SEGMENTS} are possible.`);
	const digestFlag = bytes[offset + 23] ?? 0;
	if (digestFlag > 1) throw malformed(`The image header's digest flag is ${digestFlag}; only 0 and 1 have a meaning.`);
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
		lengthBytes
	});
	return {
		address,
		lengthBytes
	};
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
// src/image/partition-table.ts
/** Where the table lies unless a project moved it (CONFIG_PARTITION_TABLE_OFFSET). */
const PARTITION_TABLE_OFFSET = 32768;
const PARTITION_TABLE_BYTES = 3072;
const ROW_BYTES = 32;
const ROW_MAGIC = [170, 80];
const MD5_ROW_MAGIC = [235, 235];
const MD5_AT = 16;
const NAME_BYTES = 16;
/** One row is the MD5's. */
const MAX_PARTITIONS = PARTITION_TABLE_BYTES / ROW_BYTES - 1;
const APP_TYPE = 0;
/** Whether the second-stage bootloader looks for an app in it (factory, OTA slots, test). */
function isAppPartition(partition) {
	return partition.type === APP_TYPE;
}
/** Whether `bytes` begin as a partition table does; more is not checked. */
function looksLikePartitionTable(bytes, offset = 0) {
	return hasMagic(bytes.subarray(offset), ROW_MAGIC);
}
function hasMagic(row, magic) {
	return magic.every((byte, index) => row[index] === byte);
}
function parseRow(row) {
	const name = row.subarray(12, 28);
	const end = name.indexOf(0);
	return {
		name: Buffer.from(end < 0 ? name : name.subarray(0, end)).toString("utf8"),
		type: row[2] ?? 0,
		subtype: row[3] ?? 0,
		offset: readUint32(row, 4),
		lengthBytes: readUint32(row, 8),
		flags: readUint32(row, 28)
	};
}
function checkMd5(rows, md5Row) {
	const stored = toHex(md5Row.subarray(MD5_AT));
	const computed = toHex(md5(rows));
	if (stored !== computed) throw new FlashError("image/checksum", `The partition table says that its MD5 is ${stored}, but its rows give ${computed}.`, {
		stored,
		computed
	});
}
/**
* Reads the partition table at `offset`; it ends with an FF row, with 0xC00 bytes or with `bytes`. Throws
* image/malformed, image/truncated, or image/checksum for a wrong MD5.
*/
function parsePartitionTable(bytes, offset = 0) {
	const table = bytes.subarray(offset, offset + PARTITION_TABLE_BYTES);
	const partitions = [];
	let closed = false;
	for (let at = 0; at < table.length; at += ROW_BYTES) {
		const row = table.subarray(at, at + ROW_BYTES);
		if (isBlank(row)) break;
		if (row.length < ROW_BYTES) throw truncated(`The partition table ends within its row at ${hex32(at)}.`);
		if (closed) throw malformed(`The partition table goes on behind its MD5, at ${hex32(at)}.`);
		if (hasMagic(row, MD5_ROW_MAGIC)) {
			checkMd5(table.subarray(0, at), row);
			closed = true;
		} else if (hasMagic(row, ROW_MAGIC)) partitions.push(parseRow(row));
		else throw malformed(`The partition table has a row at ${hex32(at)} that is neither a partition, nor its MD5, nor blank.`);
	}
	if (partitions.length === 0) throw malformed("Where a partition table should be, there is no partition.");
	return partitions;
}
function buildRow(partition) {
	const name = new Uint8Array(NAME_BYTES);
	const text = Buffer.from(partition.name, "utf8");
	if (text.length > NAME_BYTES) throw malformed(`The partition name "${partition.name}" has more than ${NAME_BYTES} bytes.`);
	name.set(text);
	return concatBytes(Uint8Array.of(...ROW_MAGIC, partition.type, partition.subtype), words(partition.offset, partition.lengthBytes), name, words(partition.flags));
}
/** The 0xC00 bytes of a table with its MD5. Throws image/malformed for too many rows or too long a name. */
function buildPartitionTable(partitions) {
	if (partitions.length > MAX_PARTITIONS) throw malformed(`A partition table holds ${MAX_PARTITIONS} partitions, not ${partitions.length}.`);
	const rows = concatBytes(...partitions.map(buildRow));
	const md5Row = new Uint8Array(ROW_BYTES).fill(255);
	md5Row.set(MD5_ROW_MAGIC);
	md5Row.set(md5(rows), MD5_AT);
	const table = new Uint8Array(PARTITION_TABLE_BYTES).fill(255);
	table.set(rows);
	table.set(md5Row, rows.length);
	return table;
}
export { looksLikePartitionTable as a, imageLength as c, malformed as d, parseHeader as f, parseAppDescription as g, buildAppDescription as h, isAppPartition as i, parseSegmentHeader as l, sha256 as m, PARTITION_TABLE_OFFSET as n, parsePartitionTable as o, truncated as p, buildPartitionTable as r, checksumOffset as s, PARTITION_TABLE_BYTES as t, segmentChecksum as u };
