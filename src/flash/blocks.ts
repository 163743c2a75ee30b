import { Deflate } from "pako";
import { alignUp, concatBytes, joinedView } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { BlockStream, WriteBlock } from "../device/flash-access.js";
import { cutDeflated } from "./block-cuts.js";
import type { BlockCut, Deflated } from "./block-cuts.js";
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

/**
 * The deflated form, as it was kept or made now; checked either way. `undefined` where it is no shorter. Rejects with the signal's
 * reason once that is aborted.
 */
export async function deflatedForm(
  bytes: Uint8Array,
  { store, signal }: { readonly store?: DeflateStore; readonly signal?: AbortSignal },
  clock: Clock,
): Promise<Deflated | undefined> {
  const kept = store?.find(bytes);
  const keptWindows = kept && (await clock.aside(windowEnds(kept, bytes)));
  if (kept !== undefined && keptWindows !== undefined) return shorter({ bytes: kept, windows: keptWindows }, bytes);
  const made = await deflate(bytes, clock, signal);
  const windows = await clock.aside(windowEnds(made, bytes));
  if (windows === undefined) {
    throw new FlashError("internal/unexpected", "What was deflated does not inflate to the same bytes.");
  }
  store?.keep(bytes, made);
  return shorter({ bytes: made, windows }, bytes);
}

const shorter = (deflated: Deflated, plain: Uint8Array): Deflated | undefined =>
  deflated.bytes.length < plain.length ? deflated : undefined;

/** The last block is filled up: a loader takes whole blocks and cuts off what is beyond the length of BEGIN. */
function rawBlocks(bytes: Uint8Array, blockBytes: number): WriteBlock[] {
  const fill = new Uint8Array(alignUp(bytes.length, blockBytes) - bytes.length).fill(0xff);
  const padded = fill.length === 0 ? bytes : concatBytes(bytes, fill);
  return Array.from({ length: padded.length / blockBytes }, (_, index) => {
    const block = padded.subarray(index * blockBytes, (index + 1) * blockBytes);
    return { bytes: block, flashBytes: block.length };
  });
}

/** How bytes become blocks. */
export interface BlockOptions extends BlockCut {
  readonly compress: boolean;
  /** The deflated form where it is being made; without it, it is made now. */
  readonly deflated?: Promise<Deflated | undefined> | undefined;
}

/** Bytes for the flash at `offset` as a loader takes them; deflated where that is asked for and smaller. */
export async function blockStream(
  offset: number,
  bytes: Uint8Array,
  options: BlockOptions,
  clock: Clock,
): Promise<BlockStream> {
  const lengthBytes = bytes.length;
  const deflated = options.compress ? await (options.deflated ?? deflatedForm(bytes, {}, clock)) : undefined;
  if (deflated === undefined) {
    return { offset, lengthBytes, encoding: "raw", blocks: rawBlocks(bytes, options.blockBytes) };
  }
  return { offset, lengthBytes, encoding: "deflate", blocks: cutDeflated(deflated, lengthBytes, options) };
}
