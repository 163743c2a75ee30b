import { alignDown } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import type { FlashAccess } from "../device/flash-access.js";
import { BLOCK_ERASE_MS, ERASE_BLOCK_BYTES, SECTOR_ERASE_MS } from "./cost-model.js";
import type { Costs } from "./cost-model.js";
import { overlaps, SECTOR_BYTES, sectorsOf, subtract } from "./desired.js";
import { sumBytes } from "./difference.js";
import type { Piece } from "./difference.js";
import { md5OfBlank } from "./hash.js";
import type { FlashRange } from "./job.js";

/** Where a block may not be erased as a whole. */
export interface WholeBlockLimits {
  readonly flashBytes: number;
  readonly keep: readonly FlashRange[];
  /** Erased in another way. */
  readonly others: readonly FlashRange[];
}

/** May hold something, and so needs an erase. */
export const mayBeDirty = (piece: Piece): boolean => piece.state === "other" || piece.state === "unknown";

/**
 * Time that single sectors of a block take beyond one erase of the block. At the start of a write the loader erases
 * sector by sector and the wire goes on for as long as it takes their bytes; later the wire hides all of it.
 */
function gainMs(dirty: readonly Piece[], startsWrite: boolean, costs: Costs): number {
  const sectorsMs = (pieces: readonly Piece[]): number =>
    (sumBytes(pieces.map(sectorsOf)) / SECTOR_BYTES) * SECTOR_ERASE_MS;
  const written = startsWrite ? dirty.filter((piece) => piece.bytes !== undefined) : [];
  const wireMs = (costs.wireMsPerKibibyte * sumBytes(written)) / 1024;
  const blanked = dirty.filter((piece) => piece.bytes === undefined);
  return sectorsMs(blanked) + Math.max(0, sectorsMs(written) - wireMs) - BLOCK_ERASE_MS;
}

async function isBlankOnBoard(access: FlashAccess, ranges: readonly FlashRange[], clock: Clock): Promise<boolean> {
  for (const { offset, lengthBytes } of ranges) {
    if ((await access.md5(offset, lengthBytes)) !== (await md5OfBlank(lengthBytes, clock))) return false;
  }
  return true;
}

/**
 * Blocks that are better erased as a whole beforehand: part of each is written or shall be blank, and the rest is blank
 * already, also where the job does not decide about it.
 */
export async function wholeBlocks(
  access: FlashAccess,
  pieces: readonly Piece[],
  limits: WholeBlockLimits,
  { costs, clock }: { readonly costs: Costs; readonly clock: Clock },
): Promise<readonly FlashRange[]> {
  const byBlock = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const block = alignDown(piece.offset, ERASE_BLOCK_BYTES);
    byBlock.set(block, [...(byBlock.get(block) ?? []), piece]);
  }
  const blocks: FlashRange[] = [];
  for (const [offset, inBlock] of byBlock) {
    const block = { offset, lengthBytes: ERASE_BLOCK_BYTES };
    const dirty = inBlock.filter(mayBeDirty);
    const before = byBlock.get(offset - ERASE_BLOCK_BYTES)?.at(-1);
    const goesOn =
      before?.bytes !== undefined && before.state !== "same" && before.offset + before.lengthBytes === offset;
    const isFixed = (piece: Piece): boolean =>
      piece.state === "suspect" || (piece.state === "same" && piece.bytes !== undefined);
    const isOneWrite = sumBytes(dirty) === ERASE_BLOCK_BYTES && dirty.every((piece) => piece.bytes !== undefined);
    const isBarred =
      offset + ERASE_BLOCK_BYTES > limits.flashBytes ||
      [...limits.keep, ...limits.others].some((range) => overlaps(range, block));
    if (isBarred || isOneWrite || inBlock.some(isFixed) || gainMs(dirty, !goesOn, costs) <= 0) continue;
    const around = subtract(block, inBlock.map(sectorsOf));
    if (around.length > 0 && !access.verifies) continue;
    if (await isBlankOnBoard(access, around, clock)) blocks.push(block);
  }
  return blocks;
}
