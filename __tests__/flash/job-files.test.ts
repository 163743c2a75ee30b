import { chips } from "../../src/chips/index.js";
import { checkUndamaged } from "../../src/flash/damage.js";
import { checkDataLoss, partitionsLosingData } from "../../src/flash/data-loss.js";
import { applySettings, declaredFlashBytes } from "../../src/flash/header-settings.js";
import { tableOfJob } from "../../src/flash/job-table.js";
import { refuse } from "../../src/flash/refuse.js";
import { sha256 } from "../../src/image/digest.js";
import type { Partition } from "../../src/image/partition-table.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes, thrownBy } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const row = (name: string, offset: number, lengthBytes: number, type = 1, subtype = 0x81): Partition => ({
  name,
  type,
  subtype,
  offset,
  lengthBytes,
  flags: 0,
});
const factory = row("factory", 0x10000, 0x100000, 0, 0);
const merged = (app = appImage(), bootloader = bootloaderImage()): Uint8Array =>
  flashBytes(0xf000 + app.length, [
    { offset: 0, bytes: bootloader },
    { offset: 0x7000, bytes: buildPartitionTable([factory]) },
    { offset: 0xf000, bytes: app },
  ]);

describe("an image whose header lost the flag of its digest", () => {
  const DIGEST_FLAG_AT = 23;
  const withoutFlag = (image: Uint8Array): Uint8Array => image.slice().fill(0, DIGEST_FLAG_AT, DIGEST_FLAG_AT + 1);

  test("is damaged, as an app, as a bootloader and inside a merged file", () => {
    for (const bytes of [
      withoutFlag(appImage()),
      withoutFlag(bootloaderImage()),
      merged(withoutFlag(appImage())),
      merged(appImage(), withoutFlag(bootloaderImage())),
    ]) {
      expect(thrownBy(() => checkUndamaged(flashImage("fw.bin", 0x1000, bytes)))).toMatchObject({
        code: "image/digest",
        message:
          "fw.bin has the right SHA-256 behind an image whose header says that there is none: the header is damaged.",
        details: { image: "fw.bin" },
      });
    }
  });

  test("is none that was built without a digest, or has other bytes behind it", () => {
    for (const bytes of [
      appImage(),
      merged(),
      appImage({ digest: false }),
      flashBytes(0x2000, [{ offset: 0, bytes: appImage({ digest: false }) }]),
      patternBytes(99),
    ]) {
      expect(() => checkUndamaged(flashImage("fw.bin", 0x1000, bytes))).not.toThrow();
    }
  });
});

describe("the table that a job brings", () => {
  const table = (rows: readonly Partition[], offset = 0x8000, name = "table.bin"): ReturnType<typeof flashImage> =>
    flashImage(name, offset, buildPartitionTable(rows));

  test("is found by itself, wherever it lies, and inside a merged file at its usual place", () => {
    expect(tableOfJob([flashImage("x", 0, patternBytes(99)), table([factory], 0x10000)])).toMatchObject({
      image: "table.bin",
      offset: 0x10000,
      partitions: [factory],
    });
    expect(tableOfJob([flashImage("merged.bin", 0x1000, merged())])).toMatchObject({ offset: 0x8000 });
    expect(tableOfJob([flashImage("x", 0, patternBytes(99))])).toBeUndefined();
  });

  test("twice the same is one, and two are a contradiction whatever they differ in", () => {
    expect(tableOfJob([table([factory]), table([factory], 0x8000, "again.bin")])?.image).toBe("table.bin");
    const others = [
      table([factory], 0x9000, "other.bin"),
      ...[
        row("factory2", 0x10000, 0x100000, 0, 0),
        row("factory", 0x10000, 0x100000, 1, 0),
        row("factory", 0x10000, 0x100000, 0, 0x10),
        row("factory", 0x20000, 0x100000, 0, 0),
        row("factory", 0x10000, 0x200000, 0, 0),
        { ...factory, flags: 1 },
      ].map((changed) => table([changed], 0x8000, "other.bin")),
      table([factory, row("nvs", 0x9000, 0x1000)], 0x8000, "other.bin"),
    ];
    for (const other of others) {
      const offset = other.offset === 0x8000 ? "0x00008000" : "0x00009000";
      expect(thrownBy(() => tableOfJob([table([factory]), other]))).toMatchObject({
        code: "plan/contradiction",
        message: `table.bin and other.bin bring different partition tables (at 0x00008000 and ${offset}).`,
        details: { images: ["table.bin", "other.bin"] },
      });
    }
  });
});

describe("flash settings", () => {
  const board = { chip: chips.esp32, flashSizeBytes: 0x800000 };

  test("go into the bootloader's header and no other, and the file's digest goes along", () => {
    const images = [
      flashImage("boot.bin", 0x1000, bootloaderImage()),
      flashImage("other.bin", 0x100000, bootloaderImage()),
      flashImage("app.bin", 0x10000, appImage()),
    ];
    const [boot, ...rest] = applySettings(images, { size: "8MB" }, board);
    expect(boot?.bytes[3]).toBe(0x30);
    expect(boot?.sha256).toBe(Buffer.from(sha256(boot?.bytes ?? new Uint8Array(0))).toString("hex"));
    expect(rest).toEqual(images.slice(1));
    expect(applySettings(images, {}, board)).toEqual(images);
    expect(applySettings(images, { size: "4MB" }, board)[0]).toBe(images[0]);
  });

  test("declare a size by its code, and none by a code that the chip does not have", () => {
    expect(declaredFlashBytes(chips.esp32, 0x2f)).toBe(0x400000);
    expect(declaredFlashBytes(chips.esp32, 0x30)).toBe(0x800000);
    expect(declaredFlashBytes(chips.esp32, 0xf0)).toBeUndefined();
  });
});

describe("partitions that lose data", () => {
  const nvs = row("nvs", 0x9000, 0x4000);
  const lost = (images: readonly ReturnType<typeof flashImage>[], changed = [{ offset: 0x9000, lengthBytes: 1 }]) =>
    partitionsLosingData([nvs, factory], flashJob(images), changed).map(({ name }) => name);

  test("are those that are reached and not filled from their start with content", () => {
    expect(lost([])).toEqual(["nvs"]);
    expect(lost([], [{ offset: 0x8fff, lengthBytes: 1 }])).toEqual([]);
    expect(lost([flashImage("nvs.bin", 0x9000, patternBytes(16))])).toEqual([]);
    expect(
      lost([flashImage("far.bin", 0x200000, patternBytes(16)), flashImage("nvs.bin", 0x9000, patternBytes(16))]),
    ).toEqual([]);
    expect(lost([flashImage("blank.bin", 0x9000, patternBytes(0x4000).fill(0xff, 0, 0x1000))])).toEqual(["nvs"]);
    expect(lost([flashImage("late.bin", 0xa000, patternBytes(16))])).toEqual(["nvs"]);
    const over = patternBytes(0x2000).fill(0xff, 0x1000);
    expect(lost([flashImage("over.bin", 0x8000, over)])).toEqual(["nvs"]);
  });

  test("and cannot be made again stop the job, one or several", () => {
    const one = { name: "keys", irreplaceable: true };
    const messageOf = (...names: readonly string[]): string =>
      (
        thrownBy(() =>
          checkDataLoss(
            names.map((name) => ({ ...one, name })),
            flashJob([]),
          ),
        ) as Error
      ).message;
    expect(messageOf("keys")).toBe(
      "The job would erase or overwrite the partition keys, whose data were made for this board alone.",
    );
    expect(messageOf("keys", "fctry")).toContain("overwrite the partitions keys, fctry, whose");
    expect(() => checkDataLoss([{ name: "nvs", irreplaceable: false }], flashJob([]))).not.toThrow();
    const irreplaceable = [
      row("keys", 0x20000, 0x1000, 1, 4),
      row("fctry", 0x21000, 0x1000),
      row("esp_secure_cert", 0x22000, 0x1000, 0x3f, 6),
      row("app", 0x23000, 0x1000, 0, 4),
    ];
    const found = partitionsLosingData(irreplaceable, flashJob([]), [{ offset: 0x20000, lengthBytes: 0x4000 }]);
    expect(found.map((each) => each.irreplaceable)).toEqual([true, true, true, false]);
  });
});

test("a guard's error names the word that would let it pass, and that word lets it pass", () => {
  const job = { allow: new Set<never>() };
  const error = thrownBy(() => refuse(job, "overlap", "They overlap.", { images: ["a", "b"] }));
  expect(error).toMatchObject({ code: "plan/overlap", message: "They overlap." });
  expect((error as { details: object }).details).toEqual({ images: ["a", "b"], allow: "overlap" });
  expect(() => refuse({ allow: new Set(["overlap" as const]) }, "overlap", "They overlap.")).not.toThrow();
});
