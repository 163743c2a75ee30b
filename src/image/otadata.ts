import { hex32, isBlank, readUint32 } from "../base/bytes.js";
import { crc32 } from "./crc32.js";
import { truncated } from "./header.js";

// ESP-IDF `esp_flash_partitions.h` at 0d84a5ec, esp_ota_select_entry_t: one entry in each of the partition's two sectors.
const ENTRY_BYTES = 32;
const ENTRY_OFFSETS = [0, 0x1000] as const;
const STATE_AT = 24;
const CRC_AT = 28;
const SEQUENCE_NONE = 0xffff_ffff;

/** What the bootloader knows of the app that an entry selects. `undefined`: rollback is off, any app may run. */
type OtaState = "new" | "pending" | "valid" | "invalid" | "aborted" | "undefined" | "unknown";

const STATES: Readonly<Record<number, OtaState>> = {
  0: "new",
  1: "pending",
  2: "valid",
  3: "invalid",
  4: "aborted",
  0xffff_ffff: "undefined",
};

/** One of the two entries of the `otadata` partition. */
interface OtaEntry {
  /** Counts all updates; the slot is this less 1, modulo the number of slots. */
  readonly sequence: number;
  readonly state: OtaState;
  /** Erased flash: nothing was selected yet. */
  readonly blank: boolean;
  readonly crcFits: boolean;
}

/** What the bootloader reads from `otadata`. */
export interface OtaData {
  readonly entries: readonly [OtaEntry, OtaEntry];
  /** The entry that counts; without one the factory app starts, or the first slot. */
  readonly active?: OtaEntry;
}

function parseEntry(bytes: Uint8Array, at: number): OtaEntry {
  if (at + ENTRY_BYTES > bytes.length) {
    throw truncated(`The OTA data should have an entry at ${hex32(at)}, but ends before that.`, { offset: hex32(at) });
  }
  const entry = bytes.subarray(at, at + ENTRY_BYTES);
  // The ROM's CRC starts from zero where zip's starts from all ones; only the sequence is covered.
  const crc = crc32(entry.subarray(0, 4), 0xffff_ffff);
  return {
    sequence: readUint32(entry, 0),
    state: STATES[readUint32(entry, STATE_AT)] ?? "unknown",
    blank: isBlank(entry),
    crcFits: readUint32(entry, CRC_AT) === crc,
  };
}

/** As `bootloader_common_loader.c` of ESP-IDF at 00201e3b judges an entry. */
function counts(entry: OtaEntry): boolean {
  return entry.sequence !== SEQUENCE_NONE && entry.state !== "invalid" && entry.state !== "aborted" && entry.crcFits;
}

/** Reads the `otadata` partition that begins at `offset`. Throws image/truncated. */
export function parseOtaData(bytes: Uint8Array, offset = 0): OtaData {
  const entries = [parseEntry(bytes, offset + ENTRY_OFFSETS[0]), parseEntry(bytes, offset + ENTRY_OFFSETS[1])] as const;
  const [first, second] = entries;
  const newest = counts(second) && (!counts(first) || second.sequence > first.sequence) ? second : first;
  return { entries, ...(counts(newest) ? { active: newest } : {}) };
}

/**
 * Which of `slotCount` OTA slots the bootloader starts, counted from 0 (`ota_0`); `undefined` where nothing is selected,
 * or where there are no slots.
 */
export function activeOtaSlot(otaData: OtaData, slotCount: number): number | undefined {
  if (otaData.active === undefined || slotCount === 0) return undefined;
  return ((otaData.active.sequence - 1) >>> 0) % slotCount;
}
