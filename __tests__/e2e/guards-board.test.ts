import { chips } from "../../src/chips/index.js";
import type { ErrorCode } from "../../src/base/errors.js";
import { guards } from "../../src/flash/job.js";
import type { Allowance } from "../../src/flash/job.js";
import type { PlanPart, PlanRequest } from "../../src/flash/plan.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { Partition } from "../../src/image/partition-table.js";
import type { Transport } from "../../src/transport/transport.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import * as tap from "../support/wire-tap.js";
import { flashRequest, part, runRequest } from "../support/requests.js";

const MIB = 0x100000;
const SPI_W0 = 0x3ff42080;
const row = (name: string, type: number, subtype: number, offset: number, lengthBytes: number): Partition => ({
  name,
  type,
  subtype,
  offset,
  lengthBytes,
  flags: 0,
});
const nvs = row("nvs", 1, 2, 0x9000, 0x6000);
const factory = row("factory", 0, 0, 0x10000, MIB);
const keys = row("keys", 1, 4, 0x300000, 0x1000);
const tableOf = (...rows: readonly Partition[]): Uint8Array => buildPartitionTable(rows);

const demo = buildDemoFirmware(chips.esp32);
const merged = part("merged.bin", undefined, demo);
const app = part("app.bin", 0x10000, appImage());
const data = (offset: number, lengthBytes = 0x1000): PlanPart => part("data.bin", offset, patternBytes(lengthBytes, 9));
const withTable = (...rows: readonly Partition[]): readonly PlanPart[] => [
  part("bootloader.bin", undefined, bootloaderImage()),
  part("table.bin", 0x8000, tableOf(...rows)),
  app,
];

/** A complete board in use: another version of the demo, settings, and keys that were made on it. */
const used = flashBytes(0x301000, [
  { offset: 0x1000, bytes: buildDemoFirmware(chips.esp32, 1) },
  { offset: 0x9000, bytes: patternBytes(0x2000, 5) },
  { offset: 0x300000, bytes: patternBytes(0x1000, 6) },
]);
const usedWithKeys = flashBytes(used.length, [
  { offset: 0, bytes: used },
  { offset: 0x8000, bytes: tableOf(nvs, factory, keys) },
]);
const touched = { erase: "touched" } as const;

interface Danger {
  readonly guard: Allowance;
  readonly what: string;
  readonly parts: readonly PlanPart[];
  readonly request?: Partial<PlanRequest>;
  readonly url?: string;
  readonly flash?: Uint8Array;
  /** Other guards that the same job trips, and that are allowed in both runs. */
  readonly also?: readonly Allowance[];
  /** Where it is not the guard's own. */
  readonly code?: ErrorCode;
  /** How the job ends with the guard allowed, where it is still no success: then the words tell it from the guard. */
  readonly allowed?: ErrorCode;
  readonly allowedWords?: RegExp;
  readonly wrap?: (transport: Transport) => Transport;
  /** The output `verified` then. */
  readonly verified?: false;
}

const dangers: readonly Danger[] = [
  { guard: "data-loss", what: "keys that were made on the board", parts: [merged], flash: usedWithKeys },
  { guard: "would-not-boot", what: "an app alone, all else erased", parts: [app] },
  {
    guard: "image-mismatch",
    what: "an app for another chip",
    parts: [part("c3.bin", 0x10000, appImage({ chipId: 5 }))],
    request: touched,
  },
  {
    guard: "chip-revision",
    what: "an app for a later revision",
    parts: [part("app.bin", 0x10000, appImage({ minRevision: 399 }))],
    request: touched,
  },
  {
    guard: "bootloader-offset",
    what: "a bootloader where C3 has it",
    parts: [part("bootloader.bin", 0, bootloaderImage())],
    request: touched,
  },
  {
    guard: "app-offset",
    what: "an app in the middle of its partition",
    parts: [part("app.bin", 0x80000, appImage())],
    request: touched,
  },
  {
    guard: "app-too-large",
    what: "an app and its new table",
    parts: withTable({ ...factory, lengthBytes: 0x100 }),
    also: ["would-not-boot"],
  },
  {
    guard: "app-too-large",
    what: "an app and the board's table",
    parts: [app],
    request: touched,
    flash: flashBytes(used.length, [
      { offset: 0, bytes: used },
      { offset: 0x8000, bytes: tableOf({ ...factory, lengthBytes: 0x100 }) },
    ]),
    also: ["would-not-boot"],
  },
  { guard: "table-overlap", what: "two partitions", parts: withTable({ ...nvs, lengthBytes: 0x8000 }, factory) },
  { guard: "table-overlap", what: "a partition and the table", parts: withTable({ ...nvs, offset: 0x8000 }, factory) },
  {
    guard: "table-beyond-flash",
    what: "a partition behind the flash",
    parts: withTable(factory, row("vfs", 1, 0x81, 0x300000, 2 * MIB)),
  },
  {
    guard: "overlap",
    what: "two files in one sector",
    parts: [data(0x200000, 0x1800), data(0x201000)],
    request: touched,
  },
  {
    guard: "out-of-range",
    what: "more than the flash has",
    parts: [data(0x3ff000, 0x2000)],
    request: touched,
    also: ["declared-size"],
    // Addresses wrap around: the end of the data would lie on the bootloader.
    allowed: "plan/out-of-range",
    allowedWords: /the flash of this board begins anew/,
  },
  {
    guard: "out-of-range",
    what: "more than a flash of unknown kind is taken for",
    url: "virtual:esp32?flash-size=8MB",
    wrap: tap.withRegister(SPI_W0, 0x7e7e7e),
    parts: [data(0x500000)],
    request: touched,
    also: ["declared-size"],
  },
  {
    guard: "declared-size",
    what: "more than the bootloader declares",
    url: "virtual:esp32?flash-size=8MB",
    parts: [data(0x500000)],
    request: touched,
  },
  {
    guard: "flash-size",
    what: "a header that declares more than there is",
    url: "virtual:esp32?flash-size=2MB",
    flash: new Uint8Array(0),
    parts: [merged],
  },
  {
    guard: "above-16mib",
    what: "flash that the loader cannot address",
    url: "virtual:esp32?flash-size=32MB",
    parts: [data(16 * MIB)],
    request: touched,
    also: ["declared-size"],
    // Of the address only 24 bits arrive.
    allowed: "plan/out-of-range",
    allowedWords: /Behind 16,777,216 bytes the flash of this board begins anew/,
  },
  {
    guard: "preserve",
    what: "a partition that the new table moves",
    parts: withTable({ ...nvs, lengthBytes: 0x4000 }, factory),
    request: { preserve: ["nvs"] },
  },
  {
    guard: "preserve",
    what: "a partition that the new table drops",
    parts: withTable(factory),
    request: { preserve: ["nvs"] },
  },
  {
    guard: "preserve",
    what: "a partition by a table that cannot be read",
    url: "virtual:esp32c3?security=secure-download",
    flash: new Uint8Array(0),
    parts: [part("c3.bin", undefined, buildDemoFirmware(chips.esp32c3))],
    request: { ...touched, settings: { size: "4MB" }, preserve: ["nvs"] },
    also: ["unverified"],
    verified: false,
  },
  {
    guard: "secure-boot-v1",
    what: "another bootloader",
    url: "virtual:esp32?security=secure-boot-v1",
    parts: [merged],
  },
  {
    guard: "secure-boot-v2",
    what: "another bootloader",
    url: "virtual:esp32?security=secure-boot&revision=3.0",
    parts: [merged],
  },
  {
    guard: "flash-encryption",
    what: "an app in plain",
    url: "virtual:esp32?security=flash-encryption",
    parts: [app],
    request: touched,
  },
  {
    guard: "flash-encryption",
    what: "an app in plain, for a partition of the board",
    url: "virtual:esp32?security=flash-encryption",
    parts: [part("app.bin", "factory", appImage())],
    request: touched,
  },
  {
    guard: "key-manager",
    what: "bytes where its data lie",
    url: "virtual:esp32c5?security=key-manager",
    flash: new Uint8Array(0),
    parts: [data(0x1000)],
    request: touched,
  },
  {
    guard: "unverified",
    what: "a ROM without MD5",
    url: "virtual:esp8266",
    flash: new Uint8Array(0),
    parts: [part("esp8266.bin", undefined, buildDemoFirmware(chips.esp8266))],
    request: { stub: false },
    verified: false,
  },
  {
    guard: "unverified",
    what: "Secure Download Mode",
    url: "virtual:esp32c3?security=secure-download",
    flash: new Uint8Array(0),
    parts: [part("c3.bin", undefined, buildDemoFirmware(chips.esp32c3))],
    request: { ...touched, settings: { size: "4MB" } },
    code: "security/secure-download",
    verified: false,
  },
];

describe("a guard stops the run before the first erase, and its own name lets it pass", () => {
  test.each(dangers.map((danger) => [danger.guard, danger.what, danger] as const))(
    "%s: %s",
    async (guard, _, danger) => {
      const { url = "virtual:esp32", flash = used, also = [], code = guards[guard] } = danger;
      const bench = createJobBench(url, flash);
      const before = bench.board.flash.bytes.slice();
      const ask = (allow: readonly Allowance[]): PlanRequest =>
        flashRequest(danger.parts, { ...danger.request, allow: new Set(allow) });

      const changes = danger.wrap === undefined ? {} : { wrap: danger.wrap };
      const stopped = await runRequest(bench, ask(also), changes);
      expect(stopped.code).toBe(code);
      expect(bench.board.counters).toMatchObject({ erasedSectors: 0, programmedBytes: 0, efuseWrites: 0 });
      expect(Buffer.compare(bench.board.flash.bytes, before)).toBe(0);

      const passed = await runRequest(bench, ask([...also, guard]));
      expect(passed).toMatchObject({ code: danger.allowed ?? "success" });
      if (danger.allowed !== undefined) return;
      expect(passed.end?.result?.verified).toBe(danger.verified ?? true);
      expect(bench.board.counters.programmedBytes).toBeGreaterThan(0);
    },
  );

  test("the revision does not count where the chip does not tell it", async () => {
    const bench = createJobBench("virtual:esp32c3?security=secure-download");
    const { code } = await runRequest(
      bench,
      flashRequest([part("app.bin", 0x10000, appImage({ chipId: 5, minRevision: 3 }))], {
        ...touched,
        settings: { size: "4MB" },
        allow: new Set(["unverified"]),
      }),
    );
    expect(code).toBe("success");
  });

  test("every guard is in the table", () => {
    const shown = new Set(dangers.map((danger) => danger.guard));
    expect([...shown].sort()).toEqual(Object.keys(guards).sort());
  });
});
