import { isBlank } from "../base/bytes.js";
import { hasCode } from "../base/errors.js";
import { needsFlashMapping } from "../image/chip-memory.js";
import { IMAGE_HEADER_BYTES, IMAGE_MAGIC, parseHeader, truncated } from "../image/header.js";
import { parseImage } from "../image/parse.js";
import { looksLikePartitionTable, PARTITION_TABLE_BYTES, parsePartitionTable } from "../image/partition-table.js";
import type { Partition } from "../image/partition-table.js";
import { imageLength, parseSegmentHeader, SEGMENT_HEADER_BYTES } from "../image/segments.js";
import { overlaps } from "./desired.js";
import type { FlashView } from "./final-view.js";
import type { FlashRange } from "./job.js";

/** An image as its headers alone describe it. */
interface ImageOutline {
  readonly lengthBytes: number;
  readonly kind: "bootloader" | "app";
}

const isImageError = (error: unknown): error is Error =>
  hasCode(error, "image/malformed", "image/truncated", "image/checksum", "image/digest");

/** Reads headers only: 24 bytes, and 8 for each segment. Throws image/… where they lead out of `place`. */
async function readOutline(view: FlashView, place: FlashRange): Promise<ImageOutline> {
  if (place.lengthBytes < IMAGE_HEADER_BYTES) throw truncated("There is no room for an image.");
  const header = parseHeader(await view.read(place.offset, IMAGE_HEADER_BYTES));
  const addresses: number[] = [];
  let at = IMAGE_HEADER_BYTES;
  for (let index = 0; index < header.segmentCount; index++) {
    if (at + SEGMENT_HEADER_BYTES > place.lengthBytes) throw truncated("The image is longer than its place.");
    const segment = parseSegmentHeader(await view.read(place.offset + at, SEGMENT_HEADER_BYTES), 0, index);
    addresses.push(segment.address);
    at += SEGMENT_HEADER_BYTES + segment.lengthBytes;
  }
  const lengthBytes = imageLength(at, header.hasDigest);
  if (lengthBytes > place.lengthBytes) throw truncated("The image is longer than its place.");
  return { lengthBytes, kind: needsFlashMapping(header.chipId, addresses) ? "app" : "bootloader" };
}

/** Length of the image at `place` by its headers; 0 where there is none. */
export async function imageLengthAt(view: FlashView, place: FlashRange): Promise<number> {
  try {
    return (await readOutline(view, place)).lengthBytes;
  } catch (error) {
    if (isImageError(error)) return 0;
    throw error;
  }
}

/** What `faultAt` shall find: a place in a flash, and what of that flash the job changes. */
export interface ImageWanted {
  readonly place: FlashRange;
  readonly kind: "bootloader" | "app";
  readonly changed: readonly FlashRange[];
}

/**
 * Why the image at a place would not start, in words that follow "would be"; `undefined` if it would. What the job leaves
 * alone is judged by its headers, as it starts today or does not; what it changes is read and checked whole.
 */
export async function faultAt(view: FlashView, wanted: ImageWanted): Promise<string | undefined> {
  const { place, kind, changed } = wanted;
  if (place.lengthBytes < IMAGE_HEADER_BYTES) return "the end of the flash";
  const start = await view.read(place.offset, IMAGE_HEADER_BYTES);
  if (isBlank(start)) return "blank flash";
  if (start[0] !== IMAGE_MAGIC) return "bytes that are no image";
  try {
    const outline = await readOutline(view, place);
    const extent = { offset: place.offset, lengthBytes: outline.lengthBytes };
    const whole = changed.some((range) => overlaps(range, extent));
    const found = whole ? parseImage(await view.read(extent.offset, extent.lengthBytes)).kind : outline.kind;
    return kind === "bootloader" && found === "app" ? "an app, which the ROM cannot start" : undefined;
  } catch (error) {
    if (isImageError(error)) return `an image that cannot start (${error.message})`;
    throw error;
  }
}

/** The partition table at `offset`: its rows, `damaged` for one with errors, `none` for anything else. */
export async function readTable(view: FlashView, offset: number): Promise<readonly Partition[] | "damaged" | "none"> {
  if (offset + PARTITION_TABLE_BYTES > view.lengthBytes) return "none";
  const bytes = await view.read(offset, PARTITION_TABLE_BYTES);
  if (!looksLikePartitionTable(bytes)) return "none";
  try {
    return parsePartitionTable(bytes);
  } catch (error) {
    if (isImageError(error)) return "damaged";
    throw error;
  }
}
