/** Jobs on virtual boards under a virtual clock: every figure is computed, so the same on every machine. */
import { readFileSync } from "node:fs";
import { esp32 } from "../../src/chips/esp32.js";
import { esp32c3 } from "../../src/chips/esp32c3.js";
import { sha256 } from "../../src/image/digest.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { flashDevice } from "../../src/flash/flash-device.js";
import { allowances } from "../../src/flash/job.js";
import type { FlashJob, FlashResult } from "../../src/flash/job.js";
import { noJournal } from "../../src/flash/journal.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { timing } from "../../src/virtual/timing.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";

const OFFSET = 0x1000;
const SECTOR_BYTES = 0x1000;
const MEBIBYTE = 0x100000;
/** Length of MicroPython 1.12 for ESP32. */
const USUAL_BYTES = 1_247_280;

interface Case {
  readonly name: string;
  readonly url?: string;
  readonly bytes: Uint8Array;
  /** What the flash holds before. */
  readonly held?: Uint8Array;
  readonly job?: Partial<FlashJob>;
  /** What no engine can be faster than, in ms: the wire or the flash where it writes, the chip's MD5 where it does not. */
  readonly limitMs: (result: FlashResult) => number;
}

/** One row of the table. */
export interface Row {
  readonly name: string;
  readonly totalMs: number;
  readonly limitMs: number;
  readonly writeMs: number;
  readonly baud: number;
  readonly bytesSent: number;
  readonly bytesWritten: number;
  readonly retries: number;
  readonly phases: Readonly<Record<string, number>>;
}

const wireMs = ({ bytesSent, baud }: FlashResult): number => (bytesSent * 10_000) / baud;
const programMs = ({ bytesWritten }: FlashResult): number => Math.ceil(bytesWritten / 256) * timing.pageProgramMs;
const md5Ms = (lengthBytes: number): number => (lengthBytes / MEBIBYTE) * timing.stubMd5MsPerMebibyte;
const eraseMs = (lengthBytes: number): number => (lengthBytes / 0x10000) * timing.blockEraseMs;
const writeLimit = (result: FlashResult): number => Math.max(wireMs(result), programMs(result));

function flashWith(sizeBytes: number, offset: number, bytes: Uint8Array): Uint8Array {
  const flash = new Uint8Array(sizeBytes).fill(0xff);
  flash.set(bytes, offset);
  return flash;
}

function withChanges(flash: Uint8Array, everyBytes: number, lengthBytes: number): Uint8Array {
  const changed = flash.slice();
  for (let at = OFFSET; at < OFFSET + lengthBytes; at += everyBytes) changed[at + 77] = (changed[at + 77] ?? 0) ^ 0x55;
  return changed;
}

function cases(usual: Uint8Array): readonly Case[] {
  const held = flashWith(4 * MEBIBYTE, OFFSET, usual);
  const oneSector = held.slice();
  oneSector[0x81234] = (oneSector[0x81234] ?? 0) ^ 0x55;
  const used = flashWith(4 * MEBIBYTE, OFFSET, pseudoCode(usual.length, 99));
  used.set(pseudoCode(0x3000, 98), 0x9000);
  const large = pseudoCode(12 * MEBIBYTE, 5);
  const touched = { erase: "touched" } as const;
  const everySector = withChanges(held, SECTOR_BYTES, usual.length);
  const dirty = pseudoCode(4 * MEBIBYTE, 97);
  const dirtyLimit = (result: FlashResult): number =>
    Math.max(wireMs(result), eraseMs(4 * MEBIBYTE) + programMs(result));
  return [
    ...[115_200, 460_800, 921_600, 2_000_000].map((baud): Case => ({
      name: `blank board, ${baud} baud`,
      bytes: usual,
      job: { ...touched, baud },
      limitMs: writeLimit,
    })),
    {
      name: "blank board, 921600 baud, bridge with 16 ms latency",
      url: "virtual:esp32?timing=modelled&usb-latency-ms=16",
      bytes: usual,
      job: touched,
      limitMs: writeLimit,
    },
    { name: "blank ESP32-C3", url: "virtual:esp32c3?timing=modelled", bytes: usual, job: touched, limitMs: writeLimit },
    { name: "nothing changed", bytes: usual, held, job: touched, limitMs: () => md5Ms(usual.length) },
    { name: "nothing changed, `erase: all`", bytes: usual, held, limitMs: () => md5Ms(4 * MEBIBYTE) },
    {
      name: "nothing changed, ESP32-C3",
      url: "virtual:esp32c3?timing=modelled",
      bytes: usual,
      held,
      job: touched,
      limitMs: () => md5Ms(usual.length),
    },
    {
      name: "nothing changed, 12 MiB in 16 MiB, `erase: all`",
      url: "virtual:esp32?timing=modelled&flash-size=16MB",
      bytes: large,
      held: flashWith(16 * MEBIBYTE, OFFSET, large),
      limitMs: () => md5Ms(16 * MEBIBYTE),
    },
    { name: "one sector changed", bytes: usual, held: oneSector, job: touched, limitMs: () => 2 * md5Ms(usual.length) },
    { name: "every sector changed", bytes: usual, held: everySector, job: touched, limitMs: writeLimit },
    { name: "`erase: all`, other firmware and NVS before", bytes: usual, held: used, limitMs: writeLimit },
    { name: "`erase: all`, every sector dirty", bytes: usual, held: dirty, limitMs: dirtyLimit },
    {
      name: "bridge with noise above 460800 baud",
      url: "virtual:esp32?timing=modelled&fault=noisy-above:460800",
      bytes: usual,
      job: touched,
      limitMs: writeLimit,
    },
    ...[1, 2, 4, 8, 15].map((size): Case => ({
      name: `image of ${size} MiB on a blank board`,
      url: "virtual:esp32?timing=modelled&flash-size=16MB",
      bytes: pseudoCode(size * MEBIBYTE, size),
      job: touched,
      limitMs: writeLimit,
    })),
  ];
}

async function run({ name, url = "virtual:esp32?timing=modelled", bytes, held, job, limitMs }: Case): Promise<Row> {
  const clock = new VirtualClock();
  const options = parseBoardOptions(url);
  const board = createBoard(options, clock);
  if (held !== undefined) board.flash.bytes.set(held);
  const image = { name: "firmware.bin", offset: OFFSET, bytes, sha256: Buffer.from(sha256(bytes)).toString("hex") };
  const plan: FlashJob = {
    chip: "auto",
    images: [image],
    unplaced: [],
    settings: {},
    erase: "all",
    preserve: [],
    keepGaps: false,
    before: "default-reset",
    after: "hard-reset",
    baud: "auto",
    stub: true,
    compress: true,
    connectAttempts: 7,
    // What is measured is time, and made bytes are no firmware.
    allow: new Set(allowances),
    dryRun: false,
    ...job,
  };
  const deps = { clock, signal: new AbortController().signal, emit: () => undefined, journal: noJournal };
  const result = await clock.run(flashDevice(boardTransport(board, url), plan, deps));
  const phases = Object.fromEntries(result.phases.map(({ phase, durationMs }) => [phase, Math.round(durationMs)]));
  return {
    name,
    totalMs: Math.round(clock.nowMs()),
    limitMs: Math.round(limitMs(result)),
    writeMs: phases.write ?? 0,
    baud: result.baud,
    bytesSent: result.bytesSent,
    bytesWritten: result.bytesWritten,
    retries: result.retries,
    phases,
  };
}

const [file] = process.argv.slice(2);
const usual = file === undefined ? pseudoCode(USUAL_BYTES, 1) : new Uint8Array(readFileSync(file));
// A file that is read while a job runs takes no time on the virtual clock, which would take the wait for an endless one.
await esp32.loadStub();
await esp32c3.loadStub();
const rows: Row[] = [];
for (const one of cases(usual)) rows.push(await run(one));
console.log(JSON.stringify(rows));
