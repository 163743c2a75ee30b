import { alignDown, alignUp, hex32, joinedView } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { BlockStream, FlashAccess } from "../device/flash-access.js";
import { blockStream } from "./blocks.js";
import { overlaps, SECTOR_BYTES, sectorsOf } from "./desired.js";
import { ERASE_BLOCK_BYTES } from "./cost-model.js";
import type { Costs, WritePace } from "./cost-model.js";
import { compareSectors, cut } from "./difference.js";
import type { Piece } from "./difference.js";
import { planEraseAhead } from "./erase-ahead.js";
import { eraseBeside } from "./erase-beside.js";
import { md5OfBlank } from "./hash.js";
import type { FlashRange } from "./job.js";
import type { PreparedForms } from "./prepare.js";
import { mayBeDirty } from "./whole-blocks.js";
import { withoutBlankEnd } from "./without-blank-end.js";

/** What has to be done, in this order: all erases, then the writes. */
export interface Work {
  /** Whole sectors that end blank, or that are better or have to be erased before they are written. */
  readonly erases: readonly FlashRange[];
  readonly writes: readonly WriteRun[];
}

/** Neighbouring pieces that are written in one go. */
export interface WriteRun extends FlashRange {
  readonly bytes: Uint8Array;
  /** No sector of it needs an erase. */
  readonly isBlank: boolean;
  /** Its blocks end with the stub's windows; see `flashHoldsUpWire`. */
  readonly byWindow: boolean;
  /** Dirty sectors right behind it that shall be blank; erased along with it. */
  readonly behind?: FlashRange;
  /** The block around its start, erased while its first bytes are on the wire. */
  readonly beside?: FlashRange;
}

/** Four blocks are erased while the first four windows are written, of eight. */
const FIRST_RUN_BLOCKS = 4;

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

/**
 * Whether a run ends where `piece` begins, though it goes on. The stub erases ahead as fast as it can, and what it writes
 * meanwhile waits for it; a first run of some blocks has its second half free of that, where images often deflate best.
 */
function endsFirstRun(run: readonly Piece[], piece: Piece): boolean {
  const offset = run[0]?.offset ?? 0;
  const isFirst = alignDown(offset, ERASE_BLOCK_BYTES) + FIRST_RUN_BLOCKS * ERASE_BLOCK_BYTES === piece.offset;
  return isFirst && [...run, piece].every((each) => each.state === "other");
}

function writeRuns(
  pieces: readonly Piece[],
  { stretches, byWindow }: Pick<EraseWays, "stretches" | "byWindow">,
): WriteRun[] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const follows = last !== undefined && last.offset + last.lengthBytes === piece.offset;
    const isCut =
      byWindow && stretches.length === 0 && runs.length === 1 && run !== undefined && endsFirstRun(run, piece);
    if (follows && !isCut) run?.push(piece);
    else runs.push([piece]);
  }
  return runs.map((run) => {
    const whole = joinedView(run.map((piece) => piece.bytes ?? new Uint8Array(0)));
    // Behind the image's end, data may stand in its last sector and be erased with it.
    const isBlank = !run.some(mayBeDirty) && whole.length % SECTOR_BYTES === 0;
    const bytes = withoutBlankEnd(whole);
    const isDirty = run.every((piece) => piece.state === "other");
    const written = { offset: run[0]?.offset ?? 0, lengthBytes: bytes.length, bytes, isBlank };
    const end = alignUp(written.offset + whole.length, SECTOR_BYTES);
    const behind = stretches.find((stretch) => stretch.offset === end);
    // With a stretch behind it, it is the flash that is never idle.
    return behind === undefined
      ? { ...written, byWindow: byWindow && isDirty }
      : { ...written, byWindow: false, behind };
  });
}

/** What of the work is erased in another way than sector by sector. */
export interface EraseWays {
  /** Noted sectors outside of the pieces. */
  readonly noted: readonly FlashRange[];
  /** As `wholeBlocks` found. */
  readonly blocks: readonly FlashRange[];
  /** As `stretchesBehindWrites` found. */
  readonly stretches: readonly FlashRange[];
  /** As `flashHoldsUpWire` says. */
  readonly byWindow: boolean;
  /** Absent where nothing can be erased beside a write. */
  readonly besideCosts?: Costs;
}

/** The work that turns `pieces` into what they shall be. */
export function planWork(pieces: readonly Piece[], ways: EraseWays): Work {
  const { noted, blocks, stretches, besideCosts } = ways;
  const changing = pieces.filter((piece) => piece.state !== "same");
  const toErase = changing
    .filter((piece) => piece.bytes === undefined || piece.state === "suspect")
    .filter((piece) => ![...blocks, ...stretches].some((range) => overlaps(range, piece)));
  const writes = writeRuns(
    changing.filter((piece) => piece.bytes !== undefined),
    ways,
  );
  const besides = writes.map((run, index) => besideCosts && eraseBeside(run, writes[index - 1], blocks, besideCosts));
  const first = blocks.filter((block) => !besides.some((beside) => beside?.block === block));
  const firstSectors = besides.flatMap((beside) => beside?.firstSector ?? []);
  return {
    erases: eraseChunks([...toErase.map(sectorsOf), ...first, ...firstSectors, ...noted]),
    writes: writes.map((run, index) => {
      const beside = besides[index]?.block;
      return beside === undefined ? run : { ...run, beside };
    }),
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
    narrowed.push(...(mayBeDirty(piece) ? await compareSectors(access, piece, clock) : [piece]));
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
  /** Bytes that are written by now, of all runs. */
  written(doneBytes: number): void;
}

async function eraseAll(access: FlashAccess, ranges: readonly FlashRange[], hooks: ApplyHooks): Promise<void> {
  for (const range of ranges) {
    hooks.underWay([range]);
    await access.erase(range.offset, range.lengthBytes);
    hooks.erased(range);
  }
  hooks.underWay([]);
}

/** Erases and reports before each chunk. */
export async function applyErases(access: FlashAccess, work: Work, hooks: ApplyHooks): Promise<void> {
  await eraseAll(access, work.erases, hooks);
}

/**
 * Sectors that may be cut short while a block is under way: what is being written. While the run `isErasing`, too, all the rest of it
 * counts, as the loader erases ahead by an amount that the host does not learn.
 */
function sectorsUnderWay(
  run: WriteRun & { readonly isErasing: boolean },
  stream: BlockStream,
  doneBytes: number,
  underWayBytes: number,
): FlashRange {
  const start = alignDown(run.offset + doneBytes, SECTOR_BYTES);
  const writtenEnd =
    run.offset + (run.isErasing ? run.lengthBytes : Math.min(doneBytes + underWayBytes, run.lengthBytes));
  const { ahead } = stream;
  const end = ahead === undefined ? writtenEnd : ahead.thenErase.offset + ahead.thenErase.lengthBytes;
  return { offset: start, lengthBytes: alignUp(end, SECTOR_BYTES) - start };
}

/** With what the loader erases behind it while the stream is on the wire, and what is left to erase afterwards. */
function withAhead(
  access: FlashAccess,
  stream: BlockStream,
  behind: FlashRange,
): { readonly stream: BlockStream; readonly left: readonly FlashRange[] } {
  const left = cut(behind, MAX_ERASE_BYTES);
  const ahead = access.erasesAhead && stream.encoding === "deflate" ? planEraseAhead(stream, behind) : undefined;
  if (ahead === undefined) return { stream, left };
  const [thenErase = ahead.thenErase, ...rest] = cut(ahead.thenErase, MAX_ERASE_BYTES);
  return { stream: { ...stream, ahead: { ...ahead, thenErase } }, left: rest };
}

/** How a run becomes a stream. */
export interface StreamOptions {
  readonly compress: boolean;
  readonly prepared?: PreparedForms;
  /** For a loader that writes while it receives. */
  readonly pace?: WritePace | undefined;
}

/** The stream of a run, of its prepared form where there is one. */
export function streamOf(
  { blockBytes }: FlashAccess,
  run: WriteRun,
  { compress, prepared, pace }: StreamOptions,
  clock: Clock,
): Promise<BlockStream> {
  const { byWindow, offset, bytes } = run;
  const deflated = compress ? prepared?.find(bytes) : undefined;
  return blockStream(offset, bytes, { compress, blockBytes, byWindow, pace, deflated }, clock);
}

/** Deflates, writes, and reports before each block. `first` is the first run's stream, where that was begun beforehand. */
export async function applyWrites(
  access: FlashAccess,
  work: Work,
  options: StreamOptions & { readonly first?: Promise<BlockStream> },
  clock: Clock,
  hooks: ApplyHooks,
): Promise<void> {
  let writtenBytes = 0;
  let next = options.first;
  for (const [index, run] of work.writes.entries()) {
    const plain = await (next ?? streamOf(access, run, options, clock));
    const following = work.writes[index + 1];
    // Deflated while this one is on the wire; what goes wrong with it is told when it is needed.
    next = following && streamOf(access, following, options, clock);
    next?.catch(() => undefined);
    const { behind, beside } = run;
    const { stream, left } = behind === undefined ? { stream: plain, left: [] } : withAhead(access, plain, behind);
    const besides = beside === undefined ? [] : [beside];
    // A ROM erases the whole run before it takes the first block, and nothing more then.
    hooks.underWay([...besides, sectorsUnderWay({ ...run, isErasing: true }, stream, 0, 0)]);
    const isErasing = !run.isBlank && access.erasesAhead;
    await access.write(beside === undefined ? stream : { ...stream, beside }, (doneBytes, underWayBytes) => {
      hooks.underWay([...besides, sectorsUnderWay({ ...run, isErasing }, stream, doneBytes, underWayBytes)]);
      hooks.written(writtenBytes + Math.min(doneBytes, run.lengthBytes));
    });
    for (const range of besides) hooks.erased(range);
    writtenBytes += run.lengthBytes;
    hooks.written(writtenBytes);
    if (behind !== undefined && stream.ahead !== undefined) {
      const { thenErase } = stream.ahead;
      hooks.erased({ ...behind, lengthBytes: thenErase.offset + thenErase.lengthBytes - behind.offset });
    }
    await eraseAll(access, left, hooks);
  }
}
