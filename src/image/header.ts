import { FlashError } from "../base/errors.js";
import { hex32, readUint16, readUint32 } from "../base/bytes.js";

// ESP-IDF `esp_app_format.h` (v5.3): esp_image_header_t, 8 bytes as in the ESP8266 and 16 more since the ESP32.
export const IMAGE_MAGIC = 0xe9;
export const IMAGE_HEADER_BYTES = 24;
export const MAX_SEGMENTS = 16;
/** In both full revision fields: no limit. */
const REVISION_OPEN = 0xffff;

/** The first 24 bytes of an image. Revisions are major · 100 + minor. */
export interface ImageHeader {
  readonly segmentCount: number;
  readonly flashModeByte: number;
  /** Upper nibble flash size, lower nibble flash frequency. */
  readonly sizeFreqByte: number;
  readonly entry: number;
  readonly chipId: number;
  readonly minRevision: number;
  /** Absent: no upper limit. */
  readonly maxRevision?: number;
  /** Whether 32 bytes of SHA-256 follow the checksum. */
  readonly hasDigest: boolean;
}

/** What every parser of this folder throws when `bytes` end too early. */
export function truncated(message: string, details: Record<string, string | number> = {}): FlashError {
  return new FlashError("image/truncated", message, details);
}

export function malformed(message: string, details: Record<string, string | number> = {}): FlashError {
  return new FlashError("image/malformed", message, details);
}

/** ESP32-C3: its old one-byte field counts minor revisions; every other chip's counts major ones (esptool `cmds.py`). */
const LEGACY_FIELD_IS_MINOR: readonly number[] = [5];

function revisionLimits(bytes: Uint8Array, offset: number, chipId: number): { min: number; max?: number } {
  const legacyField = bytes[offset + 14] ?? 0;
  const legacy = { min: LEGACY_FIELD_IS_MINOR.includes(chipId) ? legacyField : legacyField * 100 };
  const min = readUint16(bytes, offset + 15);
  const max = readUint16(bytes, offset + 17);
  // Tools from before the full fields left them zero.
  if (max === 0) return legacy;
  if (max === REVISION_OPEN) return min === 0 ? legacy : { min };
  return { min, max };
}

/** Number of segments that the header at `offset` names. Throws image/malformed for one that no loader takes. */
export function parseSegmentCount(bytes: Uint8Array, offset: number): number {
  const segmentCount = bytes[offset + 1] ?? 0;
  if (segmentCount < 1 || segmentCount > MAX_SEGMENTS) {
    throw malformed(`The image header claims ${segmentCount} segments; 1 to ${MAX_SEGMENTS} are possible.`, {
      offset: hex32(offset + 1),
    });
  }
  return segmentCount;
}

/** Reads the header at `offset`. Throws image/malformed or image/truncated. */
export function parseHeader(bytes: Uint8Array, offset = 0): ImageHeader {
  const magic = bytes[offset];
  const details = { offset: hex32(offset) };
  const here = `at ${hex32(offset)}`;
  if (magic === undefined) throw truncated(`There are no bytes ${here}, where an image should begin.`, details);
  if (magic !== IMAGE_MAGIC) {
    throw malformed(`An image begins with 0xe9, but ${here} is 0x${magic.toString(16).padStart(2, "0")}.`, details);
  }
  if (bytes.length - offset < IMAGE_HEADER_BYTES) {
    throw truncated(
      `An image header has ${IMAGE_HEADER_BYTES} bytes, but only ${bytes.length - offset} are there ${here}.`,
      details,
    );
  }
  const segmentCount = parseSegmentCount(bytes, offset);
  const digestFlag = bytes[offset + 23] ?? 0;
  if (digestFlag > 1) {
    throw malformed(`The image header's digest flag is ${digestFlag}; only 0 and 1 have a meaning.`, {
      offset: hex32(offset + 23),
    });
  }
  const chipId = readUint16(bytes, offset + 12);
  const { min, max } = revisionLimits(bytes, offset, chipId);
  return {
    segmentCount,
    flashModeByte: bytes[offset + 2] ?? 0,
    sizeFreqByte: bytes[offset + 3] ?? 0,
    entry: readUint32(bytes, offset + 4),
    chipId,
    minRevision: min,
    ...(max === undefined ? {} : { maxRevision: max }),
    hasDigest: digestFlag === 1,
  };
}
