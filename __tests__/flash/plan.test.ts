import { chips } from "../../src/chips/index.js";
import { planFlash } from "../../src/flash/plan.js";
import { settleJob } from "../../src/flash/settle.js";
import type { Settlement } from "../../src/flash/settle.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { parseImage } from "../../src/image/parse.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { PlanRequest } from "../../src/flash/plan.js";
import { appImage, bootloaderImage, flashBytes, patternBytes, thrownBy } from "../support/images.js";
import { memoryView } from "../support/jobs.js";
import { flashRequest, part } from "../support/requests.js";

const FLASH_BYTES = 0x400000;
const table = buildPartitionTable([
  { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
  { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
  { name: "ota_0", type: 0, subtype: 0x10, offset: 0x110000, lengthBytes: 0x100000, flags: 0 },
  { name: "vfs", type: 1, subtype: 0x81, offset: 0x300000, lengthBytes: 0x10000, flags: 0 },
]);
const otherTable = buildPartitionTable([
  { name: "factory", type: 0, subtype: 0, offset: 0x20000, lengthBytes: 0x100000, flags: 0 },
]);
const bootloader = part("bootloader.bin", undefined, bootloaderImage());
const merged = part("merged.bin", undefined, buildDemoFirmware(chips.esp32));
const app = (place: number | string): PlanRequest["parts"][number] => part("app.bin", place, appImage());

const planOf = (...parts: PlanRequest["parts"]): ReturnType<typeof planFlash> => planFlash(flashRequest(parts));
const refusal = (parts: PlanRequest["parts"], changes: Partial<PlanRequest> = {}): unknown =>
  thrownBy(() => planFlash(flashRequest(parts, changes)));

async function settle(request: PlanRequest, flash = flashBytes(FLASH_BYTES, [])): Promise<Settlement> {
  return settleJob(planFlash(request), { view: memoryView(flash), chip: chips.esp32, loader: "stub" });
}

describe("places", () => {
  test("come from the part itself, from an offset, or from the job's own table", () => {
    const job = planOf(
      bootloader,
      part("table.bin", 0x8000, table),
      app("ota_0"),
      part("vfs.bin", 0x300000, patternBytes(9)),
    );
    expect(job.images.map(({ name, offset }) => [name, offset])).toEqual([
      ["bootloader.bin", 0x1000],
      ["table.bin", 0x8000],
      ["app.bin", 0x110000],
      ["vfs.bin", 0x300000],
    ]);
    expect(job.unplaced).toEqual([]);
  });

  test("wait for the board's table where the job has none", async () => {
    const request = flashRequest([app("factory")], { chip: "esp32", erase: "touched" });
    expect(planFlash(request)).toMatchObject({ images: [], unplaced: [{ name: "app.bin", partition: "factory" }] });
    const board = flashBytes(FLASH_BYTES, [{ offset: 0x8000, bytes: table }]);
    expect((await settle(request, board)).job).toMatchObject({ images: [{ offset: 0x10000 }], unplaced: [] });
    await expect(settle(request)).rejects.toMatchObject({ code: "plan/no-partition" });
    const unknown = flashRequest([app("ota_7")], { erase: "touched" });
    await expect(settle(unknown, board)).rejects.toMatchObject({
      code: "plan/no-partition",
      message: expect.stringContaining("nvs, factory, ota_0, vfs") as string,
    });
  });

  test("of a name that the job's table lacks are refused at once", () => {
    expect(refusal([merged, app("ota_7")])).toMatchObject({ code: "plan/no-partition", details: { image: "app.bin" } });
  });

  test("must be told for what does not prove its own", () => {
    expect(refusal([part("app.bin", undefined, appImage())])).toMatchObject({ code: "plan/no-offset" });
    expect(refusal([part("data.bin", undefined, patternBytes(5000))])).toMatchObject({
      code: "plan/no-offset",
      message: "The firmware does not prove where it belongs; set `offset`.",
    });
    expect(refusal([part("app.bin", undefined, appImage({ chipId: 77 }))])).toMatchObject({
      code: "chip/unknown",
      message: "The firmware was built for a chip with the id 77, which is not known.",
      details: { id: 77 },
    });
  });
});

describe("contradictions", () => {
  test("of two tables are refused, two copies of one are none", () => {
    const parts = [bootloader, part("a.bin", 0x8000, table), part("b.bin", 0x9000, otherTable), app(0x10000)];
    expect(refusal(parts)).toMatchObject({ code: "plan/contradiction", details: { images: ["a.bin", "b.bin"] } });
    const twice = [bootloader, part("a.bin", 0x8000, table), part("b.bin", 0x8000, table), app(0x10000)];
    expect(refusal(twice)).toMatchObject({ code: "plan/overlap" });
  });

  test("of two apps in one partition are refused, also where the job allows odd places", () => {
    const parts = [bootloader, part("t.bin", 0x8000, table), app(0x10000), part("other.bin", 0x20000, appImage())];
    expect(refusal(parts, { allow: new Set(["app-offset"]) })).toMatchObject({
      code: "plan/contradiction",
      details: { images: ["app.bin", "other.bin"] },
    });
    expect(() => planOf(bootloader, part("t.bin", 0x8000, table), app(0x10000), app("ota_0"))).not.toThrow();
  });

  test("of images for two chips are refused where nothing says which one it is", () => {
    const parts = [bootloader, part("c3.bin", 0x10000, appImage({ chipId: 5 }))];
    expect(refusal(parts)).toMatchObject({
      code: "plan/contradiction",
      message: "bootloader.bin was built for ESP32, c3.bin for ESP32-C3.",
      details: { images: ["bootloader.bin", "c3.bin"] },
    });
    expect(refusal(parts, { chip: "esp32" })).toMatchObject({ code: "chip/image-mismatch" });
  });
});

describe("a table that the job brings along", () => {
  const withRows = (lengthBytes: number): PlanRequest["parts"] => [
    bootloader,
    part(
      "t.bin",
      0x8000,
      buildPartitionTable([{ name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes, flags: 0 }]),
    ),
    app(0x10000),
  ];

  test("is judged before any port is opened", () => {
    expect(refusal(withRows(0x100))).toMatchObject({ code: "plan/app-too-large" });
    expect(refusal(withRows(0x800000))).toMatchObject({ code: "plan/table-beyond-flash" });
    expect(() => planOf(...withRows(0x100000))).not.toThrow();
  });

  test("is held against the header of the bootloader, wherever that lies in its file, and no other image's", () => {
    const whole = flashBytes(0x9000, [
      { offset: 0x1000, bytes: bootloaderImage() },
      { offset: 0x8000, bytes: withRows(0x800000)[1]?.bytes ?? new Uint8Array() },
    ]);
    expect(refusal([part("whole.bin", 0, whole)])).toMatchObject({ code: "plan/table-beyond-flash" });
    const small = part("app.bin", 0x10000, appImage({ sizeFreqByte: 0x00 }));
    expect(() => planOf(small, ...withRows(0x200000).slice(0, 2))).not.toThrow();
  });

  test("may be for more flash than the header says, if the header is to be corrected", () => {
    const settings = { size: "detect" };
    expect(() => planFlash(flashRequest(withRows(0x800000), { settings }))).not.toThrow();
  });

  test("may describe bootloader and table themselves", () => {
    const rows = buildPartitionTable([
      { name: "bootloader", type: 2, subtype: 0, offset: 0x1000, lengthBytes: 0x7000, flags: 0 },
      { name: "table", type: 3, subtype: 0, offset: 0x8000, lengthBytes: 0x1000, flags: 0 },
      { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
    ]);
    expect(() => planOf(bootloader, part("t.bin", 0x8000, rows), app(0x10000))).not.toThrow();
  });
});

describe("flash settings", () => {
  const headerOf = ({ job }: Settlement): unknown => {
    const image = job.images[0];
    if (image === undefined) return undefined;
    const { flashModeByte, sizeFreqByte } = parseImage(image.bytes);
    return { flashModeByte, sizeFreqByte };
  };

  test("go into the bootloader's header with a digest that fits, whichever file it lies in", async () => {
    for (const file of [bootloader, merged]) {
      const settings = { mode: "qio", frequency: "80m", size: "detect" };
      const request = flashRequest([file], { settings, erase: "touched" });
      const patched = await settle(request, flashBytes(0x200000, []));
      // parseImage checks the digest.
      expect(headerOf(patched)).toEqual({ flashModeByte: 0, sizeFreqByte: 0x1f });
      expect(patched.job.images[0]?.sha256).not.toBe(file.sha256);
    }
  });

  test("that are kept change nothing", async () => {
    const kept = await settle(flashRequest([merged], { settings: { mode: "keep", size: "4MB" } }));
    expect(kept.job.images[0]?.bytes).toBe(merged.bytes);
  });

  test("that the chip does not have are refused", async () => {
    const request = flashRequest([merged], { settings: { frequency: "48m" } });
    await expect(settle(request)).rejects.toMatchObject({ code: "chip/unsupported" });
  });
});

test("the board is asked for nothing that the job itself decides", async () => {
  const view = memoryView(flashBytes(FLASH_BYTES, []));
  await settleJob(planOf(merged), { view, chip: chips.esp32, loader: "stub" });
  expect(view.readBytes()).toBe(0);
});
