import { F as isBlank, L as readUint32, M as concatBytes, P as hex32, R as toHex, Y as FlashError, z as words } from "./first-line.js";
import { t as md5 } from "./digest.js";
import { c as malformed, d as truncated } from "./segments.js";
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
function checkMd5(rows, md5Row, at) {
	const stored = toHex(md5Row.subarray(MD5_AT));
	const computed = toHex(md5(rows));
	if (stored !== computed) throw new FlashError("image/checksum", `The partition table says that its MD5 is ${stored} (at ${hex32(at)}), but its rows give ${computed}.`, {
		stored,
		computed,
		offset: hex32(at)
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
		const place = hex32(offset + at);
		const details = { offset: place };
		if (row.length < ROW_BYTES) throw truncated(`The partition table ends within its row at ${place}.`, details);
		if (closed) throw malformed(`The partition table goes on behind its MD5, at ${place}.`, details);
		if (hasMagic(row, MD5_ROW_MAGIC)) {
			checkMd5(table.subarray(0, at), row, offset + at);
			closed = true;
		} else if (hasMagic(row, ROW_MAGIC)) partitions.push(parseRow(row));
		else throw malformed(`The partition table has a row at ${place} that is neither a partition, nor its MD5, nor blank.`, details);
	}
	if (partitions.length === 0) throw malformed(`Where a partition table should be, at ${hex32(offset)}, there is no partition.`, { offset: hex32(offset) });
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
export { looksLikePartitionTable as a, isAppPartition as i, PARTITION_TABLE_OFFSET as n, parsePartitionTable as o, buildPartitionTable as r, PARTITION_TABLE_BYTES as t };
