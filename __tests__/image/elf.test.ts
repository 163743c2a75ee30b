import { createHash } from "node:crypto";
import fc from "fast-check";
import type { FlashError } from "../../src/base/errors.js";
import { chipNames, chips } from "../../src/chips/index.js";
import { buildAppDescription } from "../../src/image/app-description.js";
import { elfToEsp8266V1 } from "../../src/image/elf-to-esp8266.js";
import { elfToImage } from "../../src/image/elf-to-image.js";
import { looksLikeElf } from "../../src/image/elf.js";
import { parseImage } from "../../src/image/parse.js";
import { elfFile } from "../support/elf-file.js";
import type { ElfSection } from "../support/elf-file.js";
import { patternBytes, thrownBy } from "../support/images.js";

/** An app's description as the compiler leaves it: without the ELF's SHA-256. `pageLog2`: MMU page size. */
function description(pageLog2 = 0): Uint8Array {
  const bytes = buildAppDescription({
    version: "1.0",
    project: "blink",
    compileTime: "12:00:00",
    compileDate: "Jan  1 2025",
    idfVersion: "v5.4",
    elfSha256: "00".repeat(32),
  });
  bytes[180] = pageLog2;
  return bytes;
}

const iram: ElfSection = { name: ".iram0.text", address: 0x40800000, bytes: patternBytes(64) };
const appdesc = (pageLog2 = 0, address = 0x42000020): ElfSection => ({
  name: ".flash.appdesc",
  address,
  bytes: description(pageLog2),
});
const text = (address: number, lengthBytes = 300): ElfSection => ({
  name: ".flash.text",
  address,
  bytes: patternBytes(lengthBytes, 5),
});

function withWord(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = new Uint8Array(bytes);
  new DataView(changed.buffer).setUint32(offset, value, true);
  return changed;
}

describe("an image from an ELF file", () => {
  test("names the ELF file by its SHA-256, as the build's own image does", () => {
    const elf = elfFile([appdesc(), iram]);
    expect(parseImage(elfToImage(elf, 13)).app).toMatchObject({
      project: "blink",
      elfSha256: createHash("sha256").update(elf).digest("hex"),
    });
  });

  test("has every mapped segment at its place within an MMU page, on every chip", () => {
    const mapped: Readonly<Record<string, readonly [number, number]>> = {
      esp32: [0x3f400020, 0x400d0018],
      esp32s2: [0x3f000020, 0x40080020],
      esp32s3: [0x3c000020, 0x42000020],
      esp32c2: [0x3c000020, 0x42000020],
      esp32c3: [0x3c000020, 0x42000020],
      esp32p4: [0x40000020, 0x40010140],
      esp32s31: [0x40000020, 0x40040140],
      esp32e22: [0x3c000020, 0x3c010140],
    };
    for (const name of chipNames) {
      const { imageChipId } = chips[name];
      if (imageChipId === undefined) continue;
      const [first, second] = mapped[name] ?? [0x42000020, 0x42010140];
      const image = parseImage(elfToImage(elfFile([appdesc(0, first), text(second, 70_000), iram]), imageChipId));
      expect(image).toMatchObject({ chipId: imageChipId, kind: "app" });
      for (const address of [first, second]) {
        const segment = image.segments.find((found) => found.address === address);
        expect([name, (segment?.offset ?? -1) % 0x10000]).toEqual([name, address % 0x10000]);
      }
    }
  });

  test.each([
    ["the description", 15, 0x42000020, 0x42008140],
    ["the description's address, before ESP-IDF 5.4", 0, 0x42008020, 0x42010140],
  ])("uses the MMU's page size from %s", (_, pageLog2, first, second) => {
    const image = parseImage(elfToImage(elfFile([appdesc(pageLog2, first), text(second)]), 13));
    expect(image.segments.map(({ address, offset }) => [address, offset % 0x8000])).toEqual(
      expect.arrayContaining([[second, second % 0x8000]]),
    );
    expect(image.lengthBytes).toBeLessThan(0x9000);
  });

  test("begins with the app's, or the bootloader's, description wherever that lies", () => {
    const bootdesc = { name: ".dram0.bootdesc", address: 0x40810000, bytes: patternBytes(80) };
    const first = (sections: readonly ElfSection[]): number | undefined =>
      parseImage(elfToImage(elfFile(sections), 13)).segments[0]?.address;
    expect(first([text(0x42000120), appdesc(0, 0x42010020)])).toBe(0x42010020);
    expect(first([iram, bootdesc])).toBe(bootdesc.address);
  });

  test("leaves a description alone that does not come first", () => {
    // Without a page that fits the description's address, code for RAM has to come before it.
    const image = parseImage(elfToImage(elfFile([iram, appdesc(16, 0x42000100)]), 13));
    expect(image.app).toBeUndefined();
    expect(image.segments.map((segment) => segment.address)).toContain(0x42000100);
  });

  test("has 64 KiB pages where the chip has no others, whatever the description says", () => {
    const image = parseImage(elfToImage(elfFile([appdesc(15, 0x3f400020), text(0x400d8018)]), 0));
    const found = image.segments.find(({ address }) => address === 0x400d8018);
    expect((found?.offset ?? -1) % 0x10000).toBe(0x8018);
  });

  test.each([0, 4, 8, 12, 16])("fits a page also where next to nothing is missing: %d", (within) => {
    const [first, second] = [0x42000020, 0x42020000 + within];
    // Eight bytes before the page's end, where the header of the next segment just fits.
    const image = parseImage(elfToImage(elfFile([text(first, 0x10000 - 0x20 - 8), text(second)]), 13));
    const found = image.segments.find(({ address }) => address === second);
    expect((found?.offset ?? -1) % 0x10000).toBe(within);
  });

  test("ends its mapped segments away from a page border, on the ESP32 alone", () => {
    const endOf = (chipId: number, address: number, lengthBytes: number): number => {
      const { segments } = parseImage(elfToImage(elfFile([text(address, lengthBytes)]), chipId));
      const found = segments.find((segment) => segment.address === address);
      return ((found?.offset ?? 0) + (found?.lengthBytes ?? 0)) % 0x10000;
    };
    const upTo = (end: number): number => 0x10000 - 0x20 + end;
    expect([0, 4, 0x20].map((end) => endOf(0, 0x3f400020, upTo(end)))).toEqual([0x24, 0x24, 0x24]);
    expect([0x24, 0x28].map((end) => endOf(0, 0x3f400020, upTo(end)))).toEqual([0x24, 0x28]);
    expect(endOf(13, 0x42000020, upTo(4))).toBe(4);
  });

  test("takes 16 segments with those that fill pages, and no more", () => {
    const ram = (count: number): ElfSection[] =>
      Array.from({ length: count }, (_, index) => ({ ...iram, address: 0x40800000 + index * 0x100 }));
    const image = (count: number): Uint8Array => elfToImage(elfFile([text(0x42008020), ...ram(count)]), 13);
    expect(parseImage(image(14)).segments).toHaveLength(16);
    expect(thrownBy(() => image(15))).toMatchObject({
      code: "image/elf",
      message: "The ELF file gives 17 segments with those that fill pages, but a loader takes 16.",
    });
  });

  const elf = elfFile([appdesc(), iram]);
  const many = Array.from({ length: 17 }, (_, index) => ({ ...iram, address: 0x40800000 + index * 0x100 }));
  const occupied = { ...appdesc(), bytes: description().fill(1, 144, 176) };
  const oneByte = { ...appdesc(), bytes: description().fill(1, 150, 151) };
  test.each([
    ["another file", patternBytes(400), /7f 45 4c 46/],
    ["no bytes", new Uint8Array(0), /7f 45 4c 46/],
    ["half a header", elf.subarray(0, 30), /52 bytes|header.*0x00000034/],
    ["64 bits", withWord(elf, 4, 0x00010102), /32 bits/],
    ["another processor", elfFile([iram], 0, 62), /machine 0x0000003e/],
    ["no section table", elf.subarray(0, -50), /table of sections/],
    ["a section behind its end", withWord(elf, elf.length - 3 * 40 + 16, 0x7fffffff), /section .*0x7fffffff/],
    ["nothing to load", elfFile([{ ...iram, type: 8 }]), /nothing to load/],
    ["too many segments", elfFile(many), /17 segments.*16/],
    ["two sections in one page", elfFile([appdesc(), text(0x42000200)]), /0x42000020 and 0x42000200.*\(64 KiB\)/],
    ["a mapped section off a word", elfFile([text(0x42000021)]), /0x42000021 is not on a word/],
    ["an unknown page size", elfFile([appdesc(20)]), /2\^20 bytes.*8, 16, 32, 64/],
    [
      "a description cut short",
      elfFile([{ ...appdesc(), bytes: description().subarray(0, 160) }]),
      /too short to take/,
    ],
    ["a byte where the SHA-256 belongs", elfFile([oneByte]), /other bytes already/],
    ["a SHA-256 already in place", elfFile([occupied]), /other bytes already/],
  ] as const)("is refused for one with %s", (_, bytes, words) => {
    const error = thrownBy(() => elfToImage(bytes, 13)) as FlashError;
    expect(error).toMatchObject({ code: "image/elf" });
    expect(error.message).toMatch(words);
    expect(error.details).toHaveProperty("offset");
  });

  test("is refused for a chip that nobody knows, and for two mapped sections on an ESP8266", () => {
    expect(thrownBy(() => elfToImage(elf, 77))).toMatchObject({
      code: "chip/unsupported",
      message: "No image can be made for chip id 77.",
    });
    const twice = elfFile([text(0x40202010), text(0x40212010), { ...iram, address: 0x40100000 }], 0x40100000, 0x5e);
    expect(thrownBy(() => elfToEsp8266V1(twice))).toMatchObject({ code: "image/elf" });
  });

  test("is whole whatever sections the ELF file has", () => {
    const page = fc.integer({ min: 0, max: 12 });
    const mappedSection = fc.record({
      index: page,
      within: fc.nat(0x3fff),
      lengthBytes: fc.integer({ min: 1, max: 3000 }),
    });
    const ramSection = fc.record({ at: fc.nat(0x3ff), lengthBytes: fc.integer({ min: 1, max: 0x80 }) });
    fc.assert(
      fc.property(
        fc.uniqueArray(mappedSection, { minLength: 1, maxLength: 4, selector: (section) => section.index }),
        fc.uniqueArray(ramSection, { maxLength: 3, selector: (section) => section.at }),
        fc.constantFrom(0, 5, 9, 13, 18, 23),
        (mapped, ram, chipId) => {
          const base: Readonly<Record<number, number>> = { 0: 0x400d0000, 18: 0x40000000 };
          const sections = [
            ...mapped.map(({ index, within, lengthBytes }) => ({
              ...text((base[chipId] ?? 0x42000000) + index * 0x10000 + within * 4, lengthBytes),
            })),
            ...ram.map(({ at, lengthBytes }) => ({
              ...iram,
              address: 0x3ffb0000 + at * 0x100,
              bytes: patternBytes(lengthBytes),
            })),
          ];
          const image = parseImage(elfToImage(elfFile(sections), chipId));
          for (const section of sections.slice(0, mapped.length)) {
            const found = image.segments.find((segment) => segment.address === section.address);
            expect((found?.offset ?? -1) % 0x10000).toBe(section.address % 0x10000);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("an ELF file is known by its first bytes", () => {
  expect(looksLikeElf(elfFile([iram]))).toBe(true);
  expect(looksLikeElf(patternBytes(40))).toBe(false);
});
