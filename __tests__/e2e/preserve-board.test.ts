import { chips } from "../../src/chips/index.js";
import { FlashError } from "../../src/base/errors.js";
import type { EraseMode } from "../../src/flash/job.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import { flashRequest, part, runRequest } from "../support/requests.js";

const FLASH_BYTES = 0x400000;
const demo = buildDemoFirmware(chips.esp32);
const merged = part("merged.bin", undefined, demo);
const settings = patternBytes(0x6000, 5);
const files = patternBytes(0x3000, 6);

const tableWithFiles = buildPartitionTable([
  { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
  { name: "otadata", type: 1, subtype: 0, offset: 0xf000, lengthBytes: 0x1000, flags: 0 },
  { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
  { name: "vfs", type: 1, subtype: 0x81, offset: 0x300000, lengthBytes: 0x10000, flags: 0 },
]);

/** Another version of the demo, with settings in `nvs` and files at 3 MiB. */
const usedFlash = (table?: Uint8Array): Uint8Array =>
  flashBytes(FLASH_BYTES, [
    { offset: 0x1000, bytes: buildDemoFirmware(chips.esp32, 1) },
    ...(table === undefined ? [] : [{ offset: 0x8000, bytes: table }]),
    { offset: 0x9000, bytes: settings },
    { offset: 0x300000, bytes: files },
  ]);
/** A blank flash but for the merged file and what else is named. */
const flashOf = (...parts: readonly { readonly offset: number; readonly bytes: Uint8Array }[]): Uint8Array =>
  flashBytes(FLASH_BYTES, [{ offset: 0x1000, bytes: demo }, ...parts]);

describe("partitions that are preserved", () => {
  test.each<EraseMode>(["all", "touched"])("stay under a merged image, with erase: %s", async (erase) => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    const { code, end } = await runRequest(bench, flashRequest([merged], { erase, preserve: ["nvs"] }));
    expect(code).toBe("success");
    const rest = erase === "all" ? [] : [{ offset: 0x300000, bytes: files }];
    expect(Buffer.compare(bench.board.flash.bytes, flashOf({ offset: 0x9000, bytes: settings }, ...rest))).toBe(0);
    expect(end?.result).toMatchObject({ verified: true, preservedPartitions: ["nvs"] });
    expect(end?.result?.lostPartitions).not.toContain("nvs");
    expect(end?.result?.images).toMatchObject([{ leftOutBytes: 0x6000 }]);
    expect(end?.result?.images[0]).not.toHaveProperty("md5");
  });

  test("need no second run, and a note about other sectors does not reach them", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    const request = flashRequest([merged], { preserve: ["nvs"] });
    await runRequest(bench, request);
    bench.journal.notes.set("4c:11:ae:b9:90:54", [{ offset: 0x10000, lengthBytes: 0x1000 }]);
    const again = await runRequest(bench, request);
    expect(again.end?.result).toMatchObject({ verified: true, resumed: true });
    const third = await runRequest(bench, request);
    expect(third.end?.result).toMatchObject({ skipped: true, verified: true });
    expect(Buffer.compare(bench.board.flash.bytes, flashOf({ offset: 0x9000, bytes: settings }))).toBe(0);
  });

  test("stay beside `erase: all` in a job without a table, along with the board's own, also when it was cut off", async () => {
    const bench = createJobBench("virtual:esp32?timing=modelled", usedFlash(tableWithFiles));
    const app = part("app.bin", 0x10000, appImage());
    const request = flashRequest([app], { preserve: ["vfs"], allow: new Set(["would-not-boot", "data-loss"]) });
    const abort = { afterMs: 2600, reason: new FlashError("job/timeout", "cut") };
    expect(await runRequest(bench, request, { abort })).toMatchObject({ code: "job/timeout" });
    expect(Buffer.compare(bench.board.flash.bytes, usedFlash(tableWithFiles))).not.toBe(0);
    const { end } = await runRequest(bench, request);
    expect(end?.result).toMatchObject({ verified: true, preservedPartitions: ["vfs"] });
    expect(end?.messages).toContain("The board's partition table stays, as the job goes by it and brings none.");
    const wanted = flashBytes(FLASH_BYTES, [
      { offset: 0x8000, bytes: tableWithFiles },
      { offset: 0x10000, bytes: appImage() },
      { offset: 0x300000, bytes: files },
    ]);
    expect(Buffer.compare(bench.board.flash.bytes, wanted)).toBe(0);
  });

  test("that an earlier run left half done are refused", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    bench.journal.notes.set("4c:11:ae:b9:90:54", [{ offset: 0xa000, lengthBytes: 0x1000 }]);
    const { code, message } = await runRequest(bench, flashRequest([merged], { preserve: ["nvs"] }));
    expect(code).toBe("plan/preserve");
    expect(message).toMatch(/0x0000a000 was left half done/);
    expect(bench.board.counters).toMatchObject({ erasedSectors: 0, programmedBytes: 0 });
  });

  test("may be known to the board's table alone", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash(tableWithFiles));
    const app = part("app.bin", "factory", appImage());
    const request = flashRequest([app], { erase: "touched", preserve: ["vfs"] });
    const { code, end } = await runRequest(bench, request);
    expect(code).toBe("success");
    expect(end?.result?.images).toMatchObject([{ offset: 0x10000, lengthBytes: appImage().length }]);
    expect(Buffer.compare(bench.board.flash.bytes.subarray(0x300000, 0x303000), files)).toBe(0);
  });

  test("are not written by mistake: an image for one of them is refused", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    const parts = [merged, part("nvs.bin", 0x9000, patternBytes(0x1000))];
    const request = flashRequest(parts, { preserve: ["nvs"], allow: new Set(["overlap", "preserve"]) });
    expect(await runRequest(bench, request)).toMatchObject({ code: "plan/preserve" });
    expect(bench.board.counters).toMatchObject({ erasedSectors: 0, programmedBytes: 0 });
  });

  test("must exist: the name is checked before the port is opened where the job has a table", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    const refused = await runRequest(bench, flashRequest([merged], { preserve: ["nvs", "settings"] }));
    expect(refused).toMatchObject({ code: "plan/preserve" });
    expect(refused.end).toBeUndefined();
    const app = part("app.bin", 0x10000, appImage());
    const late = await runRequest(bench, flashRequest([app], { erase: "touched", preserve: ["settings"] }));
    expect(late).toMatchObject({ code: "plan/preserve" });
    expect(late.end).toBeDefined();
  });
});

describe("gaps of a merged image", () => {
  test("are left alone where the job says so", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    const { end } = await runRequest(bench, flashRequest([merged], { keepGaps: true }));
    expect(end?.result).toMatchObject({ verified: true });
    expect(Buffer.compare(bench.board.flash.bytes, flashOf({ offset: 0x9000, bytes: settings }))).toBe(0);
  });

  test("are erased otherwise, and the loss is named", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    const { end } = await runRequest(bench, flashRequest([merged]));
    expect(end?.result?.lostPartitions).toEqual(["nvs"]);
    expect(Buffer.compare(bench.board.flash.bytes, flashOf())).toBe(0);
  });

  test("do not lie inside a part: FF in a file system are its content", async () => {
    const fileSystem = flashBytes(0x10000, [
      { offset: 0, bytes: patternBytes(0x1000, 8) },
      { offset: 0xf000, bytes: patternBytes(0x1000, 9) },
    ]);
    const whole = flashBytes(0x310000 - 0x1000, [
      { offset: 0, bytes: bootloaderImage() },
      { offset: 0x7000, bytes: tableWithFiles },
      { offset: 0xf000, bytes: appImage() },
      { offset: 0x2ff000, bytes: fileSystem },
    ]);
    const old = usedFlash(tableWithFiles);
    old.fill(0, 0x308000, 0x309000);
    const bench = createJobBench("virtual:esp32", old);
    const { code, end } = await runRequest(
      bench,
      flashRequest([part("whole.bin", undefined, whole)], { keepGaps: true }),
    );
    expect(code).toBe("success");
    expect(Buffer.compare(bench.board.flash.bytes.subarray(0x300000, 0x310000), fileSystem)).toBe(0);
    expect(Buffer.compare(bench.board.flash.bytes.subarray(0x9000, 0xf000), settings)).toBe(0);
    // The board goes by its old OTA data, which the person should know.
    expect(end?.messages.some((text) => text.includes("OTA data"))).toBe(true);
  });
});
