import { hex32 } from "../base/bytes.js";
import type { ChipDefinition } from "../chips/definition.js";
import { beginsAsImage } from "../image/inspect.js";
import { isAppPartition, looksLikePartitionTable, PARTITION_TABLE_OFFSET } from "../image/partition-table.js";
import type { Partition } from "../image/partition-table.js";
import { faultAt, imageLengthAt, readTable } from "./boot-parts.js";
import { overlaps, SECTOR_BYTES, sectorsOf } from "./desired.js";
import { decidedRanges, finalView } from "./final-view.js";
import type { FlashView } from "./final-view.js";
import { rangeOf } from "./guards.js";
import type { FlashRange, SettledJob } from "./job.js";
import { refuse } from "./refuse.js";

/** A bootloader is loaded into RAM as a whole, and no chip has more of it inside (ESP32-P4: 768 KiB). */
const MAX_BOOTLOADER_BYTES = 0xc0000;

interface BootMap {
  /** Where the ROM looks for the bootloader, and how far one can reach. */
  readonly bootloader: FlashRange;
  /** The sector of the partition table. */
  readonly table: FlashRange;
}

/** A part without which the board does not start, and what would be in its place. */
interface MissingPart {
  readonly part: "bootloader" | "partition table" | "app";
  readonly text: string;
}

const clip = (range: FlashRange, flashBytes: number): FlashRange => ({
  offset: range.offset,
  lengthBytes: Math.max(0, Math.min(range.lengthBytes, flashBytes - range.offset)),
});

/** The table lies where the job puts one, for projects that moved it, else at its usual place. */
function bootMap(job: SettledJob, chip: ChipDefinition, flashBytes: number): BootMap {
  const moved = job.images.find((image) => looksLikePartitionTable(image.bytes));
  return {
    bootloader: clip({ offset: chip.bootloaderOffset, lengthBytes: MAX_BOOTLOADER_BYTES }, flashBytes),
    table: { offset: moved?.offset ?? PARTITION_TABLE_OFFSET, lengthBytes: SECTOR_BYTES },
  };
}

const isTable = (found: readonly Partition[] | "damaged" | "none"): found is readonly Partition[] =>
  typeof found !== "string";

/** Whether the job writes a bootloader, table or app, writes into one of the board's, or erases one. */
async function touchesBoot(board: FlashView, job: SettledJob, map: BootMap): Promise<boolean> {
  const written = job.images.map((image) => sectorsOf(rangeOf(image)));
  const writesInto = (range: FlashRange): boolean => written.some((sectors) => overlaps(sectors, range));
  if (job.images.some(({ bytes }) => beginsAsImage(bytes) || looksLikePartitionTable(bytes))) return true;
  if (writesInto({ ...map.bootloader, lengthBytes: SECTOR_BYTES }) || writesInto(map.table)) return true;
  const lengthBytes = await imageLengthAt(board, map.bootloader);
  if (lengthBytes > 0 && (job.erase === "all" || writesInto({ ...map.bootloader, lengthBytes }))) return true;
  const table = await readTable(board, map.table.offset);
  return isTable(table) && (job.erase === "all" || table.filter(isAppPartition).some(writesInto));
}

/** The cheapest first: apps of the job, then those that it leaves alone, last those that it changes in part. */
function byCost(apps: readonly Partition[], job: SettledJob): Partition[] {
  const cost = (app: Partition): number => {
    if (job.images.some((image) => image.offset === app.offset)) return 0;
    return job.images.some((image) => overlaps(rangeOf(image), app)) ? 2 : 1;
  };
  return [...apps].sort((a, b) => cost(a) - cost(b));
}

async function missingApp(
  final: FlashView,
  job: SettledJob,
  table: readonly Partition[],
): Promise<MissingPart | undefined> {
  const changed = decidedRanges(job, final.lengthBytes);
  const faults: string[] = [];
  for (const app of byCost(table.filter(isAppPartition), job)) {
    const fault = await faultAt(final, { place: clip(app, final.lengthBytes), kind: "app", changed });
    if (fault === undefined) return undefined;
    faults.push(`at ${hex32(app.offset)} (${app.name}) would be ${fault}`);
  }
  const text =
    faults.length === 0
      ? "its partition table would have no partition for an app"
      : `its partition table would lead to no bootable app: ${faults.join(", ")}`;
  return { part: "app", text };
}

/** A file that reaches from the bootloader over the table's usual place has a layout of its own, and needs no table. */
function bringsOwnLayout(job: SettledJob, map: BootMap): boolean {
  return job.images.some(
    (image) => image.offset <= map.bootloader.offset && image.offset + image.bytes.length > map.table.offset,
  );
}

async function missingTableOrApp(
  board: FlashView,
  final: FlashView,
  job: SettledJob,
  map: BootMap,
): Promise<MissingPart | undefined> {
  const table = await readTable(final, map.table.offset);
  if (isTable(table)) return missingApp(final, job, table);
  const where = `at ${hex32(map.table.offset)}`;
  if (table === "damaged") return { part: "partition table", text: `${where} would be a damaged partition table` };
  if (bringsOwnLayout(job, map) || !isTable(await readTable(board, map.table.offset))) return undefined;
  return { part: "partition table", text: `the partition table ${where} would be gone` };
}

/**
 * Refuses (plan/would-not-boot) a job that touches bootloader, partition table or an app, after which the board would have
 * no bootable bootloader, or its table would lead to no bootable app. A job that leaves these alone passes, whatever the
 * board holds. Reads headers and the table from the board, and nothing that the job itself decides.
 */
export async function checkBootable(board: FlashView, job: SettledJob, chip: ChipDefinition): Promise<void> {
  if (job.allow.has("would-not-boot")) return;
  const map = bootMap(job, chip, board.lengthBytes);
  if (!(await touchesBoot(board, job, map))) return;
  const final = finalView(board, job);
  const changed = decidedRanges(job, board.lengthBytes);
  const fault = await faultAt(final, { place: map.bootloader, kind: "bootloader", changed });
  const where = `at ${hex32(map.bootloader.offset)}, where the ROM looks for the bootloader, would be`;
  const bootloader = fault === undefined ? [] : [{ part: "bootloader", text: `${where} ${fault}` }];
  const rest = await missingTableOrApp(board, final, job, map);
  const missing = [...bootloader, ...(rest === undefined ? [] : [rest])];
  if (missing.length === 0) return;
  refuse(
    job,
    "would-not-boot",
    `Afterwards the ${chip.label} would not start: ${missing.map(({ text }) => text).join("; ")}.`,
    { missing: missing.map(({ part }) => part), erase: job.erase },
  );
}
