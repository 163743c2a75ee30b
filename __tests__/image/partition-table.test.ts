import fc from "fast-check";
import { FlashError } from "../../src/base/errors.js";
import { buildPartitionTable, isAppPartition, parsePartitionTable } from "../../src/image/partition-table.js";
import type { Partition } from "../../src/image/partition-table.js";
import { thrownBy } from "../support/images.js";
import { testWithShared } from "../support/shared-files.js";

const nvs: Partition = { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 };
const factory: Partition = { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x180000, flags: 0 };

describe("a partition table", () => {
  test("is 0xC00 bytes with its MD5 behind the rows and blank after that", () => {
    const table = buildPartitionTable([nvs, factory]);
    expect(table.length).toBe(0xc00);
    expect(Buffer.from(table.subarray(0, 16)).toString("hex")).toBe("aa5001020090000000600000" + "6e767300");
    expect(Buffer.from(table.subarray(64, 80)).toString("hex")).toBe("ebeb" + "ff".repeat(14));
    expect(table.subarray(96).every((byte) => byte === 0xff)).toBe(true);
  });

  test("is read back as it was built", () => {
    const partition = fc.record({
      name: fc.string({ unit: fc.constantFrom("a", "m", "z", "_", "0", "9"), maxLength: 16 }),
      type: fc.integer({ min: 0, max: 254 }),
      subtype: fc.integer({ min: 0, max: 255 }),
      offset: fc.integer({ min: 0, max: 0xffffffff }),
      lengthBytes: fc.integer({ min: 0, max: 0xffffffff }),
      flags: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(partition, { minLength: 1, maxLength: 95 }), (partitions) => {
        expect(parsePartitionTable(buildPartitionTable(partitions))).toEqual(partitions);
      }),
    );
  });

  test("may lie anywhere, and what follows its 0xC00 bytes does not matter", () => {
    const flash = Buffer.concat([Buffer.alloc(0x8000), buildPartitionTable([factory]), Buffer.alloc(0x100, 0x5a)]);
    expect(parsePartitionTable(flash, 0x8000)).toEqual([factory]);
  });

  test("tells apps from data", () => {
    expect([nvs, factory].filter(isAppPartition)).toEqual([factory]);
  });

  test("needs no MD5: early tools wrote none", () => {
    expect(parsePartitionTable(buildPartitionTable([factory]).subarray(0, 32))).toEqual([factory]);
  });

  test("does not take more rows or longer names than fit", () => {
    expect(thrownBy(() => buildPartitionTable(Array.from({ length: 96 }, () => nvs)))).toMatchObject({
      message: "A partition table holds 95 partitions, not 96.",
    });
    expect(thrownBy(() => buildPartitionTable([{ ...nvs, name: "seventeen_letters" }]))).toMatchObject({
      message: expect.stringContaining("seventeen_letters") as string,
    });
  });
});

describe("a damaged partition table", () => {
  const table = buildPartitionTable([nvs, factory]);
  const changed = (offset: number, ...values: number[]): Uint8Array => {
    const bytes = table.slice();
    bytes.set(values, offset);
    return bytes;
  };

  test.each([
    ["no bytes", new Uint8Array(0), "image/malformed"],
    ["only blank rows", new Uint8Array(0xc00).fill(0xff), "image/malformed"],
    ["another partition than its MD5 says", changed(4, 0x00, 0xa0), "image/checksum"],
    ["a row of an unknown kind", changed(32, 0x12, 0x34), "image/malformed"],
    ["a row behind its MD5", changed(96, 0xaa, 0x50), "image/malformed"],
    ["half a row", table.subarray(0, 40), "image/truncated"],
  ] as const)("with %s is refused", (_, bytes, code) => {
    expect(thrownBy(() => parsePartitionTable(bytes))).toMatchObject({ code });
  });

  test("is noticed whichever byte of its rows or MD5 is wrong", () => {
    fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
        const damaged = changed(offset, (table[offset] ?? 0) ^ flip);
        expect(thrownBy(() => parsePartitionTable(damaged))).toBeInstanceOf(FlashError);
      }),
    );
  });

  test("never makes the parser throw anything but image/…", () => {
    const row = fc
      .tuple(fc.constantFrom([0xaa, 0x50], [0xeb, 0xeb], [0xff, 0xff], [0, 0]), fc.uint8Array({ maxLength: 30 }))
      .map(([magic, rest]) => Buffer.from([...magic, ...rest]));
    fc.assert(
      fc.property(fc.array(row), fc.nat(40), (rows, offset) => {
        try {
          parsePartitionTable(Buffer.concat(rows), offset);
        } catch (error) {
          expect((error as FlashError).code).toMatch(/^image\//);
        }
      }),
    );
  });
});

testWithShared("a table of an early tool is read", ["fixtures", "images", "partitions_singleapp.bin"], (bytes) => {
  expect(parsePartitionTable(bytes).map((partition) => [partition.name, partition.offset])).toEqual([
    ["factory", 0x10000],
    ["rfdata", 0x110000],
    ["wifidata", 0x150000],
  ]);
});
