import fc from "fast-check";
import { combineOverlaps } from "../../src/flash/combine.js";
import { overlaps, sectorsOf } from "../../src/flash/desired.js";
import { rangeOf } from "../../src/flash/guards.js";
import type { FlashImage } from "../../src/flash/job.js";
import { patternBytes } from "../support/images.js";
import { flashImage } from "../support/jobs.js";

const FLASH_BYTES = 0x20000;

/** The images written one after the other, as the list has them. */
function painted(images: readonly FlashImage[]): Uint8Array {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff);
  for (const { offset, bytes } of images) flash.set(bytes, offset);
  return flash;
}

const imagesArb = fc
  .array(fc.record({ sector: fc.nat(20), lengthBytes: fc.integer({ min: 1, max: 0x5000 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((rows) =>
    rows.map(({ sector, lengthBytes }, index) =>
      flashImage(`image ${index}`, sector * 0x1000, patternBytes(lengthBytes, index + 1)),
    ),
  );

describe("images that share sectors", () => {
  test("become one that holds what the list would leave, and no two share sectors afterwards", () => {
    fc.assert(
      fc.property(imagesArb, (images) => {
        const combined = combineOverlaps(images);
        expect(Buffer.compare(painted(combined), painted(images))).toBe(0);
        combined.forEach((image, index) => {
          const shares = (other: FlashImage): boolean => overlaps(sectorsOf(rangeOf(image)), sectorsOf(rangeOf(other)));
          expect(combined.slice(0, index).filter(shares)).toEqual([]);
        });
      }),
    );
  });

  test("are named one after the other, and others stay as they are", () => {
    const [a, b, c] = [0x1000, 0x1800, 0x8000].map((offset, index) =>
      flashImage(`${index}`, offset, patternBytes(0x1000, index)),
    );
    if (a === undefined || b === undefined || c === undefined) throw new Error("three images were made");
    expect(combineOverlaps([a, c]).map(({ name }) => name)).toEqual(["0", "2"]);
    expect(combineOverlaps([a, b, c]).map(({ name }) => name)).toEqual(["0 + 1", "2"]);
    expect(combineOverlaps([a, c])[0]).toBe(a);
  });
});
