import { createHash } from "node:crypto";
import fc from "fast-check";
import type { ChipName } from "../../src/chips/index.js";
import { chips } from "../../src/chips/index.js";
import { flashSettingsFrom } from "../../src/image/flash-settings.js";
import { parseImage } from "../../src/image/parse.js";
import { patchFlashSettings } from "../../src/image/patch.js";
import { fixtureTable } from "../support/fixture-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes, thrownBy } from "../support/images.js";
import { testWithShared } from "../support/shared-files.js";

/** A signature sector as `espsecure sign-data --version 2` appends it, with a made-up signature. */
function signedV2(image: Uint8Array, version = 2): Uint8Array {
  const sector = new Uint8Array(4096).fill(0xff);
  sector.set([0xe7, version, 0, 0, ...patternBytes(1212)]);
  const padding = new Uint8Array((4096 - (image.length % 4096)) % 4096).fill(0xff);
  return Buffer.concat([image, padding, sector]);
}

const wanted = { flashModeByte: 0, frequencyCode: 0xf, sizeCode: 0x40 };

describe("flash settings in a header are set as esptool sets them", () => {
  for (const { image, chip, options, sha256 } of fixtureTable.patched) {
    testWithShared([image, ...options].join(" "), ["fixtures", "images", image], (bytes) => {
      const word = (name: string): string =>
        options.includes(name) ? (options[options.indexOf(name) + 1] ?? "") : "keep";
      const settings = flashSettingsFrom(
        { mode: word("--flash-mode"), frequency: word("--flash-freq"), size: word("--flash-size") },
        chips[chip as ChipName],
      );
      expect(
        createHash("sha256")
          .update(patchFlashSettings(bytes, 0, settings))
          .digest("hex"),
      ).toBe(sha256);
    });
  }
});

describe("setting flash settings", () => {
  test("changes two bytes and the digest, and nothing around the image", () => {
    const image = bootloaderImage();
    const file = flashBytes(0x3000, [
      { offset: 0x1000, bytes: image },
      { offset: 0x2000, bytes: patternBytes(0x1000) },
    ]);
    const patched = patchFlashSettings(file, 0x1000, wanted);
    expect(parseImage(patched, 0x1000)).toMatchObject({ flashModeByte: 0, sizeFreqByte: 0x4f });
    const changed = [...patched.keys()].filter((at) => patched[at] !== file[at]);
    expect(changed.slice(0, 2)).toEqual([0x1002, 0x1003]);
    expect(changed.slice(2).every((at) => at >= 0x1000 + image.length - 32 && at < 0x1000 + image.length)).toBe(true);
  });

  test("leaves the bytes that it was given alone, also those of a Buffer", () => {
    const given = Buffer.from(bootloaderImage());
    patchFlashSettings(given, 0, wanted);
    expect(given).toEqual(Buffer.from(bootloaderImage()));
  });

  test("to what they are gives the bytes themselves", () => {
    const image = bootloaderImage();
    expect(patchFlashSettings(image, 0, {})).toBe(image);
    expect(patchFlashSettings(image, 0, { flashModeByte: 2, sizeCode: 0x20 })).toBe(image);
  });

  test("always leaves an image that is whole", () => {
    const settings = fc.record({
      flashModeByte: fc.constantFrom(0, 1, 2, 3),
      frequencyCode: fc.constantFrom(0, 1, 2, 0xf),
      sizeCode: fc.constantFrom(0, 0x10, 0x20, 0x70),
    });
    fc.assert(
      fc.property(settings, fc.boolean(), (given, digest) => {
        const patched = patchFlashSettings(bootloaderImage({ digest }), 0, given);
        expect(parseImage(patched)).toMatchObject({
          flashModeByte: given.flashModeByte,
          sizeFreqByte: given.sizeCode | given.frequencyCode,
        });
      }),
    );
  });

  test.each([
    ["Secure Boot V2 with RSA", signedV2(bootloaderImage()), 0],
    ["Secure Boot V2 with ECDSA", signedV2(bootloaderImage(), 3), 0],
    [
      "Secure Boot V2 in a merged file",
      Buffer.concat([new Uint8Array(0x1000).fill(0xff), signedV2(bootloaderImage())]),
      0x1000,
    ],
    ["a Secure Boot V1 signature", Buffer.concat([appImage(), new Uint8Array(4), patternBytes(64)]), 0],
    [
      "a Secure Boot V1 digest in front",
      flashBytes(0x2000, [
        { offset: 0, bytes: patternBytes(192) },
        { offset: 0x1000, bytes: bootloaderImage() },
      ]),
      0x1000,
    ],
  ])("is refused for an image with %s, unless nothing changes", (_, bytes, offset) => {
    expect(thrownBy(() => patchFlashSettings(bytes, offset, wanted))).toMatchObject({
      code: "image/signed",
      message: expect.stringContaining(`0x${offset.toString(16).padStart(8, "0")} of the file is signed`) as string,
    });
    expect(patchFlashSettings(bytes, offset, {})).toBe(bytes);
  });

  test.each([0x00, 0xff])("takes bytes of 0x%s around an image for padding", (fill) => {
    const image = bootloaderImage();
    const file = Buffer.concat([new Uint8Array(0x1000).fill(fill), image, new Uint8Array(0x2000).fill(fill)]);
    expect(parseImage(patchFlashSettings(file, 0x1000, wanted), 0x1000).flashModeByte).toBe(0);
  });

  test.each([
    ["a sector with another first byte", 0xe8, 2],
    ["a sector of an unknown version", 0xe7, 4],
  ])("takes %s behind an image for no signature", (_, magic, version) => {
    const file = signedV2(bootloaderImage(), version);
    file[0x1000] = magic;
    expect(parseImage(patchFlashSettings(file, 0, wanted)).flashModeByte).toBe(0);
  });

  test.each([
    ["a word that is not zero in front of them", [1, 0, 0, 0], 64],
    ["a byte that is not zero in front of them", [0, 0, 0, 1], 64],
    ["a byte too few", [0, 0, 0, 0], 63],
  ])("takes 64 bytes behind an image for no signature with %s", (_, version, lengthBytes) => {
    const file = Buffer.concat([appImage(), Uint8Array.from(version), patternBytes(lengthBytes)]);
    expect(parseImage(patchFlashSettings(file, 0, wanted)).flashModeByte).toBe(0);
  });

  test("is refused for a damaged image", () => {
    const damaged = bootloaderImage().fill(0, 40, 45);
    expect(thrownBy(() => patchFlashSettings(damaged, 0, wanted))).toMatchObject({ code: "image/checksum" });
  });
});

describe("words for flash settings", () => {
  test("keep, and none, leave all as it is", () => {
    expect(flashSettingsFrom({ mode: "keep", frequency: "keep", size: "keep" }, chips.esp32)).toEqual({});
    expect(flashSettingsFrom({}, chips.esp32)).toEqual({});
  });

  test("detect takes the size that the board's flash has", () => {
    const code = (chip: ChipName, sizeBytes?: number): unknown =>
      flashSettingsFrom({ size: "detect" }, chips[chip], sizeBytes).sizeCode;
    expect(code("esp32", 0x400000)).toBe(0x20);
    expect(code("esp32s3", 0x2000000)).toBe(0x50);
    expect(code("esp8266", 0x80000)).toBe(0x00);
    expect(thrownBy(() => code("esp32", 0x80000))).toMatchObject({
      code: "chip/unsupported",
      message: expect.stringContaining("524,288 bytes") as string,
    });
    expect(thrownBy(() => code("esp32"))).toMatchObject({
      code: "chip/unsupported",
      message: expect.stringContaining("has an unknown size") as string,
    });
    expect(code("esp32", 0x100000)).toBe(0x00);
  });

  test("frequencies are the chip's own", () => {
    expect(flashSettingsFrom({ frequency: "60m" }, chips.esp32c2)).toEqual({ frequencyCode: 0xf });
    expect(flashSettingsFrom({ frequency: "80m" }, chips.esp32c6)).toEqual({ frequencyCode: 0 });
    expect(thrownBy(() => flashSettingsFrom({ frequency: "80m" }, chips.esp32h2))).toMatchObject({
      code: "chip/unsupported",
      message: expect.stringMatching(/ESP32-H2.*"80m".*48m/) as string,
    });
  });

  test.each(["toString", "fast", ""])("%p is no mode", (mode) => {
    expect(thrownBy(() => flashSettingsFrom({ mode }, chips.esp32))).toMatchObject({
      code: "chip/unsupported",
      message: `flash-mode is "${mode}", but takes keep or one of qio, qout, dio, dout.`,
      details: { value: mode },
    });
  });

  test("sizes are the chip's own", () => {
    expect(thrownBy(() => flashSettingsFrom({ size: "3MB" }, chips.esp32))).toMatchObject({
      message: expect.stringMatching(/^flash-size of ESP32 is "3MB".* 1MB, 2MB, 4MB/) as string,
    });
  });
});
