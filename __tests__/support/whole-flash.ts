import { allowances } from "../../src/flash/job.js";
import type { EraseMode, FlashImage, FlashJob, FlashRange } from "../../src/flash/job.js";
import { buildPartitionTable } from "../../src/image/partition-table.js";
import type { Partition } from "../../src/image/partition-table.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import { siliconNames, silicons } from "../../src/virtual/silicon-table.js";
import { createDice } from "../../scripts/torture/dice.js";
import type { Dice } from "../../scripts/torture/dice.js";
import { flashImage, flashJob } from "./jobs.js";

// Boards, plans and what a flash has to hold afterwards; knows nothing of how the engine gets there.

const FLASH_BYTES = 0x100000;
const SECTOR = 0x1000;
const SECTORS = FLASH_BYTES / SECTOR;
const TABLE_SECTOR = 8;
const EDGES = [1, 3, 0xfff, 0x1000, 0x1001, 0x7fff, 0x8000, 0xffff, 0x10000, 0x10001, 0x20000, 0x40001];

/** One board, what it holds, what it shall hold, and what may come in between. */
export interface WholeFlashCase {
  readonly url: string;
  readonly job: FlashJob;
  readonly held: Uint8Array;
  readonly kept: readonly FlashRange[];
  /** Sectors whose erase was cut short, as a note says. */
  readonly noted: readonly FlashRange[];
  /** When the first run is cut off, in modelled ms; `undefined`: it is not. */
  readonly cutAfterMs: number | undefined;
  readonly cutBy: "abort" | "power";
}

const sectors = (first: number, count: number): FlashRange => ({ offset: first * SECTOR, lengthBytes: count * SECTOR });

function content(dice: Dice, lengthBytes: number): Uint8Array {
  const bytes = pseudoCode(lengthBytes, dice.below(1_000_000));
  const kind = dice.pick(["code", "code", "gaps", "ends-blank", "zeros", "blank", "noise"] as const);
  if (kind === "zeros" || kind === "blank") return bytes.fill(kind === "zeros" ? 0 : 0xff);
  if (kind === "noise") return bytes.map(() => dice.below(256));
  if (kind === "ends-blank") return bytes.fill(0xff, dice.below(lengthBytes));
  for (let gaps = kind === "gaps" ? dice.between(1, 3) : 0; gaps > 0; gaps--) {
    const from = dice.below(lengthBytes);
    bytes.fill(0xff, from, from + dice.below(0x30000));
  }
  return bytes;
}

function imagesOf(dice: Dice, hasTable: boolean): FlashImage[] {
  const images: FlashImage[] = [];
  const mayOverlap = dice.chance(0.15);
  for (let index = dice.between(1, 4); index > 0; index--) {
    const lengthBytes = dice.chance(0.5) ? dice.pick(EDGES) : dice.between(1, dice.pick([0x3000, 0x18000, 0x60000]));
    const count = Math.ceil(lengthBytes / SECTOR);
    const first = dice.pick([dice.below(SECTORS - count), 16 * dice.below((SECTORS - count) / 16), SECTORS - count]);
    const isTaken = images.some((other) => {
      const start = other.offset / SECTOR;
      return first < start + Math.ceil(other.bytes.length / SECTOR) && start < first + count;
    });
    if (isTaken && !mayOverlap) continue;
    if (hasTable && first <= TABLE_SECTOR && TABLE_SECTOR < first + count) continue;
    images.push(flashImage(`${index}.bin`, first * SECTOR, content(dice, lengthBytes)));
  }
  return images;
}

/** Another firmware, or nothing, and of each image nothing, all, some stretches, or all but some sectors or bytes. */
function heldBytes(dice: Dice, images: readonly FlashImage[]): Uint8Array {
  const held = new Uint8Array(FLASH_BYTES).fill(0xff);
  const base = dice.pick(["blank", "code", "scattered"] as const);
  for (let sector = 0; sector < SECTORS && base !== "blank"; sector++) {
    if (base === "scattered" && dice.chance(0.6)) continue;
    held.set(pseudoCode(SECTOR, dice.below(1_000_000)), sector * SECTOR);
  }
  for (const { offset, bytes } of images) {
    const kind = dice.pick(["none", "all", "start", "every-other", "flipped", "blanked"] as const);
    if (kind === "none") continue;
    held.set(kind === "start" ? bytes.subarray(0, dice.below(bytes.length)) : bytes, offset);
    const share = dice.pick([0.05, 0.3, 0.5]);
    for (let at = offset; at < offset + bytes.length; at += SECTOR) {
      if (kind === "every-other" && (at / SECTOR) % 2 === 0) held.fill(0xff, at, at + SECTOR);
      if (kind === "blanked" && dice.chance(share)) held.fill(0xff, at, at + SECTOR);
      if (kind === "flipped" && dice.chance(share)) held[at] = (held[at] ?? 0) ^ 4;
    }
  }
  return held;
}

function tableOf(dice: Dice): Partition[] {
  const rows: Partition[] = [];
  for (let first = TABLE_SECTOR + 1 + dice.below(12); rows.length < 4 && first < SECTORS - 24;) {
    const count = dice.between(1, 20);
    const { offset, lengthBytes } = sectors(first, count);
    rows.push({ name: `p${rows.length}`, type: 1, subtype: 0x81, offset, lengthBytes, flags: 0 });
    first += count + dice.below(30);
  }
  return rows;
}

/** The same number makes the same case. */
export function wholeFlashCase(seed: number): WholeFlashCase {
  const dice = createDice(seed);
  const chip = dice.pick(siliconNames);
  const stub = dice.chance(0.75);
  const table = chip !== "esp8266" && dice.chance(0.4) ? tableOf(dice) : undefined;
  let images = imagesOf(dice, table !== undefined);
  while (images.length === 0) images = imagesOf(dice, table !== undefined);
  const held = heldBytes(dice, images);
  if (table !== undefined) held.set(buildPartitionTable(table), TABLE_SECTOR * SECTOR);
  const preserved = (table ?? []).filter(() => dice.chance(0.5));
  const noted = dice.chance(0.2) ? [sectors(dice.below(SECTORS - 40), dice.between(1, 40))] : [];
  const usb = silicons[chip].usb.serialJtag && dice.chance(0.2) ? "&usb=jtag" : "";
  const timing = dice.chance(0.7) ? "modelled" : "none";
  const erase = dice.pick<EraseMode>(["all", "touched", "touched", "none"]);
  const bringsTable = table !== undefined && dice.chance(0.5);
  if (bringsTable) images.push(flashImage("table.bin", TABLE_SECTOR * SECTOR, buildPartitionTable(table)));
  // The table that says what is to be kept stays as well.
  const keptTable = preserved.length > 0 && !bringsTable ? [sectors(TABLE_SECTOR, 1)] : [];
  const job = flashJob(images, {
    chip,
    erase,
    preserve: preserved.map(({ name }) => name),
    baud: dice.pick(["auto", "auto", 115_200, 460_800] as const),
    stub,
    compress: dice.chance(0.85),
    // The images are made bytes and no firmware.
    allow: new Set(allowances.filter((name) => name !== "preserve")),
    dryRun: dice.chance(0.05),
    ...(dice.chance(0.1) && erase !== "none" ? { rewrite: true } : {}),
  });
  return {
    url: `virtual:${chip}?flash-size=1MB&timing=${timing}&seed=${seed}${usb}`,
    job,
    held,
    kept: [...preserved, ...keptTable],
    noted,
    cutAfterMs:
      timing === "modelled" && dice.chance(0.5) ? dice.between(300, dice.pick([1500, 4000, 15_000])) : undefined,
    cutBy: dice.pick(["abort", "power"] as const),
  };
}

/** For each byte: decided by an image, decided to be blank, behind an image's end in its last sector, or nobody's. */
function decisions({ job, kept, noted, held }: WholeFlashCase): {
  readonly wanted: Uint8Array;
  readonly isTail: Uint8Array;
} {
  const wanted = job.erase === "all" ? new Uint8Array(held.length).fill(0xff) : held.slice();
  const isTail = new Uint8Array(held.length);
  const isDecided = new Uint8Array(held.length).fill(job.erase === "all" ? 1 : 0);
  for (const { offset, bytes } of job.images) {
    const end = offset + bytes.length;
    wanted.set(bytes, offset);
    isDecided.fill(1, offset, end);
    isTail.fill(0, offset, end);
    for (let at = end; at % SECTOR !== 0; at++) if (isDecided[at] === 0) isTail[at] = 1;
  }
  for (const { offset, lengthBytes } of kept) {
    const end = offset + lengthBytes;
    wanted.set(held.subarray(offset, end), offset);
    isTail.fill(0, offset, end);
    isDecided.fill(0, offset, end);
  }
  for (const { offset, lengthBytes } of noted) {
    for (let at = offset; at < offset + lengthBytes; at++) if (isDecided[at] === 0) wanted[at] = 0xff;
  }
  return { wanted, isTail };
}

/** What is wrong with `flash` after the job; the rest of a last sector may be as it was, or blank. */
export function wholeFlashFaults(given: WholeFlashCase, flash: Uint8Array): readonly string[] {
  const { wanted, isTail } = decisions(given);
  const wrong = new Set<string>();
  for (let sector = 0; sector < SECTORS; sector++) {
    const [from, to] = [sector * SECTOR, (sector + 1) * SECTOR];
    if (Buffer.compare(flash.subarray(from, to), wanted.subarray(from, to)) === 0) continue;
    const isBlankTail = flash.subarray(from, to).every((byte, at) => isTail[from + at] === 0 || byte === 0xff);
    for (let at = from; at < to; at++) {
      if (flash[at] === wanted[at] || (isTail[at] === 1 && isBlankTail)) continue;
      wrong.add(`sector ${sector}, byte ${at - from}: ${flash[at]} instead of ${wanted[at]}`);
      break;
    }
  }
  return [...wrong];
}

/** Sectors that no run may change, however it ends: what of them is not as it was in `flash`. */
export function changedOutside(given: WholeFlashCase, flash: Uint8Array): readonly string[] {
  const { job, held, kept, noted } = given;
  const isFree = new Uint8Array(SECTORS).fill(job.erase === "all" ? 1 : 0);
  const set = ({ offset, lengthBytes }: FlashRange, value: number): unknown =>
    isFree.fill(value, offset / SECTOR, Math.ceil((offset + lengthBytes) / SECTOR));
  for (const { offset, bytes } of job.images) set({ offset, lengthBytes: bytes.length }, 1);
  for (const range of kept) set(range, 0);
  for (const range of noted) set(range, 1);
  return [...isFree.keys()]
    .filter((sector) => isFree[sector] === 0)
    .filter((sector) => {
      const [from, to] = [sector * SECTOR, (sector + 1) * SECTOR];
      return Buffer.compare(flash.subarray(from, to), held.subarray(from, to)) !== 0;
    })
    .map((sector) => `sector ${sector} was changed and is nobody's`);
}
