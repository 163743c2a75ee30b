import { FlashError } from "../../src/base/errors.js";
import { allowances } from "../../src/flash/job.js";
import type { FlashJob } from "../../src/flash/job.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { Partition } from "../../src/image/partition-table.js";
import type { Transport } from "../../src/transport/transport.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobEnd } from "../support/job-bench.js";
import { flashImage } from "../support/jobs.js";
import { dataBytes, dataOffset, holds, smallBoard, smallJob, startedPhases } from "../support/small-board.js";

const ERASE_REGION = 0xd1;

const said = (end: JobEnd, level: "info" | "warning"): readonly string[] =>
  end.events.flatMap((event) => (event.kind === "message" && event.level === level ? [event.text] : []));

const row = (name: string, subtype: number, offset: number, lengthBytes: number, type = 1): Partition => ({
  name,
  type,
  subtype,
  offset,
  lengthBytes,
  flags: 0,
});

describe("what is a warning", () => {
  test("nothing on a board that was blank; what is in place is plain information", async () => {
    const end = await smallBoard().run(smallJob());
    expect(said(end, "warning")).toEqual([]);
    expect(said(end, "info")).toContain("In place: 0 bytes of 12,288 bytes.");
  });

  test("that there is no stub, but not who the board is and what was said on the wire", async () => {
    const bench = createJobBench("virtual:esp32c6?security=secure-download");
    const end = await bench.run(smallJob({ chip: "esp32c6", allow: new Set(["unverified"]) }));
    expect(said(end, "warning")).toContainEqual(expect.stringContaining("the ROM does the work, slower"));
    expect((await createJobBench("virtual:esp32c6").run(smallJob({ chip: "esp32c6" }))).events).toContainEqual({
      kind: "message",
      level: "info",
      text: expect.stringMatching(
        /^ESP32-C6.*, MAC \S+ \(EUI-64 (..:){3}ff:fe:(..:){2}..\), crystal 40 MHz$/,
      ) as string,
    });
    const wire = end.events.flatMap((event) =>
      event.kind === "message" && event.level === "debug" ? [event.text] : [],
    );
    expect(wire).toContainEqual(expect.stringContaining(" > SYNC "));
  });

  test("that the loader does not reach all of the flash", async () => {
    const end = await createJobBench("virtual:esp32?flash-size=32MB").run(smallJob());
    expect(said(end, "warning")).toEqual([
      "The loader reaches 16,777,216 bytes of 33,554,432 bytes: what lies above stays as it is.",
    ]);
  });

  test("that an earlier run did not end", async () => {
    const bench = smallBoard();
    const suspects = [{ offset: dataOffset, lengthBytes: 0x1000 }];
    const end = await bench.run(smallJob(), { journal: { ...bench.journal, suspects: () => suspects } });
    expect(said(end, "warning")).toEqual(["An earlier run on this board did not end: 4,096 bytes are erased anew."]);
  });

  test("not that a try of this run did not end: no earlier run is blamed for it", async () => {
    const images = [flashImage("data.bin", 0x10000, patternBytes(0x20000, 3))];
    const end = await createJobBench("virtual:esp32?fault=write-fails:3").run(smallJob({ images }));
    expect(end.result).toMatchObject({ verified: true, retries: 1, resumed: false });
    expect(said(end, "warning")).toEqual([expect.stringMatching(/ Going on from what is in place\.$/)]);
    expect(said(end, "info")).toContainEqual(
      expect.stringMatching(/^The try before did not end: [\d,]+ bytes are erased anew\.$/),
    );
  });

  test.each([
    ["otadata", 0x00, ["The OTA data are a gap of the image and are kept: an older app may go on to start."]],
    ["nvs", 0x02, []],
  ])("that a gap leaves it to the board which app starts: %s", async (name, subtype, expected) => {
    const table = [row(name, subtype, 0xd000, 0x2000), row("ota_0", 0x10, 0x10000, 0x100000, 0)];
    const merged = flashBytes(0xf000 + appImage().length, [
      { offset: 0, bytes: bootloaderImage() },
      { offset: 0x7000, bytes: buildPartitionTable(table) },
      { offset: 0xf000, bytes: appImage() },
    ]);
    const images = [flashImage("merged.bin", 0x1000, merged)];
    const end = await createJobBench("virtual:esp32").run(smallJob({ images, keepGaps: true }));
    expect(end.code).toBe("success");
    expect(said(end, "warning")).toEqual(expected);
  });
});

describe("partitions that lose data", () => {
  test("are told once, and all of them, where the link is lost between their erases", async () => {
    const rows = [row("near", 0x81, 0x20000, 0x1000), row("far", 0x81, 0xf0000, 0x1000)];
    const bench = smallBoard();
    const table = flashImage("table.bin", 0x8000, buildPartitionTable(rows));
    bench.board.flash.bytes.set(table.bytes, 0x8000);
    for (const { offset } of rows) bench.board.flash.bytes.fill(0, offset, offset + 0x1000);
    let erases = 0;
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      write: (bytes) =>
        bytes[2] === ERASE_REGION && ++erases === 2
          ? Promise.reject(new FlashError("port/lost", "the link is gone"))
          : transport.write(bytes),
    });
    const end = await bench.run(smallJob({ images: [table], erase: "all", allow: new Set(allowances) }), { wrap });
    expect(end.result).toMatchObject({ retries: 1, lostPartitions: ["near", "far"] });
    const told = said(end, "warning").filter((text) => !text.startsWith("An earlier run"));
    expect(told).toEqual([
      "Partitions of this board that lose their data: near, far.",
      "the link is gone Going on from what is in place.",
    ]);
  });
});

describe("what the result says of each image", () => {
  const other = patternBytes(0x2000, 7);

  test("are its own bytes, and not those of another one", async () => {
    const bench = smallBoard();
    await bench.run(smallJob());
    const images = [flashImage("data.bin", dataOffset, dataBytes), flashImage("other.bin", 0x20000, other)];
    const end = await bench.run(smallJob({ images }));
    expect(end.result?.images).toMatchObject([
      { name: "data.bin", writtenBytes: 0, leftOutBytes: 0 },
      { name: "other.bin", writtenBytes: 0x2000, leftOutBytes: 0 },
    ]);
    expect(end.result).toMatchObject({ bytesInPlace: 0x3000, bytesWritten: 0x2000 });
  });
});

test("the app that was flashed is told where there is one", async () => {
  const bytes = appImage();
  const images = [flashImage("app.bin", 0x10000, bytes)];
  const end = await createJobBench("virtual:esp32").run(smallJob({ images, allow: new Set(allowances) }));
  expect(end.result?.app).toMatchObject({ image: "app.bin", offset: 0x10000, project: "blink", version: "1.2.3" });
  expect((await smallBoard().run(smallJob())).result).not.toHaveProperty("app");
});

test("what only has to be erased is erased, and nothing is written", async () => {
  const bench = smallBoard();
  bench.board.flash.bytes.set(dataBytes, dataOffset);
  const suspects = [{ offset: 0x20000, lengthBytes: 0x1000 }];
  const end = await bench.run(smallJob(), { journal: { ...bench.journal, suspects: () => suspects } });
  expect(startedPhases(end).slice(-4)).toEqual(["compare", "erase", "verify", "reset"]);
  expect(end.result).toMatchObject({ bytesErased: 0x1000, bytesWritten: 0, skipped: false, verified: true });
});

test("`erase: none` writes to what is blank, and erases nothing", async () => {
  const bench = smallBoard();
  const end = await bench.run(smallJob({ erase: "none" }));
  expect(end.result).toMatchObject({ bytesErased: 0, bytesWritten: 0x3000, verified: true });
  expect(startedPhases(end)).not.toContain("erase");
  expect(holds(bench, dataOffset, dataBytes)).toBe(true);
});

test("`compress: false` sends the bytes as they are, and else fewer go over the wire", async () => {
  const images = [flashImage("data.bin", dataOffset, dataBytes), flashImage("other.bin", 0x20000, dataBytes)];
  const sentBytes = async (changes: Partial<FlashJob>): Promise<number> => {
    const end = await smallBoard().run(smallJob({ images, ...changes }));
    expect(end.result?.verified).toBe(true);
    return end.result?.bytesSent ?? Number.NaN;
  };
  const saved = (await sentBytes({ compress: false })) - (await sentBytes({ compress: true }));
  // Of a pattern that repeats every 256 bytes next to nothing is left.
  expect(saved).toBeGreaterThan(1.8 * dataBytes.length);
});
