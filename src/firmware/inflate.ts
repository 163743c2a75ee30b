import { gunzip, inflateRaw } from "node:zlib";
import type { InputType, ZlibOptions } from "node:zlib";
import { systemCodeOf } from "./system-code.js";

type Inflater = (bytes: InputType, options: ZlibOptions, done: (error: Error | null, result: Buffer) => void) => void;

/** What came out, or why nothing did: it would have been longer than allowed, or the data is damaged. */
export type Inflated =
  | { readonly kind: "done"; readonly bytes: Uint8Array }
  | { readonly kind: "too-long" }
  | { readonly kind: "damaged"; readonly systemCode: string };

/** Runs beside the event loop, and ends as soon as more than `maxBytes` have come out. */
function inflateWith(inflater: Inflater, bytes: Uint8Array, maxBytes: number): Promise<Inflated> {
  return new Promise((resolve) => {
    // Zlib wants room for one byte even where nothing is to come.
    inflater(bytes, { maxOutputLength: Math.max(1, maxBytes) }, (error, result) => {
      if (error === null)
        resolve({ kind: "done", bytes: new Uint8Array(result.buffer, result.byteOffset, result.length) });
      else if (systemCodeOf(error) === "ERR_BUFFER_TOO_LARGE") resolve({ kind: "too-long" });
      else resolve({ kind: "damaged", systemCode: systemCodeOf(error) });
    });
  });
}

/** Undoes the deflate of a zip member. */
export const inflateMember = (bytes: Uint8Array, maxBytes: number): Promise<Inflated> =>
  inflateWith(inflateRaw, bytes, maxBytes);

/** Undoes gzip, of one member or several in a row, with their checksums. */
export const inflateGzip = (bytes: Uint8Array, maxBytes: number): Promise<Inflated> =>
  inflateWith(gunzip, bytes, maxBytes);
