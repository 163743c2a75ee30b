import { systemClock } from "../../src/base/clock.js";
import { prepareStreams, shareStreams } from "../../src/flash/prepare.js";
import { patternBytes } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const BLOCK = 0x4000;
const deps = { clock: systemClock };
const bytes = patternBytes(0x9000);
const job = flashJob([flashImage("a", 0x10000, bytes), flashImage("b", 0x20000, patternBytes(0x8000, 3))]);

describe("streams that are prepared", () => {
  test("are found by place and bytes, and nothing else is", async () => {
    const prepared = prepareStreams(job, deps);
    const stream = await prepared.find({ offset: 0x10000, bytes: bytes.slice() }, BLOCK);
    expect(stream).toMatchObject({ offset: 0x10000, lengthBytes: 0x9000, encoding: "deflate" });
    expect(await prepared.find({ offset: 0x20000, bytes: patternBytes(0x8000, 3) }, BLOCK)).toMatchObject({
      offset: 0x20000,
    });
    expect(prepared.find({ offset: 0x10000, bytes }, 0x400)).toBeUndefined();
    expect(prepared.find({ offset: 0x11000, bytes }, BLOCK)).toBeUndefined();
    expect(prepared.find({ offset: 0x10000, bytes: bytes.subarray(1) }, BLOCK)).toBeUndefined();
    expect(prepared.find({ offset: 0x10000, bytes: patternBytes(0x9000, 2) }, BLOCK)).toBeUndefined();
  });

  test("are those of long content only, and none where the loader takes none", () => {
    const short = flashJob([flashImage("a", 0x10000, bytes.subarray(0, 0x7fff))]);
    expect(
      prepareStreams(short, deps).find({ offset: 0x10000, bytes: bytes.subarray(0, 0x7fff) }, BLOCK),
    ).toBeUndefined();
    for (const changes of [{ stub: false }, { compress: false }]) {
      const prepared = prepareStreams({ ...job, ...changes }, deps);
      expect(prepared.find({ offset: 0x10000, bytes }, BLOCK)).toBeUndefined();
    }
  });

  test("leave out long runs of FF, and FF at the end", async () => {
    const gap = patternBytes(0x30000).fill(0xff, 0x10000, 0x20000).fill(0xff, 0x2f800);
    const prepared = prepareStreams(flashJob([flashImage("a", 0, gap)]), deps);
    expect(await prepared.find({ offset: 0, bytes: gap.subarray(0, 0x10000) }, BLOCK)).toMatchObject({
      lengthBytes: 0x10000,
    });
    expect(await prepared.find({ offset: 0x20000, bytes: gap.subarray(0x20000, 0x2f800) }, BLOCK)).toMatchObject({
      lengthBytes: 0xf800,
    });
    expect(prepared.find({ offset: 0, bytes: gap }, BLOCK)).toBeUndefined();
  });

  test("are kept for the next run where there is a place for that, and taken from there", async () => {
    const kept = new Map<Uint8Array, Uint8Array>();
    let found = 0;
    const store = {
      find: (plain: Uint8Array) => {
        const [, deflated] = [...kept].find(([each]) => Buffer.compare(each, plain) === 0) ?? [];
        if (deflated !== undefined) found++;
        return deflated;
      },
      keep: (plain: Uint8Array, deflated: Uint8Array) => void kept.set(plain.slice(), deflated.slice()),
    };
    const run = { offset: 0x10000, bytes };
    const first = await prepareStreams(job, { ...deps, store }).find(run, BLOCK);
    const again = await prepareStreams(job, { ...deps, store }).find(run, BLOCK);
    expect(again).toEqual(first);
    expect(found).toBeGreaterThan(0);
  });

  test("are not made any further once they are stopped", async () => {
    const prepared = prepareStreams(job, deps);
    const first = prepared.find({ offset: 0x10000, bytes }, BLOCK);
    prepared.stop();
    await expect(first).rejects.toThrow("aborted");
  });

  test("are shared by boards with the same job, and one board's end leaves them to the others", async () => {
    const shared = shareStreams(deps);
    const one = shared.prepare(job);
    const other = shared.prepare(job);
    one.stop();
    const run = { offset: 0x10000, bytes };
    const stream = await one.find(run, BLOCK);
    expect(await other.find(run, BLOCK)).toBe(stream);
    const apart = shared.prepare({ ...job });
    const late = apart.find(run, BLOCK);
    shared.stop();
    await expect(late).rejects.toThrow("aborted");
  });
});
