import { createHash } from "node:crypto";
import { readUint32 } from "../base/bytes.js";
import type { ReadFlash } from "./boot-check.js";

const TABLE_OFFSET = 0x8000;
const TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;
/** Where the MD5 of the entries before stands in its own. */
const MD5_AT = 16;
const APP_TYPE = 0;
const DATA_TYPE = 1;
const FACTORY = 0x00;
const FIRST_OTA = 0x10;
const MAX_OTA_SLOTS = 16;
const OTA_DATA = 0x00;
const FACTORY_INDEX = -1;

export interface AppPartition {
  /** As the second-stage loader names it. */
  readonly name: string;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** An entry of the table. */
export interface PartitionRow {
  readonly label: string;
  readonly type: number;
  readonly subtype: number;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** Apps in the order in which the second stage tries them; `badMagic` where the table is broken. */
export type BootTable =
  | { readonly kind: "table"; readonly apps: readonly AppPartition[]; readonly rows: readonly PartitionRow[] }
  | { readonly kind: "bad-magic"; readonly magic: number }
  | { readonly kind: "bad-md5" };

/** Two sectors, of which the one with the higher number counts (ESP-IDF `esp_flash_partitions.h` at 1021229). */
const OTA_SECTOR_BYTES = 0x1000;
const OTA_ENTRY_BYTES = 32;
const NO_SEQUENCE = 0xffffffff;
/** ESP_OTA_IMG_INVALID, ESP_OTA_IMG_ABORTED. */
const REJECTED_STATES = [3, 4];

/** CRC-32 of the sequence number as the ROM computes it from FFFFFFFF on, which it turns round first. */
function sequenceCrc(entry: Uint8Array): number {
  let crc = 0;
  for (const byte of entry.subarray(0, 4)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Number of the slot that was chosen last, counted from 0, before it is taken modulo the number of slots. */
function chosenSlot(read: ReadFlash, otaDataOffset: number): number | undefined {
  const sequences = [0, 1].flatMap((sector) => {
    const entry = read(otaDataOffset + sector * OTA_SECTOR_BYTES, OTA_ENTRY_BYTES);
    const sequence = readUint32(entry, 0);
    const stands =
      sequence !== NO_SEQUENCE &&
      !REJECTED_STATES.includes(readUint32(entry, 24)) &&
      readUint32(entry, 28) === sequenceCrc(entry);
    return stands ? [sequence] : [];
  });
  return sequences.length === 0 ? undefined : Math.max(...sequences) - 1;
}

/**
 * Reads the partition table (ESP-IDF, "Partition Tables"). A blank table is an empty one. The order is that of ESP-IDF
 * `bootloader_utility.c` at 1021229: the chosen app, those before it down to the factory app, then those behind it.
 */
export function readBootTable(read: ReadFlash): BootTable {
  const table = read(TABLE_OFFSET, TABLE_BYTES);
  const found = new Map<number, { readonly offset: number; readonly lengthBytes: number }>();
  const rows: PartitionRow[] = [];
  let otaDataOffset: number | undefined;
  for (let at = 0; at < TABLE_BYTES; at += ENTRY_BYTES) {
    const magic = (table[at] ?? 0) | ((table[at + 1] ?? 0) << 8);
    if (magic === 0xffff) break;
    if (magic === MD5_MAGIC) {
      const md5 = createHash("md5").update(table.subarray(0, at)).digest();
      if (!md5.equals(table.subarray(at + MD5_AT, at + ENTRY_BYTES))) return { kind: "bad-md5" };
      break;
    }
    if (magic !== ENTRY_MAGIC) return { kind: "bad-magic", magic };
    const [type, subtype] = [table[at + 2] ?? 0, table[at + 3] ?? 0];
    const [offset, lengthBytes] = [readUint32(table, at + 4), readUint32(table, at + 8)];
    const label =
      Buffer.from(table.subarray(at + 12, at + 28))
        .toString("latin1")
        .split("\0")[0] ?? "";
    rows.push({ label, type, subtype, offset, lengthBytes });
    if (type === DATA_TYPE && subtype === OTA_DATA) otaDataOffset = offset;
    if (type !== APP_TYPE) continue;
    if (subtype === FACTORY) found.set(FACTORY_INDEX, { offset, lengthBytes });
    else if (subtype >= FIRST_OTA && subtype < FIRST_OTA + MAX_OTA_SLOTS)
      found.set(subtype - FIRST_OTA, { offset, lengthBytes });
  }

  const slots = [...found.keys()].filter((index) => index !== FACTORY_INDEX).length;
  const chosen = otaDataOffset === undefined || slots === 0 ? undefined : chosenSlot(read, otaDataOffset);
  const first = chosen === undefined ? (found.has(FACTORY_INDEX) ? FACTORY_INDEX : 0) : chosen % slots;
  const rank = (index: number): number => (index <= first ? first - index : index + MAX_OTA_SLOTS);
  const apps = [...found]
    .sort(([one], [other]) => rank(one) - rank(other))
    .map(([index, place]) => ({
      name: index === FACTORY_INDEX ? "Factory app partition" : `OTA app partition slot ${index}`,
      ...place,
    }));
  return { kind: "table", apps, rows };
}
