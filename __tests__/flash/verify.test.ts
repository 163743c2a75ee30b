import { createHash } from "node:crypto";
import { systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import type { JobEvent } from "../../src/base/events.js";
import { md5Of, md5OfBlank } from "../../src/flash/hash.js";
import { createProgress } from "../../src/flash/progress.js";
import { digestsFound, verifyRanges } from "../../src/flash/verify.js";
import { patternBytes } from "../support/images.js";
import { createMemoryFlash } from "../support/memory-flash.js";

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

/** How often work lets others run. */
function breathing(): { clock: Clock; breaths: () => number } {
  let breaths = 0;
  return {
    clock: { ...systemClock, breathe: () => Promise.resolve().then(() => void (breaths += 1)) },
    breaths: () => breaths,
  };
}

const MEBIBYTE = 0x100000;

describe("the host's own MD5s", () => {
  test("cover all bytes, however long, and let others run after each mebibyte but the last", async () => {
    for (const [lengthBytes, breaths] of [
      [0, 0],
      [1, 0],
      [MEBIBYTE, 0],
      [MEBIBYTE + 1, 1],
      [3 * MEBIBYTE, 2],
    ] as const) {
      const bytes = new Uint8Array(lengthBytes).fill(7).fill(9, MEBIBYTE);
      const ofBytes = breathing();
      expect(await md5Of(bytes, ofBytes.clock)).toBe(md5(bytes));
      expect(ofBytes.breaths()).toBe(breaths);
    }
  });

  test("of blank flash are reckoned once a length", async () => {
    for (const [lengthBytes, breaths] of [
      [7, 0],
      [MEBIBYTE + 7, 1],
      [2 * MEBIBYTE + 7, 2],
      [3 * MEBIBYTE, 2],
    ] as const) {
      const first = breathing();
      const expected = md5(new Uint8Array(lengthBytes).fill(0xff));
      expect(await md5OfBlank(lengthBytes, first.clock)).toBe(expected);
      expect(first.breaths()).toBe(breaths);
      const second = breathing();
      expect(await md5OfBlank(lengthBytes, second.clock)).toBe(expected);
      expect(second.breaths()).toBe(0);
    }
  });
});

describe("the last question", () => {
  const image = patternBytes(0x3000);
  const ranges = [
    { offset: 0, lengthBytes: 0x1000 },
    { offset: 0x1000, lengthBytes: 0x3000, bytes: image },
    { offset: 0x4000, lengthBytes: 0x4000 },
  ];
  const inOrder = (): ReturnType<typeof createMemoryFlash> => {
    const flash = createMemoryFlash(new Uint8Array(0x8000).fill(0xff));
    flash.bytes.set(image, 0x1000);
    return flash;
  };
  const watch = (): { events: JobEvent[]; deps: Parameters<typeof verifyRanges>[2] } => {
    const events: JobEvent[] = [];
    const progress = createProgress(systemClock, (event) => void events.push(event));
    return { events, deps: { clock: systemClock, progress } };
  };

  test("gives the digest of every range, and only then is all done", async () => {
    const { events, deps } = watch();
    deps.progress.done(3, 8);
    const digests = await verifyRanges(inOrder(), ranges, deps);
    expect([...digests]).toEqual([
      [ranges[0], md5(new Uint8Array(0x1000).fill(0xff))],
      [ranges[1], md5(image)],
      [ranges[2], md5(new Uint8Array(0x4000).fill(0xff))],
    ]);
    expect(events).toMatchObject([
      { kind: "progress", doneBytes: 3, totalBytes: 8 },
      { kind: "started", phase: "verify" },
      { kind: "progress", doneBytes: 8, totalBytes: 8 },
      { kind: "finished", phase: "verify" },
    ]);
  });

  test("is the same as what a comparison found that had nothing to change", async () => {
    const { deps } = watch();
    expect(await digestsFound(ranges, systemClock)).toEqual(await verifyRanges(inOrder(), ranges, deps));
  });

  test.each([
    ["in an image", 0x1234, 0x1000],
    ["in the first byte that shall be blank", 0, 0],
    ["in the last byte that shall be blank", 0x7fff, 0x4000],
  ])("finds one wrong bit %s, and says where", async (_where, at, offset) => {
    const flash = inOrder();
    flash.bytes[at] = (flash.bytes[at] ?? 0) ^ 0x10;
    const { events, deps } = watch();
    const held = await flash.md5(offset, offset === 0x1000 ? 0x3000 : offset === 0 ? 0x1000 : 0x4000);
    await expect(verifyRanges(flash, ranges, deps)).rejects.toMatchObject({
      code: "verify/mismatch",
      message: expect.stringContaining(`has the MD5 ${held}`) as string,
      details: { offset: `0x${offset.toString(16).padStart(8, "0")}`, held },
    });
    expect(events.filter(({ kind }) => kind === "progress")).toEqual([]);
  });

  test("says where nothing was written at all", async () => {
    const flash = inOrder();
    flash.bytes.fill(0xff);
    await expect(verifyRanges(flash, ranges, watch().deps)).rejects.toThrow(
      `The flash is blank where 12,288 bytes at 0x00001000 should have ${md5(image)}.`,
    );
  });

  test("a loader that cannot answer gives no digests, and that is told", async () => {
    const { events, deps } = watch();
    const access = { ...inOrder(), verifies: false, md5: () => Promise.reject(new Error("cannot")) };
    expect((await verifyRanges(access, ranges, deps)).size).toBe(0);
    expect(events).toEqual([
      {
        kind: "message",
        level: "warning",
        text: "Nothing was verified: this loader does not compare what it wrote.",
      },
    ]);
  });
});
