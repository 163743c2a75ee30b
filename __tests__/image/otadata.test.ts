import fc from "fast-check";
import { words } from "../../src/base/bytes.js";
import { activeOtaSlot, parseOtaData } from "../../src/image/otadata.js";
import { flashBytes, thrownBy } from "../support/images.js";

// CRCs of the sequences 1 to 4, as ESP-IDF's otatool.py writes them.
const CRCS: Readonly<Record<number, number>> = { 1: 0x4743989a, 2: 0x55f63774, 3: 0xed4a5011, 4: 0x709d68a8 };

function entry(sequence: number, state = 0xffffffff, crc = CRCS[sequence] ?? 0): Uint8Array {
  return Buffer.concat([words(sequence), Buffer.alloc(20, 0xff), words(state, crc)]);
}

function otaData(first?: Uint8Array, second?: Uint8Array): Uint8Array {
  return flashBytes(0x2000, [
    { offset: 0, bytes: first ?? new Uint8Array(0) },
    { offset: 0x1000, bytes: second ?? new Uint8Array(0) },
  ]);
}

describe("OTA data", () => {
  test.each([
    ["blank: the factory app", otaData(), undefined],
    ["one entry", otaData(entry(1)), 0],
    ["the newer of two", otaData(entry(1), entry(2)), 1],
    ["the newer of two, in the first sector", otaData(entry(3), entry(2)), 0],
    ["the older, as the newer is damaged", otaData(entry(1), entry(2, 0xffffffff, 0x1234)), 0],
    ["the older, as the newer was found bad", otaData(entry(1), entry(2, 3)), 0],
    ["the older, as the newer never said that it works", otaData(entry(1, 2), entry(2, 4)), 0],
    ["an app on trial", otaData(entry(1, 2), entry(2, 1)), 1],
    ["nothing that counts", otaData(entry(1, 3), entry(2, 4)), undefined],
  ])("with %s", (_, bytes, slot) => {
    expect(activeOtaSlot(parseOtaData(bytes), 2)).toBe(slot);
  });

  test("says what its entries are", () => {
    const { entries } = parseOtaData(otaData(entry(4, 2)));
    expect(entries[0]).toEqual({ sequence: 4, state: "valid", blank: false, crcFits: true });
    expect(entries[1]).toMatchObject({ blank: true, state: "undefined", crcFits: false });
  });

  test("counts through as many slots as there are", () => {
    const found = parseOtaData(Buffer.concat([Buffer.alloc(0x77), otaData(entry(4))]), 0x77);
    expect([1, 2, 3, 4, 5].map((slots) => activeOtaSlot(found, slots))).toEqual([0, 1, 0, 3, 3]);
    expect(activeOtaSlot(found, 0)).toBeUndefined();
  });

  test("that ends before its second entry is refused", () => {
    expect(thrownBy(() => parseOtaData(otaData(entry(1)).subarray(0, 0x1010)))).toMatchObject({
      code: "image/truncated",
      details: { offset: "0x00001000" },
    });
  });

  test("of any bytes selects nothing that its CRC does not cover", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(parseOtaData(otaData(bytes)).active).toBeUndefined();
      }),
    );
  });
});
