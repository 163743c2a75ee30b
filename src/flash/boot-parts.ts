import { isBlank } from "../base/bytes.js";
import { hasCode } from "../base/errors.js";
import { needsFlashMapping } from "../image/chip-memory.js";
import { ESP8266_HEADER_BYTES, isEsp8266Image } from "../image/esp8266-image.js";
import { IMAGE_HEADER_BYTES, IMAGE_MAGIC, parseHeader, truncated } from "../image/header.js";
import { parseImage } from "../image/parse.js";
import {
  looksLikePartitionTable,
  PARTITION_ROW_BYTES,
  PARTITION_TABLE_BYTES,
  parsePartitionTable,
} from "../image/partition-table.js";
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

/** Follows `count` segments from `from` on. Throws image/… where they lead out of `place`. */
async function readSegments(
  view: FlashView,
  place: FlashRange,
  from: number,
  count: number,
): Promise<{ readonly addresses: readonly number[]; readonly end: number }> {
  const addresses: number[] = [];
  let at = from;
  for (let index = 0; index < count; index++) {
    if (at + SEGMENT_HEADER_BYTES > place.lengthBytes) throw truncated("The image is longer than its place.");
    const segment = parseSegmentHeader(await view.read(place.offset + at, SEGMENT_HEADER_BYTES), 0, index);
    addresses.push(segment.address);
    at += SEGMENT_HEADER_BYTES + segment.lengthBytes;
  }
  return { addresses, end: at };
}

/** Version 1 is what the ROM starts; version 2 has one mapped segment in front of such an image. */
async function readEsp8266Outline(view: FlashView, place: FlashRange, start: Uint8Array): Promise<ImageOutline> {
  if (start[0] === IMAGE_MAGIC) {
    const { end } = await readSegments(view, place, ESP8266_HEADER_BYTES, start[1] ?? 0);
    return { lengthBytes: imageLength(end, false), kind: "bootloader" };
  }
  const mapped = await readSegments(view, place, ESP8266_HEADER_BYTES, 1);
  const [, count = 0] = await view.read(place.offset + mapped.end, ESP8266_HEADER_BYTES);
  const { end } = await readSegments(view, place, mapped.end + ESP8266_HEADER_BYTES, count);
  return { lengthBytes: imageLength(end, false), kind: "app" };
}

/** Reads headers only: 24 bytes, and 8 for each segment. Throws image/… where they lead out of `place`. */
async function readOutline(view: FlashView, place: FlashRange): Promise<ImageOutline> {
  if (place.lengthBytes < IMAGE_HEADER_BYTES) throw truncated("There is no room for an image.");
  const start = await view.read(place.offset, IMAGE_HEADER_BYTES);
  const isEsp8266 = isEsp8266Image(start);
  const outline = isEsp8266 ? await readEsp8266Outline(view, place, start) : await readLaterOutline(view, place, start);
  if (outline.lengthBytes > place.lengthBytes) throw truncated("The image is longer than its place.");
  return outline;
}

async function readLaterOutline(view: FlashView, place: FlashRange, start: Uint8Array): Promise<ImageOutline> {
  const { segmentCount, chipId, hasDigest } = parseHeader(start);
  const { addresses, end } = await readSegments(view, place, IMAGE_HEADER_BYTES, segmentCount);
  return {
    lengthBytes: imageLength(end, hasDigest),
    kind: needsFlashMapping(chipId, addresses) ? "app" : "bootloader",
  };
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
  if (start[0] !== IMAGE_MAGIC && !isEsp8266Image(start)) return "bytes that are no image";
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

/** Sixteen rows: most tables end within them, and all of a table takes four times as long to read. */
const TABLE_START_BYTES = 0x200;

/** The partition table at `offset`: its rows, `damaged` for one with errors, `none` for anything else. */
export async function readTable(view: FlashView, offset: number): Promise<readonly Partition[] | "damaged" | "none"> {
  if (offset + PARTITION_TABLE_BYTES > view.lengthBytes) return "none";
  const start = await view.read(offset, TABLE_START_BYTES);
  if (!looksLikePartitionTable(start)) return "none";
  const isAll = isBlank(start.subarray(-PARTITION_ROW_BYTES));
  try {
    return parsePartitionTable(isAll ? start : await view.read(offset, PARTITION_TABLE_BYTES));
  } catch (error) {
    if (isImageError(error)) return "damaged";
    throw error;
  }
}
