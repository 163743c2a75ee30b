import { concatBytes, words } from "../../src/base/bytes.js";
import type { FlashError } from "../../src/base/errors.js";
import { elfToEsp8266V2 } from "../../src/image/elf-to-esp8266.js";
import { parseImage } from "../../src/image/parse.js";
import { buildPartitionTable, parsePartitionTable } from "../../src/image/partition-table.js";
import { parseSegmentHeader } from "../../src/image/segments.js";
import { elfFile } from "../support/elf-file.js";
import { bootloaderImage, patternBytes, thrownBy } from "../support/images.js";

/** Where the image or the table lies in its file: what is told are places in the file. */
const START = 0x1000;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, "0")}`;
const changed = (bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array => {
  const copy = bytes.slice();
  copy.set(values, at);
  return copy;
};

/** The error about `bytes` behind others. */
function errorOf(bytes: Uint8Array, parse: (file: Uint8Array, offset: number) => unknown): FlashError {
  return thrownBy(() => parse(concatBytes(patternBytes(START), bytes), START)) as FlashError;
}

describe("a damaged image says what is wrong at which place of the file", () => {
  // 24 bytes of header, segments of 64 and 400 bytes with 8 in front of each, and a checksum at the end of a line.
  const image = (): Uint8Array => bootloaderImage();
  const CHECKSUM_AT = 0x1ff;

  test.each([
    ["nothing there", 0, [], 0, "image/truncated", /no bytes at 0x00001000/],
    ["another first byte", undefined, [0, 5], 0, "image/malformed", /at 0x00001000 is 0x05/],
    ["a header cut short", 23, [], 0, "image/truncated", /24 bytes, but only 23 are there at 0x00001000/],
    ["no segments", undefined, [1, 0], 1, "image/malformed", /0 segments; 1 to 16/],
    ["too many segments", undefined, [1, 17], 1, "image/malformed", /17 segments; 1 to 16/],
    ["an unknown digest flag", undefined, [23, 2], 23, "image/malformed", /digest flag is 2/],
    ["an odd segment", undefined, [28, 65], 24, "image/malformed", /Segment 1 .*65 bytes for 0x3fff0018/],
    ["no second segment", 100, [], 96, "image/truncated", /Segment 2 of 2 should begin at 0x00001060/],
    ["half a segment", 110, [], 104, "image/truncated", /Segment 2 of 2, at 0x00001068, has 400 bytes, but only 6/],
    ["no checksum", CHECKSUM_AT, [], CHECKSUM_AT, "image/truncated", /ends before its checksum at 0x000011ff/],
    ["another checksum", undefined, [CHECKSUM_AT, 5], CHECKSUM_AT, "image/checksum", /0x05 \(at 0x000011ff\)/],
    ["half a digest", CHECKSUM_AT + 17, [], CHECKSUM_AT + 1, "image/truncated", /SHA-256 at 0x00001200/],
    ["another digest", undefined, [CHECKSUM_AT + 1, 0], CHECKSUM_AT + 1, "image/digest", /\(at 0x00001200\)/],
  ] as const)("%s", (_, end, [at = 0, ...values], place, code, told) => {
    const error = errorOf(changed(image(), at, ...values).subarray(0, end), parseImage);
    expect(error).toMatchObject({ code, details: { offset: hex(START + place) } });
    expect(error.message).toMatch(told);
  });

  test("with the numbers that a script may want", () => {
    const details = (bytes: Uint8Array): FlashError["details"] => errorOf(bytes, parseImage).details;
    expect(details(changed(image(), 28, 65))).toMatchObject({ segment: 1, address: "0x3fff0018", lengthBytes: 65 });
    expect(details(image().subarray(0, 110))).toMatchObject({ segment: 2, lengthBytes: 400, presentBytes: 6 });
    const { stored, computed } = details(changed(image(), CHECKSUM_AT, 5));
    expect([stored, computed]).toEqual([5, image()[CHECKSUM_AT]]);
  });

  test("and takes 16 segments, each shorter than 16 MiB", () => {
    const segments = Array.from({ length: 16 }, (_, index) => ({
      address: 0x40080000 + index * 0x100,
      bytes: patternBytes(16),
    }));
    expect(parseImage(bootloaderImage({ segments })).segments).toHaveLength(16);
    const header = (lengthBytes: number): Uint8Array => words(0x40080000, lengthBytes);
    expect(parseSegmentHeader(header(0xfffffc), 0, 0).lengthBytes).toBe(0xfffffc);
    expect(thrownBy(() => parseSegmentHeader(header(0x1000000), 0, 0))).toMatchObject({ code: "image/malformed" });
  });
});

describe("a damaged ESP8266 image says so, too", () => {
  const v2 = (): Uint8Array =>
    elfToEsp8266V2(
      elfFile(
        [
          { name: ".data", address: 0x3ffe8000, bytes: patternBytes(80) },
          { name: ".irom0.text", address: 0x40202010, bytes: patternBytes(333) },
        ],
        0x40100004,
        0x5e,
      ),
    ).bytes;
  /** Behind 8 bytes of header, 8 of the segment and 333 that are padded to 336. */
  const SECOND_HEADER_AT = 352;

  test("where its second header should be, or ends", () => {
    const told = /at 0x00001160, the image should go on with a header/;
    for (const bytes of [changed(v2(), SECOND_HEADER_AT, 0), v2().subarray(0, SECOND_HEADER_AT + 7)]) {
      const error = errorOf(bytes, parseImage);
      expect(error).toMatchObject({ code: "image/malformed", details: { offset: hex(START + SECOND_HEADER_AT) } });
      expect(error.message).toMatch(told);
    }
  });

  test("where its CRC does not fit", () => {
    const bytes = v2();
    const crcAt = bytes.length - 4;
    const error = errorOf(changed(bytes, crcAt, (bytes[crcAt] ?? 0) ^ 1), parseImage);
    expect(error).toMatchObject({ code: "image/checksum", details: { offset: hex(START + crcAt) } });
    const { stored, computed } = error.details;
    expect(stored).not.toEqual(computed);
    expect(error.message).toContain(
      `CRC is ${String(stored)} (at ${hex(START + crcAt)}), but its bytes give ${String(computed)}`,
    );
  });
});

describe("a damaged partition table says what is wrong at which place of the file", () => {
  const table = (): Uint8Array =>
    buildPartitionTable([
      { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
      { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x180000, flags: 0 },
    ]);

  test.each([
    ["nothing there", 0, [], 0, "image/malformed", /at 0x00001000, there is no partition/],
    ["half a row", 40, [], 32, "image/truncated", /ends within its row at 0x00001020/],
    ["half of the magic", undefined, [33, 0], 32, "image/malformed", /row at 0x00001020 that is neither/],
    ["another MD5", undefined, [80, 0], 64, "image/checksum", /MD5 is 00.* \(at 0x00001040\)/],
    [
      "a row behind the MD5",
      undefined,
      [96, 0xaa, 0x50],
      96,
      "image/malformed",
      /goes on behind its MD5, at 0x00001060/,
    ],
  ] as const)("%s", (_, end, [at = 0, ...values], place, code, told) => {
    const error = errorOf(changed(table(), at, ...values).subarray(0, end), parsePartitionTable);
    expect(error).toMatchObject({ code, details: { offset: hex(START + place) } });
    expect(error.message).toMatch(told);
  });

  test("and keeps names of 16 bytes, and of any letters", () => {
    for (const name of ["sixteen_letters_", "größe", ""]) {
      const rows = [{ name, type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 1 }];
      expect(parsePartitionTable(buildPartitionTable(rows))).toEqual(rows);
    }
  });

  test("and holds 95 rows", () => {
    const row = { name: "a", type: 1, subtype: 2, offset: 0, lengthBytes: 0x1000, flags: 0 };
    expect(parsePartitionTable(buildPartitionTable(Array.from({ length: 95 }, () => row)))).toHaveLength(95);
  });
});
