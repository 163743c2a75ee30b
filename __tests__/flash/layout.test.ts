import { chips } from "../../src/chips/index.js";
import type { FlashImage, FlashJob } from "../../src/flash/job.js";
import { checkImages } from "../../src/flash/guards.js";
import { checkLayout } from "../../src/flash/layout.js";
import type { Layout } from "../../src/flash/layout.js";
import { partitionNamed, placeInTable } from "../../src/flash/place.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { Partition } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes, thrownBy } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const row = (name: string, offset: number, lengthBytes: number, type = 0, subtype = 0): Partition => ({
  name,
  type,
  subtype,
  offset,
  lengthBytes,
  flags: 0,
});
const factory = row("factory", 0x10000, 0x100000);
const ota = row("ota_0", 0x110000, 0x100000, 0, 0x10);
const nvs = row("nvs", 0x9000, 0x6000, 1, 2);
const table = (partitions: readonly Partition[], isNew = true): Layout => ({
  table: { partitions, offset: 0x8000, isNew },
});
const app = (offset: number, name = "app.bin"): FlashImage => flashImage(name, offset, appImage());
const errorOf = (layout: Layout, images: readonly FlashImage[] = [], changes: Partial<FlashJob> = {}): unknown =>
  thrownBy(() => checkLayout({ ...flashJob(images), ...changes }, layout));
const passes = (layout: Layout, images: readonly FlashImage[] = [], changes: Partial<FlashJob> = {}): void =>
  checkLayout({ ...flashJob(images), ...changes }, layout);

describe("a table that the job writes", () => {
  test("may have no partition in front of its own end", () => {
    expect(errorOf(table([row("early", 0x8fff, 0x1000)]))).toMatchObject({
      code: "plan/table-overlap",
      message:
        "The partition early (0x00008fff to 0x00009fff) begins before the end of the partition table at 0x00009000.",
      details: { partitions: ["early"] },
    });
    passes(table([row("first", 0x9000, 0x1000)]));
    passes(table([row("bootloader", 0x1000, 0x7000, 2), row("table", 0x8000, 0x1000, 3)]));
  });

  test("may have no two that overlap", () => {
    expect(errorOf(table([factory, nvs, row("late", 0x10fff0, 0x1000)]))).toMatchObject({
      code: "plan/table-overlap",
      message: "The partitions factory (0x00010000 to 0x00110000) and late (0x0010fff0 to 0x00110ff0) overlap.",
      details: { partitions: ["factory", "late"] },
    });
    passes(table([factory, nvs, ota]));
  });

  test("may not reach beyond the flash that the board has or the bootloader declares, whichever is smaller", () => {
    const error = {
      code: "plan/table-beyond-flash",
      details: { partition: "ota_0", flashBytes: 0x200000 },
    };
    expect(errorOf({ ...table([factory, ota]), flashSizeBytes: 0x200000 })).toMatchObject({
      ...error,
      message:
        "The partition ota_0 (0x00110000 to 0x00210000) reaches beyond the 2,097,152 bytes of flash that the board has.",
    });
    const declared = { flashBytes: 0x200000, isNew: false };
    expect(errorOf({ ...table([factory, ota]), flashSizeBytes: 0x400000, declared })).toMatchObject({
      ...error,
      message: expect.stringContaining("of flash that the bootloader declares.") as string,
    });
    passes({ ...table([factory, ota]), flashSizeBytes: 0x210000 });
  });

  test("is the job's fault only where the job writes it", () => {
    passes({
      ...table([row("early", 0x8000, 0x1000), factory, row("late", 0x20000, 0x1000)], false),
      flashSizeBytes: 0,
    });
  });
});

describe("an app", () => {
  test("goes to the start of an app partition, or the places there are get named", () => {
    passes(table([nvs, factory, ota], false), [app(0x10000)]);
    for (const [offset, place] of [
      [0x20000, "0x00020000"],
      [0x300000, "0x00300000"],
    ] as const) {
      expect(errorOf(table([nvs, factory, ota], false), [app(offset)])).toMatchObject({
        code: "plan/app-offset",
        message:
          `app.bin shall go to ${place}, but the partition table has its apps at ` +
          "0x00010000 (factory), 0x00110000 (ota_0).",
        details: { app: "app.bin", offset: place },
      });
    }
    passes(table([factory], false), [app(0x300000)], { allow: new Set(["app-offset"]) });
  });

  test("inside of a data partition is data", () => {
    passes(table([factory, row("storage", 0x200000, 0x100000, 1, 0x81)]), [app(0x210000), app(0x220000, "other.bin")]);
  });

  test("must fit its partition", () => {
    const { length } = appImage();
    passes(table([row("exact", 0x10000, length)], false), [app(0x10000)]);
    expect(errorOf(table([row("tight", 0x10000, length - 1)], false), [app(0x10000)])).toMatchObject({
      code: "plan/app-too-large",
      message: `app.bin has ${length} bytes, its partition tight only ${length - 1} bytes.`,
      details: { app: "app.bin", partition: "tight", lengthBytes: length, partitionBytes: length - 1 },
    });
  });

  test("is alone in its partition", () => {
    const second = flashImage("second.bin", 0x20000, appImage());
    const allow = new Set(["app-offset"] as const);
    expect(errorOf(table([factory], false), [app(0x10000), second], { allow })).toMatchObject({
      code: "plan/contradiction",
      message: "app.bin and second.bin both go to the partition factory.",
      details: { images: ["app.bin", "second.bin"] },
    });
  });

  test("in a merged file is named as such", () => {
    const merged = flashBytes(0xf000 + appImage().length, [
      { offset: 0, bytes: bootloaderImage() },
      { offset: 0x7000, bytes: buildPartitionTable([factory]) },
      { offset: 0xf000, bytes: appImage() },
    ]);
    expect(errorOf(table([ota], false), [flashImage("merged.bin", 0x1000, merged)])).toMatchObject({
      code: "plan/app-offset",
      message: expect.stringMatching(/^The app in merged\.bin shall go to 0x00010000, /) as string,
    });
  });
});

describe("the size that the bootloader's header declares", () => {
  const declared = { flashBytes: 0x400000, isNew: true };

  test("may not be more than the board has, where the job writes it", () => {
    expect(errorOf({ declared, flashSizeBytes: 0x200000 })).toMatchObject({
      code: "plan/flash-size",
      message: "The bootloader's header declares 4,194,304 bytes of flash, but the board has 2,097,152 bytes.",
      details: { declaredBytes: 0x400000, flashBytes: 0x200000 },
    });
    passes({ declared, flashSizeBytes: 0x400000 });
    passes({ declared });
    passes({ declared: { ...declared, isNew: false }, flashSizeBytes: 0x200000 });
  });

  test("is what the job's images have to fit", () => {
    const data = flashImage("data.bin", 0x3ff000, patternBytes(0x1001));
    expect(errorOf({ declared }, [data])).toMatchObject({
      code: "plan/declared-size",
      message:
        "data.bin (4,097 bytes at 0x003ff000) reaches beyond the 4,194,304 bytes of flash that the bootloader's header declares.",
      details: { image: "data.bin", declaredBytes: 0x400000 },
    });
    passes({ declared }, [flashImage("data.bin", 0x3ff000, patternBytes(0x1000))]);
  });
});

describe("a partition by name", () => {
  const wanted = { name: "ota_9", intent: "app.bin shall go to the partition ota_9" };

  test("is found, and its address is the image's", () => {
    expect(partitionNamed({ ...wanted, name: "nvs" }, [factory, nvs])).toBe(nvs);
    const image = { name: "app.bin", bytes: appImage(), sha256: "", partition: "nvs" };
    expect(placeInTable(image, [factory, nvs])).toEqual({
      name: "app.bin",
      bytes: image.bytes,
      sha256: "",
      offset: 0x9000,
    });
  });

  test("that is not there is told with those that are, or that there is no table", () => {
    const image = { name: "app.bin", bytes: appImage(), sha256: "", partition: "ota_9" };
    expect(thrownBy(() => placeInTable(image, [factory, nvs]))).toMatchObject({
      code: "plan/no-partition",
      message: `${wanted.intent}, but the board's partition table has only factory, nvs.`,
      details: { image: "app.bin", partition: "ota_9", partitions: ["factory", "nvs"] },
    });
    expect(thrownBy(() => placeInTable(image, [nvs], "the table in x.bin"))).toMatchObject({
      message: `${wanted.intent}, but the table in x.bin has only nvs.`,
    });
    const error = thrownBy(() => partitionNamed(wanted, undefined));
    expect(error).toMatchObject({ message: `${wanted.intent}, but the board has no partition table.` });
    expect((error as { details: object }).details).toEqual({ partition: "ota_9" });
  });
});

describe("what a loader reaches", () => {
  const MEBIBYTE = 0x100000;
  const job = (end: number, changes: Partial<FlashJob> = {}): FlashJob => ({
    ...flashJob([flashImage("data.bin", end - 0x1000, patternBytes(0x1000))]),
    ...changes,
  });
  const known = (name: keyof typeof chips, loader?: "rom" | "stub"): Parameters<typeof checkImages>[1] => ({
    chip: chips[name],
    flashSizeBytes: 64 * MEBIBYTE,
    ...(loader && { loader }),
  });

  test("is 16 MiB for a ROM, and for the stub what the chip addresses", () => {
    expect(() => checkImages(job(16 * MEBIBYTE), known("esp32s3", "rom"))).not.toThrow();
    expect(thrownBy(() => checkImages(job(16 * MEBIBYTE + 0x1000), known("esp32s3", "rom")))).toMatchObject({
      code: "plan/above-16mib",
      message:
        "data.bin (4,096 bytes at 0x01000000) reaches above 16,777,216 bytes, the most that the ROM loader of ESP32-S3 can address.",
      details: { image: "data.bin", offset: "0x01000000", lengthBytes: 0x1000, reachBytes: 16 * MEBIBYTE },
    });
    expect(() => checkImages(job(32 * MEBIBYTE), known("esp32s3", "stub"))).not.toThrow();
    expect(thrownBy(() => checkImages(job(16 * MEBIBYTE + 0x1000), known("esp32", "stub")))).toMatchObject({
      message: expect.stringContaining("the most that the stub of ESP32 can address") as string,
    });
  });

  test("goes, before a board is there, by the loader that the job will have", () => {
    const beyond = 16 * MEBIBYTE + 0x1000;
    expect(() => checkImages(job(beyond), known("esp32s3"))).not.toThrow();
    expect(thrownBy(() => checkImages(job(beyond, { stub: false }), known("esp32s3")))).toMatchObject({
      message: expect.stringContaining("ROM loader") as string,
    });
  });

  test("an image that lies wrong is named with its place", () => {
    const crooked = flashJob([flashImage("data.bin", 0x1001, patternBytes(1))]);
    expect(thrownBy(() => checkImages(crooked, {}))).toMatchObject({
      code: "plan/alignment",
      details: { image: "data.bin", offset: "0x00001001" },
    });
    const outside = flashJob([flashImage("data.bin", 0x1000, patternBytes(2))]);
    expect(thrownBy(() => checkImages(outside, { flashSizeBytes: 0x1001 }))).toMatchObject({
      code: "plan/out-of-range",
      details: { image: "data.bin", offset: "0x00001000", lengthBytes: 2, flashBytes: 0x1001 },
    });
  });

  test("a bootloader at a wrong place is told the right one, where the file can get there", () => {
    const error = (offset: number, bytes = bootloaderImage()): unknown =>
      thrownBy(() => checkImages(flashJob([flashImage("boot.bin", offset, bytes)]), { chip: chips.esp32 }));
    expect(error(0)).toMatchObject({
      code: "plan/bootloader-offset",
      message: expect.stringContaining("Its offset would be 0x00001000.") as string,
      details: { image: "boot.bin", place: "0x00000000", bootloaderOffset: "0x00001000" },
    });
  });

  test("an app for another chip is named with both", () => {
    const job = flashJob([flashImage("app.bin", 0x10000, appImage({ chipId: 9 }))]);
    expect(thrownBy(() => checkImages(job, { chip: chips.esp32 }))).toMatchObject({
      code: "chip/image-mismatch",
      details: { image: "app.bin", builtFor: "ESP32-S3", chip: "ESP32" },
    });
  });
});
