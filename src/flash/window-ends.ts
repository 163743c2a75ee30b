import { createInflate } from "node:zlib";
import { WINDOW_BYTES } from "./cost-model.js";

/**
 * Inflates a stream as a check, beside the event loop, and tells behind which of its bytes each full window of the stub is
 * there; `undefined` where it does not inflate to `original`, or has something behind that.
 */
export function windowEnds(deflated: Uint8Array, original: Uint8Array): Promise<readonly number[] | undefined> {
  return new Promise((resolve) => {
    const inflater = createInflate({ chunkSize: WINDOW_BYTES });
    const ends: number[] = [];
    let inflatedBytes = 0;
    inflater.on("data", (chunk: Buffer) => {
      const expected = original.subarray(inflatedBytes, inflatedBytes + chunk.length);
      if (Buffer.compare(chunk, expected) !== 0) inflater.destroy();
      inflatedBytes += chunk.length;
      if (inflatedBytes % WINDOW_BYTES === 0) ends.push(inflater.bytesWritten);
      giveBack(chunk);
    });
    inflater.on("end", () => {
      const isAll = inflatedBytes === original.length && inflater.bytesWritten === deflated.length;
      resolve(isAll ? ends : undefined);
    });
    inflater.on("error", () => resolve(undefined));
    // Comes last; behind `end` it changes nothing any more.
    inflater.on("close", () => resolve(undefined));
    inflater.end(deflated);
  });
}

/** Frees a chunk that has its memory for itself at once, where Node can; the collector would let megabytes of them lie. */
function giveBack({ buffer, length }: Buffer): void {
  const { transfer } = buffer as { transfer?: (lengthBytes: number) => unknown };
  if (length === buffer.byteLength) transfer?.call(buffer, 0);
}
