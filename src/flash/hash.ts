import { createHash } from "node:crypto";
import type { Clock } from "../base/clock.js";

/** About 3 ms of hashing, so that a cancellation or a byte from the board never waits long. */
const SLICE_BYTES = 1024 * 1024;

export async function md5Of(bytes: Uint8Array, clock: Clock): Promise<string> {
  const hash = createHash("md5");
  for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
    hash.update(bytes.subarray(at, at + SLICE_BYTES));
    if (at + SLICE_BYTES < bytes.length) await clock.breathe();
  }
  return hash.digest("hex");
}

const BLANK = new Uint8Array(64 * 1024).fill(0xff);
const blankDigests = new Map<number, string>();

/** MD5 of erased flash of that length. */
export async function md5OfBlank(lengthBytes: number, clock: Clock): Promise<string> {
  const known = blankDigests.get(lengthBytes);
  if (known !== undefined) return known;
  const hash = createHash("md5");
  for (let at = 0; at < lengthBytes; at += BLANK.length) {
    if (at > 0 && at % SLICE_BYTES === 0) await clock.breathe();
    hash.update(BLANK.subarray(0, lengthBytes - at));
  }
  const digest = hash.digest("hex");
  blankDigests.set(lengthBytes, digest);
  return digest;
}
