import { alignDown, alignUp, isBlank } from "../base/bytes.js";
import { contentOf } from "./content.js";
import { overlaps, SECTOR_BYTES } from "./desired.js";
import type { FlashImage, FlashRange } from "./job.js";

/** What of a merged file belongs together: FF inside of it is content and no gap. */
function occupied(image: FlashImage): FlashRange[] {
  const { image: bootloader, imageOffset, table = [] } = contentOf(image);
  const filled = table.filter(({ offset, lengthBytes }) => {
    const start = Math.max(0, offset - image.offset);
    return !isBlank(image.bytes.subarray(start, Math.max(start, offset + lengthBytes - image.offset)));
  });
  return [{ offset: image.offset + imageOffset, lengthBytes: bootloader?.lengthBytes ?? 0 }, ...filled];
}

/**
 * The gaps of a merged image, as whole sectors of the flash: blank sectors between its parts, and partitions that the
 * file covers with nothing but FF. Other files have none, since FF in them may be data.
 */
export function gapsOf(image: FlashImage): readonly FlashRange[] {
  if (contentOf(image).kind !== "merged") return [];
  const parts = occupied(image);
  const gaps: { offset: number; lengthBytes: number }[] = [];
  const end = alignDown(image.offset + image.bytes.length, SECTOR_BYTES);
  for (let at = alignUp(image.offset, SECTOR_BYTES); at < end; at += SECTOR_BYTES) {
    const sector = { offset: at, lengthBytes: SECTOR_BYTES };
    const start = at - image.offset;
    if (parts.some((part) => overlaps(part, sector))) continue;
    if (!isBlank(image.bytes.subarray(start, start + SECTOR_BYTES))) continue;
    const last = gaps.at(-1);
    if (last !== undefined && last.offset + last.lengthBytes === at) last.lengthBytes += SECTOR_BYTES;
    else gaps.push(sector);
  }
  return gaps;
}
