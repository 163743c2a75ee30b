import { concatBytes } from "../../src/base/bytes.js";
import type { FlashError } from "../../src/base/errors.js";
import { elfToEsp8266V1, elfToEsp8266V2 } from "../../src/image/elf-to-esp8266.js";
import { joinPieces } from "../../src/image/elf-pieces.js";
import { parseElf } from "../../src/image/elf.js";
import type { ElfPiece } from "../../src/image/elf.js";
import { elfFile } from "../support/elf-file.js";
import { patternBytes, thrownBy } from "../support/images.js";

const data = { name: ".dram0.data", address: 0x3ffb0000, bytes: patternBytes(40) };
const code = { name: ".iram0.text", address: 0x40080000, bytes: patternBytes(80, 2) };
const elf = elfFile([data, code]);
/** Of `elf`: the null section, its two and the table of names. */
const SECTIONS = 4;
const sectionAt = (index: number): number => elf.length - (SECTIONS - index) * 40;
const segmentAt = (index: number): number => 0x34 + index * 0x20;

function changed(...words: readonly (readonly [at: number, value: number])[]): Uint8Array {
  const bytes = new Uint8Array(elf);
  for (const [at, value] of words) new DataView(bytes.buffer).setUint32(at, value, true);
  return bytes;
}

function withHalf(at: number, value: number): Uint8Array {
  const bytes = new Uint8Array(elf);
  new DataView(bytes.buffer).setUint16(at, value, true);
  return bytes;
}

describe("the tables of an ELF file", () => {
  test("say what is loaded where, by section and by program segment", () => {
    const { entry, sections, segments } = parseElf(elf);
    expect(entry).toBe(0x40080000);
    expect(sections.map(({ name, address }) => [name, address])).toEqual([
      [data.name, data.address],
      [code.name, code.address],
    ]);
    expect(segments.map(({ name, address }) => [name, address])).toEqual([
      ["", data.address],
      ["", code.address],
    ]);
    for (const pieces of [sections, segments]) {
      expect(concatBytes(...pieces.map((piece) => piece.bytes))).toEqual(concatBytes(data.bytes, code.bytes));
      for (const { at, bytes } of pieces) expect(elf.subarray(at, at + bytes.length)).toEqual(bytes);
    }
  });

  test.each([
    ["of another type", [segmentAt(0), 2]],
    ["for address 0", [segmentAt(0) + 12, 0]],
    ["without bytes", [segmentAt(0) + 16, 0]],
  ] as const)("a program segment %s is not loaded", (_, word) => {
    expect(parseElf(changed(word)).segments.map(({ address }) => address)).toEqual([code.address]);
  });

  test("a section without bytes, or for address 0, is not loaded", () => {
    for (const at of [12, 20]) {
      const { sections } = parseElf(changed([sectionAt(1) + at, 0]));
      expect(sections.map(({ address }) => address)).toEqual([code.address]);
    }
  });

  const most = Math.ceil(elf.length / 2) + 1;
  test.each([
    ["headers of another length", withHalf(46, 32), 46, /4 section headers of 32 bytes/],
    ["no section headers", withHalf(48, 0), 46, /0 section headers of 40 bytes/],
    ["names in a section that is not there", withHalf(50, SECTIONS), 50, /no section 4, where names/],
    ["names behind its end", changed([sectionAt(3) + 16, 0x7fff0000]), 0x7fff0000, /table of names/],
    ["a name that does not end", changed([sectionAt(3) + 20, 5]), sectionAt(1), /no name/],
    ["program segments behind its end", changed([28, 0x7fff0000]), 0x7fff0000, /table of program segments/],
    ["bytes of a program segment behind its end", changed([segmentAt(1) + 4, 0x7fff0000]), 0x7fff0000, /segment 1/],
    [
      "sections that share bytes",
      changed([sectionAt(1) + 16, 0], [sectionAt(1) + 20, most], [sectionAt(2) + 16, 1], [sectionAt(2) + 20, most]),
      0,
      /together, more than the file/,
    ],
    [
      "program segments that share bytes",
      changed([segmentAt(0) + 4, 8], [segmentAt(0) + 16, most], [segmentAt(1) + 4, 0], [segmentAt(1) + 16, most]),
      8,
      /together, more than the file/,
    ],
  ] as const)("are refused with %s, and the place is told", (_, bytes, offset, words) => {
    const error = thrownBy(() => parseElf(bytes)) as FlashError;
    expect(error).toMatchObject({
      code: "image/elf",
      details: { offset: `0x${offset.toString(16).padStart(8, "0")}` },
    });
    expect(error.message).toMatch(words);
  });
});

describe("pieces of an ELF file", () => {
  const regions = [
    [0x1000, 0x2000],
    [0x2000, 0x3000],
  ] as const;
  const piece = (address: number, lengthBytes: number): ElfPiece => ({
    name: "",
    address,
    at: address + 1,
    bytes: patternBytes(lengthBytes),
  });
  const joined = (...pieces: readonly ElfPiece[]): number[][] =>
    joinPieces(pieces, regions).map(({ address, bytes }) => [address, bytes.length]);

  test("are joined where they touch, as whole words", () => {
    expect(joined(piece(0x1000, 6), piece(0x1008, 4))).toEqual([[0x1000, 12]]);
    expect(joined(piece(0x1000, 8), piece(0x100c, 4))).toHaveLength(2);
    expect(joined(piece(0x1008, 4), piece(0x1000, 8))).toHaveLength(2);
  });

  test("stay apart at the border of two memories, and only there", () => {
    expect(joined(piece(0x1ffc, 4), piece(0x2000, 4))).toHaveLength(2);
    expect(joined(piece(0x2ffc, 4), piece(0x3000, 4))).toHaveLength(2);
    expect(joined(piece(0x0ffc, 4), piece(0x1000, 4))).toHaveLength(2);
    expect(joined(piece(0x1ff8, 4), piece(0x1ffc, 4))).toHaveLength(1);
    expect(joined(piece(0x3000, 4), piece(0x3004, 4))).toHaveLength(1);
  });

  test("are refused where there are more than a loader takes, with the place of the first too many", () => {
    const apart = Array.from({ length: 17 }, (_, index) => piece(0x1000 + index * 0x10, 4));
    expect(joined(...apart.slice(0, 16))).toHaveLength(16);
    expect(thrownBy(() => joined(...apart))).toMatchObject({
      code: "image/elf",
      message: expect.stringMatching(/17 segments, but a loader takes 16.*0x00001100/) as string,
      details: { offset: "0x00001101" },
    });
  });
});

describe("the files of an ESP8266", () => {
  const ram = { name: ".data", address: 0x3ffe8000, bytes: patternBytes(16) };
  const at = (...addresses: readonly number[]): Uint8Array =>
    elfFile(
      [ram, ...addresses.map((address) => ({ name: ".text", address, bytes: patternBytes(32) }))],
      0x40100004,
      0x5e,
    );
  const offsets = (...addresses: readonly number[]): number[] =>
    elfToEsp8266V1(at(...addresses)).map(({ offset }) => offset);

  test("are one without code for mapped flash, and that goes to its own place else", () => {
    expect(offsets()).toEqual([0]);
    expect(offsets(0x40210010)).toEqual([0, 0x10010]);
    expect(offsets(0x40200000)).toEqual([0, 0]);
    expect(offsets(0x40300000)).toEqual([0]);
  });

  test("of version 2 are one, in the sector of its mapped code", () => {
    expect(elfToEsp8266V2(at(0x40211010)).offset).toBe(0x11000);
    expect(elfToEsp8266V2(at(0x40201000)).offset).toBe(0x1000);
    expect(elfToEsp8266V2(at()).offset).toBe(0);
  });

  test("cannot hold two pieces of mapped code", () => {
    expect(thrownBy(() => offsets(0x40202010, 0x40212010))).toMatchObject({
      message: "The ELF file has several sections for mapped flash, at 0x40202010, 0x40212010; an image has one.",
      details: { offset: "0x000000c4" },
    });
  });
});
