import { cutDeflated } from "../../src/flash/block-cuts.js";
import type { BlockCut } from "../../src/flash/block-cuts.js";

const BLOCK = 0x4000;
const WINDOW = 0x8000;
const pace = { windowsAtOnce: 1, roundTripBytes: 500 };

/** Block lengths and the flash bytes of each, for a stream whose windows end behind `windows`. */
function cut(
  streamBytes: number,
  windows: readonly number[],
  changes: Partial<BlockCut> = {},
): { readonly sizes: readonly number[]; readonly made: readonly number[] } {
  const bytes = Uint8Array.from({ length: streamBytes }, (_, index) => index * 7);
  const blocks = cutDeflated({ bytes, windows }, windows.length * WINDOW + 0x100, {
    blockBytes: BLOCK,
    byWindow: false,
    pace,
    ...changes,
  });
  expect(Buffer.concat(blocks.map((block) => block.bytes)).equals(bytes)).toBe(true);
  return { sizes: blocks.map((block) => block.bytes.length), made: blocks.map(({ flashBytes }) => flashBytes) };
}

describe("blocks of a deflated stream", () => {
  test("are full ones where the flash keeps up", () => {
    const { sizes, made } = cut(40_000, [15_000, 30_000, 39_900]);
    expect(sizes).toEqual([BLOCK, BLOCK, 40_000 - 2 * BLOCK]);
    expect(made).toEqual([WINDOW, WINDOW, WINDOW + 0x100]);
  });

  test("bring no more windows than the flash writes while the next one comes", () => {
    // Of full blocks the first and the second would bring two each.
    const windows = [6_000, 15_000, 26_000, 35_000];
    const { sizes, made } = cut(35_200, windows);
    expect(Math.max(...made.slice(0, -1))).toBe(WINDOW);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(BLOCK);
    expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThanOrEqual(BLOCK / 2);
    const relaxed = { windowsAtOnce: 2, roundTripBytes: 500 };
    expect(cut(35_200, windows, { pace: relaxed }).sizes).toEqual([BLOCK, BLOCK, 35_200 - 2 * BLOCK]);
    expect(cut(35_200, windows, { pace: undefined }).sizes).toEqual([BLOCK, BLOCK, 35_200 - 2 * BLOCK]);
  });

  test("are full ones where windows are so short that the flash takes the time anyway", () => {
    const windows = Array.from({ length: 40 }, (_, index) => 500 + 40 * index);
    expect(cut(20_000, windows, { pace: { ...pace, roundTripBytes: 20_000 } }).sizes).toEqual([BLOCK, 20_000 - BLOCK]);
  });

  test("end with the last window, so that the flash writes it while the rest comes, unless the rest is short", () => {
    expect(cut(20_000, [12_000])).toEqual({ sizes: [12_000, 8_000], made: [WINDOW, 0x100] });
    expect(cut(20_000, [19_500]).sizes).toEqual([BLOCK, 20_000 - BLOCK]);
    expect(cut(20_000, []).sizes).toEqual([BLOCK, 20_000 - BLOCK]);
    expect(cut(20_000, [12_000], { pace: undefined }).sizes).toEqual([BLOCK, 20_000 - BLOCK]);
  });

  test("end with every window while the flash erases beside them", () => {
    const windows = [3_000, 5_000, 17_000];
    expect(cut(18_000, windows, { byWindow: true }).sizes).toEqual([3_000, 2_000, 12_000, 1_000]);
  });
});
