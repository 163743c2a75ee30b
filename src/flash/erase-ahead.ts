import { alignDown, alignUp } from "../base/bytes.js";
import type { EraseAhead } from "../device/flash-access.js";
import { ERASE_BLOCK_BYTES, WINDOW_BYTES } from "./cost-model.js";
import { SECTOR_BYTES } from "./desired.js";
import { sumBytes } from "./difference.js";
import type { Piece } from "./difference.js";
import type { FlashRange } from "./job.js";

/** How far the stub has surely begun to erase when it has taken all of a stream: at least one step after each window. */
function sureEraseEnd(run: FlashRange, endOffset: number): number {
  let reached = alignDown(run.offset, SECTOR_BYTES);
  const step = (): void => {
    const isBlock = reached % ERASE_BLOCK_BYTES === 0 && endOffset - reached >= ERASE_BLOCK_BYTES;
    reached += isBlock ? ERASE_BLOCK_BYTES : SECTOR_BYTES;
  };
  // Until it has met the first dirty sector it steps over blank ones, which may be all of the run's first block.
  const surelyDirty = alignUp(run.offset + 1, ERASE_BLOCK_BYTES) + SECTOR_BYTES;
  for (let end = run.offset + WINDOW_BYTES; end < run.offset + run.lengthBytes; end += WINDOW_BYTES) {
    while (reached < end) step();
    if (end >= surelyDirty && reached < endOffset) step();
  }
  return reached;
}

/**
 * Left for the erase command, since its answer is what the end of all before is waited for with. It looks 120,000 times a
 * sector whether the flash is idle (esp-flasher-stub `command_handler.c` at fc713a4), some 0.3 s; a block's erase that is
 * still running may take 2 s (W25Q32JV).
 */
const LEAST_LEFT_BYTES = ERASE_BLOCK_BYTES;

/**
 * How much of the dirty `behind` a run is erased while the run's bytes are on the wire, and what is left of it.
 * `undefined` where nothing is gained.
 */
export function planEraseAhead(run: FlashRange, behind: FlashRange): EraseAhead | undefined {
  const lastOffset = behind.offset + behind.lengthBytes;
  const sure = alignDown(sureEraseEnd(run, lastOffset), ERASE_BLOCK_BYTES);
  const endOffset = Math.min(sure, alignDown(lastOffset - LEAST_LEFT_BYTES, ERASE_BLOCK_BYTES));
  if (endOffset <= behind.offset) return undefined;
  return { endOffset, thenErase: { offset: endOffset, lengthBytes: lastOffset - endOffset } };
}

/** Pieces from `first` on that follow one another without a gap and all hold something else than desired. */
function dirtyFrom(
  pieces: readonly Piece[],
  first: number,
  kind: "written" | "blanked",
  start: number,
): readonly Piece[] {
  const found: Piece[] = [];
  let end = start;
  for (const piece of pieces.slice(first)) {
    if (piece.offset !== end || piece.state !== "other" || (piece.bytes === undefined) !== (kind === "blanked")) break;
    found.push(piece);
    end = piece.offset + piece.lengthBytes;
  }
  return found;
}

/**
 * Dirty stretches that shall be blank and that the loader can erase while it takes the run before them, all of which is
 * dirty too: over blank sectors it would step one by one.
 */
export function stretchesBehindWrites(pieces: readonly Piece[]): readonly FlashRange[] {
  const stretches: FlashRange[] = [];
  for (let at = 0; at < pieces.length;) {
    const offset = pieces[at]?.offset ?? 0;
    const written = dirtyFrom(pieces, at, "written", offset);
    const lengthBytes = sumBytes(written);
    const end = alignUp(offset + lengthBytes, SECTOR_BYTES);
    const blanked = dirtyFrom(pieces, at + written.length, "blanked", end);
    const before = pieces[at - 1];
    const goesOn =
      before?.bytes !== undefined && before.state !== "same" && before.offset + before.lengthBytes === offset;
    const behind = { offset: end, lengthBytes: sumBytes(blanked) };
    if (!goesOn && written.length > 0 && planEraseAhead({ offset, lengthBytes }, behind) !== undefined) {
      stretches.push(behind);
    }
    at += Math.max(1, written.length);
  }
  return stretches;
}
