import { inflateSync } from "node:zlib";
import { concatBytes } from "../../src/base/bytes.js";
import { systemClock } from "../../src/base/clock.js";
import type { BlockStream } from "../../src/device/flash-access.js";
import { blockStream, deflatedForm } from "../../src/flash/blocks.js";
import type { BlockOptions } from "../../src/flash/blocks.js";
import type { DeflateStore } from "../../src/flash/deflate-store.js";
import { sha256 } from "../../src/image/digest.js";
import { withoutBlankEnd } from "../../src/flash/without-blank-end.js";

const BLOCK = 0x4000;
const WINDOW = 0x8000;
/** Nothing that deflate could make smaller. */
const noise = Uint8Array.from({ length: 128 }, (_, index) => index).reduce<Uint8Array>(
  (bytes, index) => concatBytes(bytes, sha256(Uint8Array.of(index))),
  new Uint8Array(0),
);
/** Deflates to some 4 KiB a window: each has noise of its own, and is repetitive beside it. */
const windows = (count: number): Uint8Array =>
  Uint8Array.from({ length: count * WINDOW }, (_, at) =>
    at % WINDOW < 0x1000 ? (noise[at % 0x1000] ?? 0) ^ ((at >> 15) * 37) : at >> 15,
  );

const stream = (bytes: Uint8Array, changes: Partial<BlockOptions> = {}): Promise<BlockStream> =>
  blockStream(0x10000, bytes, { blockBytes: BLOCK, byWindow: false, compress: true, ...changes }, systemClock);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

describe("bytes as blocks", () => {
  test("as they are: full blocks, the last filled up with FF", async () => {
    const bytes = noise.subarray(0, 0x900);
    const { blocks, ...rest } = await stream(bytes, { compress: false, blockBytes: 0x400 });
    expect(rest).toEqual({ offset: 0x10000, lengthBytes: 0x900, encoding: "raw" });
    expect(blocks.map(({ flashBytes }) => flashBytes)).toEqual([0x400, 0x400, 0x400]);
    const sent = Buffer.concat(blocks.map((block) => block.bytes));
    expect(Buffer.compare(sent.subarray(0, 0x900), bytes)).toBe(0);
    expect(sent.subarray(0x900).every((byte) => byte === 0xff)).toBe(true);
    const exact = await stream(noise, { compress: false, blockBytes: 0x400 });
    expect(exact.blocks).toHaveLength(4);
  });

  test("deflated: full blocks that inflate to the bytes, each with what it makes of the flash", async () => {
    const bytes = windows(9).subarray(0, 8 * WINDOW + 0x123);
    const { blocks, encoding, lengthBytes } = await stream(bytes);
    expect([encoding, lengthBytes]).toEqual(["deflate", bytes.length]);
    expect(Buffer.compare(inflateSync(Buffer.concat(blocks.map((block) => block.bytes))), bytes)).toBe(0);
    const sizes = blocks.map((block) => block.bytes.length);
    expect(sizes.slice(0, -1).every((size) => size === BLOCK)).toBe(true);
    expect(blocks.length).toBeGreaterThan(1);
    expect(sum(blocks.map(({ flashBytes }) => flashBytes))).toBe(bytes.length);
    // Only full windows are written before the end.
    for (const { flashBytes } of blocks.slice(0, -1)) expect(flashBytes % WINDOW).toBe(0);
  });

  test("deflated by window: a block ends behind the byte with which each window is full", async () => {
    const bytes = windows(4);
    const { blocks } = await stream(bytes, { byWindow: true });
    let sent = Buffer.alloc(0);
    let written = 0;
    const ends: number[] = [];
    for (const block of blocks) {
      expect(block.bytes.length).toBeLessThanOrEqual(BLOCK);
      expect(block.bytes.length).toBeGreaterThan(0);
      sent = Buffer.concat([sent, block.bytes]);
      written += block.flashBytes;
      if (block.flashBytes > 0) ends.push(written);
    }
    expect(ends).toEqual([1, 2, 3, 4].map((count) => count * WINDOW));
    expect(Buffer.compare(inflateSync(sent), bytes)).toBe(0);
    expect(blocks.length).toBeGreaterThan((await stream(bytes)).blocks.length);
  });

  test("deflated by window: once all must be erased, blocks are full again, but for what END waits for", async () => {
    const pace = { windowsAtOnce: 20, roundTripBytes: 200 };
    const bytes = windows(33).subarray(0, 32 * WINDOW + 0x800);
    const { blocks } = await stream(bytes, { byWindow: true, pace });
    const made = blocks.map(({ flashBytes }) => flashBytes / WINDOW);
    // A mebibyte and a sector are erased in 17 steps, of which each window brings one.
    expect(made.slice(0, 19)).toEqual(new Array<number>(19).fill(1));
    expect(sum(made)).toBe(32 + 0x800 / WINDOW);
    expect(made.at(-1)).toBe(0x800 / WINDOW);
    const sizes = blocks.slice(19, -2).map(({ bytes }) => bytes.length);
    expect(sizes).toEqual([BLOCK, BLOCK, BLOCK]);
  });

  test("what deflates to more than it was goes as it is", async () => {
    expect((await stream(noise)).encoding).toBe("raw");
  });

  test("one who cancels gets the reason", async () => {
    const reason = new Error("cancelled");
    await expect(deflatedForm(windows(1), { signal: AbortSignal.abort(reason) }, systemClock)).rejects.toBe(reason);
  });

  test("a deflated form that was kept is used if it inflates to the bytes, else made anew and kept instead", async () => {
    const bytes = windows(2);
    const keptForms: Uint8Array[] = [];
    const storeWith = (found: Uint8Array | undefined): DeflateStore => ({
      find: () => found,
      keep: (_bytes, deflated) => void keptForms.push(deflated),
    });
    const formWith = (found: Uint8Array | undefined): ReturnType<typeof deflatedForm> =>
      deflatedForm(bytes, { store: storeWith(found) }, systemClock);
    const made = await formWith(undefined);
    const [form = new Uint8Array(0)] = keptForms;
    expect(inflateSync(form).equals(bytes)).toBe(true);
    expect(await formWith(form)).toEqual(made);
    expect(keptForms).toHaveLength(1);
    const other = await deflatedForm(windows(3), {}, systemClock);
    const wrongs = [form.subarray(0, -4), form.slice().fill(0, 100, 200), other?.bytes, new Uint8Array(0)];
    for (const wrong of wrongs) {
      expect(await formWith(wrong)).toEqual(made);
    }
    expect(keptForms).toHaveLength(1 + wrongs.length);
  });
});

test("FF at the end go with the erase of their sector, but one byte stays of each", () => {
  const ending = (lengthBytes: number, from: number): number =>
    withoutBlankEnd(new Uint8Array(lengthBytes).fill(0xff, from)).length;
  expect(ending(0x2000, 0x1800)).toBe(0x1800);
  expect(ending(0x2000, 0x1000)).toBe(0x1001);
  expect(ending(0x2000, 0x800)).toBe(0x1001);
  expect(ending(0x1800, 0x1000)).toBe(0x1001);
  expect(ending(0x1000, 0)).toBe(1);
  expect(ending(0x1234, 0x1234)).toBe(0x1234);
  expect(ending(0, 0)).toBe(0);
});
