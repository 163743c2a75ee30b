import type { WriteBlock } from "../device/flash-access.js";
import { ERASE_BLOCK_BYTES, WINDOW_BYTES } from "./cost-model.js";
import type { WritePace } from "./cost-model.js";

/** A deflated stream, and behind which of its bytes each full window of the stub is there; see `windowEnds`. */
export interface Deflated {
  readonly bytes: Uint8Array;
  readonly windows: readonly number[];
}

/** How a deflated stream is cut. */
export interface BlockCut {
  /** Largest block. */
  readonly blockBytes: number;
  /** A block ends where a window of the stub does, as long as there is something left to erase. */
  readonly byWindow: boolean;
  /** How fast the flash is beside the wire. Absent for a loader that does not write while it receives. */
  readonly pace?: WritePace | undefined;
}

/**
 * The windows beside which the stub erases: it begins at least one erase with each window. A few more, as the first ones may step
 * over blank sectors.
 */
const windowsToErase = (windows: readonly number[], lengthBytes: number): readonly number[] =>
  windows.slice(0, Math.ceil(lengthBytes / ERASE_BLOCK_BYTES) + 2);

/** The last full window is written while what is behind it is on the wire, where that takes longer than one more block. */
const lastWindow = ({ bytes, windows }: Deflated, { roundTripBytes }: WritePace): readonly number[] =>
  windows.slice(-1).filter((last) => bytes.length - last > roundTripBytes);

/** A stub reads a few bits beyond a window before it has that, and zlib a few bytes. */
const SURELY_BEFORE_BYTES = 16;

/** Where a block from `at` on has to end so as not to bring more windows than the flash takes while the next one comes. */
function beforeOneTooMany(at: number, windows: readonly number[], { blockBytes, pace }: BlockCut): number {
  if (pace === undefined) return Infinity;
  const next = windows.findIndex((window) => window > at);
  const end = (windows[next + pace.windowsAtOnce] ?? Infinity) - SURELY_BEFORE_BYTES;
  // Where windows are this short, the flash is what takes the time.
  return next >= 0 && end - at >= blockBytes / 2 ? end : Infinity;
}

/** The blocks of a stream that inflates to `lengthBytes`: full ones, but where a shorter one saves more than it costs. */
export function cutDeflated(deflated: Deflated, lengthBytes: number, cut: BlockCut): WriteBlock[] {
  const { bytes, windows } = deflated;
  const erasing = cut.byWindow ? windowsToErase(windows, lengthBytes) : [];
  const last = cut.pace === undefined ? [] : lastWindow(deflated, cut.pace);
  const ends: number[] = [];
  for (const stop of [...erasing, ...last, bytes.length]) {
    for (let end = ends.at(-1) ?? 0; end < stop;) {
      ends.push((end = Math.min(stop, end + cut.blockBytes, beforeOneTooMany(end, windows, cut))));
    }
  }
  let written = 0;
  return ends.map((end, index) => {
    const full = windows.filter((window) => window <= end).length * WINDOW_BYTES;
    const flashBytes = (end === bytes.length ? lengthBytes : full) - written;
    written += flashBytes;
    return { bytes: bytes.subarray(ends[index - 1] ?? 0, end), flashBytes };
  });
}
