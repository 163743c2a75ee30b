import { deflateSync } from "node:zlib";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { defaultOffset, inspectFirmware } from "../../src/image/inspect.js";
import type { FirmwareContent } from "../../src/image/inspect.js";
import { thrownBy } from "../support/images.js";

let firmware: Uint8Array;
let content: FirmwareContent;
beforeAll(() => {
  firmware = buildDemoFirmware(chips.esp32);
  content = inspectFirmware(firmware);
});

/** RAM that ROM and bootloader may load into (ESP32 Technical Reference Manual, "Embedded Memory"). */
const ESP32_RAM = [
  [0x3ffae000, 0x40000000],
  [0x40070000, 0x400a0000],
] as const;
const inRam = (address: number, lengthBytes: number): boolean =>
  ESP32_RAM.some(([start, end]) => address >= start && address + lengthBytes <= end);

describe("the demo firmware", () => {
  test("is a merged image that proves where it belongs", () => {
    expect(content.kind).toBe("merged");
    expect(defaultOffset(content, chips.esp32)).toBe(0x1000);
    expect(content.table?.map((partition) => partition.name)).toEqual(["nvs", "phy_init", "factory"]);
    expect(content.apps[0]).toMatchObject({
      partition: "factory",
      image: { kind: "app", app: { project: "esp32-flash-action-demo", version: "1.0.0" } },
    });
  });

  test("has a bootloader that the ROM can load and enter, short of the table", () => {
    const { segments = [], entry = 0, lengthBytes = 0 } = content.image ?? {};
    expect(segments.length).toBeGreaterThan(0);
    expect(segments.filter((segment) => !inRam(segment.address, segment.lengthBytes))).toEqual([]);
    expect(segments.some(({ address, lengthBytes: size }) => entry >= address && entry < address + size)).toBe(true);
    expect(lengthBytes).toBeLessThanOrEqual(0x7000);
  });

  test("has a bootloader that names itself, and digests in both images", () => {
    const made = buildDemoFirmware(chips.esp32c6);
    const { image, apps } = inspectFirmware(made);
    expect(Buffer.from(made.subarray(0, image?.lengthBytes)).toString("latin1")).toContain("2nd stage bootloader");
    expect([image?.digest, apps[0]?.image.digest]).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });

  test("has an app whose mapped segments fit the pages of the MMU", () => {
    const app = content.apps[0]?.image;
    const mapped = (app?.segments ?? []).filter((segment) => !inRam(segment.address, segment.lengthBytes));
    expect(mapped).toHaveLength(2);
    for (const segment of mapped) expect(segment.address % 0x10000).toBe(segment.offset % 0x10000);
  });

  test("is of the size and density of a small real one", () => {
    expect(firmware.length).toBeGreaterThan(200 * 1024);
    expect(firmware.length).toBeLessThan(300 * 1024);
    const app = firmware.subarray(0xf000);
    const ratio = deflateSync(app, { level: 9 }).length / app.length;
    // MicroPython 1.12 for the ESP32: 0.63 for the whole file, 0.72 for its code.
    expect(ratio).toBeGreaterThan(0.55);
    expect(ratio).toBeLessThan(0.75);
  });

  test("is the same each time, and another variant differs in version and part of the app only", () => {
    expect(Buffer.from(buildDemoFirmware(chips.esp32)).equals(firmware)).toBe(true);
    const other = buildDemoFirmware(chips.esp32, 7);
    expect(other.length).toBe(firmware.length);
    expect(inspectFirmware(other).apps[0]?.image.app?.version).toBe("1.0.7");
    expect(Buffer.from(other.subarray(0, 0xf000)).equals(firmware.subarray(0, 0xf000))).toBe(true);
    const differing = firmware.filter((byte, index) => byte !== other[index]).length;
    expect(differing).toBeGreaterThan(firmware.length / 10);
    expect(differing).toBeLessThan(firmware.length / 2);
  });

  test("does not exist for a chip without a layout", () => {
    expect(thrownBy(() => buildDemoFirmware({ label: "ESP32-X", imageChipId: 77, bootloaderOffset: 0 }))).toMatchObject(
      { code: "chip/unsupported", message: "There is no demo firmware for ESP32-X." },
    );
  });
});

describe.each(["esp32", "esp8266", "esp32c6"] as const)("the demo firmware for %s", (chip) => {
  test("is the same whenever it is made, and sound in every variant", () => {
    for (const variant of [0, 1]) {
      const made = buildDemoFirmware(chips[chip], variant);
      expect(buildDemoFirmware(chips[chip], variant)).toEqual(made);
      const { image, apps } = inspectFirmware(made);
      expect(image?.segments.length).toBeGreaterThan(1);
      if (chip === "esp8266") {
        expect(image).toMatchObject({ flashModeByte: 2, sizeFreqByte: 0x40, lengthBytes: made.length });
        continue;
      }
      const app = apps[0]?.image;
      expect(app).toMatchObject({
        chipId: chips[chip].imageChipId,
        flashModeByte: 2,
        sizeFreqByte: 0x20,
        minRevision: 0,
        app: { version: `1.0.${variant}`, project: "esp32-flash-action-demo" },
      });
      expect(app?.app?.elfSha256).toMatch(/^[0-9a-f]{64}$/);
      expect(apps[0]?.offset).toBe(0x10000 - chips[chip].bootloaderOffset);
    }
  });

  test("differs from its next variant in a part of its code", () => {
    const [one, next] = [buildDemoFirmware(chips[chip], 0), buildDemoFirmware(chips[chip], 1)];
    expect(next).toHaveLength(one.length);
    const same = one.filter((byte, at) => byte === next[at]).length;
    expect(same).toBeLessThan(one.length - 1000);
    if (chip !== "esp8266") expect(same).toBeGreaterThan(one.length / 4);
  });
});
