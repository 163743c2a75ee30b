import fc from "fast-check";
import { systemClock } from "../../src/base/clock.js";
import { looksLikeIntelHex, parseIntelHex } from "../../src/image/hex.js";
import { hexRecord } from "../support/hex-file.js";

const END = ":00000001FF";
async function parse(...lines: string[]): Promise<{ offset: number; hex: string }[]> {
  const found = await parseIntelHex(Buffer.from(lines.join("\n")), systemClock);
  return found.map(({ offset, bytes }) => ({ offset, hex: Buffer.from(bytes).toString("hex") }));
}

const data = (address: number, ...bytes: number[]): string => hexRecord(0, address, bytes);
const linear = (upper: number): string => hexRecord(4, 0, [upper >> 8, upper & 0xff]);
const segment = (paragraph: number): string => hexRecord(2, 0, [paragraph >> 8, paragraph & 0xff]);

describe("an Intel HEX file", () => {
  test("gives its stretches, lowest first, with gaps left out", async () => {
    expect(
      await parse(linear(1), data(0x0000, 7, 8), linear(0), data(0x8000, 3, 4), data(0x1000, 1), data(0x1001, 2), END),
    ).toEqual([
      { offset: 0x1000, hex: "0102" },
      { offset: 0x8000, hex: "0304" },
      { offset: 0x10000, hex: "0708" },
    ]);
  });

  test("joins across a 64 KiB border, whichever way round it comes", async () => {
    const upper = [linear(1), data(0, 3)];
    const lower = [linear(0), data(0xfffe, 1, 2)];
    for (const lines of [
      [...upper, ...lower],
      [...lower, ...upper],
    ]) {
      expect(await parse(...lines, END)).toEqual([{ offset: 0xfffe, hex: "010203" }]);
    }
  });

  test("may use segments, start addresses, small letters, DOS line ends and blank lines", async () => {
    const start = [hexRecord(3, 0, [0, 0, 0, 0]), hexRecord(5, 0, [0x40, 8, 0, 0])];
    const text = [segment(0x100), ...start, data(0x10, 0xab, 0xcd).toLowerCase(), "", END, ""].join("\r\n");
    expect(looksLikeIntelHex(Buffer.from(text))).toBe(true);
    expect(await parse(text)).toEqual([{ offset: 0x1010, hex: "abcd" }]);
  });

  test.each([
    ["no end record", [data(0, 1)], 1, /cut short/],
    ["no lines", [], 1, /cut short/],
    ["a line behind the end", [END, data(0, 1)], 2, /behind the record that ends/],
    ["no colon", [data(0, 1), "00000001FF"], 2, /colon/],
    ["a digit too few", [data(0, 1), data(1, 2).slice(0, -1)], 2, /pairs of hex digits/],
    ["another letter", [data(0, 1), data(1, 2).replace("0", "G")], 2, /pairs of hex digits/],
    ["a byte too few", [data(0, 1), data(1, 2, 3).slice(0, -2)], 2, /2 data bytes, but it is 12 digits/],
    ["half a frame", [":0000"], 1, /data bytes/],
    ["a wrong checksum", [data(0, 1), data(1, 2).replace(/..$/, "00")], 2, /checksum.*0x4/],
    ["an unknown type", [hexRecord(6, 0, [])], 1, /record type 6/],
    ["an end record with data", [hexRecord(1, 0, [1])], 1, /1 data bytes; its type has 0/],
    ["an address record that is too long", [hexRecord(4, 0, [0, 0, 1])], 1, /3 data bytes; its type has 2/],
    ["bytes twice", [data(0x10, 1, 2, 3), data(0x20, 1), data(0x0e, 1, 2, 3), END], 3, /0x00000010.* line 1/],
    ["the same record twice", [data(0x10, 1), data(0x10, 1), END], 2, /0x00000010.* line 1/],
    ["a segment that runs over", [segment(0), data(0xffff, 1, 2), END], 2, /0x00010000/],
  ])("with %s is refused by line", async (_, lines, line, words) => {
    await expect(parse(...lines)).rejects.toMatchObject({
      code: "image/hex",
      details: { line },
      message: expect.stringMatching(words) as string,
    });
  });

  test("without data, or with a line that is none, is refused", async () => {
    await expect(parse(END)).rejects.toMatchObject({
      code: "image/hex",
      message: expect.stringContaining("no data") as string,
    });
    await expect(parse(data(0, 1), ":".padEnd(5000, "0"))).rejects.toMatchObject({ details: { line: 2 } });
  });

  describe("of very many records", () => {
    /** `count` records of one byte, `step` addresses apart. */
    const records = (step: number, count: number): string[] => {
      const lines: string[] = [];
      for (let at = 0; at < count * step; at += step) {
        const address = at & 0xffff;
        if (address < step) lines.push(linear(at >>> 16));
        const sum = 1 + (address >>> 8) + address;
        lines.push(`:01${address.toString(16).padStart(4, "0")}0000${(-sum & 0xff).toString(16).padStart(2, "0")}`);
      }
      return lines;
    };

    test("is read where they follow one another", async () => {
      const [all, ...others] = await parse(...records(1, 65_600), END);
      expect([all?.offset, all?.hex.length, others.length]).toEqual([0, 2 * 65_600, 0]);
    });

    test("is read where they jump 65,536 times, and refused beyond that", async () => {
      await expect(parse(...records(2, 65_537), data(0, 1))).rejects.toMatchObject({
        details: { line: 65_537 + 3 + 1 },
        message: expect.stringContaining("jumps to another address for the 65536th time") as string,
      });
    });
  });

  test("has lines of up to 1024 characters, with blanks behind them", async () => {
    const padded = data(0, 1).padEnd(1024);
    expect(await parse(padded, END)).toEqual([{ offset: 0, hex: "01" }]);
    await expect(parse(data(0, 1), data(1, 2).padEnd(1025), END)).rejects.toMatchObject({
      message: "Line 2 of the Intel HEX file has 1025 characters; 521 are possible.",
    });
  });

  test("may have records without data, which are for no address", async () => {
    expect(await parse(data(0x10, 1, 2), data(0x11), data(0x50), END)).toEqual([{ offset: 0x10, hex: "0102" }]);
  });

  test("may fill a segment to its end, and its next byte is of no other record", async () => {
    expect(await parse(segment(0), data(0xfffe, 1, 2), END)).toEqual([{ offset: 0xfffe, hex: "0102" }]);
    await expect(parse(data(0x10, 1), data(0x11, 2), data(0x11, 3), data(0x11, 4), END)).rejects.toMatchObject({
      details: { line: 3 },
      message: expect.stringMatching(/0x00000011.* line 2/) as string,
    });
  });

  test("may begin with a blank line", async () => {
    expect(await parse("", data(0, 1), END)).toEqual([{ offset: 0, hex: "01" }]);
  });

  test.each([
    [":00000001FF", true],
    [":0000000", false],
    ["x:00000001FF", false],
    [":0 is no record", false],
  ])("is known by its first eleven characters: %s", (text, expected) => {
    expect(looksLikeIntelHex(Buffer.from(text))).toBe(expected);
  });

  test("lets other events run while it is read", async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => data(index, index & 0xff));
    let breaths = 0;
    const clock = {
      ...systemClock,
      breathe: () => {
        breaths++;
        return Promise.resolve();
      },
    };
    const [all] = await parseIntelHex(Buffer.from([...lines, END].join("\n")), clock);
    expect(all?.bytes.length).toBe(3000);
    expect(breaths).toBe(2);
  });

  test("is read back as it was written, in any order and of any record lengths", async () => {
    const flash = fc.uint8Array({ minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(flash, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(0xffff),
        async (parts, step, gap) => {
          const lines: string[] = [];
          const wanted = parts.map((bytes, index) => ({ offset: index * 0x20000 + gap, bytes: Buffer.from(bytes) }));
          for (const part of wanted.toReversed()) {
            for (let at = 0; at < part.bytes.length; at += step) {
              const address = part.offset + at;
              const room = Math.min(step, 0x10000 - (address & 0xffff));
              lines.push(linear(address >>> 16), data(address & 0xffff, ...part.bytes.subarray(at, at + room)));
              at += room - step;
            }
          }
          const hex = wanted.map(({ offset, bytes }) => ({ offset, hex: bytes.toString("hex") }));
          expect(await parse(...lines, END)).toEqual(hex);
        },
      ),
      { numRuns: 300 },
    );
  });
});
