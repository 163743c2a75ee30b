import { alignDown, isBlank } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import type { FlashAccess } from "../device/flash-access.js";
import {
  changeMs,
  ERASE_BLOCK_BYTES,
  firstQuestionBytes,
  PARTS,
  paysToAsk,
  paysToLeaveOut,
  sampleCount,
} from "./cost-model.js";
import type { Costs } from "./cost-model.js";
import { overlaps, SECTOR_BYTES, subtract } from "./desired.js";
import type { DesiredRange } from "./desired.js";
import { asPieces, cut, stateOf } from "./difference.js";
import type { Piece, PieceState } from "./difference.js";
import type { FlashRange } from "./job.js";

/** How a flash is compared. */
export interface CompareOptions {
  /** Whole sectors that count as unknown. */
  readonly suspects: readonly FlashRange[];
  readonly costs: Costs;
  /** `samples`: a range of which every sample differs counts as changed throughout. `all`: everything is asked about. */
  readonly proof: "samples" | "all";
  readonly clock: Clock;
}

/** The share to expect right where no sample was taken. */
const UNKNOWN_SHARE = 0.5;

const part = (range: DesiredRange, { offset, lengthBytes }: FlashRange): DesiredRange => {
  const from = offset - range.offset;
  const bytes = range.bytes?.subarray(from, from + lengthBytes);
  return bytes === undefined ? { offset, lengthBytes } : { offset, lengthBytes, bytes };
};

/** Long runs of FF inside the range's bytes become ranges that shall be blank. */
export function leaveOutBlanks(range: DesiredRange, costs: Costs): readonly DesiredRange[] {
  if (range.bytes === undefined) return [range];
  const runs: { offset: number; lengthBytes: number }[] = [];
  for (const sector of cut(range, SECTOR_BYTES)) {
    if (sector.lengthBytes < SECTOR_BYTES || sector.bytes === undefined || !isBlank(sector.bytes)) continue;
    const last = runs.at(-1);
    if (last !== undefined && last.offset + last.lengthBytes === sector.offset) last.lengthBytes += SECTOR_BYTES;
    else runs.push({ offset: sector.offset, lengthBytes: SECTOR_BYTES });
  }
  const blanks = runs.filter((run) => paysToLeaveOut(costs, run.lengthBytes));
  const rest = subtract(range, blanks).map((content) => part(range, content));
  return [...blanks, ...rest].sort((a, b) => a.offset - b.offset);
}

/** Single sectors, evenly spread: the middle of each of `count` parts. */
function samplesOf(range: DesiredRange, count: number): readonly DesiredRange[] {
  const sectors = cut(range, SECTOR_BYTES);
  const places = Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * sectors.length) / count));
  return sectors.filter((_, index) => places.includes(index));
}

/** Length of the parts of a closer look. */
function closerBytes(lengthBytes: number): number {
  let unitBytes = SECTOR_BYTES;
  while (unitBytes * PARTS < lengthBytes) unitBytes *= PARTS;
  return unitBytes;
}

/** One block is better written as a whole than in scraps, of which each waits for its own erase. */
function withoutScraps(range: DesiredRange, pieces: readonly Piece[], costs: Costs): readonly Piece[] {
  if (range.bytes === undefined || range.lengthBytes > ERASE_BLOCK_BYTES) return pieces;
  const runs: { end: number; lengthBytes: number }[] = [];
  for (const { offset, lengthBytes } of pieces.filter((piece) => piece.state !== "same")) {
    const last = runs.at(-1);
    if (last?.end === offset) {
      last.end += lengthBytes;
      last.lengthBytes += lengthBytes;
    } else {
      runs.push({ end: offset + lengthBytes, lengthBytes });
    }
  }
  if (runs.length === 0) return pieces;
  const scrapsMs = runs.reduce((sum, run) => sum + changeMs(costs, run.lengthBytes, "write"), 0);
  if (scrapsMs <= changeMs(costs, range.lengthBytes, "write")) return pieces;
  // Never `blank`: between the scraps lies what is right already.
  return asPieces(range, "other");
}

/** Asks about a range closer and closer, as long as that pays. */
async function compareClosely(
  access: FlashAccess,
  range: DesiredRange,
  expected: { readonly sameShare: number; readonly costs: Costs },
  clock: Clock,
): Promise<readonly Piece[]> {
  const { costs, sameShare } = expected;
  const { lengthBytes } = range;
  const parts = cut(range, closerBytes(lengthBytes));
  const change = range.bytes === undefined ? "erase" : "write";
  // The flash erases such a block faster than a few of its sectors.
  const isEraseBlock = change === "erase" && lengthBytes === ERASE_BLOCK_BYTES && parts.length === PARTS;
  if (parts.length === 1 || isEraseBlock || !paysToAsk(costs, lengthBytes, { sameShare, change })) {
    return asPieces(range, "other");
  }
  const pieces: Piece[] = [];
  for (const closer of parts) {
    const state = await stateOf(access, closer, clock);
    const found = state === "other" ? await compareClosely(access, closer, expected, clock) : asPieces(closer, state);
    pieces.push(...found);
  }
  return withoutScraps(range, pieces, costs);
}

interface Expected {
  readonly sameShare: number;
  /** What all of the range counts as where no sample was right; absent where some were, or none was taken. */
  readonly throughout?: "other" | "unknown";
}

/** What single sectors of a range let expect of all of it. */
async function takeSamples(
  access: FlashAccess,
  range: DesiredRange,
  start: "blank" | "other",
  options: CompareOptions,
): Promise<Expected> {
  const { clock, costs } = options;
  const states: PieceState[] = [];
  for (const sample of samplesOf(range, sampleCount(costs, range.lengthBytes, start))) {
    states.push(await stateOf(access, sample, clock));
  }
  const same = states.filter((state) => state === "same").length;
  if (states.length === 0) return { sameShare: UNKNOWN_SHARE };
  const sameShare = (same + 0.5) / (states.length + 1);
  if (same > 0) return { sameShare };
  return { sameShare, throughout: states.every((state) => state === "other") ? "other" : "unknown" };
}

/**
 * Questions that cover the range, a small one first; where it does not fit, samples show what to expect of the rest. An
 * image of which every sample differs has changed throughout, and what it lies over is asked about no further.
 */
async function compareRange(
  access: FlashAccess,
  range: DesiredRange,
  options: CompareOptions,
): Promise<readonly Piece[]> {
  const { clock, proof, costs } = options;
  const end = range.offset + range.lengthBytes;
  const pieces: Piece[] = [];
  let expected: Expected | undefined;
  // What shall be blank mostly is, and needs no sector to be found.
  const usualBytes = firstQuestionBytes(costs) * (range.bytes === undefined ? PARTS : 1);
  let questionBytes = sampleCount(costs, range.lengthBytes, "blank") > 0 ? ERASE_BLOCK_BYTES : usualBytes;
  for (let offset = range.offset; offset < end;) {
    const nextOffset =
      questionBytes === Infinity ? end : Math.min(end, alignDown(offset, questionBytes) + questionBytes);
    const chunk = part(range, { offset, lengthBytes: nextOffset - offset });
    offset = nextOffset;
    const state = await stateOf(access, chunk, clock);
    questionBytes = usualBytes;
    if (state === "same") {
      pieces.push(...asPieces(chunk, state));
      continue;
    }
    expected ??= await takeSamples(access, range, state, options);
    if (expected.throughout !== undefined && proof === "samples") {
      const rest = part(range, { offset, lengthBytes: end - offset });
      return [...pieces, ...asPieces(chunk, state), ...asPieces(rest, expected.throughout)];
    }
    // Where an image's place begins blank, it is probably blank to the end.
    if (state === "blank") questionBytes = Infinity;
    pieces.push(
      ...(state === "blank"
        ? asPieces(chunk, state)
        : await compareClosely(access, chunk, { ...expected, costs }, clock)),
    );
  }
  return pieces;
}

/**
 * Asks the chip for MD5s and says of every piece of the desired ranges what is there, as finely as pays. Reads nothing,
 * changes nothing.
 */
export async function compareFlash(
  access: FlashAccess,
  ranges: readonly DesiredRange[],
  options: CompareOptions,
): Promise<readonly Piece[]> {
  const { suspects, costs } = options;
  const pieces: Piece[] = [];
  for (const range of ranges.flatMap((whole) => leaveOutBlanks(whole, costs))) {
    const touching = suspects.filter((suspect) => overlaps(suspect, range));
    const trusted = subtract(range, touching);
    for (const stretch of trusted) pieces.push(...(await compareRange(access, part(range, stretch), options)));
    for (const stretch of subtract(range, trusted)) pieces.push(...asPieces(part(range, stretch), "suspect"));
  }
  return pieces.sort((a, b) => a.offset - b.offset);
}
