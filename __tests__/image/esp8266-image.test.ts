import fc from "fast-check";
import type { FlashError } from "../../src/base/errors.js";
import { chips } from "../../src/chips/index.js";
import { elfToEsp8266V1, elfToEsp8266V2 } from "../../src/image/elf-to-esp8266.js";
import { isEsp8266Image } from "../../src/image/esp8266-image.js";
import { beginsAsImage, defaultOffset, inspectFirmware, tryInspect } from "../../src/image/inspect.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { parseImage } from "../../src/image/parse.js";
import { patchFlashSettings } from "../../src/image/patch.js";
import { elfFile } from "../support/elf-file.js";
import { appImage, bootloaderImage, flashBytes, patternBytes, thrownBy } from "../support/images.js";

const elf = elfFile(
  [
    { name: ".data", address: 0x3ffe8000, bytes: patternBytes(80) },
    { name: ".text", address: 0x40100000, bytes: patternBytes(201) },
    { name: ".irom0.text", address: 0x40202010, bytes: patternBytes(333) },
  ],
  0x40100004,
  0x5e,
);
const [v1, mapped] = elfToEsp8266V1(elf).map((file) => file.bytes);
const v2 = elfToEsp8266V2(elf).bytes;

/** `bytes` with one of them changed. */
function withByte(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[offset] = value;
  return changed;
}

describe("an ESP8266 image", () => {
  test("of version 1 is what the ROM starts, and goes to 0", () => {
    const image = parseImage(v1 ?? new Uint8Array());
    expect(image).toMatchObject({ kind: "bootloader", entry: 0x40100004, sizeFreqByte: 0x20, lengthBytes: v1?.length });
    expect(image).not.toHaveProperty("chipId");
    expect(image.segments).toEqual([
      { address: 0x3ffe8000, offset: 16, lengthBytes: 80 },
      { address: 0x40100000, offset: 104, lengthBytes: 204 },
    ]);
    expect(defaultOffset(inspectFirmware(v1 ?? new Uint8Array()), chips.esp8266)).toBe(0);
  });

  test("of version 2 is an app for a boot loader, and needs an offset", () => {
    const image = parseImage(v2);
    expect(image).toMatchObject({ kind: "app", entry: 0x40100004, lengthBytes: v2.length });
    expect(image.segments.map((segment) => segment.address)).toEqual([0, 0x3ffe8000, 0x40100000]);
    expect(thrownBy(() => defaultOffset(inspectFirmware(v2), chips.esp8266))).toMatchObject({
      code: "plan/no-offset",
      message: expect.stringMatching(/ESP8266 app.* 0x1000,/) as string,
    });
    expect(thrownBy(() => patchFlashSettings(v2, 0, { flashModeByte: 2 }))).toMatchObject({
      code: "chip/unsupported",
      message: expect.stringContaining("from the boot loader in front of it") as string,
    });
  });

  test("is not for another chip, and no other chip's image is for it", () => {
    expect(thrownBy(() => defaultOffset(inspectFirmware(v1 ?? new Uint8Array()), chips.esp32))).toMatchObject({
      message: "The firmware was built for ESP8266, not for ESP32.",
    });
    expect(thrownBy(() => defaultOffset(inspectFirmware(bootloaderImage()), chips.esp8266))).toMatchObject({
      message: "The firmware was built for ESP32, not for ESP8266.",
    });
    expect([bootloaderImage(), appImage()].some((image) => isEsp8266Image(image))).toBe(false);
  });

  test("with bytes of a partition table at 0x8000 is no merged file", () => {
    const table = buildPartitionTable([
      { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
    ]);
    const file = flashBytes(0x9000, [
      { offset: 0, bytes: v1 ?? new Uint8Array() },
      { offset: 0x8000, bytes: table },
    ]);
    expect(inspectFirmware(file)).toMatchObject({ kind: "bootloader", apps: [] });
  });

  test("is known by its first 16 bytes", () => {
    const begins = (image: Uint8Array | undefined, at: number, value: number, end = 16): boolean =>
      isEsp8266Image(withByte(image ?? new Uint8Array(), at, value).subarray(0, end));
    expect([begins(v1, 0, 0xe9), begins(v2, 0, 0xea)]).toEqual([true, true]);
    // Fewer bytes, another magic, and a first segment that is neither in RAM nor without a place.
    expect([begins(v1, 0, 0xe9, 15), begins(v1, 0, 0xe8), begins(v1, 11, 0x41)]).toEqual([false, false, false]);
    expect([begins(v2, 0, 0xeb), begins(v2, 1, 5), begins(v2, 8, 1)]).toEqual([false, false, false]);
    expect(beginsAsImage((v1 ?? new Uint8Array()).subarray(0, 32))).toBe(true);
    expect(beginsAsImage(withByte(v1 ?? new Uint8Array(), 15, 1).subarray(0, 32))).toBe(false);
  });

  test("has its code for mapped flash in a file that looks like data", () => {
    expect(inspectFirmware(mapped ?? new Uint8Array())).toMatchObject({ kind: "data" });
  });

  test.each([
    ["another data byte", withByte(v2, 400, 0x11), "image/checksum", /CRC|checksum/],
    ["another byte of mapped code", withByte(v2, 40, 0x11), "image/checksum", /CRC/],
    ["no second header", withByte(v2, 352, 0x00), "image/malformed", /0x00000160.*0xe9/],
    ["half of its mapped code", v2.subarray(0, 100), "image/truncated", /Segment 1 of 1/],
    ["no checksum", v2.subarray(0, -20), "image/truncated", /0x/],
    ["too many segments", withByte(v1 ?? v2, 1, 200), "image/malformed", /200 segments/],
  ] as const)("with %s is refused, and still no data", (_, bytes, code, words) => {
    const error = thrownBy(() => inspectFirmware(bytes)) as FlashError;
    expect(error).toMatchObject({ code });
    expect(error.message).toMatch(words);
    expect(tryInspect(bytes).kind).toBe("data");
    expect(beginsAsImage(bytes)).toBe(true);
  });

  test("of version 2 may lack the CRC, as other boot loaders' builds do", () => {
    expect(parseImage(v2.subarray(0, -4)).lengthBytes).toBe(v2.length - 4);
    expect(parseImage(Buffer.concat([v2.subarray(0, -4), Buffer.alloc(64, 0xff)])).lengthBytes).toBe(v2.length - 4);
  });

  test("of version 2 is noticed to be damaged whichever of its segments' bytes is wrong", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16, max: v2.length - 1 }), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
        const damaged = withByte(v2, offset, (v2[offset] ?? 0) ^ flip);
        expect(() => parseImage(damaged)).toThrow(/CRC|checksum|header|segment|Segment/);
      }),
    );
  });
});
