import fc from "fast-check";
import { FlashError } from "../../src/base/errors.js";
import { systemClock } from "../../src/base/clock.js";
import { applyErases, applyWrites, planWork, withoutErase } from "../../src/flash/apply.js";
import { desiredRanges, sectorsOf, subtract } from "../../src/flash/desired.js";
import { stretchesBehindWrites } from "../../src/flash/erase-ahead.js";
import { wholeBlocks } from "../../src/flash/whole-blocks.js";
import { compareFlash } from "../../src/flash/compare.js";
import type { CompareOptions } from "../../src/flash/compare.js";
import { costsOf } from "../../src/flash/cost-model.js";
import { differing } from "../../src/flash/difference.js";
import type { EraseMode, FlashImage, FlashRange, SettledJob } from "../../src/flash/job.js";
import { flashJob } from "../support/jobs.js";
import { createMemoryFlash } from "../support/memory-flash.js";
import type { MemoryFlash } from "../support/memory-flash.js";

const FLASH_BYTES = 0x40000;
const SECTOR_BYTES = 0x1000;

const jobOf = (erase: EraseMode, images: readonly FlashImage[]): SettledJob => flashJob(images, { erase });

const image = (offset: number, bytes: Uint8Array): FlashImage => ({ name: `at ${offset}`, offset, bytes, sha256: "" });

const compareOptions = (suspects: readonly FlashRange[] = []): CompareOptions => ({
  suspects,
  costs: costsOf({ loader: "stub", baud: 921_600 }),
  proof: "samples",
  clock: systemClock,
});

async function reconcileMemory(
  flash: MemoryFlash,
  job: SettledJob,
  suspects: readonly FlashRange[] = [],
): Promise<FlashRange[][]> {
  const marks: FlashRange[][] = [];
  const hooks = {
    underWay: (ranges: readonly FlashRange[]) => void marks.push([...ranges]),
    erased: () => undefined,
    written: () => undefined,
  };
  const ranges = desiredRanges(job, FLASH_BYTES);
  const proof = job.erase === "none" ? "all" : "samples";
  const compared = await compareFlash(flash, ranges, { ...compareOptions(suspects), proof });
  const extra = suspects.flatMap((suspect) => subtract(suspect, ranges.map(sectorsOf)));
  const pieces = job.erase === "none" ? await withoutErase(flash, compared, extra, systemClock) : compared;
  const stretches = flash.erasesAhead ? stretchesBehindWrites(pieces) : [];
  const limits = { flashBytes: FLASH_BYTES, keep: job.keep, others: stretches };
  const blocks = job.erase === "none" ? [] : await wholeBlocks(flash, pieces, limits, compareOptions());
  const besideCosts = flash.erasesBeside ? { besideCosts: compareOptions().costs } : {};
  const work = planWork(pieces, { noted: extra, blocks, stretches, byWindow: true, ...besideCosts });
  await applyErases(flash, work, hooks);
  await applyWrites(flash, work, job, systemClock, hooks);
  return marks;
}

/** Bytes that look like a board's: stretches of one value and stretches of code. */
const contentArb = fc
  .array(
    fc.record({
      seed: fc.integer({ min: 1, max: 255 }),
      kind: fc.constantFrom("blank", "code", "zero"),
      sectors: fc.integer({ min: 1, max: 24 }),
    }),
    { maxLength: 12 },
  )
  .map((runs) => {
    const bytes = new Uint8Array(FLASH_BYTES).fill(0xff);
    let at = 0;
    for (const { seed, kind, sectors } of runs) {
      const end = Math.min(FLASH_BYTES, at + sectors * SECTOR_BYTES);
      for (let i = at; i < end; i++)
        bytes[i] = kind === "blank" ? 0xff : kind === "zero" ? 0 : (i * seed + (i >> 5)) & 0xff;
      at = end;
    }
    return bytes;
  });

const imagesArb = fc
  .uniqueArray(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 3 })
  .chain((slots) =>
    fc.tuple(
      ...slots.map((slot) =>
        fc.record({
          slot: fc.constant(slot),
          length: fc.integer({ min: 1, max: 0x7800 }),
          seed: fc.integer({ min: 1, max: 255 }),
          gaps: fc.boolean(),
        }),
      ),
    ),
  )
  .map((specs) =>
    specs.map(({ slot, length, seed, gaps }) =>
      image(
        slot * 0x8000,
        Uint8Array.from({ length }, (_, i) => (gaps && (i >> 12) % 2 === 1 ? 0xff : (i * seed) & 0xff)),
      ),
    ),
  );

describe("reconciling a flash with a desired one", () => {
  test("erase: all makes the flash the images and nothing else, and a second run changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(contentArb, imagesArb, async (content, images) => {
        const flash = createMemoryFlash(content);
        const job = jobOf("all", images);
        await reconcileMemory(flash, job);
        const wanted = new Uint8Array(FLASH_BYTES).fill(0xff);
        for (const { offset, bytes } of images) wanted.set(bytes, offset);
        expect(Buffer.compare(flash.bytes, wanted)).toBe(0);
        flash.erasedSectors.length = 0;
        const again = await compareFlash(flash, desiredRanges(job, FLASH_BYTES), compareOptions());
        expect(differing(again)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("erase: touched leaves every sector alone that no image lies in", async () => {
    await fc.assert(
      fc.asyncProperty(contentArb, imagesArb, async (content, images) => {
        const before = content.slice();
        const flash = createMemoryFlash(content);
        await reconcileMemory(flash, jobOf("touched", images));
        const touched = images.map((one) => sectorsOf({ offset: one.offset, lengthBytes: one.bytes.length }));
        for (const { offset, bytes } of images) {
          expect(Buffer.compare(flash.bytes.subarray(offset, offset + bytes.length), bytes)).toBe(0);
        }
        for (const { offset, lengthBytes } of subtract({ offset: 0, lengthBytes: FLASH_BYTES }, touched)) {
          const same = Buffer.compare(
            flash.bytes.subarray(offset, offset + lengthBytes),
            before.subarray(offset, offset + lengthBytes),
          );
          expect(same).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("kept sectors are neither erased nor written, and all others are as without them", async () => {
    const keepArb = fc.array(fc.record({ sector: fc.nat(55), sectors: fc.integer({ min: 1, max: 8 }) }), {
      maxLength: 4,
    });
    const modes = fc.constantFrom<EraseMode>("all", "touched");
    await fc.assert(
      fc.asyncProperty(contentArb, imagesArb, keepArb, modes, async (content, images, kept, erase) => {
        const keep = kept.map(({ sector, sectors }) => ({
          offset: sector * SECTOR_BYTES,
          lengthBytes: sectors * SECTOR_BYTES,
        }));
        const before = content.slice();
        const plain = createMemoryFlash(content.slice());
        await reconcileMemory(plain, jobOf(erase, images));
        const flash = createMemoryFlash(content);
        await reconcileMemory(flash, { ...jobOf(erase, images), keep });
        const wanted = plain.bytes.slice();
        for (const { offset, lengthBytes } of keep) {
          wanted.set(before.subarray(offset, offset + lengthBytes), offset);
          expect(flash.erasedSectors.filter((at) => at >= offset && at < offset + lengthBytes)).toEqual([]);
        }
        expect(Buffer.compare(flash.bytes, wanted)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test("erase: none never erases, and writes only where every touched sector was blank", async () => {
    await fc.assert(
      fc.asyncProperty(contentArb, imagesArb, async (content, images) => {
        const before = content.slice();
        const flash = createMemoryFlash(content);
        const outcome = await reconcileMemory(flash, jobOf("none", images)).then(
          () => "written",
          (error: unknown) => (error instanceof FlashError ? error.code : "unknown"),
        );
        expect(flash.erasedSectors).toEqual([]);
        expect(["written", "plan/not-blank"]).toContain(outcome);
        const wanted = before.slice();
        if (outcome === "written") for (const { offset, bytes } of images) wanted.set(bytes, offset);
        expect(Buffer.compare(flash.bytes, wanted)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test("erase: none writes single sectors that are missing, and erases none of those between them", async () => {
    const wanted = Uint8Array.from({ length: 0x10000 }, (_, i) => (i * 31 + (i >> 9)) & 0x7f);
    const held = new Uint8Array(FLASH_BYTES).fill(0xff);
    held.set(wanted);
    for (let at = 0; at < wanted.length; at += 2 * SECTOR_BYTES) held.fill(0xff, at, at + SECTOR_BYTES);
    const flash = createMemoryFlash(held);
    await reconcileMemory(flash, jobOf("none", [image(0, wanted)]));
    expect(flash.erasedSectors).toEqual([]);
    expect(Buffer.compare(flash.bytes.subarray(0, wanted.length), wanted)).toBe(0);
  });

  test("sectors that are right already are not touched where a few of many differ, and no other one either", async () => {
    const sectorsArb = fc.uniqueArray(fc.nat(63), { minLength: 1, maxLength: 3 });
    const proofs = fc.constantFrom<CompareOptions["proof"]>("samples", "all");
    await fc.assert(
      fc.asyncProperty(sectorsArb, proofs, fc.nat(255), async (sectors, proof, seed) => {
        const wanted = Uint8Array.from({ length: FLASH_BYTES }, (_, i) => (i * 31 + (i >> 9) + seed) & 0xff);
        const held = wanted.slice();
        for (const sector of sectors) held[sector * SECTOR_BYTES + 5] = (held[sector * SECTOR_BYTES + 5] ?? 0) ^ 1;
        const flash = createMemoryFlash(held);
        const ranges = desiredRanges(jobOf("all", [image(0, wanted)]), FLASH_BYTES);
        const pieces = await compareFlash(flash, ranges, { ...compareOptions(), proof });
        const changing = differing(pieces).flatMap(({ offset, lengthBytes }) =>
          Array.from({ length: lengthBytes / SECTOR_BYTES }, (_, index) => offset / SECTOR_BYTES + index),
        );
        expect(changing).toEqual([...sectors].sort((a, b) => a - b));
      }),
      { numRuns: 40 },
    );
  });

  test("the pieces are the desired ranges without gap or overlap, and none that differs counts as right", async () => {
    const suspectsArb = fc.array(fc.record({ sector: fc.nat(55), sectors: fc.integer({ min: 1, max: 8 }) }), {
      maxLength: 3,
    });
    const linksArb = fc.record({
      loader: fc.constantFrom("rom" as const, "stub" as const),
      baud: fc.constantFrom(undefined, 115_200, 921_600),
    });
    await fc.assert(
      fc.asyncProperty(contentArb, contentArb, suspectsArb, linksArb, async (held, wanted, noted, link) => {
        const flash = createMemoryFlash(held);
        const suspects = noted.map(({ sector, sectors }) => ({
          offset: sector * SECTOR_BYTES,
          lengthBytes: sectors * SECTOR_BYTES,
        }));
        const ranges = [{ offset: 0, lengthBytes: FLASH_BYTES, bytes: wanted }];
        const pieces = await compareFlash(flash, ranges, { ...compareOptions(suspects), costs: costsOf(link) });
        let at = 0;
        for (const { offset, lengthBytes, bytes, state } of pieces) {
          expect(offset).toBe(at);
          at += lengthBytes;
          const right = Buffer.compare(held.subarray(offset, at), wanted.subarray(offset, at)) === 0;
          if (state === "same") expect(right).toBe(true);
          if (bytes === undefined) expect(wanted.subarray(offset, at).every((byte) => byte === 0xff)).toBe(true);
          else expect(Buffer.compare(bytes, wanted.subarray(offset, at))).toBe(0);
          const isNoted = suspects.some((one) => one.offset < at && offset < one.offset + one.lengthBytes);
          expect(state === "suspect").toBe(isNoted);
        }
        expect(at).toBe(FLASH_BYTES);
      }),
      { numRuns: 60 },
    );
  });

  test("a long run of FF inside an image is erased where it is not blank, and never written", async () => {
    const bytes = Uint8Array.from({ length: 0x30000 }, (_, i) => (i < 0x10000 || i >= 0x28000 ? (i * 7) & 0x7f : 0xff));
    const flash = createMemoryFlash(new Uint8Array(FLASH_BYTES).fill(0));
    const written: FlashRange[] = [];
    const watched = {
      ...flash,
      write: (...args: Parameters<MemoryFlash["write"]>) => {
        written.push(args[0]);
        return flash.write(...args);
      },
    };
    await reconcileMemory(watched, jobOf("touched", [image(0x1000, bytes)]));
    expect(Buffer.compare(flash.bytes.subarray(0x1000, 0x31000), bytes)).toBe(0);
    expect(subtract({ offset: 0x11000, lengthBytes: 0x18000 }, written)).toEqual([
      { offset: 0x11000, lengthBytes: 0x18000 },
    ]);
  });

  test("a block of which one part shall be blank and another is new is erased at once, and not where a part is right", async () => {
    const bytes = Uint8Array.from({ length: 0x8000 }, (_, i) => (i * 13) & 0x7f);
    const erasesOf = async (held: Uint8Array): Promise<FlashRange[]> => {
      const flash = createMemoryFlash(held);
      const erases: FlashRange[] = [];
      const watched = {
        ...flash,
        erasesBeside: false,
        erase: (offset: number, lengthBytes: number) => {
          erases.push({ offset, lengthBytes });
          return flash.erase(offset, lengthBytes);
        },
      };
      await reconcileMemory(watched, jobOf("all", [image(0x18000, bytes)]));
      expect(Buffer.compare(flash.bytes.subarray(0x18000, 0x20000), bytes)).toBe(0);
      return erases;
    };
    const held = new Uint8Array(FLASH_BYTES).fill(0xff);
    held.fill(0, 0x10000, 0x20000);
    expect(await erasesOf(held.slice())).toEqual([{ offset: 0x10000, lengthBytes: 0x10000 }]);
    held.set(bytes.subarray(0, 0x4000), 0x18000);
    expect(await erasesOf(held.slice())).toEqual([{ offset: 0x10000, lengthBytes: 0x8000 }]);
  });

  test("noted sectors are erased anew though they hold the right bytes, inside and outside the images", async () => {
    const bytes = Uint8Array.from({ length: 0x3000 }, (_, i) => i & 0xff);
    const content = new Uint8Array(FLASH_BYTES).fill(0xff);
    content.set(bytes, 0x10000);
    const flash = createMemoryFlash(content);
    const suspects = [
      { offset: 0x11000, lengthBytes: 0x1000 },
      { offset: 0x30000, lengthBytes: 0x2000 },
    ];
    await reconcileMemory(flash, jobOf("touched", [image(0x10000, bytes)]), suspects);
    expect(flash.erasedSectors).toEqual(expect.arrayContaining([0x11000, 0x30000, 0x31000]));
    expect(Buffer.compare(flash.bytes.subarray(0x10000, 0x13000), bytes)).toBe(0);
  });

  test("every sector that an erase or write may leave half done was noted before", async () => {
    const content = new Uint8Array(FLASH_BYTES).map((_, i) => (i * 7) & 0xff);
    const flash = createMemoryFlash(content);
    const bytes = Uint8Array.from({ length: 0x18000 }, (_, i) => (i * i) & 0xff);
    const marks = await reconcileMemory(flash, jobOf("all", [image(0x1000, bytes)]));
    const noted = marks.flat();
    expect(subtract({ offset: 0, lengthBytes: FLASH_BYTES }, noted)).toEqual([]);
    expect(marks.at(-1)).toEqual([]);
  });
});
