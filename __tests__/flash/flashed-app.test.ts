import { flashedApp, onlyApp } from "../../src/flash/flashed-app.js";
import type { FlashImage } from "../../src/flash/job.js";
import { buildAppDescription } from "../../src/image/app-description.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "../support/images.js";
import { flashImage } from "../support/jobs.js";

const elfSha256 = "ab".repeat(32);
const appOf = (project: string, version = "1.2.3", sha = elfSha256): Uint8Array => {
  const description = buildAppDescription({
    version,
    project,
    compileTime: "07:50:41",
    compileDate: "Dec 20 2019",
    idfVersion: "v5.3",
    elfSha256: sha,
  });
  const segments = [
    { address: 0x3f400020, bytes: description },
    { address: 0x40080000, bytes: patternBytes(600, 4) },
  ];
  return appImage({ segments });
};
const at = (offset: number, bytes: Uint8Array, name = "app.bin"): FlashImage => flashImage(name, offset, bytes);
const merged = flashBytes(0xf000 + appImage().length, [
  { offset: 0, bytes: bootloaderImage() },
  {
    offset: 0x7000,
    bytes: buildPartitionTable([
      { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
    ]),
  },
  { offset: 0xf000, bytes: appImage() },
]);

describe("the app that a job flashes", () => {
  test("is told with what it says of itself and where it lies", () => {
    expect(flashedApp([at(0x10000, appImage())])).toEqual({
      image: "app.bin",
      offset: 0x10000,
      version: "1.2.3",
      project: "blink",
      elfSha256,
    });
  });

  test("is found inside a merged image, at its own address", () => {
    expect(flashedApp([at(0x1000, merged, "merged.bin")])).toMatchObject({ image: "merged.bin", offset: 0x10000 });
  });

  test("of several is the one at the lowest address, in whatever order they come", () => {
    const images = [at(0x30000, appOf("c")), at(0x10000, appOf("a")), at(0x20000, appOf("b"))];
    expect(flashedApp(images)?.project).toBe("a");
    expect(flashedApp([...images].reverse())?.project).toBe("a");
  });

  test("is none where nothing describes itself", () => {
    const silent = appImage({ segments: [{ address: 0x3f400020, bytes: patternBytes(0x200) }] });
    expect(flashedApp([])).toBeUndefined();
    expect(flashedApp([at(0x1000, bootloaderImage()), at(0x10000, silent), at(0x200000, patternBytes(99))])).toBe(
      undefined,
    );
  });
});

describe("the app that has to run afterwards", () => {
  test("is known where the job has one, placed or not", () => {
    expect(onlyApp({ images: [at(0x10000, appOf("a"))], unplaced: [] })?.project).toBe("a");
    const unplaced = [{ name: "ota.bin", bytes: appOf("b"), sha256: "", partition: "ota_0" }];
    expect(onlyApp({ images: [], unplaced })).toMatchObject({ image: "ota.bin", project: "b" });
  });

  test("is known where all are the same, and else nobody knows", () => {
    const same = [at(0x10000, appOf("a")), at(0x110000, appOf("a"))];
    expect(onlyApp({ images: same, unplaced: [] })?.project).toBe("a");
    for (const other of [appOf("b"), appOf("a", "1.2.4"), appOf("a", "1.2.3", "cd".repeat(32))]) {
      expect(onlyApp({ images: [...same, at(0x210000, other)], unplaced: [] })).toBeUndefined();
      const unplaced = [{ name: "ota.bin", bytes: other, sha256: "", partition: "ota_0" }];
      expect(onlyApp({ images: same, unplaced })).toBeUndefined();
    }
    expect(onlyApp({ images: [at(0, patternBytes(9))], unplaced: [] })).toBeUndefined();
  });
});
