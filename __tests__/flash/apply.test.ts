import { deflateSync } from "node:zlib";
import { systemClock } from "../../src/base/clock.js";
import type { BlockStream } from "../../src/device/flash-access.js";
import type { EraseWays, Work } from "../../src/flash/apply.js";
import { costsOf } from "../../src/flash/cost-model.js";
import { applyErases, applyWrites, planWork, streamOf, withoutErase } from "../../src/flash/apply.js";
import type { Piece, PieceState } from "../../src/flash/difference.js";
import type { FlashRange } from "../../src/flash/job.js";
import { patternBytes } from "../support/images.js";
import type { MemoryFlash } from "../support/memory-flash.js";
import { createMemoryFlash } from "../support/memory-flash.js";

const MEBIBYTE = 0x100000;
const range = (offset: number, lengthBytes: number): FlashRange => ({ offset, lengthBytes });
const piece = (offset: number, content: number | Uint8Array, state: PieceState = "other"): Piece =>
  typeof content === "number"
    ? { offset, lengthBytes: content, state }
    : { offset, lengthBytes: content.length, bytes: content, state };

const plain: EraseWays = { noted: [], blocks: [], stretches: [], byWindow: false };
const work = (pieces: readonly Piece[], ways: Partial<EraseWays> = {}): Work => planWork(pieces, { ...plain, ...ways });

describe("what is erased", () => {
  test("is what shall be blank and is not, what a note names, and nothing that is written or right", () => {
    const pieces = [
      piece(0, 0x1000),
      piece(0x2000, 0x1000, "same"),
      piece(0x4000, patternBytes(0x1000)),
      piece(0x6000, patternBytes(0x1000), "suspect"),
      piece(0x8000, 0x1000, "unknown"),
    ];
    expect(work(pieces, { noted: [range(0xa000, 0x1000)] }).erases).toEqual(
      [0, 0x6000, 0x8000, 0xa000].map((at) => range(at, 0x1000)),
    );
  });

  test("are whole sectors, and what touches is one command up to a mebibyte", () => {
    expect(work([piece(0x1000, patternBytes(0x801), "suspect")]).erases).toEqual([range(0x1000, 0x1000)]);
    const halves = [piece(0x80000, 0x80000), piece(0, 0x80000)];
    expect(work(halves).erases).toEqual([range(0, MEBIBYTE)]);
    expect(work([...halves, piece(MEBIBYTE, 0x1000)]).erases).toEqual([range(0, MEBIBYTE), range(MEBIBYTE, 0x1000)]);
    expect(work([piece(0, 0x1000), piece(0x2000, 0x1000)]).erases).toHaveLength(2);
  });

  test("is not erased twice where ranges lie in each other", () => {
    const noted = [range(0x1000, 0x4000), range(0x2000, 0x1000)];
    expect(work([], { noted }).erases).toEqual([range(0x1000, 0x4000)]);
  });

  test("leaves out what a whole block or a write's own erase covers", () => {
    const pieces = [piece(0x10000, 0x4000), piece(0x14000, patternBytes(0x1000), "suspect"), piece(0x20000, 0x10000)];
    const block = range(0x10000, 0x10000);
    expect(work(pieces, { blocks: [block] }).erases).toEqual([range(0x10000, 0x20000)]);
    expect(work(pieces, { blocks: [block], stretches: [range(0x20000, 0x10000)] }).erases).toEqual([block]);
  });
});

describe("a block that a write begins in", () => {
  const block = range(0, 0x10000);
  const image = piece(0x1000, patternBytes(0x30000));
  const besideCosts = costsOf({ loader: "stub", baud: 921_600 });
  const beside = (pieces: readonly Piece[], blocks = [block]): Work => work(pieces, { blocks, besideCosts });

  test("is erased while the first bytes are on the wire, but for the sector that the loader looks at first", () => {
    const { erases, writes } = beside([image]);
    expect(erases).toEqual([range(0x1000, 0x1000)]);
    expect(writes).toMatchObject([{ offset: 0x1000, beside: block }]);
  });

  const short = [piece(0x1000, patternBytes(0x2000))];
  const second = range(0x10000, 0x10000);
  const reachedInto = [piece(0x8000, patternBytes(0x9000)), piece(0x12000, patternBytes(0x20000))];
  test.each([
    ["the loader cannot do both", work([image], { blocks: [block] }), block],
    ["so little is written that nothing is gained", beside(short), block],
    ["another write goes into it before", beside(reachedInto, [second]), second],
  ])("is erased beforehand where %s", (_why, { erases, writes }, erased) => {
    expect(erases).toEqual([erased]);
    expect(writes.some((run) => run.beside !== undefined)).toBe(false);
  });

  test("is noted as long as its write goes on, and told as erased when that is through", async () => {
    const { flash, streams } = dirtyFlash();
    flash.bytes.fill(0xff, 0, 0x1000);
    const { told, hooks } = hearing();
    const plan = beside([image]);
    await applyErases(flash, plan, hooks);
    await applyWrites(flash, plan, { compress: true }, systemClock, hooks);
    const marks = told.slice(told.indexOf("erased: 1000+1000") + 2).filter((line) => line.startsWith("under way"));
    expect(streams).toMatchObject([{ beside: block }]);
    expect(marks.slice(0, -1).every((line) => line.includes("0+10000"))).toBe(true);
    expect(told).toContain("erased: 0+10000");
    expect(Buffer.from(flash.bytes.subarray(0x1000, 0x31000)).equals(image.bytes ?? Buffer.alloc(0))).toBe(true);
  });
});

describe("what is written", () => {
  const bytes = patternBytes(0x4000);
  const whole = [0, 1, 2, 3].map((index) =>
    piece(0x1000 * (index + 1), bytes.subarray(0x1000 * index, 0x1000 * (index + 1))),
  );

  test("are neighbours in one go; what is right splits them", () => {
    const { writes } = work(whole);
    expect(writes).toHaveLength(1);
    expect(writes[0]).toMatchObject({ offset: 0x1000, lengthBytes: 0x4000, isBlank: false, byWindow: false });
    expect(Buffer.compare(writes[0]?.bytes ?? new Uint8Array(0), bytes)).toBe(0);
    const split = whole.map((one, index): Piece => (index === 1 ? { ...one, state: "same" } : one));
    expect(work(split).writes.map(({ offset, lengthBytes }) => [offset, lengthBytes])).toEqual([
      [0x1000, 0x1000],
      [0x3000, 0x2000],
    ]);
  });

  test("nothing where nothing differs, and nothing of what shall be blank", () => {
    expect(work(whole.map((one): Piece => ({ ...one, state: "same" })))).toEqual({ erases: [], writes: [] });
    expect(work([piece(0, 0x1000)]).writes).toEqual([]);
  });

  test("a run onto blank sectors needs no erase, unless it ends within a sector that may hold more", () => {
    const blank = whole.map((one): Piece => ({ ...one, state: "blank" }));
    expect(work(blank).writes[0]?.isBlank).toBe(true);
    expect(work([...blank.slice(0, 3), ...whole.slice(3)]).writes[0]?.isBlank).toBe(false);
    expect(work([piece(0x1000, patternBytes(0x1800), "blank")]).writes[0]?.isBlank).toBe(false);
    expect(work([piece(0x1000, patternBytes(0x1000), "suspect")]).writes[0]?.isBlank).toBe(true);
  });

  test("FF at the end of a run's last sector are not sent, but all before them", () => {
    const ending = patternBytes(0x2000).fill(0xff, 0x1800).fill(1, 0x17ff, 0x1800);
    expect(work([piece(0, ending)]).writes[0]).toMatchObject({ lengthBytes: 0x1800 });
    const blankSector = patternBytes(0x2000).fill(0xff, 0x1000);
    expect(work([piece(0, blankSector)]).writes[0]).toMatchObject({ lengthBytes: 0x1001 });
  });

  test("blocks end with windows where that is asked for, and all of the run is dirty", () => {
    expect(work(whole, { byWindow: true }).writes[0]?.byWindow).toBe(true);
    const partly = whole.map((one, index): Piece => (index === 2 ? { ...one, state: "blank" } : one));
    expect(work(partly, { byWindow: true }).writes[0]?.byWindow).toBe(false);
  });

  test("the stretch behind a run goes with it", () => {
    const stretch = range(0x5000, 0x100000);
    const { writes } = work(whole, { stretches: [stretch], byWindow: true });
    expect(writes).toMatchObject([{ behind: stretch, byWindow: false }]);
    expect(work(whole, { stretches: [range(0x6000, 0x1000)] }).writes[0]).not.toHaveProperty("behind");
    const short = [piece(0x1000, patternBytes(0x3801))];
    expect(work(short, { stretches: [stretch] }).writes[0]?.behind).toEqual(stretch);
  });

  test("the image's bytes arrive, in order, whatever the cuts", () => {
    const long = patternBytes(0x60000);
    const pieces = Array.from({ length: 6 }, (_, index) =>
      piece(0x10000 * index, long.subarray(0x10000 * index, 0x10000 * (index + 1))),
    );
    const { writes } = work(pieces, { byWindow: true });
    let at = 0;
    for (const run of writes) {
      expect(run.offset).toBe(at);
      expect(Buffer.compare(run.bytes, long.subarray(at, at + run.lengthBytes))).toBe(0);
      at += run.lengthBytes;
    }
    expect(at).toBe(0x60000);
  });
});

/** What a job's journal and progress hear, in order. */
function hearing(): { told: string[]; hooks: Parameters<typeof applyWrites>[4] } {
  const told: string[] = [];
  const text = ({ offset, lengthBytes }: FlashRange): string => `${offset.toString(16)}+${lengthBytes.toString(16)}`;
  return {
    told,
    hooks: {
      underWay: (ranges) => void told.push(`under way: ${ranges.map(text).join(" ")}`),
      erased: (one) => void told.push(`erased: ${text(one)}`),
      written: (doneBytes) => void told.push(`written: ${doneBytes.toString(16)}`),
    },
  };
}

/** A flash that is dirty all over, and the streams that were sent to it. */
function dirtyFlash(changes: Partial<MemoryFlash> = {}): {
  flash: MemoryFlash;
  streams: BlockStream[];
  told: string[];
} {
  const flash = createMemoryFlash(new Uint8Array(4 * MEBIBYTE));
  const streams: BlockStream[] = [];
  const told: string[] = [];
  const write: MemoryFlash["write"] = (stream, beforeBlock) => {
    streams.push(stream);
    return flash.write(stream, beforeBlock);
  };
  return { flash: { ...flash, write, ...changes }, streams, told };
}

describe("doing it", () => {
  test("each erase is noted before and told afterwards, and none is under way at the end", async () => {
    const { flash } = dirtyFlash();
    const { told, hooks } = hearing();
    await applyErases(flash, work([piece(0, 0x2000), piece(0x8000, 0x1000)]), hooks);
    expect(told).toEqual([
      "under way: 0+2000",
      "erased: 0+2000",
      "under way: 8000+1000",
      "erased: 8000+1000",
      "under way: ",
    ]);
    expect(flash.erasedSectors).toEqual([0, 0x1000, 0x8000]);
  });

  test("what a write may leave half done is noted before each block: the rest of the run, or one block of a blank one", async () => {
    const bytes = patternBytes(0xa000);
    const { flash } = dirtyFlash();
    const dirty = hearing();
    await applyWrites(flash, work([piece(0x10000, bytes)]), { compress: false }, systemClock, dirty.hooks);
    expect(dirty.told).toEqual([
      "under way: 10000+a000",
      "under way: 10000+a000",
      "written: 0",
      "under way: 14000+6000",
      "written: 4000",
      "under way: 18000+2000",
      "written: 8000",
      "written: a000",
      "under way: ",
    ]);
    expect(Buffer.compare(flash.bytes.subarray(0x10000, 0x1a000), bytes)).toBe(0);
    flash.bytes.fill(0xff);
    const blank = hearing();
    await applyWrites(flash, work([piece(0x10000, bytes, "blank")]), { compress: false }, systemClock, blank.hooks);
    expect(blank.told.filter((line) => line.startsWith("under"))).toEqual([
      "under way: 10000+a000",
      "under way: 10000+4000",
      "under way: 14000+4000",
      "under way: 18000+2000",
      "under way: ",
    ]);
  });

  test("a loader that erases all of a run before it takes a block has only blocks under way then", async () => {
    const { flash } = dirtyFlash({ erasesAhead: false });
    const { told, hooks } = hearing();
    const plan = work([piece(0x10000, patternBytes(0xa000))]);
    await applyWrites(flash, plan, { compress: false }, systemClock, hooks);
    expect(told.filter((line) => line.startsWith("under"))).toEqual([
      "under way: 10000+a000",
      "under way: 10000+4000",
      "under way: 14000+4000",
      "under way: 18000+2000",
      "under way: ",
    ]);
  });

  test("bytes are counted over all runs, and never beyond a run's length", async () => {
    const { flash } = dirtyFlash();
    const { told, hooks } = hearing();
    const pieces = [piece(0, patternBytes(0x1000)), piece(0x4000, patternBytes(0x801))];
    await applyWrites(flash, work(pieces), { compress: false }, systemClock, hooks);
    expect(told.filter((line) => line.startsWith("written"))).toEqual([
      "written: 0",
      "written: 1000",
      "written: 1000",
      "written: 1801",
    ]);
  });

  test("what lies behind a run is erased with it, and what is too long for that afterwards", async () => {
    const behind = range(0x40000, 3 * MEBIBYTE);
    const pieces = [piece(0, patternBytes(0x40000)), piece(behind.offset, behind.lengthBytes)];
    const plan = work(pieces, { stretches: [behind] });
    for (const erasesAhead of [true, false]) {
      const { flash, streams } = dirtyFlash({ erasesAhead });
      const { told, hooks } = hearing();
      await applyWrites(flash, plan, { compress: true }, systemClock, hooks);
      const end = behind.offset + behind.lengthBytes;
      expect(flash.bytes.subarray(behind.offset, end).every((byte) => byte === 0xff)).toBe(true);
      expect(flash.bytes[end]).toBe(0);
      const erased = told.flatMap((line) => /^erased: (\w+)\+(\w+)$/.exec(line)?.slice(1) ?? []);
      const total = erased.reduce((sum, hex, index) => sum + (index % 2 === 1 ? Number.parseInt(hex, 16) : 0), 0);
      expect(total).toBe(behind.lengthBytes);
      expect(streams[0]?.ahead !== undefined).toBe(erasesAhead);
      expect(streams[0]?.ahead?.thenErase.lengthBytes ?? 0).toBeLessThanOrEqual(MEBIBYTE);
      if (erasesAhead) {
        const { thenErase } = streams[0]?.ahead ?? { thenErase: range(0, 0) };
        const noted = (thenErase.offset + thenErase.lengthBytes).toString(16);
        expect(told[0]).toBe(`under way: 0+${noted}`);
      }
      expect(told.at(-1)).toBe("under way: ");
    }
  });

  test("a stream that was not deflated erases nothing ahead", async () => {
    const behind = range(0x40000, MEBIBYTE);
    const plan = work([piece(0, patternBytes(0x40000)), piece(behind.offset, behind.lengthBytes)], {
      stretches: [behind],
    });
    const { flash, streams } = dirtyFlash();
    await applyWrites(flash, plan, { compress: false }, systemClock, hearing().hooks);
    expect(streams).toMatchObject([{ encoding: "raw" }]);
    expect(streams[0]).not.toHaveProperty("ahead");
    expect(flash.bytes.subarray(0x40000, 0x140000).every((byte) => byte === 0xff)).toBe(true);
  });

  test("a form that was prepared is what is sent, where a deflated one is", async () => {
    const bytes = patternBytes(0x8000);
    const form = { bytes: deflateSync(bytes, { level: 1 }), windows: [] };
    const prepared = {
      find: (wanted: Uint8Array) => (Buffer.compare(wanted, bytes) === 0 ? Promise.resolve(form) : undefined),
      stop: () => undefined,
    };
    const isUsed = async (compress: boolean): Promise<boolean> => {
      const { flash, streams } = dirtyFlash();
      await applyWrites(flash, work([piece(0, bytes)]), { compress, prepared }, systemClock, hearing().hooks);
      expect(Buffer.compare(flash.bytes.subarray(0, 0x8000), bytes)).toBe(0);
      const sent = Buffer.concat((streams[0]?.blocks ?? []).map((block) => block.bytes));
      return sent.equals(form.bytes);
    };
    expect(await isUsed(true)).toBe(true);
    expect(await isUsed(false)).toBe(false);
  });

  test("a stream that was begun before the erases is the one that is written", async () => {
    const { flash, streams } = dirtyFlash();
    const plan = work([piece(0, patternBytes(0x8000)), piece(0x10000, patternBytes(0x8000))], { byWindow: true });
    const options = { compress: true };
    const [run] = plan.writes;
    const first = run && streamOf(flash, run, options, systemClock);
    await applyWrites(flash, plan, { ...options, ...(first && { first }) }, systemClock, hearing().hooks);
    expect(streams).toHaveLength(2);
    expect(streams[0]).toBe(await first);
  });
});

describe("without an erase", () => {
  const bytes = patternBytes(0x3000);
  const flashHolding = (content: Uint8Array, offset: number): MemoryFlash => {
    const flash = createMemoryFlash(new Uint8Array(0x10000).fill(0xff));
    flash.bytes.set(content, offset);
    return flash;
  };
  const narrow = (flash: MemoryFlash, pieces: readonly Piece[], noted: readonly FlashRange[] = []): Promise<unknown> =>
    withoutErase(flash, pieces, noted, systemClock);

  test("pieces are narrowed to sectors that differ and are blank", async () => {
    const flash = flashHolding(bytes.subarray(0, 0x1000), 0x1000);
    expect(await narrow(flash, [piece(0x1000, bytes)])).toMatchObject([
      { offset: 0x1000, lengthBytes: 0x1000, state: "same" },
      { offset: 0x2000, lengthBytes: 0x1000, state: "blank" },
      { offset: 0x3000, lengthBytes: 0x1000, state: "blank" },
    ]);
    expect(await narrow(flash, [piece(0x1000, bytes, "same")])).toMatchObject([{ lengthBytes: 0x3000, state: "same" }]);
  });

  test("a sector that is not blank refuses the job, and is named", async () => {
    const flash = flashHolding(Uint8Array.of(0), 0x2fff);
    await expect(narrow(flash, [piece(0x1000, bytes)])).rejects.toMatchObject({
      code: "plan/not-blank",
      message: "The sector at 0x00002000 has to change but is not blank.",
      details: { offset: "0x00002000" },
    });
  });

  test("so do bytes behind the image's end in its last sector", async () => {
    const short = piece(0x1000, bytes.subarray(0, 0x800), "blank");
    expect(await narrow(flashHolding(new Uint8Array(0), 0), [short])).toEqual([short]);
    await expect(narrow(flashHolding(Uint8Array.of(0), 0x1fff), [short])).rejects.toThrow("0x00001000");
  });

  test("so does what an earlier run left half done, inside the job and outside", async () => {
    const flash = flashHolding(new Uint8Array(0), 0);
    const message = "was left half done by an earlier run";
    await expect(narrow(flash, [], [range(0x7000, 0x1000)])).rejects.toThrow(`The sector at 0x00007000 ${message}.`);
    await expect(narrow(flash, [piece(0x1000, bytes, "suspect")])).rejects.toThrow(`0x00001000 ${message}`);
  });
});
