import { alignDown, formatBytes, hex32, readUint32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { malformed, truncated } from "./header.js";

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
      { segment: index + 1, address: hex32(address), lengthBytes, offset: hex32(at) },
    );
  }
  return { address, lengthBytes };
}

/**
 * Reads `count` segments of the image that begins at `start`, the first of them at `at`; `dataEnd` is where the last one
 * ends. Both, like `at`, count from the first of `bytes`. Throws image/malformed or image/truncated.
 */
export function parseSegments(
  bytes: Uint8Array,
  place: { readonly start: number; readonly at: number; readonly count: number },
): { readonly segments: readonly ImageSegment[]; readonly dataEnd: number } {
  const segments: ImageSegment[] = [];
  let { at } = place;
  for (let index = 0; index < place.count; index++) {
    const which = `Segment ${index + 1} of ${place.count}`;
    const dataAt = at + SEGMENT_HEADER_BYTES;
    if (dataAt > bytes.length) {
      throw truncated(`${which} should begin at ${hex32(at)}, behind the end of the bytes.`, { offset: hex32(at) });
    }
    const { address, lengthBytes } = parseSegmentHeader(bytes, at, index);
    at = dataAt + lengthBytes;
    if (at > bytes.length) {
      throw truncated(
        `${which}, at ${hex32(dataAt)}, has ${formatBytes(lengthBytes)}, but only ${formatBytes(bytes.length - dataAt)} of them are there.`,
        { segment: index + 1, lengthBytes, presentBytes: bytes.length - dataAt, offset: hex32(dataAt) },
      );
    }
    segments.push({ address, offset: dataAt - place.start, lengthBytes });
  }
  return { segments, dataEnd: at };
}

/** The data of a segment of `image`, which begins with the image's first byte. */
export function segmentBytes(image: Uint8Array, segment: ImageSegment): Uint8Array {
  return image.subarray(segment.offset, segment.offset + segment.lengthBytes);
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

/**
 * Compares the checksum byte at `at` of `image` with that of `segments`; `start` is where the image begins in its file.
 * Throws image/checksum, or image/truncated where there is no such byte.
 */
export function checkChecksum(
  image: Uint8Array,
  segments: readonly ImageSegment[],
  place: { readonly at: number; readonly start: number },
): void {
  const stored = image[place.at];
  const offset = hex32(place.start + place.at);
  if (stored === undefined) throw truncated(`The image ends before its checksum at ${offset}.`, { offset });
  const computed = segmentChecksum(segments.map((segment) => segmentBytes(image, segment)));
  if (computed === stored) return;
  const byte = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
  throw new FlashError(
    "image/checksum",
    `The image says that its checksum is ${byte(stored)} (at ${offset}), but its segments give ${byte(computed)}.`,
    { stored, computed, offset },
  );
}
