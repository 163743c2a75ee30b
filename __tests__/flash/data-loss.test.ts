import { checkDataLoss, partitionsLosingData } from "../../src/flash/data-loss.js";
import type { FlashImage, FlashRange } from "../../src/flash/job.js";
import type { Partition } from "../../src/image/partition-table.js";
import { flashBytes, patternBytes, thrownBy } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const partition = (name: string, offset: number, lengthBytes: number, type = 1, subtype = 2): Partition => ({
  name,
  type,
  subtype,
  offset,
  lengthBytes,
  flags: 0,
});
const table = [
  partition("nvs", 0x9000, 0x4000),
  partition("keys", 0xd000, 0x1000, 1, 4),
  partition("fctry", 0xe000, 0x1000),
  partition("factory", 0x10000, 0x100000, 0, 0),
  partition("esp_secure_cert", 0x110000, 0x2000, 0x3f, 6),
  partition("vfs", 0x200000, 0x100000, 1, 0x81),
];
const everything = [{ offset: 0, lengthBytes: 0x400000 }];

const lost = (images: readonly FlashImage[], changed: readonly FlashRange[]): string[] =>
  partitionsLosingData(table, flashJob(images), changed).map(
    ({ name, irreplaceable }) => name + (irreplaceable ? "!" : ""),
  );

describe("partitions that lose data", () => {
  test("are all that change and are not filled anew", () => {
    const app = flashImage("app.bin", 0x10000, patternBytes(0x5000));
    expect(lost([app], everything)).toEqual(["nvs", "keys!", "fctry!", "esp_secure_cert!", "vfs"]);
    expect(lost([app], [{ offset: 0x10000, lengthBytes: 0x5000 }])).toEqual([]);
    expect(lost([app], [])).toEqual([]);
  });

  test("are also those that a merged file covers with FF", () => {
    const merged = flashImage(
      "merged.bin",
      0x1000,
      flashBytes(0x10000, [
        { offset: 0, bytes: patternBytes(0x5000) },
        { offset: 0xf000, bytes: patternBytes(0x1000) },
      ]),
    );
    expect(lost([merged], [{ offset: 0x1000, lengthBytes: 0x10000 }])).toEqual(["nvs", "keys!", "fctry!"]);
  });

  test("are those that an image runs into, not the one that it fills", () => {
    const large = flashImage("large.bin", 0x9000, patternBytes(0x4800));
    expect(lost([large], [{ offset: 0x9000, lengthBytes: 0x5000 }])).toEqual(["keys!"]);
    const inside = flashImage("inside.bin", 0x210000, patternBytes(0x1000));
    expect(lost([inside], [{ offset: 0x200000, lengthBytes: 0x100000 }])).toEqual(["vfs"]);
  });

  test("that cannot be made again count even when they are filled", () => {
    const other = flashImage("other-board.bin", 0xe000, patternBytes(0x1000));
    expect(lost([other], [{ offset: 0xe000, lengthBytes: 0x1000 }])).toEqual(["fctry!"]);
  });
});

describe("data that cannot be made again", () => {
  const losses = [
    { name: "nvs", irreplaceable: false },
    { name: "fctry", irreplaceable: true },
  ];

  test("stop the job by name", () => {
    expect(thrownBy(() => checkDataLoss(losses, flashJob([])))).toMatchObject({
      code: "plan/data-loss",
      message: expect.stringContaining("the partition fctry,") as string,
      details: { partitions: ["fctry"] },
    });
  });

  test("do not stop it where it allows the loss, nor does other data", () => {
    expect(() => checkDataLoss(losses, flashJob([], { allow: new Set(["data-loss"] as const) }))).not.toThrow();
    expect(() => checkDataLoss(losses.slice(0, 1), flashJob([]))).not.toThrow();
  });
});
