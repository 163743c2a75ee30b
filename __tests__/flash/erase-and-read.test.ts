import { createHash } from "node:crypto";
import type { FlashError } from "../../src/base/errors.js";
import type { ChipDefinition } from "../../src/chips/definition.js";
import { chips } from "../../src/chips/index.js";
import { readBoardInfo } from "../../src/flash/board-info.js";
import { eraseJob } from "../../src/flash/erase-job.js";
import type { EraseRequest } from "../../src/flash/erase-job.js";
import { readFlash } from "../../src/flash/read-flash.js";
import type { ReadRegion } from "../../src/flash/read-flash.js";
import type { BoardDeps, BoardWish } from "../../src/flash/work-on-board.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { Transport } from "../../src/transport/transport.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";
import { createCommandTap } from "../support/command-tap.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench } from "../support/job-bench.js";

/** A board in use: firmware with a partition table, settings in `nvs`, files at 3 MiB. */
const used = new Uint8Array(0x400000).fill(0xff);
used.set(buildDemoFirmware(chips.esp32), 0x1000);
used.set(patternBytes(0x2000, 7), 0x9000);
used.set(patternBytes(0x3000, 8), 0x300000);

const wish: BoardWish = {
  chip: "auto",
  settings: {},
  before: "default-reset",
  after: "hard-reset",
  baud: "auto",
  stub: true,
  connectAttempts: 7,
};
const erase = (changes: Partial<EraseRequest>): EraseRequest => ({
  ...wish,
  regions: "all",
  preserve: [],
  allow: new Set(),
  rewrite: false,
  ...changes,
});

function work<Outcome>(
  { board, clock }: JobBench,
  task: (transport: Transport, deps: BoardDeps) => Promise<Outcome>,
  wrap: (transport: Transport) => Transport = (transport) => transport,
): Promise<Outcome> {
  const transport = wrap(boardTransport(board, "virtual"));
  const deps = { clock, signal: new AbortController().signal, emit: () => undefined };
  return clock.run(task(transport, deps)).finally(() => transport.close());
}

/** The code that the work fails with. */
const codeOfRejected = (task: () => Promise<unknown>): Promise<unknown> =>
  task().then(
    () => "success",
    (error: unknown) => (error as FlashError).code,
  );
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe("erase", () => {
  test("asks for the difference: what is blank already is not erased again", async () => {
    const bench = createJobBench("virtual:esp32", used);
    const end = await bench.run(
      eraseJob(erase({ regions: [{ partition: "nvs" }, { offset: 0x300000, lengthBytes: 0x5000 }] })),
    );
    expect(end.result).toMatchObject({ verified: true, skipped: false, lostPartitions: ["nvs"] });
    expect(bench.board.counters.erasedSectors).toBe(5);
    const wanted = used.slice();
    wanted.fill(0xff, 0x9000, 0xf000);
    wanted.fill(0xff, 0x300000, 0x305000);
    expect(same(bench.board.flash.bytes, wanted)).toBe(true);
  });

  test("erases what reads blank as well, where that is asked for", async () => {
    const bench = createJobBench("virtual:esp32", used);
    const end = await bench.run(
      eraseJob(erase({ regions: [{ offset: 0x310000, lengthBytes: 0x3000 }], rewrite: true })),
    );
    expect(end.result).toMatchObject({ verified: true, skipped: false });
    expect(bench.board.counters.erasedSectors).toBe(3);
  });

  test.each([
    ["a partition that there is not", { regions: [{ partition: "files" }] }, "plan/no-partition"],
    ["more than the flash has", { regions: [{ offset: 0x3ff000, lengthBytes: 0x2000 }] }, "plan/out-of-range"],
    ["half a sector", { regions: [{ offset: 0x9000, lengthBytes: 0x800 }] }, "plan/alignment"],
    ["nothing", { regions: [{ offset: 0x9000, lengthBytes: 0 }] }, "plan/alignment"],
    [
      "the same sector twice",
      { regions: [0x9000, 0xa000].map((offset) => ({ offset, lengthBytes: 0x2000 })) },
      "plan/overlap",
    ],
  ] as const)("refuses %s, and changes nothing", async (_, changes, code) => {
    const bench = createJobBench("virtual:esp32", used);
    const run = async (): Promise<void> => {
      const { error } = await bench.run(eraseJob(erase(changes)));
      if (error !== undefined) throw error;
    };
    expect(await codeOfRejected(run)).toBe(code);
    expect(same(bench.board.flash.bytes, used)).toBe(true);
  });

  test.each([
    [
      "virtual:esp32?security=secure-boot-v1",
      { regions: [{ offset: 0x1000, lengthBytes: 0x1000 }] },
      "security/secure-boot-v1",
    ],
    ["virtual:esp32?security=secure-boot-v1", { regions: "all" }, "security/secure-boot-v1"],
    ["virtual:esp32?security=flash-encryption", { regions: [{ partition: "nvs" }] }, "security/flash-encryption"],
    ["virtual:esp32c3?security=secure-download", { regions: "all" }, "chip/unsupported"],
    ["virtual:esp8266", { regions: "all", stub: false }, "plan/unverified"],
  ] as const)("keeps the guards: %s %j", async (url, changes, code) => {
    const bench = createJobBench(url, used);
    expect((await bench.run(eraseJob(erase(changes)))).code).toBe(code);
    expect(same(bench.board.flash.bytes, used)).toBe(true);
  });

  test("does not lose what cannot be made again, unless that is named", async () => {
    const table = buildPartitionTable([
      { name: "fctry", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
      { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
    ]);
    const flash = used.slice();
    flash.set(table, 0x8000);
    const bench = createJobBench("virtual:esp32", flash);
    expect((await bench.run(eraseJob(erase({ regions: "all" })))).code).toBe("plan/data-loss");
    const allowed = eraseJob(erase({ regions: "all", allow: new Set(["data-loss"]) }));
    expect((await bench.run(allowed)).result).toMatchObject({ verified: true });
    expect(bench.board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
  });
});

describe("read", () => {
  const read = (bench: JobBench, region: ReadRegion, changes: Partial<BoardWish> = {}) =>
    work(bench, (transport, deps) => readFlash(transport, { ...wish, ...changes, region, allow: new Set() }, deps));

  test.each([
    ["through the stub", "virtual:esp32", {}],
    ["through the ROM", "virtual:esp32c3", { stub: false }],
  ])("gives the flash's bytes, of any length from anywhere, %s", async (_, url, changes) => {
    const bench = createJobBench(url, used);
    for (const [offset, lengthBytes] of [
      [0x9000, 0x6000],
      [0x2ffff1, 33],
      [0x3fffff, 1],
    ] as const) {
      const reading = await read(bench, { offset, lengthBytes }, changes);
      const wanted = used.subarray(offset, offset + lengthBytes);
      expect(same(reading.bytes, wanted)).toBe(true);
      expect(reading).toMatchObject({ verified: true, md5: createHash("md5").update(wanted).digest("hex") });
    }
    expect(same(bench.board.flash.bytes, used)).toBe(true);
    expect(bench.board.inDownloadMode).toBe(false);
  });

  test("reads to the end where no length is given", async () => {
    const reading = await read(createJobBench("virtual:esp32", used), { offset: 0x300000, lengthBytes: undefined });
    expect(same(reading.bytes, used.subarray(0x300000))).toBe(true);
  });

  test("goes on from what it has when the link broke or bytes came damaged", async () => {
    for (const fault of ["link-lost-command:26", "to-host-flip:100000", "to-host-drop:200000"]) {
      const bench = createJobBench(`virtual:esp32?fault=${fault}`, used);
      const reading = await read(bench, { offset: 0, lengthBytes: 0x80000 });
      expect(reading.retries).toBeGreaterThan(0);
      expect(same(reading.bytes, used.subarray(0, 0x80000))).toBe(true);
    }
  });

  test("believes no reading that the chip's MD5 contradicts", async () => {
    // The first two MD5s prove the rate and the packets.
    const bench = createJobBench("virtual:esp32?fault=md5-wrong:3", used);
    expect(await read(bench, { offset: 0, lengthBytes: 0x1000 })).toMatchObject({ verified: true, retries: 1 });
    const wrong = createJobBench("virtual:esp32?fault=md5-wrong:3&fault=md5-wrong:6", used);
    expect(await codeOfRejected(() => read(wrong, { offset: 0, lengthBytes: 0x1000 }))).toBe("verify/mismatch");
  });

  test.each([
    ["beyond the flash", { offset: 0x3fff00, lengthBytes: 0x200 }, "plan/out-of-range"],
    ["from behind the flash", { offset: 0x400000, lengthBytes: undefined }, "plan/out-of-range"],
    ["a partition that there is not", { partition: "files" }, "plan/no-partition"],
  ])("refuses %s", async (_, region, code) => {
    expect(await codeOfRejected(() => read(createJobBench("virtual:esp32", used), region))).toBe(code);
  });

  test("refuses where no MD5 could prove it, and where nothing can be read", async () => {
    const region = { offset: 0, lengthBytes: 16 };
    expect(await codeOfRejected(() => read(createJobBench("virtual:esp8266", used), region, { stub: false }))).toBe(
      "plan/unverified",
    );
    const hidden = createJobBench("virtual:esp32c3?security=secure-download", used);
    expect(await codeOfRejected(() => read(hidden, region))).toBe("chip/unsupported");
  });
});

describe("info", () => {
  /** Sync, registers, size of the flash, attaching it, security; on the ESP8266 a write of nothing attaches it. */
  const QUESTIONS = [0x08, 0x0a, 0x09, 0x0b, 0x0d, 0x14];

  test.each([
    ["virtual:esp32", QUESTIONS],
    ["virtual:esp32c3", QUESTIONS],
    ["virtual:esp32s3?usb=jtag", QUESTIONS],
    ["virtual:esp8266", [...QUESTIONS, 0x02]],
  ])(
    "changes nothing on %s: no erase, no write, no stub, no register beyond the flash controller's",
    async (url, allowed) => {
      const bench = createJobBench(url, used);
      const tap = createCommandTap();
      const info = await work(bench, (transport, deps) => readBoardInfo(transport, wish, deps), tap.wrap);
      expect(info).toMatchObject({ flashSizeBytes: 0x400000 });
      expect([...tap.commands].filter((command) => !allowed.includes(command))).toEqual([]);
      expect(tap.begunBytes()).toBe(0);
      const chip: ChipDefinition = chips[info.chip as keyof typeof chips];
      const { spi, rtcWatchdog, superWatchdog, reset } = chip;
      // Watchdogs that would end the dialogue, and the way out of it.
      const passing = [rtcWatchdog, superWatchdog, reset.forceDownload].flatMap((unit): unknown[] =>
        Object.values(unit ?? {}),
      );
      const others = tap.writtenRegisters.filter(
        (address) => !(address >= spi.base && address < spi.base + 0x100) && !passing.includes(address),
      );
      expect(others).toEqual([]);
      expect(bench.board.counters).toMatchObject({ erasedSectors: 0, programmedBytes: 0, efuseWrites: 0 });
      expect(bench.board.inDownloadMode).toBe(false);
    },
  );

  test("tells what the eFuses forbid, and in Secure Download Mode what little there is", async () => {
    const locked = createJobBench("virtual:esp32?security=secure-boot-v1,flash-encryption", used);
    expect(await work(locked, (transport, deps) => readBoardInfo(transport, wish, deps))).toMatchObject({
      security: { secureBootV1: true, flashEncryption: true, secureDownload: false },
    });
    const hidden = createJobBench("virtual:esp32c3?security=secure-download", used);
    expect(await work(hidden, (transport, deps) => readBoardInfo(transport, wish, deps))).toMatchObject({
      chip: "esp32c3",
      flashSizeBytes: undefined,
      security: { secureDownload: true },
    });
  });
});
