import { alignDown, alignUp, hex32, joinedView } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { BlockStream, FlashAccess } from "../device/flash-access.js";
import { blockStream } from "./blocks.js";
import { SECTOR_BYTES, sectorsOf } from "./desired.js";
import { ERASE_BLOCK_BYTES } from "./cost-model.js";
import { compareSectors, sumBytes } from "./difference.js";
import type { Piece } from "./difference.js";
import { md5OfBlank } from "./hash.js";
import type { FlashRange } from "./job.js";
import type { PreparedStreams } from "./prepare.js";
import { withoutBlankEnd } from "./without-blank-end.js";

/** What has to be done, in this order: all erases, then the writes. */
export interface Work {
  /** Whole sectors that end blank, or whose content is not to be trusted before they are written. */
  readonly erases: readonly FlashRange[];
  readonly writes: readonly WriteRun[];
}

/** Neighbouring pieces that are written in one go. */
export interface WriteRun extends FlashRange {
  readonly bytes: Uint8Array;
  /** No sector of it needs an erase. */
  readonly isBlank: boolean;
}

/** An erase is one command up to this length, so that progress shows and a cancellation does not cost a whole chip. */
const MAX_ERASE_BYTES = 0x100000;

function eraseChunks(ranges: readonly FlashRange[]): FlashRange[] {
  const merged: FlashRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const last = merged.at(-1);
    const joins = last !== undefined && last.offset + last.lengthBytes >= range.offset;
    if (joins && range.offset + range.lengthBytes - last.offset <= MAX_ERASE_BYTES) {
      const end = Math.max(last.offset + last.lengthBytes, range.offset + range.lengthBytes);
      merged[merged.length - 1] = { offset: last.offset, lengthBytes: end - last.offset };
    } else {
      merged.push(range);
    }
  }
  return merged;
}

function writeRuns(pieces: readonly Piece[]): WriteRun[] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && last.offset + last.lengthBytes === piece.offset) runs.at(-1)?.push(piece);
    else runs.push([piece]);
  }
  return runs.map((run) => {
    const whole = joinedView(run.map((piece) => piece.bytes ?? new Uint8Array(0)));
    // Behind the image's end, data may stand in its last sector and be erased with it.
    const isBlank = run.every((piece) => piece.state !== "other") && whole.length % SECTOR_BYTES === 0;
    const bytes = withoutBlankEnd(whole);
    return { offset: run[0]?.offset ?? 0, lengthBytes: bytes.length, bytes, isBlank };
  });
}

/** A block is erased in the time of some three of its sectors (data sheets of W25Q32JV and GD25Q32C: 150 and 45 ms). */
const SECTORS_WORTH_A_BLOCK = 4;

/**
 * Blocks of which one part shall be blank and another is written, and all of it changes: erased as a whole beforehand,
 * which is faster than sector by sector. Returns their erases, and the pieces that are left to work on.
 */
function mixedBlocks(pieces: readonly Piece[]): {
  readonly erases: readonly FlashRange[];
  readonly left: readonly Piece[];
} {
  const byBlock = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const block = alignDown(piece.offset, ERASE_BLOCK_BYTES);
    byBlock.set(block, [...(byBlock.get(block) ?? []), piece]);
  }
  const erases: FlashRange[] = [];
  const left: Piece[] = [];
  for (const [offset, inBlock] of byBlock) {
    const others = inBlock.filter((piece) => piece.state === "other");
    const isWhole = sumBytes(inBlock) === ERASE_BLOCK_BYTES && inBlock.every((piece) => piece.state !== "suspect");
    const isMixed =
      others.some((piece) => piece.bytes === undefined) && others.some((piece) => piece.bytes !== undefined);
    if (!isWhole || !isMixed || sumBytes(others) < SECTORS_WORTH_A_BLOCK * SECTOR_BYTES) {
      left.push(...inBlock);
      continue;
    }
    erases.push({ offset, lengthBytes: ERASE_BLOCK_BYTES });
    left.push(...inBlock.filter((piece) => piece.bytes !== undefined));
  }
  return { erases, left };
}

/** The work that turns `pieces` into what they shall be. `extraErases`: noted sectors outside of them. */
export function planWork(pieces: readonly Piece[], extraErases: readonly FlashRange[]): Work {
  const { erases, left: changing } = mixedBlocks(pieces.filter((piece) => piece.state !== "same"));
  const toErase = changing.filter((piece) => piece.bytes === undefined || piece.state === "suspect").map(sectorsOf);
  return {
    erases: eraseChunks([...toErase, ...erases, ...extraErases]),
    writes: writeRuns(changing.filter((piece) => piece.bytes !== undefined)),
  };
}

/** Whether every byte of the sectors that `range` lies in is FF; behind an image's end its last sector goes on. */
async function liesInBlankSectors(access: FlashAccess, piece: Piece, clock: Clock): Promise<boolean> {
  const sectors = sectorsOf(piece);
  if (piece.state === "blank" && sectors.lengthBytes === piece.lengthBytes) return true;
  return (await access.md5(sectors.offset, sectors.lengthBytes)) === (await md5OfBlank(sectors.lengthBytes, clock));
}

/**
 * For `erase: none`: narrows the pieces to the sectors that differ. `plan/not-blank` where one of them is not blank,
 * or where noted sectors ask for an erase.
 */
export async function withoutErase(
  access: FlashAccess,
  pieces: readonly Piece[],
  extraErases: readonly FlashRange[],
  clock: Clock,
): Promise<readonly Piece[]> {
  const noted = extraErases[0] ?? pieces.find((piece) => piece.state === "suspect");
  if (noted !== undefined) throw notBlank(noted, "was left half done by an earlier run");
  const narrowed: Piece[] = [];
  for (const piece of pieces) {
    narrowed.push(...(piece.state === "other" ? await compareSectors(access, piece, clock) : [piece]));
  }
  for (const piece of narrowed) {
    if (piece.state === "same" || (await liesInBlankSectors(access, piece, clock))) continue;
    throw notBlank(piece, "has to change but is not blank");
  }
  return narrowed;
}

function notBlank(range: FlashRange, what: string): FlashError {
  return new FlashError("plan/not-blank", `The sector at ${hex32(range.offset)} ${what}.`, {
    offset: hex32(range.offset),
  });
}

export interface ApplyHooks {
  /** Before each step: what may be cut short from now on. */
  underWay(ranges: readonly FlashRange[]): void;
  /** An erase was acknowledged. */
  erased(range: FlashRange): void;
  /** Bytes of the work that are done. */
  progress(doneBytes: number): void;
}

/** Erases and reports before each chunk. */
export async function applyErases(access: FlashAccess, work: Work, hooks: ApplyHooks): Promise<void> {
  let doneBytes = 0;
  for (const range of work.erases) {
    hooks.underWay([range]);
    await access.erase(range.offset, range.lengthBytes);
    hooks.erased(range);
    doneBytes += range.lengthBytes;
    hooks.progress(doneBytes);
  }
  hooks.underWay([]);
}

/**
 * Sectors that may be cut short while a block is under way. Onto blank flash only what is being written; else the
 * loader erases ahead by an amount that the host does not learn, so all the rest of the run counts.
 */
function sectorsUnderWay(run: WriteRun, stream: BlockStream, doneBytes: number, underWayBytes: number): FlashRange {
  const start = alignDown(run.offset + doneBytes, SECTOR_BYTES);
  const end = run.isBlank ? Math.min(doneBytes + underWayBytes, stream.lengthBytes) : stream.lengthBytes;
  return { offset: start, lengthBytes: alignUp(run.offset + end, SECTOR_BYTES) - start };
}

/** Deflates, writes, and reports before each block. */
export async function applyWrites(
  access: FlashAccess,
  work: Work,
  options: { readonly compress: boolean; readonly prepared?: PreparedStreams },
  clock: Clock,
  hooks: ApplyHooks,
): Promise<void> {
  let writtenBytes = 0;
  for (const run of work.writes) {
    const { blockBytes } = access;
    const ready = options.compress ? options.prepared?.find(run, blockBytes) : undefined;
    const stream = await (ready ??
      blockStream(run.offset, run.bytes, { compress: options.compress, blockBytes }, clock));
    // A ROM erases the whole run before it takes the first block.
    hooks.underWay([sectorsOf(run)]);
    await access.write(stream, (doneBytes, underWayBytes) => {
      hooks.underWay([sectorsUnderWay(run, stream, doneBytes, underWayBytes)]);
      hooks.progress(writtenBytes + Math.min(doneBytes, run.lengthBytes));
    });
    hooks.underWay([]);
    writtenBytes += run.lengthBytes;
    hooks.progress(writtenBytes);
  }
}
