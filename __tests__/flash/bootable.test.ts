import fc from "fast-check";
import { chips } from "../../src/chips/index.js";
import type { FlashError } from "../../src/base/errors.js";
import { checkBootable } from "../../src/flash/bootable.js";
import { finalView } from "../../src/flash/final-view.js";
import type { EraseMode, FlashImage, SettledJob } from "../../src/flash/job.js";
import { eraseModes } from "../../src/flash/job.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "../support/images.js";
import { flashImage, flashJob, memoryView } from "../support/jobs.js";

const chip = chips.esp32;
const FLASH_BYTES = 0x400000;

const table = buildPartitionTable([
  { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
  { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
  { name: "ota_0", type: 0, subtype: 0x10, offset: 0x110000, lengthBytes: 0x100000, flags: 0 },
]);
const parts = {
  bootloader: flashImage("bootloader.bin", 0x1000, bootloaderImage()),
  table: flashImage("partitions.bin", 0x8000, table),
  app: flashImage("app.bin", 0x10000, appImage()),
  data: flashImage("storage.bin", 0x300000, patternBytes(0x2345)),
  merged: flashImage("merged.bin", 0x1000, buildDemoFirmware(chip)),
};
const flashWith = (...images: readonly FlashImage[]): Uint8Array => flashBytes(FLASH_BYTES, images);
const blank = flashWith();
const complete = flashWith(parts.bootloader, parts.table, parts.app, parts.data);

/** `boots`, or what the refusal says would be missing. */
async function judge(flash: Uint8Array, job: SettledJob): Promise<string> {
  try {
    await checkBootable(memoryView(flash), job, chip);
    return "boots";
  } catch (error) {
    expect(error).toMatchObject({ code: "plan/would-not-boot" });
    const { missing } = (error as FlashError).details;
    return (missing as string[]).join(" + ");
  }
}

async function messageOf(flash: Uint8Array, job: SettledJob): Promise<string> {
  return checkBootable(memoryView(flash), job, chip).then(
    () => "boots",
    (error: unknown) => (error as FlashError).message,
  );
}

describe("what a job leaves on the board", () => {
  const noBoot = "bootloader";
  const all = "bootloader + partition table";
  // erase, board, images, what is missing afterwards
  const rows: readonly (readonly [EraseMode, "blank" | "complete", readonly (keyof typeof parts)[], string])[] = [
    ["all", "blank", ["merged"], "boots"],
    ["all", "complete", ["merged"], "boots"],
    ["all", "complete", ["bootloader", "table", "app"], "boots"],
    ["all", "blank", ["bootloader", "table", "app"], "boots"],
    ["all", "complete", ["app"], all],
    ["all", "complete", ["bootloader"], "partition table"],
    ["all", "complete", ["table"], "bootloader + app"],
    ["all", "complete", ["bootloader", "table"], "app"],
    ["all", "complete", ["data"], all],
    ["all", "blank", ["data"], "boots"],
    ["all", "blank", ["app"], noBoot],
    ["all", "blank", ["table"], "bootloader + app"],
    // The first step of a board that is filled piece by piece.
    ["all", "blank", ["bootloader"], "boots"],
    ["touched", "complete", ["app"], "boots"],
    ["touched", "complete", ["bootloader"], "boots"],
    ["touched", "complete", ["table"], "boots"],
    ["touched", "complete", ["data"], "boots"],
    ["touched", "complete", ["merged"], "boots"],
    ["touched", "blank", ["data"], "boots"],
    ["touched", "blank", ["app"], noBoot],
    ["touched", "blank", ["bootloader", "app"], "boots"],
    ["touched", "blank", ["table", "app"], noBoot],
    ["touched", "blank", ["bootloader", "table"], "app"],
    ["touched", "blank", ["bootloader", "table", "app"], "boots"],
    ["none", "complete", ["app"], "boots"],
    ["none", "blank", ["data"], "boots"],
    ["none", "blank", ["app"], noBoot],
    ["none", "blank", ["merged"], "boots"],
  ];

  test.each(rows)("erase %s, %s board, %j: %s", async (erase, board, images, expected) => {
    const job = flashJob(
      images.map((name) => parts[name]),
      { erase },
    );
    expect(await judge(board === "blank" ? blank : complete, job)).toBe(expected);
  });

  test("does not matter where the job allows it, and then nothing is read", async () => {
    const view = memoryView(complete);
    await checkBootable(view, flashJob([parts.app], { allow: new Set(["would-not-boot"] as const) }), chip);
    expect(view.readBytes()).toBe(0);
  });

  test("is told part by part", async () => {
    expect(await messageOf(complete, flashJob([parts.app]))).toBe(
      "Afterwards the ESP32 would not start: at 0x00001000, where the ROM looks for the bootloader, would be blank " +
        "flash; the partition table at 0x00008000 would be gone.",
    );
    expect(await messageOf(blank, flashJob([parts.bootloader, parts.table]))).toBe(
      "Afterwards the ESP32 would not start: its partition table would lead to no bootable app: at 0x00010000 (factory) " +
        "would be blank flash, at 0x00110000 (ota_0) would be blank flash.",
    );
  });
});

describe("the bootloader's place", () => {
  test.each([
    ["an app", appImage(), /an app, which the ROM cannot start/],
    ["other bytes", patternBytes(3000), /bytes that are no image/],
    ["a bootloader with a wrong byte", bootloaderImage().fill(0, 40, 44), /cannot start \(.*checksum/],
  ] as const)("with %s does not start", async (_, bytes, words) => {
    const job = flashJob([flashImage("fw.bin", 0x1000, bytes)], { erase: "touched" });
    expect(await messageOf(complete, job)).toMatch(words);
  });

  test("may not be written into", async () => {
    const big = { address: 0x40080400, bytes: patternBytes(0x4000) };
    const board = flashWith(flashImage("", 0x1000, bootloaderImage({ segments: [big] })), parts.table, parts.app);
    const into = flashJob([flashImage("data.bin", 0x3000, patternBytes(100))], { erase: "touched" });
    expect(await judge(board, into)).toBe("bootloader");
    const behind = flashJob([flashImage("data.bin", 0x6000, patternBytes(100))], { erase: "touched" });
    expect(await judge(board, behind)).toBe("boots");
    // Where there is no bootloader, the same bytes harm none.
    expect(await judge(blank, into)).toBe("boots");
  });
});

describe("the partition table", () => {
  test("may not be damaged", async () => {
    const damaged = table.slice();
    damaged[4] = 1;
    const job = flashJob([parts.bootloader, flashImage("t.bin", 0x8000, damaged), parts.app]);
    expect(await judge(blank, job)).toBe("partition table");
  });

  test("may lie elsewhere, if the job brings one", async () => {
    const job = flashJob([parts.bootloader, flashImage("t.bin", 0x9000, table), parts.app]);
    expect(await judge(complete, job)).toBe("boots");
    expect(await judge(complete, { ...job, images: job.images.slice(0, 2) })).toBe("app");
  });

  test("needs a partition for an app", async () => {
    const dataOnly = buildPartitionTable([
      { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
    ]);
    const job = flashJob([flashImage("t.bin", 0x8000, dataOnly)], { erase: "touched" });
    expect(await messageOf(complete, job)).toMatch(/no partition for an app/);
  });

  test("may name partitions that the flash does not reach", async () => {
    const job = flashJob([parts.bootloader, parts.table], { erase: "all" });
    const small = blank.subarray(0, 0x100000);
    expect(await judge(small, job)).toBe("app");
  });

  test("is not needed by a file that fills its place with a layout of its own", async () => {
    const own = flashBytes(0x9000, [{ offset: 0, bytes: bootloaderImage() }]).fill(0x5a, 0x6000);
    expect(await judge(complete, flashJob([flashImage("own.bin", 0x1000, own)]))).toBe("boots");
  });
});

describe("an app", () => {
  test("may be broken while another one is left", async () => {
    const other = flashImage("other.bin", 0x110000, appImage());
    const board = flashWith(parts.bootloader, parts.table, parts.app, other);
    const job = flashJob([flashImage("junk.bin", 0x10000, patternBytes(100))], { erase: "touched" });
    expect(await judge(board, job)).toBe("boots");
    expect(await judge(complete, job)).toBe("app");
  });

  test("that the job writes into is read whole", async () => {
    const long = appImage({
      segments: [
        { address: 0x3f400020, bytes: patternBytes(0x3000) },
        { address: 0x40080000, bytes: patternBytes(0x800) },
      ],
    });
    const board = flashWith(parts.bootloader, parts.table, flashImage("", 0x10000, long));
    const same = flashJob([flashImage("same.bin", 0x11000, long.slice(0x1000, 0x2000))], { erase: "touched" });
    expect(await judge(board, same)).toBe("boots");
    const other = flashJob([flashImage("other.bin", 0x11000, new Uint8Array(0x1000))], { erase: "touched" });
    expect(await judge(board, other)).toBe("app");
  });

  test("must fit its partition", async () => {
    const small = buildPartitionTable([
      { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100, flags: 0 },
    ]);
    const job = flashJob([parts.bootloader, flashImage("t.bin", 0x8000, small), parts.app]);
    expect(await messageOf(blank, job)).toMatch(/longer than its place/);
  });
});

describe("reading from the board", () => {
  const readBytes = async (job: SettledJob): Promise<number> => {
    const view = memoryView(complete);
    await checkBootable(view, job, chip);
    return view.readBytes();
  };

  test("is not needed for a merged file with everything in it", async () => {
    expect(await readBytes(flashJob([parts.merged]))).toBe(0);
    expect(await readBytes(flashJob([parts.merged], { erase: "touched" }))).toBe(0);
  });

  test("stays at headers and the table for anything else", async () => {
    // The table has 0xC00 bytes, read for the board as it is and as it will be.
    for (const job of [flashJob([parts.app], { erase: "touched" }), flashJob([parts.data], { erase: "touched" })]) {
      const bytes = await readBytes(job);
      expect(bytes).toBeGreaterThan(0);
      expect(bytes).toBeLessThan(2 * 0xc00 + 512);
    }
  });
});

test("an app that the job brings, or leaves alone, is judged before one that it changes in part", async () => {
  const second = flashImage("second.bin", 0x110000, appImage());
  const inFirst = flashImage("patch.bin", 0x20000, patternBytes(16));
  for (const images of [[second], [inFirst, second], [second, inFirst]]) {
    const view = memoryView(complete);
    const places: number[] = [];
    const read: typeof view.read = (offset, lengthBytes) => {
      places.push(offset);
      return view.read(offset, lengthBytes);
    };
    await checkBootable({ ...view, read }, flashJob(images, { erase: "touched" }), chip);
    expect(places.filter((at) => at >= 0x10000 && at < 0x110000)).toEqual([]);
  }
});

test("garbage on the board leads to a verdict and never out of the flash", async () => {
  const header = fc
    .uint8Array({ minLength: 60, maxLength: 60 })
    .map((rest) => Uint8Array.of(0xe9, 1 + ((rest[0] ?? 0) % 4), ...rest));
  const place = fc.constantFrom(0x1000, 0x8000, 0x10000, 0xff000);
  const garbage = fc.array(
    fc.record({ offset: place, bytes: fc.oneof(header, fc.constant(table), fc.uint8Array({ maxLength: 80 })) }),
  );
  const image = fc.constantFrom(parts.app, parts.bootloader, parts.table, { ...parts.data, offset: 0x20000 });
  await fc.assert(
    fc.asyncProperty(garbage, image, fc.constantFrom(...eraseModes), async (pieces, placed, erase) => {
      await judge(flashBytes(0x100000, pieces), flashJob([placed], { erase }));
    }),
  );
});

describe("the view of the flash afterwards", () => {
  test("is what a plain model of the job gives", async () => {
    const image = fc.record({
      sector: fc.nat(7),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 0x1800, size: "max" }),
    });
    const erases = fc.constantFrom(...eraseModes);
    const window = fc.tuple(fc.nat(0x8fff), fc.nat(0x2000));
    const board = patternBytes(0x9000, 5);
    await fc.assert(
      fc.asyncProperty(fc.array(image, { maxLength: 2 }), erases, window, async (wanted, erase, [offset, span]) => {
        const images = wanted.map(({ sector, bytes }) => flashImage("x", sector * 0x1000, bytes));
        const model = erase === "all" ? new Uint8Array(board.length).fill(0xff) : board.slice();
        if (erase === "touched") {
          for (const { offset: at, bytes } of images)
            model.fill(0xff, at, at + Math.ceil(bytes.length / 0x1000) * 0x1000);
        }
        for (const { offset: at, bytes } of images) model.set(bytes, at);
        const lengthBytes = Math.min(span, board.length - offset);
        const view = memoryView(board);
        const seen = await finalView(view, flashJob(images, { erase })).read(offset, lengthBytes);
        expect(Buffer.from(seen).equals(model.subarray(offset, offset + lengthBytes))).toBe(true);
        if (erase === "all") expect(view.readBytes()).toBe(0);
      }),
    );
  });
});
