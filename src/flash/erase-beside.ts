import { alignDown } from "../base/bytes.js";
import { SECTOR_ERASE_MS } from "./cost-model.js";
import type { Costs } from "./cost-model.js";
import { overlaps, SECTOR_BYTES } from "./desired.js";
import type { FlashRange } from "./job.js";

/** A block that is erased while the first bytes of a run that begins in it are on the wire. */
export interface EraseBeside {
  readonly block: FlashRange;
  /** To be erased beforehand. */
  readonly firstSector: FlashRange;
}

/**
 * Which of `blocks` is erased beside a run; `undefined` where nothing is gained. While the stub erases it takes one block of a
 * write that it has begun before. That has to begin in a blank sector: from the first one on that is not, it erases all others,
 * too. `before` is the run before this one.
 */
export function eraseBeside(
  run: FlashRange,
  before: FlashRange | undefined,
  blocks: readonly FlashRange[],
  costs: Costs,
): EraseBeside | undefined {
  const block = blocks.find((each) => overlaps(each, run));
  const isFree = block !== undefined && block.offset <= run.offset && !(before && overlaps(before, block));
  const wireMs = (costs.wireMsPerKibibyte * run.lengthBytes) / 1024;
  if (!isFree || wireMs < 2 * SECTOR_ERASE_MS) return undefined;
  return { block, firstSector: { offset: alignDown(run.offset, SECTOR_BYTES), lengthBytes: SECTOR_BYTES } };
}
