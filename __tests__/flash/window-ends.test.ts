import { constants, deflateSync, inflateSync } from "node:zlib";
import { windowEnds } from "../../src/flash/window-ends.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";

const WINDOW_BYTES = 0x8000;
const original = pseudoCode(0x2c345, 11);
const deflated = deflateSync(original, { level: 9 });

const inflatedBytes = (stream: Uint8Array): number =>
  inflateSync(stream, { finishFlush: constants.Z_SYNC_FLUSH }).length;

test.each([
  ["code", original],
  ["one value", new Uint8Array(0x30001).fill(7)],
  ["what does not get shorter", deflateSync(pseudoCode(0x40000, 5), { level: 9 })],
])("at each end the window is full, and was not much earlier: %s", async (_, bytes) => {
  const stream = deflateSync(bytes, { level: 9 });
  const ends = await windowEnds(stream, bytes);
  expect(ends).toHaveLength(Math.floor(bytes.length / WINDOW_BYTES));
  (ends ?? []).forEach((end, index) => {
    const full = (index + 1) * WINDOW_BYTES;
    expect(inflatedBytes(stream.subarray(0, end))).toBeGreaterThanOrEqual(full);
    // zlib reads a byte of the next symbol along.
    expect(inflatedBytes(stream.subarray(0, end - 2))).toBeLessThan(full);
  });
});

const flipped = Uint8Array.from(deflated, (byte, index) => (index === 20_000 ? byte ^ 1 : byte));

test.each([
  ["is damaged", flipped, original],
  ["is cut off", deflated.subarray(0, -1), original],
  ["has something behind it", Buffer.concat([deflated, Buffer.of(0)]), original],
  ["is empty", new Uint8Array(0), original],
  ["is none", Buffer.from("no stream"), original],
  ["holds less", deflateSync(original.subarray(0, -1)), original],
  ["holds more", deflated, original.subarray(0, -1)],
  ["holds other bytes", deflated, pseudoCode(0x2c345, 12)],
  ["expands to far more", deflateSync(new Uint8Array(0x2000000)), original],
])("a stream that %s is not taken", async (_, stream, bytes) => {
  expect(await windowEnds(stream, bytes)).toBeUndefined();
});
