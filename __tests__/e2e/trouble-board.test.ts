import { esp32 } from "../../src/chips/esp32.js";
import { FlashError } from "../../src/base/errors.js";
import type { ErrorCode } from "../../src/base/errors.js";
import { overlaps, sectorsOf } from "../../src/flash/desired.js";
import type { FlashJob } from "../../src/flash/job.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { Transport } from "../../src/transport/transport.js";
import { appImage, bootloaderImage, patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench, RunChanges } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";
import * as tap from "../support/wire-tap.js";

const BOOTLOADER = 0x1000;
const firmware = buildDemoFirmware(esp32);
const oldFirmware = buildDemoFirmware(esp32, 1);

/** A board in use: other firmware, settings in its NVS, a file system further up. */
function usedFlash(): Uint8Array {
  const flash = new Uint8Array(0x400000).fill(0xff);
  flash.set(oldFirmware, BOOTLOADER);
  flash.set(patternBytes(0x2000, 5), 0x9000);
  flash.set(patternBytes(0x8000, 6), 0x300000);
  return flash;
}

const keysTable = buildPartitionTable([
  { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x100000, flags: 0 },
  { name: "keys", type: 1, subtype: 4, offset: 0x300000, lengthBytes: 0x1000, flags: 0 },
]);

function flashWithKeys(): Uint8Array {
  const flash = usedFlash();
  flash.set(keysTable, 0x8000);
  return flash;
}

const full = flashJob([flashImage("demo.bin", BOOTLOADER, firmware)]);
const app = (changes: Partial<Omit<FlashJob, "unplaced">> = {}): FlashJob =>
  flashJob([flashImage("app.bin", 0x10000, appImage())], { erase: "touched", ...changes });

const fault = (...names: readonly string[]): string =>
  `virtual:esp32?${names.map((name) => `fault=${name}`).join("&")}`;
const every = (name: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${name}:${n + 1}`);

interface Trouble {
  readonly what: string;
  readonly code: ErrorCode;
  readonly job?: FlashJob;
  readonly url?: string;
  readonly flash?: () => Uint8Array;
  readonly changes?: RunChanges;
  readonly wrap?: (transport: Transport) => Transport;
  /** The job fails after its first erase or write, so planned sectors may differ. */
  readonly changed?: true;
  /** What happens to the board before. */
  readonly before?: (bench: JobBench) => Promise<unknown>;
}

const journalThatFails = {
  suspects: () => [],
  open: () => {
    throw new FlashError("job/state", "no room left");
  },
  mark: () => undefined,
  clear: () => undefined,
};

const EFUSE_WORD_0 = 0x3ff5a000;
const EFUSE_WORD_6 = 0x3ff5a018;
const MAGIC = 0x40001000;
const SPI_W0 = 0x3ff42080;

const troubles: readonly Trouble[] = [
  { what: "a chip that sends nothing", url: fault("silent"), code: "connect/silent" },
  { what: "a chip that starts its firmware whatever IO0 says", url: fault("run-mode"), code: "connect/run-mode" },
  { what: "a chip that hears nothing", url: fault("no-sync"), code: "connect/no-reply" },
  {
    what: "a supply that breaks down",
    wrap: tap.sayingOnly("rst:0xf (RTCWDT_BROWN_OUT_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n"),
    code: "connect/brownout",
  },
  { what: "garbage on the line", url: fault("garbage"), code: "connect/no-sync" },
  { what: "no reset, and the firmware runs", job: { ...full, before: "no-reset" }, code: "connect/run-mode" },
  { what: "a port without lines, and the firmware runs", wrap: tap.withoutLines, code: "connect/run-mode" },
  {
    what: "lines that lead nowhere, and a stub of an earlier job",
    before: (bench) => bench.run({ ...full, dryRun: true, after: "no-reset-stub", baud: 115_200 }),
    wrap: tap.withDeadLines,
    code: "connect/not-reset",
  },
  { what: "another chip than the job says", wrap: tap.withRegister(MAGIC, 0xfff0c101), code: "chip/mismatch" },
  {
    what: "a chip that nobody knows",
    job: { ...full, chip: "auto" },
    wrap: tap.withRegister(MAGIC, 0x12345678),
    code: "chip/unknown",
  },
  { what: "flash encryption", wrap: tap.withRegister(EFUSE_WORD_0, 1 << 20), code: "security/flash-encryption" },
  { what: "Secure Boot V1", wrap: tap.withRegister(EFUSE_WORD_6, 1 << 4), code: "security/secure-boot-v1" },
  { what: "a flash that does not answer", wrap: tap.withRegister(SPI_W0, 0xffffff), code: "device/flash-id" },
  { what: "a stub that never greets", wrap: tap.withoutGreeting, code: "device/stub" },
  {
    what: "a line too noisy for the rate that the job fixes",
    job: { ...full, baud: 921_600 },
    url: fault("noisy-above:115200"),
    code: "device/baud",
  },
  {
    what: "an image for another chip",
    job: flashJob([flashImage("c3.bin", BOOTLOADER, bootloaderImage({ chipId: 5 }))]),
    code: "chip/image-mismatch",
  },
  {
    what: "an image for a later revision",
    job: flashJob([flashImage("app.bin", 0x10000, appImage({ minRevision: 399 }))], { erase: "touched" }),
    code: "chip/revision",
  },
  {
    what: "an image that is larger than this board's flash",
    url: "virtual:esp32?flash-size=1MB",
    flash: () => new Uint8Array(0),
    job: flashJob([flashImage("data.bin", 0xf0000, patternBytes(0x20000))], { erase: "touched" }),
    code: "plan/out-of-range",
  },
  { what: "an app alone, and all the rest erased", job: app({ erase: "all" }), code: "plan/would-not-boot" },
  {
    what: "data over the bootloader",
    job: flashJob([flashImage("data.bin", BOOTLOADER, patternBytes(0x3000))], { erase: "touched" }),
    code: "plan/would-not-boot",
  },
  {
    what: "a damaged bootloader at an explicit offset",
    job: flashJob([flashImage("boot.bin", BOOTLOADER, bootloaderImage().fill(0x55, 200, 220))], { erase: "touched" }),
    code: "image/digest",
  },
  {
    what: "a truncated app at an explicit offset",
    job: flashJob([flashImage("app.bin", 0x10000, appImage().subarray(0, 600))], { erase: "touched" }),
    code: "image/truncated",
  },
  {
    what: "a table that leads to no app",
    job: flashJob(
      [
        flashImage(
          "table.bin",
          0x8000,
          buildPartitionTable([
            { name: "app", type: 0, subtype: 0x10, offset: 0x200000, lengthBytes: 0x100000, flags: 0 },
          ]),
        ),
      ],
      { erase: "touched" },
    ),
    code: "plan/would-not-boot",
  },
  {
    what: "two images in the same sectors",
    job: flashJob([flashImage("a", 0x200000, patternBytes(0x1800)), flashImage("b", 0x201000, patternBytes(0x100))], {
      erase: "touched",
    }),
    code: "plan/overlap",
  },
  { what: "keys on the board that nobody can make again", flash: flashWithKeys, code: "plan/data-loss" },
  { what: "no erase allowed, and the sectors hold something", job: { ...full, erase: "none" }, code: "plan/not-blank" },
  {
    what: "a soft reset, which this chip does not have",
    job: { ...full, after: "soft-reset" },
    code: "chip/unsupported",
  },
  { what: "a note that cannot be written", changes: { journal: journalThatFails }, code: "job/state" },
  {
    what: "a cancellation while it connects",
    changes: { abort: { afterMs: 60, reason: new FlashError("job/cancelled", "cancelled") } },
    code: "job/cancelled",
  },
  {
    what: "a cancellation while it writes",
    url: "virtual:esp32?timing=modelled",
    changes: { abort: { afterMs: 3200, reason: new FlashError("job/cancelled", "cancelled") } },
    changed: true,
    code: "job/cancelled",
  },
  {
    what: "the step's time is over while it erases",
    url: "virtual:esp32?timing=modelled",
    changes: { abort: { afterMs: 2600, reason: new FlashError("job/timeout", "too long") } },
    changed: true,
    code: "job/timeout",
  },
  {
    what: "every write refused, told one command late",
    url: fault(...every("write-fails", 40)),
    changed: true,
    code: "device/rejected",
  },
  { what: "a sector that does not erase", url: fault("sector-stuck:32"), changed: true, code: "verify/mismatch" },
  { what: "MD5s that are always wrong", wrap: tap.withWrongMd5, changed: true, code: "verify/mismatch" },
  {
    what: "a stub that hangs in each try",
    url: fault(...every("stub-dies", 300).slice(39)),
    changed: true,
    code: "device/timeout",
  },
  {
    what: "no stub, and a sector that does not erase",
    url: fault("sector-stuck:32"),
    job: { ...full, stub: false },
    changed: true,
    code: "verify/mismatch",
  },
  ...Array.from({ length: 20 }, (_, index): Trouble => {
    const atByte = 60 + ((index * 7919 * 31) % 85_000);
    return {
      what: `a port that is lost for good at byte ${atByte} from the host`,
      url: fault(`link-lost-byte:${atByte}`),
      wrap: tap.withoutReturn,
      changed: true,
      code: "port/lost",
    };
  }),
];

describe("trouble with the board ends with its own code, and nothing is touched that the plan does not name", () => {
  test.each(troubles)("$what → $code", async (trouble) => {
    const bench = createJobBench(trouble.url ?? "virtual:esp32", trouble.flash?.() ?? usedFlash());
    const job = trouble.job ?? full;
    await trouble.before?.(bench);
    const before = bench.board.flash.bytes.slice();
    const end = await bench.run(job, {
      ...trouble.changes,
      ...(trouble.wrap === undefined ? {} : { wrap: trouble.wrap }),
    });
    expect(end.code).toBe(trouble.code);
    expect(end.error?.hint.length).toBeGreaterThan(10);
    expect(end.events.some((event) => event.kind === "progress" && event.doneBytes === event.totalBytes)).toBe(false);
    // Never left in reset: a chip whose EN is held looks dead to everybody who comes after.
    expect(end.lines?.rts ?? false).toBe(false);
    expect(end.lines?.dtr ?? false).toBe(false);
    const planned = job.images.map((image) => sectorsOf({ offset: image.offset, lengthBytes: image.bytes.length }));
    const mayChange = (offset: number): boolean =>
      trouble.changed === true &&
      (job.erase === "all" || planned.some((range) => overlaps(range, { offset, lengthBytes: 1 })));
    const changedElsewhere = [];
    for (let sector = 0; sector < before.length; sector += 0x1000) {
      const same =
        Buffer.compare(
          bench.board.flash.bytes.subarray(sector, sector + 0x1000),
          before.subarray(sector, sector + 0x1000),
        ) === 0;
      if (!same && !mayChange(sector)) changedElsewhere.push(sector);
    }
    expect(changedElsewhere).toEqual([]);
  });
});
