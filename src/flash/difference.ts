import type { Clock } from "../base/clock.js";
import type { FlashAccess } from "../device/flash-access.js";
import { ERASE_BLOCK_BYTES } from "./cost-model.js";
import { SECTOR_BYTES } from "./desired.js";
import type { DesiredRange } from "./desired.js";
import { md5Of, md5OfBlank } from "./hash.js";
import type { FlashRange } from "./job.js";

/**
 * `same`: as desired. `blank`: all FF, so it can be written without an erase. `other`: holds something else. `unknown`:
 * samples around it let expect that it changes, blank or not. `suspect`: a note says that work on it was cut short, so
 * its content proves nothing.
 */
export type PieceState = "same" | "blank" | "other" | "unknown" | "suspect";

/** A piece of a desired range, and what the board holds there. Without `bytes` it shall be blank. */
export interface Piece extends FlashRange {
  readonly bytes?: Uint8Array;
  readonly state: PieceState;
}

/** The range as pieces that end where a multiple of `unitBytes` lies. */
export function cut(range: DesiredRange, unitBytes: number): DesiredRange[] {
  const pieces: DesiredRange[] = [];
  const end = range.offset + range.lengthBytes;
  for (let offset = range.offset; offset < end;) {
    const next = Math.min(end, offset - (offset % unitBytes) + unitBytes);
    const lengthBytes = next - offset;
    const bytes = range.bytes?.subarray(offset - range.offset, next - range.offset);
    pieces.push(bytes === undefined ? { offset, lengthBytes } : { offset, lengthBytes, bytes });
    offset = next;
  }
  return pieces;
}

/** MD5 of what the range shall hold. */
export function desiredDigest(range: DesiredRange, clock: Clock): Promise<string> {
  return range.bytes === undefined ? md5OfBlank(range.lengthBytes, clock) : md5Of(range.bytes, clock);
}

/** MD5s of what the range holds, by the chip, and of what it shall hold, which is computed meanwhile. */
export async function askDigests(
  access: FlashAccess,
  range: DesiredRange,
  clock: Clock,
): Promise<{ readonly held: string; readonly desired: string }> {
  const answer = access.md5(range.offset, range.lengthBytes);
  // A serial port takes the question in a later turn.
  const computed = clock.breathe().then(() => desiredDigest(range, clock));
  const [held, desired] = await Promise.all([answer, computed]);
  return { held, desired };
}

/** One question to the chip: what it holds in the range. */
export async function stateOf(
  access: FlashAccess,
  range: DesiredRange,
  clock: Clock,
): Promise<"same" | "blank" | "other"> {
  const { held, desired } = await askDigests(access, range, clock);
  if (held === desired) return "same";
  return held === (await md5OfBlank(range.lengthBytes, clock)) ? "blank" : "other";
}

function asPiece(range: DesiredRange, state: PieceState): Piece {
  const { offset, lengthBytes, bytes } = range;
  return bytes === undefined ? { offset, lengthBytes, state } : { offset, lengthBytes, bytes, state };
}

/** The range as pieces of at most one erase block, all in the same state. */
export function asPieces(range: DesiredRange, state: PieceState): readonly Piece[] {
  return cut(range, ERASE_BLOCK_BYTES).map((piece) => asPiece(piece, state));
}

/** The pieces of a flash that cannot be asked: all of them have to change. */
export function unknownPieces(ranges: readonly DesiredRange[]): readonly Piece[] {
  return ranges.flatMap((range) => asPieces(range, "other"));
}

/** The same question sector by sector, for pieces in which only some sectors may be touched. */
export async function compareSectors(access: FlashAccess, piece: Piece, clock: Clock): Promise<readonly Piece[]> {
  const sectors: Piece[] = [];
  for (const sector of cut(piece, SECTOR_BYTES)) {
    sectors.push(asPiece(sector, await stateOf(access, sector, clock)));
  }
  return sectors;
}

/** The pieces that have to change. */
export function differing(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.filter((piece) => piece.state !== "same");
}

export function sumBytes(ranges: readonly FlashRange[]): number {
  return ranges.reduce((sum, range) => sum + range.lengthBytes, 0);
}
