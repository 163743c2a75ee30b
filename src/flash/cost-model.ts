import { SECTOR_BYTES } from "./desired.js";

/** What work on one board costs, in milliseconds. Wrong figures cost time and never correctness. */
export interface Costs {
  /** A short request and its answer, beside the work that it asks for. */
  readonly roundTripMs: number;
  /** The chip's MD5 over one KiB. */
  readonly md5MsPerKibibyte: number;
  /** One KiB of an image on the wire, deflated as firmware usually is. */
  readonly wireMsPerKibibyte: number;
}

/** What decides the costs. */
export interface CostBasis {
  readonly loader: "rom" | "stub";
  /** Bits a second; `undefined` where the link is no UART. */
  readonly baud: number | undefined;
  /** The quickest answer so far; a bridge may hold bytes for 16 ms each way. */
  readonly quickestAnswerMs?: number;
}

/** The largest unit that the flash erases. */
export const ERASE_BLOCK_BYTES = 0x10000;

// Typical values of the data sheets of W25Q32JV and GD25Q32C.
export const SECTOR_ERASE_MS = 45;
export const BLOCK_ERASE_MS = 150;
const PROGRAM_MS_PER_KIBIBYTE = 1.6;

/** MD5 over a KiB: the stub at the PLL's clock, the ROM at the crystal's. Assumed, as `virtual/timing.ts` does. */
const MD5_MS_PER_KIBIBYTE = { stub: 250 / 1024, rom: 1500 / 1024 } as const;
/** Request and answer of an MD5 in their frames. */
const ROUND_TRIP_BYTES = 60;
/** What bridge, driver and event loop add to a request and its answer; assumed. */
const LATENCY_MS = 2;
/** Of MicroPython 1.12 and of ESP-IDF's examples some 63 % are left by deflate. */
const DEFLATED_SHARE = 0.63;
const BITS_PER_BYTE = 10;
/** Full-speed USB carries some 600 kB/s of it; assumed. */
const USB_MS_PER_BYTE = 1 / 600;
const KIBIBYTE = 1024;

/** The costs on a board. */
export function costsOf({ loader, baud, quickestAnswerMs = 0 }: CostBasis): Costs {
  const byteMs = baud === undefined ? USB_MS_PER_BYTE : (BITS_PER_BYTE * 1000) / baud;
  return {
    roundTripMs: Math.max(quickestAnswerMs, LATENCY_MS + ROUND_TRIP_BYTES * byteMs),
    md5MsPerKibibyte: MD5_MS_PER_KIBIBYTE[loader],
    wireMsPerKibibyte: DEFLATED_SHARE * KIBIBYTE * byteMs,
  };
}

function md5Ms(costs: Costs, lengthBytes: number): number {
  return (costs.md5MsPerKibibyte * lengthBytes) / KIBIBYTE;
}

/** `questions` MD5s that cover `lengthBytes` together. */
function questionsMs(costs: Costs, lengthBytes: number, questions: number): number {
  return md5Ms(costs, lengthBytes) + questions * costs.roundTripMs;
}

/** The stub inflates into a window of this size and writes it when it is full (esp-flasher-stub `command_handler.c` at fc713a4). */
export const WINDOW_BYTES = 0x8000;

/** What a block of the stub holds. */
const BLOCK_KIBIBYTES = 16;

/**
 * Whether a window that has to be erased and written takes longer than the block that is on the wire meanwhile. A short
 * block at the end of each window mends that, and costs a round trip.
 */
export function flashHoldsUpWire(costs: Costs): boolean {
  const wireMs = (BLOCK_KIBIBYTES * costs.wireMsPerKibibyte) / DEFLATED_SHARE;
  const flashMs = BLOCK_ERASE_MS + (PROGRAM_MS_PER_KIBIBYTE * WINDOW_BYTES) / KIBIBYTE;
  return wireMs + costs.roundTripMs < flashMs;
}

/** How fast the flash is beside the wire. */
export interface WritePace {
  /** Windows that are written while a full block is on the wire; 1 at least. */
  readonly windowsAtOnce: number;
  /** Bytes that the wire carries during a round trip. */
  readonly roundTripBytes: number;
}

export function writePace(costs: Costs): WritePace {
  const byteMs = costs.wireMsPerKibibyte / DEFLATED_SHARE / KIBIBYTE;
  const blockMs = BLOCK_KIBIBYTES * KIBIBYTE * byteMs + costs.roundTripMs;
  const windowMs = (PROGRAM_MS_PER_KIBIBYTE * WINDOW_BYTES) / KIBIBYTE;
  return {
    windowsAtOnce: Math.max(1, Math.floor(blockMs / windowMs)),
    roundTripBytes: Math.round(costs.roundTripMs / byteMs),
  };
}

function eraseMs(lengthBytes: number): number {
  const blocks = Math.floor(lengthBytes / ERASE_BLOCK_BYTES);
  const sectors = Math.ceil((lengthBytes - blocks * ERASE_BLOCK_BYTES) / SECTOR_BYTES);
  return blocks * BLOCK_ERASE_MS + sectors * SECTOR_ERASE_MS;
}

/** Erasing and writing one run: the wire and the flash work side by side, but for the first and the last of it. */
export function writeRunMs(costs: Costs, lengthBytes: number): number {
  const wireMs = (costs.wireMsPerKibibyte * lengthBytes) / KIBIBYTE;
  const flashMs = eraseMs(lengthBytes) + (PROGRAM_MS_PER_KIBIBYTE * lengthBytes) / KIBIBYTE;
  const alone = Math.min(lengthBytes, SECTOR_BYTES) / lengthBytes;
  return Math.max(wireMs, flashMs) + alone * Math.min(wireMs, flashMs) + 3 * costs.roundTripMs;
}

/** What a stretch costs that is changed without need: written, or only erased where it shall be blank. */
export function changeMs(costs: Costs, lengthBytes: number, change: "write" | "erase"): number {
  return change === "write" ? writeRunMs(costs, lengthBytes) : eraseMs(lengthBytes);
}

/** Each closer look has four parts: a changed sector in 256 KiB is found with twelve questions. */
export const PARTS = 4;

/** Largest share of the time of a first question that its round trip may take. */
const MAX_ROUND_TRIP_SHARE = 0.06;

/** How much to ask about at once at first, in powers of four from 64 KiB: so much that round trips hardly count. */
export function firstQuestionBytes(costs: Costs): number {
  let lengthBytes = ERASE_BLOCK_BYTES;
  while (lengthBytes < 0x1000000 && costs.roundTripMs > MAX_ROUND_TRIP_SHARE * md5Ms(costs, lengthBytes)) {
    lengthBytes *= PARTS;
  }
  return lengthBytes;
}

const SAMPLES = 6;
/** An image whose place begins blank was most probably never there. */
const SAMPLES_BEHIND_BLANK = 2;

/** How many sectors to ask about before all of it, to see whether all has changed; 0 where it is too short to pay. */
export function sampleCount(costs: Costs, lengthBytes: number, start: "blank" | "other"): number {
  const samples = start === "blank" ? SAMPLES_BEHIND_BLANK : SAMPLES;
  const samplesMs = questionsMs(costs, samples * SECTOR_BYTES, samples);
  return 4 * samplesMs <= md5Ms(costs, lengthBytes) ? samples : 0;
}

/**
 * Whether it pays to look closer at a stretch of which `sameShare` is expected to be right. Within an erase block the
 * way down to sectors counts as a whole, since only its end saves anything.
 */
export function paysToAsk(
  costs: Costs,
  lengthBytes: number,
  expected: { readonly sameShare: number; readonly change: "write" | "erase" },
): boolean {
  let askMs = questionsMs(costs, lengthBytes, PARTS);
  for (
    let parts = PARTS * PARTS;
    lengthBytes <= ERASE_BLOCK_BYTES && lengthBytes >= parts * SECTOR_BYTES;
    parts *= PARTS
  ) {
    askMs += questionsMs(costs, lengthBytes, parts);
  }
  return askMs < expected.sameShare * changeMs(costs, lengthBytes, expected.change);
}

/**
 * Whether a run of FF inside an image is better erased than sent as part of it. On the wire it is next to nothing, but
 * the flash is busy with programming it; to leave it out costs a write more, and at most a sector's erase at each end.
 */
export function paysToLeaveOut(costs: Costs, lengthBytes: number): boolean {
  const programMs = (PROGRAM_MS_PER_KIBIBYTE * lengthBytes) / KIBIBYTE;
  return programMs > 4 * costs.roundTripMs + SECTOR_ERASE_MS;
}
