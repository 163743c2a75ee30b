import { systemClock } from "../../src/base/clock.js";
import { compareFlash, leaveOutBlanks } from "../../src/flash/compare.js";
import type { CompareOptions } from "../../src/flash/compare.js";
import { costsOf } from "../../src/flash/cost-model.js";
import type { DesiredRange } from "../../src/flash/desired.js";
import { createMemoryFlash } from "../support/memory-flash.js";

const fast = costsOf({ loader: "stub", baud: 921_600 });
const SECTOR = 0x1000;
const BLOCK = 0x10000;

/** No two sectors of it are alike. */
const content = (lengthBytes: number): Uint8Array =>
  Uint8Array.from({ length: lengthBytes }, (_, index) => ((index >> 12) * 37 + index * 7) & 0x7f);

interface Compared {
  /** Neighbouring pieces in the same state as one, `offset+length state`, in hex. */
  readonly found: readonly string[];
  readonly questions: readonly string[];
}

async function compared(
  held: Uint8Array,
  ranges: readonly DesiredRange[],
  changes: Partial<CompareOptions> = {},
): Promise<Compared> {
  const flash = createMemoryFlash(held);
  const questions: string[] = [];
  const access = {
    ...flash,
    md5: (offset: number, lengthBytes: number) => {
      questions.push(`${offset.toString(16)}+${lengthBytes.toString(16)}`);
      return flash.md5(offset, lengthBytes);
    },
  };
  const options = { suspects: [], costs: fast, proof: "samples" as const, clock: systemClock, ...changes };
  const pieces = await compareFlash(access, ranges, options);
  const runs: { offset: number; end: number; state: string }[] = [];
  for (const { offset, lengthBytes, state } of pieces) {
    const last = runs.at(-1);
    if (last?.end === offset && last.state === state) last.end += lengthBytes;
    else runs.push({ offset, end: offset + lengthBytes, state });
  }
  const found = runs.map((run) => `${run.offset.toString(16)}+${(run.end - run.offset).toString(16)} ${run.state}`);
  return { found, questions };
}

const image = (offset: number, bytes: Uint8Array): DesiredRange => ({ offset, lengthBytes: bytes.length, bytes });

/** A flash with `bytes` at `offset`, blank around them. */
function holding(offset: number, bytes: Uint8Array, lengthBytes = 0x200000): Uint8Array {
  const flash = new Uint8Array(lengthBytes).fill(0xff);
  flash.set(bytes, offset);
  return flash;
}

const changed = (bytes: Uint8Array, ...places: readonly number[]): Uint8Array => {
  const other = bytes.slice();
  for (const at of places) other[at] = (other[at] ?? 0) ^ 1;
  return other;
};

describe("comparing", () => {
  test("a short image that is in place takes one question", async () => {
    const bytes = content(0x3400);
    expect(await compared(holding(0x8000, bytes), [image(0x8000, bytes)])).toEqual({
      found: ["8000+3400 same"],
      questions: ["8000+3400"],
    });
  });

  test("a block that holds what it should in every other sector and nothing in between does not count as blank", async () => {
    const bytes = content(BLOCK);
    const held = bytes.slice();
    for (let at = 0; at < BLOCK; at += 2 * SECTOR) held.fill(0xff, at, at + SECTOR);
    for (const proof of ["samples", "all"] as const) {
      const { found } = await compared(holding(0x10000, held), [image(0x10000, bytes)], { proof });
      expect(found).toEqual(["10000+10000 other"]);
    }
  });

  test("a blank place, a place with something else, and what shall be blank are told apart", async () => {
    const bytes = content(0x2000);
    const blank = { offset: 0x8000, lengthBytes: 0x2000 };
    expect((await compared(holding(0, bytes), [image(0x8000, bytes)])).found).toEqual(["8000+2000 blank"]);
    expect((await compared(holding(0x8000, changed(bytes, 0, 0x1000)), [image(0x8000, bytes)])).found).toEqual([
      "8000+2000 other",
    ]);
    expect((await compared(holding(0, bytes), [blank])).found).toEqual(["8000+2000 same"]);
    expect((await compared(holding(0x8000, bytes), [blank])).found).toEqual(["8000+2000 other"]);
  });

  test("one changed sector of a long image is found alone, with few questions", async () => {
    const bytes = content(0x100000);
    const { found, questions } = await compared(holding(0, changed(bytes, 0x85123)), [image(0, bytes)]);
    expect(found).toEqual(["0+85000 same", "85000+1000 other", "86000+7a000 same"]);
    expect(questions.length).toBeLessThan(30);
  });

  test("an image that changed throughout is asked about a few times only", async () => {
    const bytes = content(0x100000);
    const { found, questions } = await compared(holding(0, changed(bytes, ...every(SECTOR, 0x100000))), [
      image(0, bytes),
    ]);
    expect(found).toEqual(["0+100000 other"]);
    expect(questions.length).toBeLessThan(10);
    expect(questions.filter((question) => question.endsWith("+1000"))).toHaveLength(6);
    const all = await compared(holding(0, changed(bytes, ...every(SECTOR, 0x100000))), [image(0, bytes)], {
      proof: "all",
    });
    expect(all.questions.length).toBeGreaterThan(questions.length);
    expect(all.found).toEqual(["0+100000 other"]);
  });

  test("samples are spread over all of the image, so that one half in place is found", async () => {
    const bytes = content(0x100000);
    for (const [from, to] of [
      [0, 0x80000],
      [0x80000, 0x100000],
    ] as const) {
      const places = every(SECTOR, 0x100000).filter((at) => at >= from && at < to);
      const { found } = await compared(holding(0, changed(bytes, ...places)), [image(0, bytes)]);
      const dirty = `${from.toString(16)}+80000 other`;
      expect(found).toEqual(from === 0 ? [dirty, "80000+80000 same"] : ["0+80000 same", dirty]);
    }
  });

  test("of an image whose place begins blank, two samples tell whether the rest is blank or something else", async () => {
    const bytes = content(0x100000);
    const blank = await compared(holding(0, new Uint8Array(0)), [image(0, bytes)]);
    expect(blank.found).toEqual(["0+10000 blank", "10000+f0000 unknown"]);
    expect(blank.questions).toHaveLength(3);
    const all = await compared(holding(0, new Uint8Array(0)), [image(0, bytes)], { proof: "all" });
    expect(all.found).toEqual(["0+100000 blank"]);
    const dirtyRest = holding(0x10000, new Uint8Array(0xf0000));
    expect((await compared(dirtyRest, [image(0, bytes)])).found).toEqual(["0+10000 blank", "10000+f0000 other"]);
    expect((await compared(dirtyRest, [image(0, bytes)], { proof: "all" })).found).toEqual([
      "0+10000 blank",
      "10000+f0000 other",
    ]);
  });

  test("what shall be blank is asked about in one go where it is, and by blocks where it is not", async () => {
    const blank = { offset: 0, lengthBytes: 0x100000 };
    expect((await compared(holding(0, new Uint8Array(0)), [blank])).found).toEqual(["0+100000 same"]);
    const { found } = await compared(holding(0x45000, Uint8Array.of(0)), [blank]);
    expect(found).toEqual(["0+40000 same", "40000+10000 other", "50000+b0000 same"]);
  });

  test("scattered changes in a block are written as a whole, and a single one is not", async () => {
    const bytes = content(BLOCK);
    const scattered = changed(bytes, ...every(2 * SECTOR, BLOCK));
    expect((await compared(holding(0, scattered), [image(0, bytes)])).found).toEqual(["0+10000 other"]);
    expect((await compared(holding(0, changed(bytes, 0x5000)), [image(0, bytes)])).found).toEqual([
      "0+5000 same",
      "5000+1000 other",
      "6000+a000 same",
    ]);
  });

  test("noted sectors are suspect whatever they hold, and nothing else is", async () => {
    const bytes = content(0x5000);
    const suspects = [{ offset: 0x9000, lengthBytes: 0x1000 }];
    const { found, questions } = await compared(holding(0x8000, bytes), [image(0x8000, bytes)], { suspects });
    expect(found).toEqual(["8000+1000 same", "9000+1000 suspect", "a000+3000 same"]);
    expect(questions).toEqual(["8000+1000", "a000+3000"]);
    const beside = [
      { offset: 0x7000, lengthBytes: 0x1000 },
      { offset: 0xd000, lengthBytes: 0x1000 },
    ];
    expect((await compared(holding(0x8000, bytes), [image(0x8000, bytes)], { suspects: beside })).found).toEqual([
      "8000+5000 same",
    ]);
  });

  test("ranges come back in the order of the flash, and each byte once", async () => {
    const bytes = content(0x1000);
    const ranges = [image(0x20000, bytes), { offset: 0, lengthBytes: 0x1000 }, image(0x10000, bytes)];
    const { found } = await compared(holding(0x10000, bytes), ranges);
    expect(found).toEqual(["0+1000 same", "10000+1000 same", "20000+1000 blank"]);
  });
});

function every(unitBytes: number, lengthBytes: number): readonly number[] {
  return Array.from({ length: lengthBytes / unitBytes }, (_, index) => index * unitBytes);
}

describe("runs of FF inside an image", () => {
  const bytes = content(0x30000);
  const withBlank = (from: number, to: number): Uint8Array => bytes.slice().fill(0xff, from, to);
  const parts = (range: DesiredRange): readonly (readonly [number, number, boolean])[] =>
    leaveOutBlanks(range, fast).map((one) => [one.offset, one.lengthBytes, one.bytes === undefined]);

  test("are left out where they are long, sector by sector", () => {
    expect(parts(image(0x1000, withBlank(0x10800, 0x20800)))).toEqual([
      [0x1000, 0x11000, false],
      [0x12000, 0xf000, true],
      [0x21000, 0x10000, false],
    ]);
  });

  test("stay where they are short, and at the image's end where its sector goes on", () => {
    expect(parts(image(0, withBlank(0x10000, 0x12000)))).toEqual([[0, 0x30000, false]]);
    const ended = withBlank(0x10000, 0x30000).subarray(0, 0x2f800);
    expect(parts(image(0, ended))).toEqual([
      [0, 0x10000, false],
      [0x10000, 0x1f000, true],
      [0x2f000, 0x800, false],
    ]);
  });

  test("two of them are two, and the bytes between stay", () => {
    const two = withBlank(0x8000, 0x14000).fill(0xff, 0x18000, 0x28000);
    const left = leaveOutBlanks(image(0, two), fast);
    expect(left.map(({ offset, lengthBytes }) => [offset, lengthBytes])).toEqual([
      [0, 0x8000],
      [0x8000, 0xc000],
      [0x14000, 0x4000],
      [0x18000, 0x10000],
      [0x28000, 0x8000],
    ]);
    for (const { offset, lengthBytes, bytes: kept } of left) {
      if (kept) expect(Buffer.compare(kept, two.subarray(offset, offset + lengthBytes))).toBe(0);
    }
  });

  test("what shall be blank anyway stays as it is", () => {
    const blank = { offset: 0, lengthBytes: 0x30000 };
    expect(leaveOutBlanks(blank, fast)).toEqual([blank]);
  });
});
