import fc from "fast-check";
import type { FlashError } from "../../src/base/errors.js";
import { imageChipLabel } from "../../src/image/chip-memory.js";
import { beginsAsImage, defaultOffset, inspectFirmware, tryInspect } from "../../src/image/inspect.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes, thrownBy } from "../support/images.js";
import { testWithShared } from "../support/shared-files.js";

const esp32 = { label: "ESP32", imageChipId: 0, bootloaderOffset: 0x1000 };
const esp32c3 = { label: "ESP32-C3", imageChipId: 5, bootloaderOffset: 0 };

const table = buildPartitionTable([
  { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
  { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x10000, flags: 0 },
  { name: "ota_0", type: 0, subtype: 0x10, offset: 0x20000, lengthBytes: 0x10000, flags: 0 },
]);

/** A whole flash from address 0 on. */
function wholeFlash(bootloaderOffset: number, bootloader = bootloaderImage(), app = appImage()): Uint8Array {
  return flashBytes(0x11000, [
    { offset: bootloaderOffset, bytes: bootloader },
    { offset: 0x8000, bytes: table },
    { offset: 0x10000, bytes: app },
  ]);
}

describe("a firmware file", () => {
  test("with a bootloader alone goes where the chip starts it", () => {
    const content = inspectFirmware(bootloaderImage());
    expect(content).toMatchObject({ kind: "bootloader", apps: [] });
    expect(defaultOffset(content, esp32)).toBe(0x1000);
    expect(defaultOffset(inspectFirmware(bootloaderImage({ chipId: 5 })), esp32c3)).toBe(0);
  });

  test("that is merged from the bootloader on goes to the bootloader's place", () => {
    const content = inspectFirmware(wholeFlash(0x1000).subarray(0x1000));
    expect(content).toMatchObject({ kind: "merged", imageOffset: 0, flashStart: 0x1000 });
    expect(content.table?.map((partition) => partition.name)).toEqual(["nvs", "factory", "ota_0"]);
    expect(content.apps.map((app) => [app.partition, app.offset])).toEqual([["factory", 0xf000]]);
    expect(content.apps[0]?.image.app?.project).toBe("blink");
    expect(defaultOffset(content, esp32)).toBe(0x1000);
  });

  test("that is merged from address 0 on goes to 0", () => {
    const content = inspectFirmware(wholeFlash(0x1000));
    expect(content).toMatchObject({ kind: "merged", imageOffset: 0x1000, flashStart: 0 });
    expect(defaultOffset(content, esp32)).toBe(0);
  });

  test("that is merged for a chip with its bootloader at 0 goes to 0", () => {
    const content = inspectFirmware(wholeFlash(0, bootloaderImage({ chipId: 5 }), appImage({ chipId: 5 })));
    expect(content).toMatchObject({ kind: "merged", flashStart: 0 });
    expect(defaultOffset(content, esp32c3)).toBe(0);
  });

  test("merged with the bootloader at another chip's place gets no offset", () => {
    const content = inspectFirmware(wholeFlash(0));
    expect(thrownBy(() => defaultOffset(content, esp32))).toMatchObject({
      code: "plan/no-offset",
      message: expect.stringMatching(/0x00000000.*0x00001000/) as string,
    });
    expect(thrownBy(() => defaultOffset(inspectFirmware(wholeFlash(0x2000)), esp32))).toMatchObject({
      code: "plan/no-offset",
      message: expect.stringMatching(/0x00002000.*0x00001000/) as string,
    });
  });

  test("for another chip is refused by name", () => {
    const content = inspectFirmware(bootloaderImage({ chipId: 5 }));
    expect(thrownBy(() => defaultOffset(content, esp32))).toMatchObject({
      code: "chip/image-mismatch",
      message: "The firmware was built for ESP32-C3, not for ESP32.",
    });
  });

  test.each([
    ["an app", appImage(), "app", /app.*0x10000.*0x20000/],
    ["a table", table, "partition-table", /table.*0x8000/],
    ["a table that fills its sector", flashBytes(0x1000, [{ offset: 0, bytes: table }]), "partition-table", /0x8000/],
    ["a file system", patternBytes(9000), "data", /neither/],
    ["blank", new Uint8Array(0x10000).fill(0xff), "data", /neither/],
    ["no bytes", new Uint8Array(0), "data", /neither/],
    ["a table with more behind it", Buffer.concat([table, patternBytes(9)]), "data", /neither/],
    // Without a table, an image somewhere inside proves nothing: file systems hold such files too.
    ["an image at 0x1000 without a table", wholeFlash(0x1000).subarray(0, 0x7000), "data", /neither/],
    [
      "a table at its place and nothing else",
      flashBytes(0x9000, [{ offset: 0x8000, bytes: table }]),
      "data",
      /neither/,
    ],
    ["an app where a bootloader should be", wholeFlash(0x1000, appImage()), "data", /neither/],
  ] as const)("with %s gets no default offset", (_, bytes, kind, words) => {
    const content = inspectFirmware(bytes);
    expect(content).toMatchObject({ kind, apps: [] });
    const error = thrownBy(() => defaultOffset(content, esp32));
    expect(error).toMatchObject({ code: "plan/no-offset" });
    expect((error as FlashError).message).toMatch(words);
  });

  test("that begins as an image but is damaged is an error, unless it may be anything", () => {
    for (const [bytes, code] of [
      [bootloaderImage().subarray(0, 300), "image/truncated"],
      [wholeFlash(0x1000).subarray(0x1000, 0x10100), "image/truncated"],
      [wholeFlash(0x1000, bootloaderImage().fill(0, 40, 45)), "image/checksum"],
      [table.slice().fill(0, 4, 8), "image/checksum"],
    ] as const) {
      expect(thrownBy(() => inspectFirmware(bytes))).toMatchObject({ code });
    }
    expect(tryInspect(bootloaderImage().subarray(0, 300)).kind).toBe("data");
    expect(tryInspect(bootloaderImage().fill(0, -1)).kind).toBe("data");
    expect(tryInspect(wholeFlash(0x1000, bootloaderImage().fill(0, 40, 45))).kind).toBe("data");
    expect(tryInspect(table.slice().fill(0, 4, 8)).kind).toBe("data");
    expect(tryInspect(wholeFlash(0x1000).subarray(0x1000, 0x10100))).toMatchObject({ kind: "merged", apps: [] });
  });

  test("finds the bootloader although E9 stands at another chip's place too", () => {
    const flash = wholeFlash(0x2000);
    flash[0x1000] = 0xe9;
    expect(inspectFirmware(flash)).toMatchObject({ kind: "merged", imageOffset: 0x2000 });
  });

  test("of any bytes never makes inspection throw anything but image/…", () => {
    const piece = fc.record({
      offset: fc.constantFrom(0, 0x1000, 0x2000, 0x6000, 0x7000, 0x8000, 0x10000),
      bytes: fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        fc.constantFrom(bootloaderImage(), appImage(), table),
        fc.uint8Array({ maxLength: 64 }).map((rest) => Uint8Array.of(0xe9, ...rest)),
      ),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), fc.nat(0x11000), (pieces, lengthBytes) => {
        const bytes = flashBytes(0x11000, pieces).subarray(0, lengthBytes);
        tryInspect(bytes);
        try {
          inspectFirmware(bytes);
        } catch (error) {
          expect((error as FlashError).code).toMatch(/^image\//);
        }
      }),
    );
  });
});

describe("the first 32 bytes of a file", () => {
  const first = (changes: Parameters<typeof bootloaderImage>[0] = {}): Uint8Array =>
    bootloaderImage(changes).slice(0, 32);
  const withByte = (at: number, value: number): Uint8Array => first().fill(value, at, at + 1);

  test("tell an image of any known chip, whatever comes behind them", () => {
    expect(beginsAsImage(first())).toBe(true);
    expect(beginsAsImage(first({ chipId: 13 }))).toBe(true);
  });

  test("tell none where they are fewer, or one of them is not as an image has it", () => {
    const others = [
      first().subarray(0, 31),
      first({ chipId: 77 }),
      withByte(0, 0xe8),
      withByte(1, 17),
      withByte(23, 2),
      withByte(28, 65),
      withByte(31, 1),
      patternBytes(32),
    ];
    expect(others.map(beginsAsImage)).toEqual(others.map(() => false));
  });
});

describe("the kind of an image", () => {
  const kindOf = (chipId: number, ...addresses: readonly number[]): string | undefined =>
    inspectFirmware(
      bootloaderImage({ chipId, segments: addresses.map((address) => ({ address, bytes: patternBytes(64) })) }),
    ).kind;

  test("is an app's where one segment lies in mapped flash, from its first to its last byte", () => {
    expect(kindOf(0, 0x3fff0018, 0x3f400000)).toBe("app");
    expect(kindOf(0, 0x3f7ffffc, 0x3fff0018)).toBe("app");
    expect(kindOf(0, 0x3f3ffffc, 0x3f800000)).toBe("bootloader");
  });
});

test("chips are told by name, and an id that nobody knows by its number", () => {
  expect([0, 5, 77, undefined].map(imageChipLabel)).toEqual(["ESP32", "ESP32-C3", "chip id 77", "ESP8266"]);
  expect(thrownBy(() => defaultOffset(inspectFirmware(bootloaderImage()), esp32c3))).toMatchObject({
    code: "chip/image-mismatch",
    details: { imageChip: "ESP32", chip: "ESP32-C3" },
  });
});

test("a merged file has the apps of app partitions only", () => {
  const rows = buildPartitionTable([
    { name: "copy", type: 1, subtype: 0x81, offset: 0x10000, lengthBytes: 0x10000, flags: 0 },
    { name: "ota_0", type: 0, subtype: 0x10, offset: 0x20000, lengthBytes: 0x10000, flags: 0 },
  ]);
  const file = flashBytes(0x21000, [
    { offset: 0, bytes: bootloaderImage() },
    { offset: 0x7000, bytes: rows },
    { offset: 0xf000, bytes: appImage() },
    { offset: 0x1f000, bytes: appImage() },
  ]);
  expect(inspectFirmware(file).apps.map(({ partition, offset }) => [partition, offset])).toEqual([["ota_0", 0x1f000]]);
});

describe("real firmware", () => {
  testWithShared(
    "MicroPython 1.12 for the ESP32 is merged and goes to 0x1000",
    ["firmware", "esp32-idf3-20191220-v1.12.bin"],
    (bytes) => {
      const content = inspectFirmware(bytes);
      expect(content).toMatchObject({ kind: "merged", flashStart: 0x1000, image: { chipId: 0, entry: 0x400806f0 } });
      expect(content.table).toEqual([
        { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
        { name: "phy_init", type: 1, subtype: 1, offset: 0xf000, lengthBytes: 0x1000, flags: 0 },
        { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x180000, flags: 0 },
        { name: "vfs", type: 1, subtype: 0x81, offset: 0x200000, lengthBytes: 0x200000, flags: 0 },
      ]);
      expect(content.apps).toHaveLength(1);
      expect(content.apps[0]).toMatchObject({ offset: 0xf000, image: { app: { idfVersion: "v3.3" } } });
      expect(content.apps[0]?.image.lengthBytes).toBe(bytes.length - 0xf000);
      expect(defaultOffset(content, esp32)).toBe(0x1000);
    },
  );

  testWithShared("a bootloader of ESP-IDF 5.2", ["fixtures", "images", "bootloader_esp32_v5_2.bin"], (bytes) => {
    expect(defaultOffset(inspectFirmware(bytes), esp32)).toBe(0x1000);
  });

  testWithShared("an app of an ESP32-S2", ["fixtures", "images", "esp_idf_blink_esp32s2.bin"], (bytes) => {
    expect(inspectFirmware(bytes)).toMatchObject({ kind: "app", image: { app: { project: "blink" } } });
  });
});
