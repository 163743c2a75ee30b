import { planEraseAhead, stretchesBehindWrites } from "../../src/flash/erase-ahead.js";
import type { Piece, PieceState } from "../../src/flash/difference.js";

const piece = (offset: number, lengthBytes: number, kind: "image" | "blank", state: PieceState = "other"): Piece => ({
  offset,
  lengthBytes,
  state,
  ...(kind === "image" && { bytes: new Uint8Array(lengthBytes) }),
});

describe("how far a loader surely erases beside a stream", () => {
  test("it takes a step more for each window of 32 KiB, once it cannot still be stepping over blank sectors", () => {
    // Four windows: the run's own two blocks, and after the third window one block behind them.
    expect(planEraseAhead({ offset: 0, lengthBytes: 0x20000 }, { offset: 0x20000, lengthBytes: 0xe0000 })).toEqual({
      endOffset: 0x30000,
      thenErase: { offset: 0x30000, lengthBytes: 0xd0000 },
    });
    // Eight windows: five of them come after the first block, so a step each.
    expect(planEraseAhead({ offset: 0, lengthBytes: 0x40000 }, { offset: 0x40000, lengthBytes: 0xc0000 })).toEqual({
      endOffset: 0x70000,
      thenErase: { offset: 0x70000, lengthBytes: 0x90000 },
    });
  });

  test("a short run, which may end before the first step, erases nothing behind it", () => {
    expect(planEraseAhead({ offset: 0, lengthBytes: 0x10000 }, { offset: 0x10000, lengthBytes: 0x100000 })).toBe(
      undefined,
    );
  });

  test("a run that begins within a block has its first steps sector by sector", () => {
    const behind = { offset: 0x51000, lengthBytes: 0x4f000 };
    const ahead = planEraseAhead({ offset: 0x11000, lengthBytes: 0x40000 }, behind);
    expect(ahead).toEqual({ endOffset: 0x90000, thenErase: { offset: 0x90000, lengthBytes: 0x10000 } });
  });

  test("a block at least is always left, whose erase has the time to wait for one that is still running", () => {
    const run = { offset: 0, lengthBytes: 0x80000 };
    const planned = (lengthBytes: number): unknown => planEraseAhead(run, { offset: 0x80000, lengthBytes });
    expect(planned(0x10000)).toBe(undefined);
    expect(planned(0x1f000)).toBe(undefined);
    expect(planned(0x20000)).toEqual({ endOffset: 0x90000, thenErase: { offset: 0x90000, lengthBytes: 0x10000 } });
    expect(planned(0x21000)).toEqual({ endOffset: 0x90000, thenErase: { offset: 0x90000, lengthBytes: 0x11000 } });
  });
});

describe("stretches that a loader can erase beside the write before them", () => {
  const image = [piece(0x10000, 0x20000, "image"), piece(0x30000, 0x20000, "image")];
  const behind = [piece(0x50000, 0x30000, "blank"), piece(0x80000, 0x10000, "blank")];

  test("lie right behind an image that changes throughout", () => {
    expect(stretchesBehindWrites([...image, ...behind])).toEqual([{ offset: 0x50000, lengthBytes: 0x40000 }]);
  });

  test("end where something is blank already, is right, or is written", () => {
    for (const next of [
      piece(0x80000, 0x10000, "blank", "same"),
      piece(0x80000, 0x10000, "blank", "suspect"),
      piece(0x80000, 0x10000, "image"),
      piece(0x81000, 0x10000, "blank"),
    ]) {
      const [first] = behind;
      expect(first && stretchesBehindWrites([...image, first, next])).toEqual([
        { offset: 0x50000, lengthBytes: 0x30000 },
      ]);
    }
  });

  test("begin at the sector behind an image that ends within one", () => {
    const short = [piece(0x10000, 0x3f800, "image")];
    expect(stretchesBehindWrites([...short, ...behind])).toEqual([{ offset: 0x50000, lengthBytes: 0x40000 }]);
  });

  test("need a write before them, of which no part is right or only expected to differ", () => {
    expect(stretchesBehindWrites(behind)).toEqual([]);
    expect(stretchesBehindWrites([...image, piece(0x51000, 0x30000, "blank")])).toEqual([]);
    for (const state of ["same", "blank", "unknown", "suspect"] as const) {
      expect(stretchesBehindWrites([piece(0x10000, 0x40000, "image", state), ...behind])).toEqual([]);
    }
    for (const state of ["blank", "unknown", "suspect"] as const) {
      expect(stretchesBehindWrites([piece(0, 0x10000, "image", state), ...image, ...behind])).toEqual([]);
    }
    expect(stretchesBehindWrites([piece(0, 0x10000, "image", "same"), ...image, ...behind])).toHaveLength(1);
    expect(stretchesBehindWrites([piece(0, 0x8000, "image", "blank"), ...image, ...behind])).toHaveLength(1);
    expect(stretchesBehindWrites([piece(0, 0x10000, "blank"), ...image, ...behind])).toHaveLength(1);
  });

  test("are found behind each of several images", () => {
    const more = [piece(0x90000, 0x40000, "image"), piece(0xd0000, 0x30000, "blank")];
    expect(stretchesBehindWrites([...image, ...behind, ...more])).toEqual([
      { offset: 0x50000, lengthBytes: 0x40000 },
      { offset: 0xd0000, lengthBytes: 0x30000 },
    ]);
  });
});
