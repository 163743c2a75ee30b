import { createHash } from "node:crypto";
import { readUint16, readUint32 } from "../base/bytes.js";

const IMAGE_MAGIC = 0xe9;
const EXTENDED_HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const DIGEST_BYTES = 32;
const MAX_SEGMENTS = 16;
const CHECKSUM_SEED = 0xef;
/** A limit that is not set; 0 where the image is older than the field. */
const NO_LIMIT = [0, 0xffff];

export type ReadFlash = (offset: number, lengthBytes: number) => Uint8Array;

export interface BootSegment {
  readonly address: number;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** What whoever boots an image looks at beyond magic, segments and checksum. */
export interface ImageRules {
  /** ESP8266's ROM knows no extended header. */
  readonly headerBytes: 8 | 24;
  /** Given: images of other chips are refused. */
  readonly chipId?: number;
  readonly comparesDigest: boolean;
}

/** An image as whoever boots it judges it. */
export type BootImage =
  | { readonly kind: "no-image"; readonly firstWord: number }
  | { readonly kind: "wrong-chip"; readonly expected: number; readonly found: number }
  | { readonly kind: "bad-checksum"; readonly calculated: number; readonly stored: number }
  | {
      readonly kind: "good";
      readonly entry: number;
      readonly chipId: number;
      /** From its first byte to its last, digest included. */
      readonly lengthBytes: number;
      readonly flashMode: number;
      readonly flashFrequency: number;
      readonly checksum: number;
      /** The flash that the header counts on, where it is an extended one. */
      readonly flashBytes: number;
      /** Lowest and highest chip revision, major · 100 + minor. */
      readonly minRevision: number;
      readonly maxRevision: number;
      readonly segments: readonly BootSegment[];
      /** Both as hex, where they were compared and differ: each decides for itself what that means. */
      readonly digestMismatch?: { readonly calculated: string; readonly stored: string };
    };

const revisionLimit = (value: number, absent: number): number => (NO_LIMIT.includes(value) ? absent : value);

function digestMismatch(
  read: ReadFlash,
  offset: number,
  bodyBytes: number,
): { readonly calculated: string; readonly stored: string } | undefined {
  const calculated = createHash("sha256").update(read(offset, bodyBytes)).digest("hex");
  const stored = Buffer.from(read(offset + bodyBytes, DIGEST_BYTES)).toString("hex");
  return calculated === stored ? undefined : { calculated, stored };
}

/**
 * Reads and checks the image at `offset` (ESP-IDF, "App Image Format"): header, segments, XOR checksum at the end of
 * its 16-byte line, and the SHA-256 behind it where the rules and the header say so.
 */
export function checkImage(read: ReadFlash, offset: number, rules: ImageRules, flashBytes: number): BootImage {
  const header = read(offset, EXTENDED_HEADER_BYTES);
  const segmentCount = header[1] ?? 0;
  const noImage: BootImage = { kind: "no-image", firstWord: readUint32(header, 0) };
  if (header[0] !== IMAGE_MAGIC || segmentCount === 0 || segmentCount > MAX_SEGMENTS) return noImage;
  const found = readUint16(header, 12);
  if (rules.chipId !== undefined && rules.chipId !== found) {
    return { kind: "wrong-chip", expected: rules.chipId, found };
  }

  const segments: BootSegment[] = [];
  let at = offset + rules.headerBytes;
  let checksum = CHECKSUM_SEED;
  for (let index = 0; index < segmentCount; index++) {
    const segmentHeader = read(at, SEGMENT_HEADER_BYTES);
    const segment = {
      address: readUint32(segmentHeader, 0),
      lengthBytes: readUint32(segmentHeader, 4),
      offset: at + SEGMENT_HEADER_BYTES,
    };
    at = segment.offset + segment.lengthBytes;
    if (at > flashBytes) return noImage;
    for (const byte of read(segment.offset, segment.lengthBytes)) checksum ^= byte;
    segments.push(segment);
  }
  // The checksum is the last byte of a line of 16 that begins with the image.
  const bodyBytes = at - offset + 16 - ((at - offset) % 16);
  const stored = read(offset + bodyBytes - 1, 1)[0] ?? 0;
  if (stored !== checksum) return { kind: "bad-checksum", calculated: checksum, stored };
  const mismatch = rules.comparesDigest && header[23] !== 0 ? digestMismatch(read, offset, bodyBytes) : undefined;
  return {
    kind: "good",
    entry: readUint32(header, 4),
    chipId: readUint16(header, 12),
    lengthBytes: bodyBytes + (header[23] === 1 ? DIGEST_BYTES : 0),
    flashMode: header[2] ?? 0,
    flashFrequency: (header[3] ?? 0) & 0x0f,
    checksum,
    flashBytes: 0x100000 * 2 ** ((header[3] ?? 0) >>> 4),
    minRevision: revisionLimit(readUint16(header, 15), 0),
    maxRevision: revisionLimit(readUint16(header, 17), Infinity),
    segments,
    ...(mismatch === undefined ? {} : { digestMismatch: mismatch }),
  };
}

const TABLE_OFFSET = 0x8000;
const TABLE_BYTES = 0xc00;
const ENTRY_BYTES = 32;
const ENTRY_MAGIC = 0x50aa;
const MD5_MAGIC = 0xebeb;
/** Where the MD5 of the entries before stands in its own. */
const MD5_AT = 16;
const APP_TYPE = 0;
const FACTORY = 0x00;
const FIRST_OTA = 0x10;

export interface AppPartition {
  /** As the second-stage loader names it. */
  readonly name: string;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** Apps in the order in which the second stage tries them; `badMagic` where the table is broken. */
export type BootTable =
  | { readonly kind: "table"; readonly apps: readonly AppPartition[] }
  | { readonly kind: "bad-magic"; readonly magic: number }
  | { readonly kind: "bad-md5" };

/** Reads the partition table (ESP-IDF, "Partition Tables"). A blank table is an empty one. */
export function readBootTable(read: ReadFlash): BootTable {
  const table = read(TABLE_OFFSET, TABLE_BYTES);
  const apps: (AppPartition & { readonly subtype: number })[] = [];
  for (let at = 0; at < TABLE_BYTES; at += ENTRY_BYTES) {
    const magic = (table[at] ?? 0) | ((table[at + 1] ?? 0) << 8);
    if (magic === 0xffff) break;
    if (magic === MD5_MAGIC) {
      const md5 = createHash("md5").update(table.subarray(0, at)).digest();
      if (!md5.equals(table.subarray(at + MD5_AT, at + ENTRY_BYTES))) return { kind: "bad-md5" };
      break;
    }
    if (magic !== ENTRY_MAGIC) return { kind: "bad-magic", magic };
    const subtype = table[at + 3] ?? 0;
    if (table[at + 2] !== APP_TYPE || (subtype !== FACTORY && subtype < FIRST_OTA)) continue;
    const name = subtype === FACTORY ? "Factory app partition" : `OTA app partition slot ${subtype - FIRST_OTA}`;
    apps.push({ name, offset: readUint32(table, at + 4), lengthBytes: readUint32(table, at + 8), subtype });
  }
  return { kind: "table", apps: apps.sort((a, b) => a.subtype - b.subtype) };
}
