import type { Allowance, FlashJob, FlashResult } from "../../src/flash/job.js";
import type { Partition } from "../../src/image/partition-table.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench, JobEnd } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";
import { dataBytes, dataOffset, holds, smallBoard, smallBoardMac, smallJob } from "../support/small-board.js";
import { withRegister } from "../support/wire-tap.js";

const row = (name: string, offset: number, lengthBytes: number, type = 1, subtype = 0x81): Partition => ({
  name,
  type,
  subtype,
  offset,
  lengthBytes,
  flags: 0,
});

describe("partitions of the board that lose data", () => {
  const before = row("before", dataOffset - 0x2000, 0x2000);
  const under = row("under", dataOffset, 0x3000);
  const within = row("within", dataOffset + 0x1000, 0x1000);
  const far = row("far", 0xf0000, 0x1000);
  const app = row("ota_0", 0xa0000, 0x10000, 0, 0x10);

  /** A board with this table and nothing else but zeros in `filled`. */
  const boardWith = (rows: readonly Partition[], ...filled: readonly Partition[]): JobBench => {
    const bench = smallBoard();
    bench.board.flash.bytes.set(buildPartitionTable(rows), 0x8000);
    for (const { offset, lengthBytes } of filled) bench.board.flash.bytes.fill(0, offset, offset + lengthBytes);
    return bench;
  };
  const erasingAll: Partial<FlashJob> = { erase: "all", allow: new Set<Allowance>(["would-not-boot"]) };
  const lost = async (
    bench: JobBench,
    changes: Partial<FlashJob> = erasingAll,
  ): Promise<FlashResult["lostPartitions"]> => {
    const end = await bench.run(smallJob(changes));
    if (end.result === undefined) throw new Error(end.error?.message);
    const { lostPartitions } = end.result;
    const told = end.messages.filter((text) => text.startsWith("Partitions of this board that lose their data: "));
    const expected = lostPartitions.length === 0 ? [] : [`${lostPartitions.join(", ")}.`];
    expect(told.map((text) => text.slice("Partitions of this board that lose their data: ".length))).toEqual(expected);
    return lostPartitions;
  };

  test("are those that hold something else than they will, and are not filled by the job", async () => {
    expect(await lost(boardWith([before, under, far], before, under, far))).toEqual(["before", "far"]);
    expect(await lost(boardWith([before, under, far], under))).toEqual([]);
    expect(await lost(boardWith([before, under, far], far))).toEqual(["far"]);
    expect(await lost(boardWith([before, far], before, far), {})).toEqual([]);
  });

  test("are none where the board has no table, or is about to get its first", async () => {
    const none = smallBoard();
    none.board.flash.bytes.fill(0, far.offset, far.offset + 0x1000);
    expect(await lost(none)).toEqual([]);
    const first = smallBoard();
    first.board.flash.bytes.fill(0, far.offset, far.offset + 0x1000);
    const images = [flashImage("table.bin", 0x8000, buildPartitionTable([far]))];
    expect(await lost(first, { ...erasingAll, images })).toEqual([]);
  });

  test("are told for each that is reached beside what is right, or only in part", async () => {
    const bench = boardWith([within, far], far);
    bench.board.flash.bytes.set(dataBytes, dataOffset);
    expect(await lost(bench)).toEqual(["far"]);
    const half = boardWith([row("half", far.offset - 0x1000, 0x2000)]);
    half.board.flash.bytes[far.offset + 5] = 0;
    expect(await lost(half)).toEqual(["half"]);
  });

  test("are none that are blank themselves, though the block around them changes", async () => {
    const near = row("near", far.offset + 0x2000, 0x1000);
    expect(await lost(boardWith([far, near], far))).toEqual(["far"]);
    expect(await lost(boardWith([near, far], near))).toEqual(["near"]);
  });

  test("an app counts as lost where it is erased, and not where nothing of it changes", async () => {
    expect(await lost(boardWith([app, far], app))).toEqual(["ota_0"]);
    expect(await lost(boardWith([app, far], far))).toEqual(["far"]);
  });

  test("a partition that nobody can make again stops the job by its name", async () => {
    const keys = row("keys", 0xe0000, 0x1000, 1, 4);
    const bench = boardWith([keys, far], keys, far);
    const end = await bench.run(smallJob(erasingAll));
    expect(end.error).toMatchObject({ code: "plan/data-loss", details: { partitions: ["keys"], allow: "data-loss" } });
    expect(bench.board.flash.bytes[keys.offset]).toBe(0);
    const allow = new Set<Allowance>(["would-not-boot", "data-loss"]);
    expect(await lost(bench, { erase: "all", allow })).toEqual(["keys", "far"]);
  });

  test("it stops the job also where the block of the table is only right in every other sector", async () => {
    const keys = row("keys", 0xe0000, 0x1000, 1, 4);
    const block = patternBytes(0x10000);
    block.set(buildPartitionTable([keys]), 0x8000);
    const bench = boardWith([keys], keys);
    bench.board.flash.bytes.set(block);
    for (let at = 0x1000; at < block.length; at += 0x2000) bench.board.flash.bytes.fill(0xff, at, at + 0x1000);
    const images = [flashImage("block.bin", 0, block), flashImage("keys.bin", keys.offset, patternBytes(0x1000))];
    const end = await bench.run(smallJob({ images, allow: new Set<Allowance>(["would-not-boot", "table-overlap"]) }));
    expect(end.error).toMatchObject({ code: "plan/data-loss", details: { partitions: ["keys"] } });
    expect(bench.board.flash.bytes[keys.offset]).toBe(0);
  });
});

describe("a loader that does not compare", () => {
  const blind = (changes: Partial<FlashJob> = {}): { bench: JobBench; end: Promise<JobEnd> } => {
    const bench = createJobBench("virtual:esp8266");
    const images = [flashImage("data.bin", dataOffset, dataBytes)];
    return {
      bench,
      end: bench.run({ ...flashJob(images), chip: "esp8266", erase: "touched", stub: false, ...changes }),
    };
  };

  test("needs the consent that nothing is verified", async () => {
    const { end, bench } = blind();
    expect((await end).error).toMatchObject({
      code: "plan/unverified",
      message: "The ROM of this ESP8266 does not compare what it wrote, so nothing could be verified.",
    });
    expect(bench.board.flash.bytes[dataOffset]).toBe(0xff);
  });

  test("with that writes everything, says so, and is never called verified", async () => {
    const { end, bench } = blind({ allow: new Set<Allowance>(["unverified"]) });
    const { result, messages } = await end;
    expect(result).toMatchObject({ verified: false, skipped: false, bytesWritten: 0x3000, lostPartitions: [] });
    expect(result?.images[0]).not.toHaveProperty("md5");
    expect(messages).toContain("Nothing was verified: this loader does not compare what it wrote.");
    expect(holds(bench, dataOffset, dataBytes)).toBe(true);
  });

  test("cannot do without an erase, whatever is allowed", async () => {
    const { end } = blind({ erase: "none", allow: new Set<Allowance>(["unverified"]) });
    expect((await end).error).toMatchObject({
      code: "chip/unsupported",
      message: "`erase: none` needs to know what is blank, and the ROM of this ESP8266 does not compare.",
    });
  });
});

describe("a loader that does not read", () => {
  const why = "the partition table of this ESP32-C3 cannot be read.";
  const secret = async (changes: Partial<FlashJob>): Promise<JobEnd> =>
    createJobBench("virtual:esp32c3?security=secure-download").run(
      smallJob({ chip: "esp32c3", settings: { size: "4MB" }, allow: new Set<Allowance>(["unverified"]), ...changes }),
    );

  test("cannot tell where a partition lies", async () => {
    const unplaced = [{ name: "cfg.bin", bytes: patternBytes(16), sha256: "", partition: "nvs" }];
    expect((await secret({ unplaced })).error).toMatchObject({
      code: "plan/no-partition",
      message: `cfg.bin shall go to the partition nvs, but ${why}`,
      details: { image: "cfg.bin", partition: "nvs" },
    });
    expect((await secret({ blankPartitions: ["nvs"] })).error).toMatchObject({
      code: "plan/no-partition",
      message: `The partition nvs shall be erased, but ${why}`,
      details: { partition: "nvs" },
    });
    expect((await secret({ preserve: ["nvs", "fctry"] })).error).toMatchObject({
      code: "plan/preserve",
      message: `Whether nvs, fctry can be preserved is unknown: ${why}`,
    });
  });

  test("writes what has a place, and with `erase: all` what would start is still judged", async () => {
    expect((await secret({})).result).toMatchObject({ verified: false, bytesWritten: 0x3000, resumed: false });
    const whole = flashImage("app.bin", 0, Uint8Array.of(0xe9, 1));
    expect((await secret({ erase: "all", images: [whole] })).code).not.toBe("success");
  });
});

describe("more flash than the board has", () => {
  const beyond = (changes: Partial<FlashJob> = {}): FlashJob =>
    smallJob({
      images: [flashImage("data.bin", 0x100000, dataBytes)],
      allow: new Set<Allowance>(["out-of-range"]),
      ...changes,
    });

  test.each([true, false])("is refused where the flash begins anew, stub: %p", async (stub) => {
    const bench = smallBoard();
    bench.board.flash.bytes.set(patternBytes(0x1000), 0);
    const before = bench.board.flash.bytes.slice();
    const end = await bench.run(beyond({ stub }));
    expect(end.error).toMatchObject({
      code: "plan/out-of-range",
      message:
        "Behind 1,048,576 bytes the flash of this board begins anew: what is written there would overwrite its start.",
      details: { reachBytes: 0x100000 },
    });
    expect(Buffer.compare(bench.board.flash.bytes, before)).toBe(0);
  });

  test("is written to where the chip did not tell all that it has", async () => {
    const bench = createJobBench("virtual:esp32?flash-size=2MB");
    bench.board.flash.bytes.set(patternBytes(0x1000), 0);
    const tellsOneMebibyte = withRegister(0x3ff42080, 0x144020);
    const plain = await bench.run(beyond(), { wrap: tellsOneMebibyte });
    expect(plain.result).toMatchObject({ verified: true, flashSizeBytes: 0x100000 });
    expect(holds(bench, 0x100000, dataBytes)).toBe(true);
  });

  test("says so and leaves alone what lies above, where the loader does not reach all", async () => {
    const end = await createJobBench("virtual:esp32?flash-size=32MB").run(smallJob());
    expect(end.messages).toContain(
      "The loader reaches 16,777,216 bytes of 33,554,432 bytes: what lies above stays as it is.",
    );
  });

  test("is not erased where an earlier run left it half done: the erase would wrap around to other data", async () => {
    const bench = createJobBench("virtual:esp32s3?flash-size=32MB");
    const torn = { offset: 0x1400000, lengthBytes: 0x1000 };
    const wrapped = torn.offset - 0x1000000;
    bench.board.flash.bytes.fill(0x5a, wrapped, wrapped + 0x1000);
    bench.journal.notes.set(smallBoardMac, [torn]);
    const job = smallJob({ chip: "esp32s3" });
    const end = await bench.run({ ...job, stub: false });
    expect(bench.board.flash.bytes[wrapped]).toBe(0x5a);
    expect(end.error).toMatchObject({
      code: "plan/above-16mib",
      message: "An earlier run left 0x01400000 half done, which lies above the 16,777,216 bytes that this job reaches.",
    });
    expect((await bench.run(job)).result).toMatchObject({ verified: true, resumed: true });
    expect(bench.journal.notes.size).toBe(0);
  });
});
