import { chips } from "../../src/chips/index.js";
import type { FlashImage, FlashJob } from "../../src/flash/job.js";
import { settleJob } from "../../src/flash/settle.js";
import type { Settlement } from "../../src/flash/settle.js";
import type { Partition } from "../../src/image/partition-table.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "../support/images.js";
import { flashImage, flashJob, memoryView } from "../support/jobs.js";

const chip = chips.esp32;
const MEBIBYTE = 0x100000;
const row = (name: string, offset: number, lengthBytes: number, type: number, subtype: number): Partition => ({
  name,
  type,
  subtype,
  offset,
  lengthBytes,
  flags: 0,
});
const nvs = row("nvs", 0x9000, 0x5000, 1, 2);
const otadata = row("otadata", 0xe000, 0x2000, 1, 0);
const factory = row("factory", 0x10000, 0x100000, 0, 0);
const usual = [nvs, otadata, factory];
const tableBytes = (rows: readonly Partition[]): Uint8Array => buildPartitionTable(rows);
const app = flashImage("app.bin", 0x10000, appImage());
const data = flashImage("data.bin", 0x200000, patternBytes(0x1000));

interface BoardParts {
  readonly table?: readonly Partition[];
  readonly bootloader?: Uint8Array;
  readonly lengthBytes?: number;
}

function boardView({ table, bootloader, lengthBytes = 4 * MEBIBYTE }: BoardParts): ReturnType<typeof memoryView> {
  return memoryView(
    flashBytes(lengthBytes, [
      ...(bootloader === undefined ? [] : [{ offset: 0x1000, bytes: bootloader }]),
      ...(table === undefined ? [] : [{ offset: 0x8000, bytes: tableBytes(table) }]),
    ]),
  );
}

const settle = (
  images: readonly FlashImage[],
  board: BoardParts,
  changes: Partial<FlashJob> = {},
  view = boardView(board),
): Promise<Settlement> =>
  settleJob({ ...flashJob(images), erase: "touched", ...changes }, { view, chip, loader: "stub" });

/** Bootloader, table and app as one file from 0x1000 on. */
const merged = (rows: readonly Partition[], ...more: readonly { offset: number; bytes: Uint8Array }[]): FlashImage =>
  flashImage(
    "merged.bin",
    0x1000,
    flashBytes(0xf000 + appImage().length, [
      { offset: 0, bytes: bootloaderImage() },
      { offset: 0x7000, bytes: tableBytes(rows) },
      { offset: 0xf000, bytes: appImage() },
      ...more,
    ]),
  );

describe("which app starts", () => {
  test("may stay as it was where a merged image's gap lies over the OTA data, and only there", async () => {
    const keeps = async (image: FlashImage, keepGaps = true): Promise<boolean> =>
      (await settle([image], {}, { keepGaps })).keepsOtaData;
    expect(await keeps(merged(usual))).toBe(true);
    expect(await keeps(merged(usual), false)).toBe(false);
    expect(await keeps(merged([nvs, factory]))).toBe(false);
    expect(await keeps(merged([nvs, row("phy", 0xe000, 0x2000, 1, 1), factory]))).toBe(false);
    const filled = { offset: 0xd000, bytes: patternBytes(0x2000) };
    expect(await keeps(merged(usual, filled))).toBe(false);
  });
});

describe("the table that counts", () => {
  const moved = row("factory", 0x20000, 0x100000, 0, 0);

  test("is the job's where it brings one, else the board's, and none where the board's is erased", async () => {
    await expect(settle([app], { table: [moved] })).rejects.toMatchObject({ code: "plan/app-offset" });
    expect((await settle([app], { table: usual })).job.images).toEqual([app]);
    const table = flashImage("table.bin", 0x8000, tableBytes(usual));
    expect((await settle([table, app], { table: [moved] })).job.images).toHaveLength(2);
    expect((await settle([app], { table: [moved] }, { erase: "all" })).job.images).toEqual([app]);
  });

  test("stays on the board beside `erase: all` where the job goes by it, and only there", async () => {
    const keep = async (images: readonly FlashImage[], changes: Partial<FlashJob>): Promise<readonly number[]> =>
      (await settle(images, { table: usual }, { erase: "all", ...changes })).job.keep.map(({ offset }) => offset);
    const unplaced = [{ name: "app.bin", bytes: appImage(), sha256: "", partition: "factory" }];
    expect(await keep([], { preserve: ["nvs"] })).toEqual([0x9000, 0x8000]);
    expect(await keep([], { unplaced })).toEqual([0x8000]);
    expect(await keep([data], { blankPartitions: ["nvs"] })).toEqual([0x8000]);
    expect(await keep([app], {})).toEqual([]);
    const table = flashImage("table.bin", 0x8000, tableBytes(usual));
    expect(await keep([table], { preserve: ["nvs"] })).toEqual([0x9000]);
    const over = flashImage("over.bin", 0x7000, patternBytes(0x1800));
    expect(await keep([over], { preserve: ["nvs"] })).toEqual([0x9000]);
    const touched = await settle([], { table: usual }, { preserve: ["nvs"] });
    expect(touched.job.keep.map(({ offset }) => offset)).toEqual([0x9000]);
    await expect(settle([app], { table: [moved] }, { erase: "all", preserve: ["factory"] })).rejects.toMatchObject({
      code: "plan/app-offset",
    });
  });

  test("is the job's fault only where it is the job's", async () => {
    const early = row("early", 0x8000, 0x1000, 1, 0x81);
    expect((await settle([data], { table: [early, factory] })).job.images).toEqual([data]);
    const table = flashImage("table.bin", 0x8000, tableBytes([early, factory]));
    await expect(settle([table], {})).rejects.toMatchObject({ code: "plan/table-overlap" });
  });

  test("places images and blanks by name", async () => {
    const unplaced = [{ name: "cfg.bin", bytes: patternBytes(16), sha256: "", partition: "nvs" }];
    const { job } = await settle([], { table: usual }, { unplaced, blankPartitions: ["otadata"] });
    expect(job.unplaced).toEqual([]);
    expect(job.images.map(({ name, offset, bytes }) => [name, offset, bytes.length])).toEqual([
      ["cfg.bin", 0x9000, 16],
      ["otadata", 0xe000, 0x2000],
    ]);
    await expect(settle([], { table: usual }, { blankPartitions: ["x"] })).rejects.toThrow(
      "The partition x shall be erased, but the board's partition table has only nvs, otadata, factory.",
    );
    await expect(settle([], {}, { blankPartitions: ["x"] })).rejects.toThrow("but the board has no partition table.");
  });
});

describe("the flash that a bootloader's header declares", () => {
  const small = { lengthBytes: 2 * MEBIBYTE };
  const high = flashImage("data.bin", 5 * MEBIBYTE, patternBytes(16));

  test("may not be more than there is, where the job writes the bootloader", async () => {
    const bootloader = flashImage("boot.bin", 0x1000, bootloaderImage());
    await expect(settle([bootloader], small)).rejects.toMatchObject({ code: "plan/flash-size" });
    const low = flashImage("low.bin", 0x100000, patternBytes(16));
    await expect(settle([low, bootloader], small)).rejects.toMatchObject({ code: "plan/flash-size" });
    expect((await settle([low], { ...small, bootloader: bootloaderImage() })).job.images).toEqual([low]);
  });

  test("is what images have to fit; without a bootloader, or with a size of no meaning, nothing is declared", async () => {
    const large = { lengthBytes: 8 * MEBIBYTE };
    await expect(settle([high], { ...large, bootloader: bootloaderImage() })).rejects.toMatchObject({
      code: "plan/declared-size",
    });
    const unknown = bootloaderImage({ sizeFreqByte: 0xf0 });
    for (const bootloader of [unknown, patternBytes(64, 9), undefined]) {
      expect((await settle([high], { ...large, ...(bootloader && { bootloader }) })).job.images).toEqual([high]);
    }
  });
});

describe("what the board is asked", () => {
  test("is its table and four bytes of its bootloader, each once, and nothing that the job decides", async () => {
    const bytesRead = async (images: readonly FlashImage[], changes: Partial<FlashJob> = {}): Promise<number> => {
      const view = boardView({ table: usual, bootloader: bootloaderImage() });
      await settle(images, {}, changes, view);
      return view.readBytes();
    };
    expect(await bytesRead([data])).toBe(0x200 + 4);
    const table = flashImage("table.bin", 0x8000, tableBytes(usual));
    expect(await bytesRead([table])).toBe(4);
    expect(await bytesRead([table], { preserve: ["nvs"] })).toBe(0x200 + 4);
    const unplaced = [{ name: "cfg.bin", bytes: patternBytes(16), sha256: "", partition: "nvs" }];
    expect(await bytesRead([table], { unplaced })).toBe(0x200 + 4);
    expect(await bytesRead([merged(usual)])).toBe(0);
  });
});

describe("what a job keeps", () => {
  test("are whole sectors of the partitions that it names, by the tables before and after", async () => {
    const { job, preserved } = await settle([merged(usual)], { table: usual }, { preserve: ["nvs"] });
    expect(preserved).toEqual(["nvs"]);
    expect(job.keep).toEqual([{ offset: 0x9000, lengthBytes: 0x5000 }]);
    const dropped = settle([merged([otadata, factory])], { table: usual }, { preserve: ["nvs"] });
    await expect(dropped).rejects.toThrow(
      "The partition nvs cannot be preserved: the new table drops it (the board has it from 0x00009000 to 0x0000e000).",
    );
    const moved = settle(
      [merged([row("nvs", 0x9000, 0x4000, 1, 2), factory])],
      { table: usual },
      { preserve: ["nvs"] },
    );
    await expect(moved).rejects.toThrow("moves it from 0x00009000 to 0x0000e000 to 0x00009000 to 0x0000d000.");
    expect((await settle([data], { table: usual })).job.keep).toEqual([]);
  });

  test("an image that would not be written at all is refused", async () => {
    const whole = flashImage("nvs.bin", 0x9000, patternBytes(0x5000));
    await expect(settle([whole], { table: usual }, { preserve: ["nvs"] })).rejects.toMatchObject({
      code: "plan/preserve",
      message: "nvs.bin at 0x00009000 lies wholly in what `preserve` keeps, so it would not be written.",
      details: { image: "nvs.bin" },
    });
  });
});

test("the flash that a job is about is what the loader reaches, or more where an image goes beyond", async () => {
  expect((await settle([data], {})).flashBytes).toBe(4 * MEBIBYTE);
  const huge = boardView({ lengthBytes: 17 * MEBIBYTE });
  expect((await settle([data], {}, {}, huge)).flashBytes).toBe(16 * MEBIBYTE);
  const above = flashImage("above.bin", 16 * MEBIBYTE, patternBytes(0x1001));
  expect((await settle([above], {}, {}, huge)).flashBytes).toBe(16 * MEBIBYTE + 0x2000);
});
