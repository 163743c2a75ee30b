import { inflateSync } from "node:zlib";
import { systemClock } from "../../src/base/clock.js";
import { prepareForms, shareForms } from "../../src/flash/prepare.js";
import { patternBytes } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const deps = { clock: systemClock };
const bytes = patternBytes(0x9000);
const job = flashJob([flashImage("a", 0x10000, bytes), flashImage("b", 0x20000, patternBytes(0x8000, 3))]);

describe("deflated forms that are prepared", () => {
  test("are found by their bytes, and nothing else is", async () => {
    const prepared = prepareForms(job, deps);
    const form = await prepared.find(bytes.slice());
    expect(inflateSync(form?.bytes ?? "").equals(bytes)).toBe(true);
    expect(await prepared.find(patternBytes(0x8000, 3))).toBeDefined();
    expect(prepared.find(bytes.subarray(1))).toBeUndefined();
    expect(prepared.find(patternBytes(0x9000, 2))).toBeUndefined();
  });

  test("are those of long content only, and none where the loader takes none", () => {
    const short = flashJob([flashImage("a", 0x10000, bytes.subarray(0, 0x7fff))]);
    expect(prepareForms(short, deps).find(bytes.subarray(0, 0x7fff))).toBeUndefined();
    for (const changes of [{ stub: false }, { compress: false }]) {
      expect(prepareForms({ ...job, ...changes }, deps).find(bytes)).toBeUndefined();
    }
  });

  test("leave out long runs of FF, and FF at the end", async () => {
    const gap = patternBytes(0x30000).fill(0xff, 0x10000, 0x20000).fill(0xff, 0x2f800);
    const prepared = prepareForms(flashJob([flashImage("a", 0, gap)]), deps);
    expect(await prepared.find(gap.subarray(0, 0x10000))).toBeDefined();
    expect(await prepared.find(gap.subarray(0x20000, 0x2f800))).toBeDefined();
    expect(prepared.find(gap)).toBeUndefined();
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
    const first = await prepareForms(job, { ...deps, store }).find(bytes);
    const again = await prepareForms(job, { ...deps, store }).find(bytes);
    expect(again).toEqual(first);
    expect(found).toBeGreaterThan(0);
  });

  test("are not made any further once they are stopped", async () => {
    const prepared = prepareForms(job, deps);
    const first = prepared.find(bytes);
    prepared.stop();
    await expect(first).rejects.toThrow("aborted");
  });

  test("are shared by boards with the same job, and one board's end leaves them to the others", async () => {
    const shared = shareForms(deps);
    const one = shared.prepare(job);
    const other = shared.prepare(job);
    one.stop();
    const form = await one.find(bytes);
    expect(await other.find(bytes)).toBe(form);
    const apart = shared.prepare({ ...job });
    const late = apart.find(bytes);
    shared.stop();
    await expect(late).rejects.toThrow("aborted");
  });
});
