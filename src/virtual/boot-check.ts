import { createHash } from "node:crypto";
import { readUint16, readUint32 } from "../base/bytes.js";

const IMAGE_MAGIC = 0xe9;
const EXTENDED_HEADER_BYTES = 24;
const SEGMENT_HEADER_BYTES = 8;
const DIGEST_BYTES = 32;
const MAX_SEGMENTS = 16;
const CHECKSUM_SEED = 0xef;
const SIGNATURE_MAGIC = 0xe7;
const SIGNATURE_VERSION = 2;
const SECTOR_BYTES = 0x1000;
/** A limit that is not set; 0 where the image is older than the field. */
const NO_LIMIT = [0, 0xffff];

export type ReadFlash = (offset: number, lengthBytes: number) => Uint8Array;

interface BootSegment {
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
  /** Secure Boot: an image has a signature behind it. */
  readonly wantsSignature: boolean;
}

/** An image as whoever boots it judges it. */
export type BootImage =
  | { readonly kind: "no-image"; readonly firstWord: number }
  | { readonly kind: "wrong-chip"; readonly expected: number; readonly found: number }
  | { readonly kind: "unsigned" }
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

/**
 * Whether a signature block of Secure Boot V2 begins in the sector behind the image (ESP-IDF `secure_boot_signatures`:
 * magic, version 2). Who signed it is not asked: any block is taken for a good one.
 */
function isSigned(read: ReadFlash, endOffset: number): boolean {
  const [magic, version] = read(Math.ceil(endOffset / SECTOR_BYTES) * SECTOR_BYTES, 2);
  return magic === SIGNATURE_MAGIC && version === SIGNATURE_VERSION;
}

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
  const endOffset = offset + bodyBytes + (header[23] === 0 ? 0 : DIGEST_BYTES);
  if (rules.wantsSignature && !isSigned(read, endOffset)) return { kind: "unsigned" };
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
