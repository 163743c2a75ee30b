import { alignUp, concatBytes, isBlank } from "../base/bytes.js";
import type { FlashImage, FlashRange, SettledJob } from "./job.js";

export const SECTOR_BYTES = 0x1000;

/** A range whose content is decided. Without `bytes` it shall be blank. */
export interface DesiredRange extends FlashRange {
  readonly image?: FlashImage;
  /** What the range shall hold: the image, and FF up to the end of its last sector where the rest shall be blank. */
  readonly bytes?: Uint8Array;
}

/** Boards that get the same image share its padded form. */
const paddedForms = new WeakMap<Uint8Array, Uint8Array>();

/** The image, and FF up to the end of its last sector. */
function paddedBytes(bytes: Uint8Array): Uint8Array {
  const rest = new Uint8Array(alignUp(bytes.length, SECTOR_BYTES) - bytes.length).fill(0xff);
  if (rest.length === 0) return bytes;
  const padded = paddedForms.get(bytes) ?? concatBytes(bytes, rest);
  paddedForms.set(bytes, padded);
  return padded;
}

function imageRange(image: FlashImage, padded: boolean): DesiredRange {
  const lengthBytes = padded ? alignUp(image.bytes.length, SECTOR_BYTES) : image.bytes.length;
  // What is blank throughout needs no bytes: whole sectors are erased instead of sent.
  if (lengthBytes % SECTOR_BYTES === 0 && isBlank(image.bytes)) return { offset: image.offset, lengthBytes, image };
  return { offset: image.offset, lengthBytes, image, bytes: padded ? paddedBytes(image.bytes) : image.bytes };
}

function wholeFlash(images: readonly FlashImage[], flashSizeBytes: number): readonly DesiredRange[] {
  const ranges: DesiredRange[] = [];
  let at = 0;
  for (const image of images) {
    if (image.offset > at) ranges.push({ offset: at, lengthBytes: image.offset - at });
    const range = imageRange(image, true);
    ranges.push(range);
    at = range.offset + range.lengthBytes;
  }
  if (at < flashSizeBytes) ranges.push({ offset: at, lengthBytes: flashSizeBytes - at });
  return ranges;
}

/** What of a desired range is left beside the kept ones, each part with its own bytes. */
function without(range: DesiredRange, keep: readonly FlashRange[]): DesiredRange[] {
  return subtract(range, keep).map(({ offset, lengthBytes }) => {
    const from = offset - range.offset;
    const bytes = range.bytes?.subarray(from, from + lengthBytes);
    return { ...range, offset, lengthBytes, ...(bytes === undefined ? {} : { bytes }) };
  });
}

/**
 * Everything that the job decides about a flash of `flashSizeBytes`, by offset, without overlaps. With `erase: all`
 * that is the whole flash but for what the job keeps; otherwise the images alone.
 */
export function desiredRanges(job: SettledJob, flashSizeBytes: number): readonly DesiredRange[] {
  const images = [...job.images].sort((a, b) => a.offset - b.offset);
  const ranges =
    job.erase === "all" ? wholeFlash(images, flashSizeBytes) : images.map((image) => imageRange(image, false));
  return job.keep.length === 0 ? ranges : ranges.flatMap((range) => without(range, job.keep));
}

/** The whole sectors that a range lies in. */
export function sectorsOf(range: FlashRange): FlashRange {
  const offset = range.offset - (range.offset % SECTOR_BYTES);
  return { offset, lengthBytes: alignUp(range.offset + range.lengthBytes, SECTOR_BYTES) - offset };
}

export function overlaps(a: FlashRange, b: FlashRange): boolean {
  return a.offset < b.offset + b.lengthBytes && b.offset < a.offset + a.lengthBytes;
}

/** What of `range` lies in none of `others`. */
export function subtract(range: FlashRange, others: readonly FlashRange[]): FlashRange[] {
  let left: FlashRange[] = [range];
  for (const other of others) {
    const otherEnd = other.offset + other.lengthBytes;
    left = left.flatMap((part) => {
      if (!overlaps(part, other)) return [part];
      const end = part.offset + part.lengthBytes;
      return [
        { offset: part.offset, lengthBytes: Math.max(0, other.offset - part.offset) },
        { offset: otherEnd, lengthBytes: Math.max(0, end - otherEnd) },
      ].filter((piece) => piece.lengthBytes > 0);
    });
  }
  return left;
}
