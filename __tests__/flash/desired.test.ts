import { desiredRanges, overlaps, sectorsOf, subtract } from "../../src/flash/desired.js";
import { gapsOf } from "../../src/flash/gaps.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { chips } from "../../src/chips/index.js";
import { patternBytes } from "../support/images.js";
import { flashImage, flashJob } from "../support/jobs.js";

const FLASH_BYTES = 0x100000;
const short = flashImage("short.bin", 0x20000, patternBytes(0x1800));
const whole = flashImage("whole.bin", 0x1000, patternBytes(0x2000));
const blank = flashImage("blank.bin", 0x40000, new Uint8Array(0x3000).fill(0xff));

const placesOf = (ranges: readonly { offset: number; lengthBytes: number; bytes?: Uint8Array }[]): unknown =>
  ranges.map(({ offset, lengthBytes, bytes }) => [offset, lengthBytes, bytes?.length ?? "blank"]);

describe("what a job decides", () => {
  test("with `erase: touched`: the images alone, by offset, to their last byte", () => {
    const job = flashJob([short, whole], { erase: "touched" });
    expect(placesOf(desiredRanges(job, FLASH_BYTES))).toEqual([
      [0x1000, 0x2000, 0x2000],
      [0x20000, 0x1800, 0x1800],
    ]);
  });

  test("with `erase: all`: every byte once, the images' last sectors filled with FF", () => {
    const ranges = desiredRanges(flashJob([short, whole]), FLASH_BYTES);
    expect(placesOf(ranges)).toEqual([
      [0, 0x1000, "blank"],
      [0x1000, 0x2000, 0x2000],
      [0x3000, 0x1d000, "blank"],
      [0x20000, 0x2000, 0x2000],
      [0x22000, FLASH_BYTES - 0x22000, "blank"],
    ]);
    const filled = ranges[3]?.bytes ?? new Uint8Array();
    expect(filled.subarray(0, 0x1800)).toEqual(short.bytes);
    expect(filled.subarray(0x1800).every((byte) => byte === 0xff)).toBe(true);
  });

  test("an image from the first byte to the last leaves nothing beside it", () => {
    const all = flashImage("all.bin", 0, patternBytes(FLASH_BYTES));
    expect(placesOf(desiredRanges(flashJob([all]), FLASH_BYTES))).toEqual([[0, FLASH_BYTES, FLASH_BYTES]]);
  });

  test("an image of nothing but FF is erased and not sent, if it has whole sectors", () => {
    const part = flashImage("part.bin", 0x50000, new Uint8Array(0x800).fill(0xff));
    const ranges = desiredRanges(flashJob([blank, part], { erase: "touched" }), FLASH_BYTES);
    expect(placesOf(ranges)).toEqual([
      [0x40000, 0x3000, "blank"],
      [0x50000, 0x800, 0x800],
    ]);
  });

  test("kept sectors are cut out, of images with the bytes around them", () => {
    const keep = [
      { offset: 0x2000, lengthBytes: 0x1000 },
      { offset: 0x41000, lengthBytes: 0x1000 },
    ];
    const ranges = desiredRanges(flashJob([whole, blank], { erase: "touched", keep }), FLASH_BYTES);
    expect(placesOf(ranges)).toEqual([
      [0x1000, 0x1000, 0x1000],
      [0x40000, 0x1000, "blank"],
      [0x42000, 0x1000, "blank"],
    ]);
    expect(ranges[0]?.bytes).toEqual(whole.bytes.subarray(0, 0x1000));
    const first = desiredRanges(flashJob([whole], { keep: [{ offset: 0, lengthBytes: 0x2000 }] }), FLASH_BYTES)[0];
    expect(first).toMatchObject({ offset: 0x2000, bytes: whole.bytes.subarray(0x1000) });
  });
});

describe("ranges", () => {
  test("touching is no overlap", () => {
    const range = { offset: 0x2000, lengthBytes: 0x1000 };
    expect(overlaps(range, { offset: 0x3000, lengthBytes: 1 })).toBe(false);
    expect(overlaps(range, { offset: 0x1000, lengthBytes: 0x1000 })).toBe(false);
    expect(overlaps(range, { offset: 0x2fff, lengthBytes: 1 })).toBe(true);
  });

  test("the sectors of a range begin before it and end behind it", () => {
    expect(sectorsOf({ offset: 0x1fff, lengthBytes: 2 })).toEqual({ offset: 0x1000, lengthBytes: 0x2000 });
    expect(sectorsOf({ offset: 0x1000, lengthBytes: 0x1000 })).toEqual({ offset: 0x1000, lengthBytes: 0x1000 });
  });

  test("what is left of a range may be both of its ends, one, or nothing", () => {
    const range = { offset: 10, lengthBytes: 10 };
    expect(subtract(range, [{ offset: 12, lengthBytes: 3 }])).toEqual([
      { offset: 10, lengthBytes: 2 },
      { offset: 15, lengthBytes: 5 },
    ]);
    expect(subtract(range, [{ offset: 0, lengthBytes: 15 }])).toEqual([{ offset: 15, lengthBytes: 5 }]);
    expect(subtract(range, [{ offset: 5, lengthBytes: 50 }])).toEqual([]);
  });
});

describe("gaps of a merged image", () => {
  const firmware = buildDemoFirmware(chips.esp32);

  test("lie between bootloader, table and app, in whole sectors that hold nothing", () => {
    const gaps = gapsOf(flashImage("merged.bin", 0x1000, firmware));
    expect(gaps.length).toBeGreaterThan(0);
    for (const { offset, lengthBytes } of gaps) {
      expect([offset % 0x1000, lengthBytes % 0x1000]).toEqual([0, 0]);
      expect(firmware.subarray(offset - 0x1000, offset - 0x1000 + lengthBytes).every((byte) => byte === 0xff)).toBe(
        true,
      );
    }
    // NVS and PHY data at 0x9000 to 0x10000 are partitions without content; table at 0x8000, app from 0x10000.
    expect(gaps.at(-1)).toEqual({ offset: 0x9000, lengthBytes: 0x7000 });
    expect(gaps.some((gap) => overlaps(gap, { offset: 0x8000, lengthBytes: 0x1000 }))).toBe(false);
  });

  test("are none where a partition has content, with FF inside or not", () => {
    const withData = firmware.slice();
    withData[0x9000 - 0x1000] = 0x12;
    const gaps = gapsOf(flashImage("merged.bin", 0x1000, withData));
    expect(gaps.some((gap) => overlaps(gap, { offset: 0x9000, lengthBytes: 0x6000 }))).toBe(false);
    expect(gaps.at(-1)).toEqual({ offset: 0xf000, lengthBytes: 0x1000 });
  });

  test("are none in other files", () => {
    expect(gapsOf(blank)).toEqual([]);
  });
});
