import { alignDown, formatBytes, hex32, readUint32 } from "../base/bytes.js";
import { malformed } from "./header.js";

export const SEGMENT_HEADER_BYTES = 8;
export const DIGEST_BYTES = 32;
/** ESP-IDF `esp_image_format.c`: longer segments, and lengths that are no multiple of 4, are refused. */
const MAX_SEGMENT_BYTES = 16 * 1024 * 1024;
const CHECKSUM_SEED = 0xef;

/** One piece of an image. `offset` is where its data begin, counted from the image's first byte. */
export interface ImageSegment {
  readonly address: number;
  readonly offset: number;
  readonly lengthBytes: number;
}

/** Reads the eight bytes at `at` in front of a segment's data. `index` counts from 0. Throws image/malformed. */
export function parseSegmentHeader(
  bytes: Uint8Array,
  at: number,
  index: number,
): { readonly address: number; readonly lengthBytes: number } {
  const address = readUint32(bytes, at);
  const lengthBytes = readUint32(bytes, at + 4);
  if (lengthBytes >= MAX_SEGMENT_BYTES || lengthBytes % 4 !== 0) {
    throw malformed(
      `Segment ${index + 1} of the image claims ${formatBytes(lengthBytes)} for ${hex32(address)}: no boot loader takes that.`,
      { segment: index + 1, address: hex32(address), lengthBytes },
    );
  }
  return { address, lengthBytes };
}

/** Where the checksum byte lies behind data that end at `dataEnd`: it is the last byte of a 16-byte line. */
export function checksumOffset(dataEnd: number): number {
  return alignDown(dataEnd, 16) + 15;
}

/** Length of an image whose segments end at `dataEnd`, with checksum and digest. */
export function imageLength(dataEnd: number, hasDigest: boolean): number {
  return checksumOffset(dataEnd) + 1 + (hasDigest ? DIGEST_BYTES : 0);
}

/** XOR of all segment bytes over the seed EF, as the ROM computes it. Each length must be a multiple of 4. */
export function segmentChecksum(parts: readonly Uint8Array[]): number {
  // Apps have megabytes, and a loop over single bytes takes ten times as long as one over words.
  let folded = 0;
  for (const part of parts) {
    const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
    for (let at = 0; at < part.length; at += 4) folded ^= view.getUint32(at, true);
  }
  return CHECKSUM_SEED ^ (folded & 0xff) ^ ((folded >>> 8) & 0xff) ^ ((folded >>> 16) & 0xff) ^ (folded >>> 24);
}
