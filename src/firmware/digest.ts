import { createHash } from "node:crypto";
import type { Clock } from "../base/clock.js";
import { crc32 } from "../image/crc32.js";

/** A core without SHA instructions does about 120 MB/s, so that a slice stays under 10 ms there too. */
const sliceBytes = 1024 * 1024;

/** SHA-256 as 64 lower-case hex digits; other events run between its slices. */
export async function sha256Of(bytes: Uint8Array, clock: Clock): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    if (at > 0) await clock.breathe();
    hash.update(bytes.subarray(at, at + sliceBytes));
  }
  return hash.digest("hex");
}

/** CRC-32 as zip has it; other events run between its slices. */
export async function crc32Of(bytes: Uint8Array, clock: Clock): Promise<number> {
  let crc = 0;
  for (let at = 0; at < bytes.length; at += sliceBytes) {
    if (at > 0) await clock.breathe();
    crc = crc32(bytes.subarray(at, at + sliceBytes), crc);
  }
  return crc;
}

/** One array from many small ones; other events run between slices of the copying. */
export async function joinChunks(chunks: readonly Uint8Array[], clock: Clock): Promise<Uint8Array> {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  let sliceEnd = sliceBytes;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
    if (at < sliceEnd) continue;
    await clock.breathe();
    sliceEnd = at + sliceBytes;
  }
  return joined;
}
