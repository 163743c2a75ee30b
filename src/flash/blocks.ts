import { Deflate, Inflate } from "pako";
import { alignUp, concatBytes } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { BlockStream, WriteBlock } from "../device/flash-access.js";
import { WINDOW_BYTES } from "./cost-model.js";
import type { DeflateStore } from "./deflate-store.js";

/** A millisecond or two of deflate: an answer of the board never waits longer, nor does a cancellation. */
const SLICE_BYTES = 0x1000;
/** Inflating is faster, but a run of one value can expand a thousandfold. */
const INFLATE_SLICE_BYTES = 0x200;

/**
 * zlib level 9 with the hash of zlib 1.2, which is 2.8 % smaller than that of newer ones. Memory level 7 ends Huffman
 * blocks sooner than the usual 8: smaller for four of the six firmware files that were tried, by up to 0.8 %.
 */
async function deflate(bytes: Uint8Array, clock: Clock, signal?: AbortSignal): Promise<Uint8Array> {
  const deflater = new Deflate({ level: 9, memLevel: 7, legacyHash: true });
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    deflater.push(bytes.subarray(at, at + SLICE_BYTES), at + SLICE_BYTES >= bytes.length);
    await clock.breathe();
    signal?.throwIfAborted();
  }
  return deflater.result;
}

/**
 * Inflates the stream again as a check, and tells behind which of its bytes each full window of the stub is there;
 * `undefined` where it does not inflate to `original`.
 */
async function windowEnds(
  deflated: Uint8Array,
  original: Uint8Array,
  clock: Clock,
): Promise<readonly number[] | undefined> {
  const inflater = new Inflate({ chunkSize: WINDOW_BYTES });
  const found = { ends: [] as number[], inflated: 0, isWrong: false };
  let sliceAt = 0;
  let stream: { readonly next_in: number } = { next_in: 0 };
  inflater.onStart = (started): void => {
    stream = started;
  };
  inflater.onData = (chunk: Uint8Array): void => {
    const expected = original.subarray(found.inflated, found.inflated + chunk.length);
    found.isWrong ||= Buffer.compare(chunk, expected) !== 0;
    found.inflated += chunk.length;
    if (found.inflated % WINDOW_BYTES === 0) found.ends.push(sliceAt + stream.next_in);
  };
  for (; sliceAt < deflated.length; sliceAt += INFLATE_SLICE_BYTES) {
    const { inflated } = found;
    const slice = deflated.subarray(sliceAt, sliceAt + INFLATE_SLICE_BYTES);
    inflater.push(slice, sliceAt + slice.length === deflated.length);
    if (found.inflated > inflated) await clock.breathe();
  }
  const isRight = inflater.err === 0 && !found.isWrong && found.inflated === original.length;
  return isRight ? found.ends : undefined;
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
  const keptWindows = kept && (await windowEnds(kept, bytes, clock));
  if (kept !== undefined && keptWindows !== undefined) return { bytes: kept, windows: keptWindows };
  const made = await deflate(bytes, clock, signal);
  const windows = await windowEnds(made, bytes, clock);
  if (windows === undefined) {
    throw new FlashError("internal/unexpected", "What was deflated does not inflate to the same bytes.");
  }
  store?.keep(bytes, made);
  return { bytes: made, windows };
}

/** Full blocks; with `byWindow` one ends with each window as well, so that the long one after it has none to write. */
function deflatedBlocks(
  deflated: Uint8Array,
  lengthBytes: number,
  windows: readonly number[],
  { blockBytes, byWindow }: BlockOptions,
): WriteBlock[] {
  const ends: number[] = [];
  for (const stop of byWindow ? [...windows, deflated.length] : [deflated.length]) {
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
