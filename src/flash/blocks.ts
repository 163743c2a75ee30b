import { Deflate } from "pako";
import { alignUp, concatBytes, joinedView } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { BlockStream, WriteBlock } from "../device/flash-access.js";
import { ERASE_BLOCK_BYTES, WINDOW_BYTES } from "./cost-model.js";
import type { DeflateStore } from "./deflate-store.js";
import { windowEnds } from "./window-ends.js";

/** A millisecond or two of deflate: an answer of the board never waits longer, nor does a cancellation. */
const SLICE_BYTES = 0x1000;

/** More than deflate ever makes of so many bytes (zlib `compressBound`, for any memory level). */
const deflateBound = (lengthBytes: number): number => lengthBytes + Math.ceil(lengthBytes / 7) + 32;

/**
 * zlib level 9 with the hash of zlib 1.2, which is 2.8 % smaller than that of newer ones. Memory level 7 ends Huffman
 * blocks sooner than the usual 8: smaller for four of the six firmware files that were tried, by up to 0.8 %.
 */
async function deflate(bytes: Uint8Array, clock: Clock, signal?: AbortSignal): Promise<Uint8Array> {
  // One chunk for all of it: memory that is not written to takes none.
  const deflater = new Deflate({ level: 9, memLevel: 7, legacyHash: true, chunkSize: deflateBound(bytes.length) });
  const chunks: Uint8Array[] = [];
  deflater.onData = (chunk): void => void chunks.push(chunk);
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    deflater.push(bytes.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= bytes.length);
    await clock.breathe();
    signal?.throwIfAborted();
  }
  return joinedView(chunks);
}

interface Deflated {
  readonly bytes: Uint8Array;
  readonly windows: readonly number[];
}

/** The deflated form, as it was kept or made now; checked either way. */
async function deflateOrFind(
  bytes: Uint8Array,
  { store, signal }: Pick<BlockOptions, "store" | "signal">,
  clock: Clock,
): Promise<Deflated> {
  const kept = store?.find(bytes);
  const keptWindows = kept && (await clock.aside(windowEnds(kept, bytes)));
  if (kept !== undefined && keptWindows !== undefined) return { bytes: kept, windows: keptWindows };
  const made = await deflate(bytes, clock, signal);
  const windows = await clock.aside(windowEnds(made, bytes));
  if (windows === undefined) {
    throw new FlashError("internal/unexpected", "What was deflated does not inflate to the same bytes.");
  }
  store?.keep(bytes, made);
  return { bytes: made, windows };
}

/**
 * The windows that blocks end with: those beside which the stub erases, which begins at least one erase with each window, and a
 * few more, as the first ones may step over blank sectors. And the last ones, so that END waits for one at most.
 */
function stopsOf(windows: readonly number[], lengthBytes: number): readonly number[] {
  const erasing = Math.ceil(lengthBytes / ERASE_BLOCK_BYTES) + 2;
  return windows.filter((_, index) => index < erasing || index >= windows.length - 2);
}

/** Full blocks; with `byWindow` one ends with such a window as well, so that the long one after it has none to write. */
function deflatedBlocks(
  deflated: Uint8Array,
  lengthBytes: number,
  windows: readonly number[],
  { blockBytes, byWindow }: BlockOptions,
): WriteBlock[] {
  const ends: number[] = [];
  for (const stop of [...(byWindow ? stopsOf(windows, lengthBytes) : []), deflated.length]) {
    for (let end = ends.at(-1) ?? 0; end < stop;) ends.push((end = Math.min(stop, end + blockBytes)));
  }
  let written = 0;
  return ends.map((end, index) => {
    const full = windows.filter((window) => window <= end).length * WINDOW_BYTES;
    const flashBytes = (end === deflated.length ? lengthBytes : full) - written;
    written += flashBytes;
    return { bytes: deflated.subarray(ends[index - 1] ?? 0, end), flashBytes };
  });
}

/** The last block is filled up: a loader takes whole blocks and cuts off what is beyond the length of BEGIN. */
function rawBlocks(bytes: Uint8Array, blockBytes: number): WriteBlock[] {
  const fill = new Uint8Array(alignUp(bytes.length, blockBytes) - bytes.length).fill(0xff);
  const padded = fill.length === 0 ? bytes : concatBytes(bytes, fill);
  return Array.from({ length: padded.length / blockBytes }, (_, index) => {
    const block = padded.subarray(index * blockBytes, (index + 1) * blockBytes);
    return { bytes: block, flashBytes: block.length };
  });
}

/** How bytes are cut. */
export interface BlockOptions {
  readonly blockBytes: number;
  /** A block ends where a window of the stub does; only for deflated streams. */
  readonly byWindow: boolean;
  readonly compress: boolean;
  /** Where deflated forms are kept. */
  readonly store?: DeflateStore;
  readonly signal?: AbortSignal;
}

/**
 * Bytes for the flash at `offset` as a loader takes them; deflated where that is asked for and smaller. Rejects with the
 * signal's reason once that is aborted.
 */
export async function blockStream(
  offset: number,
  bytes: Uint8Array,
  options: BlockOptions,
  clock: Clock,
): Promise<BlockStream> {
  const lengthBytes = bytes.length;
  const raw = (): BlockStream => ({
    offset,
    lengthBytes,
    encoding: "raw",
    blocks: rawBlocks(bytes, options.blockBytes),
  });
  if (!options.compress) return raw();
  const { bytes: deflated, windows } = await deflateOrFind(bytes, options, clock);
  if (deflated.length >= lengthBytes) return raw();
  return { offset, lengthBytes, encoding: "deflate", blocks: deflatedBlocks(deflated, lengthBytes, windows, options) };
}
