import { faultAt, imageLengthAt, readTable } from "../../src/flash/boot-parts.js";
import type { FlashView } from "../../src/flash/final-view.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { chips } from "../../src/chips/index.js";
import type { Partition } from "../../src/image/partition-table.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "../support/images.js";
import { memoryView } from "../support/jobs.js";

const AT = 0x1000;
const app = appImage();
const bootloader = bootloaderImage();
const place = { offset: AT, lengthBytes: 0x10000 };
const holding = (bytes: Uint8Array, offset = AT, lengthBytes = 0x20000): ReturnType<typeof memoryView> =>
  memoryView(flashBytes(lengthBytes, [{ offset, bytes }]));
/** A board whose link breaks. */
const broken: FlashView = { lengthBytes: 0x20000, read: () => Promise.reject(new Error("link lost")) };

describe("the length of an image on the board", () => {
  test("is told by its headers alone", async () => {
    const view = holding(app);
    expect(await imageLengthAt(view, place)).toBe(app.length);
    expect(view.readBytes()).toBeLessThan(100);
    expect(await imageLengthAt(holding(bootloader), place)).toBe(bootloader.length);
  });

  test("is 0 where there is none, or none that ends within its place", async () => {
    expect(await imageLengthAt(holding(patternBytes(0x100)), place)).toBe(0);
    expect(await imageLengthAt(holding(app), { ...place, lengthBytes: app.length })).toBe(app.length);
    for (const lengthBytes of [app.length - 1, 30, 24, 23, 0]) {
      expect(await imageLengthAt(holding(app), { ...place, lengthBytes })).toBe(0);
    }
  });

  test("of an ESP8266's bootloader has no digest", async () => {
    const demo = buildDemoFirmware(chips.esp8266);
    const lengthBytes = await imageLengthAt(holding(demo, 0), { offset: 0, lengthBytes: 0x20000 });
    expect(lengthBytes).toBeGreaterThan(0);
    expect(lengthBytes % 16).toBe(0);
    expect(lengthBytes).toBeLessThanOrEqual(demo.length);
  });

  test("trouble with the board is no image's fault", async () => {
    await expect(imageLengthAt(broken, place)).rejects.toThrow("link lost");
    await expect(faultAt(broken, { place, kind: "app", changed: [] })).rejects.toThrow("link lost");
    await expect(readTable(broken, 0x8000)).rejects.toThrow("link lost");
  });
});

describe("why an image would not start", () => {
  const fault = (
    bytes: Uint8Array,
    kind: "app" | "bootloader" = "app",
    changes: { changed?: readonly { offset: number; lengthBytes: number }[]; lengthBytes?: number } = {},
  ): Promise<string | undefined> => {
    const { changed = [], lengthBytes = place.lengthBytes } = changes;
    return faultAt(holding(bytes), { place: { ...place, lengthBytes }, kind, changed });
  };

  test("is nothing for what is in order", async () => {
    expect(await fault(app)).toBeUndefined();
    expect(await fault(bootloader, "bootloader")).toBeUndefined();
    expect(await fault(bootloader)).toBeUndefined();
  });

  test("is told in words", async () => {
    expect(await fault(app, "app", { lengthBytes: 23 })).toBe("the end of the flash");
    expect(await fault(app, "app", { lengthBytes: 24 })).toBe(
      "an image that cannot start (The image is longer than its place.)",
    );
    expect(await fault(new Uint8Array(24).fill(0xff))).toBe("blank flash");
    expect(await fault(patternBytes(0x100))).toBe("bytes that are no image");
    expect(await fault(app, "bootloader")).toBe("an app, which the ROM cannot start");
    expect(await fault(app, "app", { lengthBytes: app.length - 1 })).toContain("longer than its place");
  });

  test("what the job leaves alone is not read, and what it changes in any part is read whole", async () => {
    const damaged = app.slice();
    damaged[200] = (damaged[200] ?? 0) ^ 1;
    expect(await fault(damaged)).toBeUndefined();
    const elsewhere = { offset: 0, lengthBytes: AT };
    const last = { offset: AT + app.length - 1, lengthBytes: 1 };
    expect(await fault(damaged, "app", { changed: [elsewhere] })).toBeUndefined();
    expect(await fault(damaged, "app", { changed: [elsewhere, last] })).toMatch(/^an image that cannot start \(/);
    expect(await fault(damaged, "app", { changed: [{ ...last, offset: last.offset + 1 }] })).toBeUndefined();
  });
});

describe("the board's partition table", () => {
  const rows = (count: number): readonly Partition[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `p${index}`,
      type: 1,
      subtype: 0x81,
      offset: 0x10000 + 0x1000 * index,
      lengthBytes: 0x1000,
      flags: 0,
    }));
  const TABLE = 0x8000;

  test("is read as far as it goes", async () => {
    for (const [count, readBytes] of [
      [1, 0x200],
      [14, 0x200],
      [40, 0x200 + 0xc00],
    ] as const) {
      const view = holding(buildPartitionTable(rows(count)), TABLE);
      expect(await readTable(view, TABLE)).toEqual(rows(count));
      expect(view.readBytes()).toBe(readBytes);
    }
  });

  test("is none where there is none, or where the flash ends", async () => {
    expect(await readTable(holding(patternBytes(0x400), TABLE), TABLE)).toBe("none");
    const bytes = buildPartitionTable(rows(2));
    expect(await readTable(holding(bytes, TABLE, TABLE + 0xc00), TABLE)).toEqual(rows(2));
    expect(
      await readTable(
        memoryView(flashBytes(TABLE + 0xbff, [{ offset: TABLE, bytes: bytes.subarray(0, 0xbff) }])),
        TABLE,
      ),
    ).toBe("none");
  });

  test("with errors is damaged", async () => {
    const bytes = buildPartitionTable(rows(2)).slice();
    bytes[0x28] = (bytes[0x28] ?? 0) ^ 1;
    expect(await readTable(holding(bytes, TABLE), TABLE)).toBe("damaged");
  });
});
