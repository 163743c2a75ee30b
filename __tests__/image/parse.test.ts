import { createHash } from "node:crypto";
import fc from "fast-check";
import { FlashError } from "../../src/base/errors.js";
import { buildImage } from "../../src/image/build.js";
import { parseImage } from "../../src/image/parse.js";
import { appImage, bootloaderImage, patternBytes, thrownBy } from "../support/images.js";

function withByte(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = bytes.slice();
  changed[offset] = value;
  return changed;
}

const tryParse = (bytes: Uint8Array): FlashError | undefined => {
  try {
    parseImage(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof FlashError) return error;
    throw error;
  }
};

describe("an image", () => {
  test("gives its header, segments and digest", () => {
    const bytes = bootloaderImage({ minRevision: 100, maxRevision: 399 });
    expect(parseImage(bytes)).toEqual({
      kind: "bootloader",
      chipId: 0,
      entry: 0x400806f0,
      flashModeByte: 2,
      sizeFreqByte: 0x20,
      minRevision: 100,
      maxRevision: 399,
      segments: [
        { address: 0x3fff0018, offset: 32, lengthBytes: 64 },
        { address: 0x40080400, offset: 104, lengthBytes: 400 },
      ],
      lengthBytes: bytes.length,
      digest: createHash("sha256").update(bytes.subarray(0, -32)).digest("hex"),
    });
  });

  test("with a description is an app and says which", () => {
    const image = parseImage(appImage());
    expect(image.kind).toBe("app");
    expect(image.app).toEqual({
      version: "1.2.3",
      project: "blink",
      compileTime: "07:50:41",
      compileDate: "Dec 20 2019",
      idfVersion: "v5.3",
      elfSha256: "ab".repeat(32),
    });
  });

  test("with a segment in mapped flash is an app, also without a description", () => {
    const segments = [{ address: 0x400d0018, bytes: patternBytes(64) }];
    expect(parseImage(bootloaderImage({ segments })).kind).toBe("app");
    // The same address is plain RAM elsewhere: chips differ.
    expect(parseImage(bootloaderImage({ segments, chipId: 13 })).kind).toBe("bootloader");
  });

  test("of an unknown chip is no bootloader", () => {
    expect(parseImage(bootloaderImage({ chipId: 77 })).kind).toBe("app");
  });

  test("may be followed by other bytes and may begin anywhere", () => {
    const image = bootloaderImage();
    const bytes = Buffer.concat([patternBytes(0x77), image, patternBytes(100)]);
    expect(parseImage(bytes, 0x77)).toEqual(parseImage(image));
  });

  test("without an appended digest has only its checksum", () => {
    const image = parseImage(bootloaderImage({ digest: false }));
    expect(image.digest).toBeUndefined();
    expect(image.lengthBytes % 16).toBe(0);
  });
});

test("an image is not built of segments that no loader takes", () => {
  const segments = [{ address: 0x40080400, bytes: patternBytes(5) }];
  expect(thrownBy(() => bootloaderImage({ segments }))).toMatchObject({ code: "image/malformed" });
});

describe("the revision limits of a header", () => {
  // byte 14: old field; 15-16: lowest; 17-18: highest (ESP-IDF esp_image_header_t)
  const limits = (chipId: number, legacy: number, min: number, max: number): object => {
    const image = buildImage({
      chipId,
      entry: 0,
      flashModeByte: 0,
      sizeFreqByte: 0,
      minRevision: min,
      maxRevision: max,
      segments: [{ address: 0x40080400, bytes: patternBytes(16) }],
      digest: false,
    });
    const { minRevision, maxRevision } = parseImage(withByte(image, 14, legacy));
    return { minRevision, maxRevision };
  };

  test.each([
    ["full fields", 0, 1, 101, 399, { minRevision: 101, maxRevision: 399 }],
    ["an open end", 0, 1, 101, 0xffff, { minRevision: 101, maxRevision: undefined }],
    ["only the old field, which counts majors", 0, 3, 0, 0, { minRevision: 300, maxRevision: undefined }],
    ["only the old field, which counts minors on a C3", 5, 3, 0, 0, { minRevision: 3, maxRevision: undefined }],
    ["the old field beside an open range from zero", 0, 1, 0, 0xffff, { minRevision: 100, maxRevision: undefined }],
  ])("%s", (_, chipId, legacy, min, max, expected) => {
    expect(limits(chipId, legacy, min, max)).toEqual(expected);
  });
});

describe("a damaged image", () => {
  const image = bootloaderImage();

  test.each([
    ["no bytes at all", new Uint8Array(0), "image/truncated", /no bytes/],
    ["another magic", withByte(image, 0, 0xea), "image/malformed", /0xe9.*0xea/],
    ["half a header", image.subarray(0, 20), "image/truncated", /24 bytes.*20/],
    ["no segment", withByte(image, 1, 0), "image/malformed", /0 segments/],
    ["too many segments", withByte(image, 1, 17), "image/malformed", /17 segments/],
    ["a digest flag of 2", withByte(image, 23, 2), "image/malformed", /digest flag is 2/],
    ["a segment length that is odd", withByte(image, 28, 65), "image/malformed", /Segment 1 .*65 bytes.*0x3fff0018/],
    ["a segment of 4 GB", withByte(image, 31, 0xff), "image/malformed", /Segment 1/],
    ["no second segment", image.subarray(0, 100), "image/truncated", /Segment 2 of 2.*0x00000060/],
    [
      "half a segment",
      image.subarray(0, 204),
      "image/truncated",
      /Segment 2 of 2, at 0x00000068, has 400 bytes, but only 100/,
    ],
    ["no checksum", image.subarray(0, 504), "image/truncated", /before its checksum/],
    ["half a digest", image.subarray(0, -1), "image/truncated", /SHA-256/],
    ["another data byte", withByte(image, 40, 0x00), "image/checksum", /checksum is 0x.. .at 0x000001ff., but .* 0x../],
    ["another entry", withByte(image, 4, 0x00), "image/digest", /SHA-256/],
  ] as const)("with %s is refused", (_, bytes, code, words) => {
    const error = tryParse(bytes);
    expect(error).toMatchObject({ code });
    expect(error?.message).toMatch(words);
  });

  test("is noticed whichever byte is wrong, or has lost its digest", () => {
    fc.assert(
      fc.property(fc.nat(image.length - 1), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
        const damaged = withByte(image, offset, (image[offset] ?? 0) ^ flip);
        // Only the flag that announces the digest can be cleared unseen: then nothing says that there was one.
        if (offset === 23 && damaged[23] === 0) return;
        expect(tryParse(damaged)?.code).toMatch(/^image\//);
      }),
      { numRuns: 2000 },
    );
  });

  test("is noticed wherever it ends", () => {
    fc.assert(
      fc.property(fc.nat(image.length - 1), (lengthBytes) => {
        expect(tryParse(image.subarray(0, lengthBytes))?.code).toBe("image/truncated");
      }),
    );
  });
});

test("whatever the bytes are, the parser says image/… or accepts them", () => {
  const header = fc.uint8Array({ minLength: 23, maxLength: 23 }).map((rest) => Uint8Array.of(0xe9, ...rest));
  const bytes = fc.tuple(fc.oneof(header, fc.uint8Array()), fc.uint8Array({ maxLength: 300 }));
  fc.assert(
    fc.property(bytes, fc.nat(40), ([head, tail], offset) => {
      const input = Buffer.concat([head, tail]);
      try {
        parseImage(input, offset);
      } catch (error) {
        expect(error).toBeInstanceOf(FlashError);
        expect((error as FlashError).code).toMatch(/^image\//);
      }
    }),
    { numRuns: 3000 },
  );
});

test("what is built is read back", () => {
  const segment = fc.record({
    address: fc.integer({ min: 0x3ffb0000, max: 0x3fffffff }),
    bytes: fc.uint8Array({ maxLength: 60 }).map((bytes) => bytes.subarray(0, bytes.length - (bytes.length % 4))),
  });
  const recipe = fc.record({
    chipId: fc.constant(0),
    entry: fc.integer({ min: 0, max: 0xffffffff }),
    flashModeByte: fc.integer({ min: 0, max: 3 }),
    sizeFreqByte: fc.integer({ min: 0, max: 255 }),
    minRevision: fc.integer({ min: 0, max: 399 }),
    maxRevision: fc.integer({ min: 1, max: 0xfffe }),
    segments: fc.array(segment, { minLength: 1, maxLength: 16 }),
    digest: fc.boolean(),
  });
  fc.assert(
    fc.property(recipe, (wanted) => {
      const bytes = buildImage(wanted);
      const image = parseImage(bytes);
      expect(image).toMatchObject({
        chipId: wanted.chipId,
        entry: wanted.entry,
        flashModeByte: wanted.flashModeByte,
        sizeFreqByte: wanted.sizeFreqByte,
        minRevision: wanted.minRevision,
        maxRevision: wanted.maxRevision,
        lengthBytes: bytes.length,
      });
      expect(image.segments.map((found) => found.address)).toEqual(wanted.segments.map((given) => given.address));
      expect(
        image.segments.map((found) => Buffer.from(bytes.subarray(found.offset, found.offset + found.lengthBytes))),
      ).toEqual(wanted.segments.map((given) => Buffer.from(given.bytes)));
      expect(image.digest !== undefined).toBe(wanted.digest);
    }),
  );
});
