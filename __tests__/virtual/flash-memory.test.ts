import fc from "fast-check";
import { createFlashMemory, SECTOR_BYTES } from "../../src/virtual/flash-memory.js";
import type { FlashMemory } from "../../src/virtual/flash-memory.js";

const SIZE = 0x10000;
const sound = {
  staysUnerased: () => false,
  isWorn: () => false,
  programmed: (_offset: number, bytes: Uint8Array) => bytes,
};

function blankFlash(seed = 1): FlashMemory {
  return createFlashMemory({ bytes: new Uint8Array(SIZE).fill(0xff), weakSectors: [] }, seed, sound);
}

function program(flash: FlashMemory, offset: number, bytes: Uint8Array): void {
  flash.beginProgram(offset, bytes);
  flash.finish();
}

describe("NOR flash", () => {
  test("programming only clears bits, whatever is written where", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: SIZE - 300 }), fc.uint8Array({ minLength: 1, maxLength: 300 })), {
          maxLength: 10,
        }),
        (writes) => {
          const flash = blankFlash();
          const expected = new Uint8Array(SIZE).fill(0xff);
          for (const [offset, bytes] of writes) {
            program(flash, offset, bytes);
            bytes.forEach((byte, index) => (expected[offset + index] = (expected[offset + index] ?? 0) & byte));
          }
          expect(Buffer.from(flash.read(0, SIZE)).equals(expected)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  test("erasing sets whole sectors and leaves the others alone", () => {
    const flash = blankFlash();
    program(flash, 0, new Uint8Array(SIZE));
    flash.beginErase(SECTOR_BYTES, 2 * SECTOR_BYTES);
    flash.finish();
    expect(flash.read(0, SECTOR_BYTES).every((byte) => byte === 0)).toBe(true);
    expect(flash.read(SECTOR_BYTES, 2 * SECTOR_BYTES).every((byte) => byte === 0xff)).toBe(true);
    expect(flash.read(3 * SECTOR_BYTES, SECTOR_BYTES).every((byte) => byte === 0)).toBe(true);
  });

  test("addresses beyond the end wrap", () => {
    const flash = blankFlash();
    program(flash, SIZE - 2, Uint8Array.of(1, 2, 3, 4));
    expect([...flash.read(0, 2)]).toEqual([3, 4]);
    expect([...flash.read(2 * SIZE - 2, 4)]).toEqual([1, 2, 3, 4]);
  });
});

describe("a sector whose erase was cut short", () => {
  function cutShort(seed: number): FlashMemory {
    const flash = blankFlash(seed);
    program(flash, 0, new Uint8Array(SIZE));
    flash.beginErase(0, SECTOR_BYTES);
    flash.interrupt();
    return flash;
  }
  const blank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0xff);

  test("reads blank once, and wrong ever after, the same way for the same seed", () => {
    const [one, same, other] = [cutShort(1), cutShort(1), cutShort(2)];
    expect(one.weakSectors).toEqual([0]);
    expect(blank(one.read(0, SECTOR_BYTES))).toBe(true);
    const later = one.read(0, SECTOR_BYTES);
    expect(blank(later)).toBe(false);
    same.read(0, SECTOR_BYTES);
    other.read(0, SECTOR_BYTES);
    expect([...same.read(0, SECTOR_BYTES)]).toEqual([...later]);
    expect([...other.read(0, SECTOR_BYTES)]).not.toEqual([...later]);
  });

  test("stays weak when it is programmed, and is healed only by a whole erase", () => {
    const flash = cutShort(1);
    program(flash, 0, Uint8Array.of(0x55));
    expect(flash.weakSectors).toEqual([0]);
    flash.beginErase(0, SECTOR_BYTES);
    flash.interrupt();
    expect(flash.weakSectors).toEqual([0]);
    flash.beginErase(0, SECTOR_BYTES);
    flash.finish();
    expect(flash.weakSectors).toEqual([]);
    for (let reads = 0; reads < 5; reads++) expect(blank(flash.read(0, SECTOR_BYTES))).toBe(true);
  });

  test("an interrupted write leaves its first bytes, and no others", () => {
    const flash = blankFlash(3);
    flash.beginProgram(0, new Uint8Array(1000));
    flash.interrupt();
    const cells = flash.read(0, 1000);
    const written = cells.indexOf(0xff);
    expect(written).toBeGreaterThan(0);
    expect(cells.subarray(0, written).every((byte) => byte === 0)).toBe(true);
    expect(blank(cells.subarray(written))).toBe(true);
  });
});
