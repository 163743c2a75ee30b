import { hex32 } from "../base/bytes.js";
import type { AppPartition } from "./boot-table.js";
import type { GoodImage } from "./boot-log.js";
import type { AddressRange, Silicon } from "./silicon.js";

/** Flash is mapped in pages of this size, so an address and its place in the flash agree below it. */
const MAP_PAGE_BYTES = 0x10000;

/** Tag and text of a line of the second stage. */
type LogLine = readonly [tag: string, text: string];

const inRanges = (ranges: readonly AddressRange[], address: number): boolean =>
  ranges.some(({ start, end }) => address >= start && address < end);

const version = (revision: number): string => `${Math.floor(revision / 100)}.${revision % 100}`;

/** As ESP-IDF `bootloader_support/src/bootloader_common_loader.c` at 1021229 says it. */
function needsRevision(relation: ">=" | "<=", limit: number, revision: number): LogLine {
  return ["boot_comm", `Image requires chip rev ${relation} v${version(limit)}, but chip is v${version(revision)}`];
}

/** The first segment that cannot be loaded where it wants to go. Not judged where the chip's mapping is not known here. */
function misplacedSegment(silicon: Silicon, image: GoodImage): LogLine | undefined {
  const { mappedRanges, ramRanges } = silicon;
  if (mappedRanges === undefined) return undefined;
  for (const [index, { address, offset }] of image.segments.entries()) {
    const mapped = inRanges(mappedRanges, address);
    if (mapped && address % MAP_PAGE_BYTES !== offset % MAP_PAGE_BYTES) {
      return ["esp_image", `Segment ${index} load address ${hex32(address)}, doesn't match data ${hex32(offset)}`];
    }
    if (!mapped && !inRanges(ramRanges, address)) {
      return ["esp_image", `Segment ${index} ${hex32(address)} invalid: bad load address range`];
    }
  }
  return undefined;
}

/** Why the second stage refuses an app whose header, segments and checksum are in order; `undefined` if it starts it. */
export function appRefusal(
  silicon: Silicon,
  revision: number,
  image: GoodImage,
  app: AppPartition,
): LogLine | undefined {
  if (image.digestMismatch !== undefined) return ["esp_image", "Image hash failed - image is corrupt"];
  if (revision < image.minRevision) return needsRevision(">=", image.minRevision, revision);
  if (revision > image.maxRevision) return needsRevision("<=", image.maxRevision, revision);
  if (image.lengthBytes > app.lengthBytes) {
    return ["esp_image", `Image length ${image.lengthBytes} doesn't fit in partition length ${app.lengthBytes}`];
  }
  return misplacedSegment(silicon, image);
}
