import { FlashError } from "../base/errors.js";
import { concatBytes, hex32, isBlank, readUint32, toHex, words } from "../base/bytes.js";
import { md5 } from "./digest.js";
import { malformed, truncated } from "./header.js";

// ESP-IDF `esp_flash_partitions.h` (v5.3): rows of 32 bytes; the MD5 row came with ESP-IDF 3.1 and is optional here.
/** Where the table lies unless a project moved it (CONFIG_PARTITION_TABLE_OFFSET). */
export const PARTITION_TABLE_OFFSET = 0x8000;
export const PARTITION_TABLE_BYTES = 0xc00;
/** A row of FF ends a table. */
export const PARTITION_ROW_BYTES = 32;
const ROW_MAGIC = [0xaa, 0x50];
const MD5_ROW_MAGIC = [0xeb, 0xeb];
const MD5_AT = 16;
const NAME_BYTES = 16;
/** One row is the MD5's. */
const MAX_PARTITIONS = PARTITION_TABLE_BYTES / PARTITION_ROW_BYTES - 1;

const APP_TYPE = 0x00;

/** One row of a partition table. */
export interface Partition {
  readonly name: string;
  /** 0 app, 1 data. */
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly lengthBytes: number;
  readonly flags: number;
}

/** Whether the second-stage bootloader looks for an app in it (factory, OTA slots, test). */
export function isAppPartition(partition: Partition): boolean {
  return partition.type === APP_TYPE;
}

/** Whether `bytes` begin as a partition table does; more is not checked. */
export function looksLikePartitionTable(bytes: Uint8Array, offset = 0): boolean {
  return hasMagic(bytes.subarray(offset), ROW_MAGIC);
}

function hasMagic(row: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => row[index] === byte);
}

function parseRow(row: Uint8Array): Partition {
  const name = row.subarray(12, 12 + NAME_BYTES);
  const end = name.indexOf(0);
  return {
    name: Buffer.from(end < 0 ? name : name.subarray(0, end)).toString("utf8"),
    type: row[2] ?? 0,
    subtype: row[3] ?? 0,
    offset: readUint32(row, 4),
    lengthBytes: readUint32(row, 8),
    flags: readUint32(row, 28),
  };
}

function checkMd5(rows: Uint8Array, md5Row: Uint8Array, at: number): void {
  const stored = toHex(md5Row.subarray(MD5_AT));
  const computed = toHex(md5(rows));
  if (stored !== computed) {
    throw new FlashError(
      "image/checksum",
      `The partition table says that its MD5 is ${stored} (at ${hex32(at)}), but its rows give ${computed}.`,
      { stored, computed, offset: hex32(at) },
    );
  }
}

/**
 * Reads the partition table at `offset`; it ends with an FF row, with 0xC00 bytes or with `bytes`. Throws
 * image/malformed, image/truncated, or image/checksum for a wrong MD5.
 */
export function parsePartitionTable(bytes: Uint8Array, offset = 0): readonly Partition[] {
  const table = bytes.subarray(offset, offset + PARTITION_TABLE_BYTES);
  const partitions: Partition[] = [];
  let closed = false;
  for (let at = 0; at < table.length; at += PARTITION_ROW_BYTES) {
    const row = table.subarray(at, at + PARTITION_ROW_BYTES);
    if (isBlank(row)) break;
    const place = hex32(offset + at);
    const details = { offset: place };
    if (row.length < PARTITION_ROW_BYTES)
      throw truncated(`The partition table ends within its row at ${place}.`, details);
    if (closed) throw malformed(`The partition table goes on behind its MD5, at ${place}.`, details);
    if (hasMagic(row, MD5_ROW_MAGIC)) {
      checkMd5(table.subarray(0, at), row, offset + at);
      closed = true;
    } else if (hasMagic(row, ROW_MAGIC)) {
      partitions.push(parseRow(row));
    } else {
      throw malformed(
        `The partition table has a row at ${place} that is neither a partition, nor its MD5, nor blank.`,
        details,
      );
    }
  }
  if (partitions.length === 0) {
    throw malformed(`Where a partition table should be, at ${hex32(offset)}, there is no partition.`, {
      offset: hex32(offset),
    });
  }
  return partitions;
}

function buildRow(partition: Partition): Uint8Array {
  const name = new Uint8Array(NAME_BYTES);
  const text = Buffer.from(partition.name, "utf8");
  if (text.length > NAME_BYTES)
    throw malformed(`The partition name "${partition.name}" has more than ${NAME_BYTES} bytes.`);
  name.set(text);
  return concatBytes(
    Uint8Array.of(...ROW_MAGIC, partition.type, partition.subtype),
    words(partition.offset, partition.lengthBytes),
    name,
    words(partition.flags),
  );
}

/** The 0xC00 bytes of a table with its MD5. Throws image/malformed for too many rows or too long a name. */
export function buildPartitionTable(partitions: readonly Partition[]): Uint8Array {
  if (partitions.length > MAX_PARTITIONS) {
    throw malformed(`A partition table holds ${MAX_PARTITIONS} partitions, not ${partitions.length}.`);
  }
  const rows = concatBytes(...partitions.map(buildRow));
  const md5Row = new Uint8Array(PARTITION_ROW_BYTES).fill(0xff);
  md5Row.set(MD5_ROW_MAGIC);
  md5Row.set(md5(rows), MD5_AT);
  const table = new Uint8Array(PARTITION_TABLE_BYTES).fill(0xff);
  table.set(rows);
  table.set(md5Row, rows.length);
  return table;
}
