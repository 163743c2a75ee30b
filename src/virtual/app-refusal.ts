import { hex32 } from "../base/bytes.js";
import type { AppPartition } from "./boot-table.js";
import type { ReadFlash } from "./boot-check.js";
import type { GoodImage } from "./boot-log.js";
import type { LogLine } from "./boot-output.js";
import { versionText } from "./revision.js";
import type { AddressRange, Silicon } from "./silicon.js";

// Rules and texts: ESP-IDF `bootloader_support/src/esp_image_format.c` and `bootloader_common_loader.c` at 1021229.

/** Below this address a segment is padding, and is not loaded. */
const PADDING_END = 0x10000000;
const MAX_SEGMENT_BYTES = 0x1000000;
const APP_DESCRIPTION_MAGIC = [0x32, 0x54, 0xcd, 0xab];
/** The byte of an app description that has the logarithm of the MMU's page size; 0 in older apps. */
const PAGE_SIZE_AT = 180;
const PAGE_LOGARITHMS = [13, 14, 15, 16];
const DEFAULT_PAGE_BYTES = 0x10000;

const inRanges = (ranges: readonly AddressRange[], address: number, lengthBytes = 1): boolean =>
  ranges.some(({ start, end }) => address >= start && address + lengthBytes <= end);

/** Whether the second stage shows a segment through the cache instead of loading it. */
export function isMapped({ mappedRanges, ramRanges }: Silicon, address: number): boolean {
  return mappedRanges === undefined ? !inRanges(ramRanges, address) : inRanges(mappedRanges, address);
}

function needsRevision(relation: ">=" | "<=", limit: number, revision: number): LogLine {
  const needed = `Image requires chip rev ${relation} ${versionText(limit)}`;
  return ["boot_comm", `${needed}, but chip is ${versionText(revision)}`];
}

/** Bytes of an MMU page: the app's description says so where the chip lets it choose. */
function pageBytes(read: ReadFlash, image: GoodImage): number {
  const first = read(image.segments[0]?.offset ?? 0, PAGE_SIZE_AT + 1);
  const described = APP_DESCRIPTION_MAGIC.every((byte, index) => first[index] === byte);
  const logarithm = first[PAGE_SIZE_AT] ?? 0;
  return described && PAGE_LOGARITHMS.includes(logarithm) ? 2 ** logarithm : DEFAULT_PAGE_BYTES;
}

/** The first segment that cannot go where it wants to. Not judged where the chip's mapping is not known here. */
function misplacedSegment(silicon: Silicon, read: ReadFlash, image: GoodImage): LogLine | undefined {
  if (silicon.mappedRanges === undefined) return undefined;
  const page = pageBytes(read, image);
  for (const [index, { address, offset, lengthBytes }] of image.segments.entries()) {
    if (lengthBytes % 4 !== 0 || lengthBytes >= MAX_SEGMENT_BYTES) {
      return ["esp_image", `invalid segment length 0x${lengthBytes.toString(16)}`];
    }
    if (isMapped(silicon, address)) {
      if (address % page === offset % page) continue;
      return ["esp_image", `Segment ${index} load address ${hex32(address)}, doesn't match data ${hex32(offset)}`];
    }
    if (address < PADDING_END || lengthBytes === 0 || inRanges(silicon.ramRanges, address, lengthBytes)) continue;
    const range = `${hex32(address)}-${hex32(address + lengthBytes)}`;
    return ["esp_image", `Segment ${index} ${range} invalid: bad load address range`];
  }
  return undefined;
}

/** Why the second stage refuses an app whose header, segments and checksum are in order; `undefined` if it starts it. */
export function appRefusal(
  silicon: Silicon,
  revision: number,
  read: ReadFlash,
  image: GoodImage,
  app: AppPartition,
): LogLine | undefined {
  if (revision < image.minRevision) return needsRevision(">=", image.minRevision, revision);
  if (revision > image.maxRevision) return needsRevision("<=", image.maxRevision, revision);
  const misplaced = misplacedSegment(silicon, read, image);
  if (misplaced !== undefined) return misplaced;
  if (image.digestMismatch !== undefined) return ["esp_image", "Image hash failed - image is corrupt"];
  if (image.lengthBytes > app.lengthBytes) {
    return ["esp_image", `Image length ${image.lengthBytes} doesn't fit in partition length ${app.lengthBytes}`];
  }
  return undefined;
}
