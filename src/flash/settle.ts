import { alignUp } from "../base/bytes.js";
import type { ChipDefinition } from "../chips/definition.js";
import { IMAGE_MAGIC } from "../image/header.js";
import { PARTITION_TABLE_OFFSET } from "../image/partition-table.js";
import type { Partition } from "../image/partition-table.js";
import { blankImage } from "./blank.js";
import { readTable } from "./boot-parts.js";
import { combineOverlaps } from "./combine.js";
import { overlaps, SECTOR_BYTES, sectorsOf } from "./desired.js";
import { finalView } from "./final-view.js";
import type { FlashView } from "./final-view.js";
import { gapsOf } from "./gaps.js";
import { applySettings, declaredFlashBytes } from "./header-settings.js";
import type { FlashImage, FlashJob, SettledJob } from "./job.js";
import { tableOfJob } from "./job-table.js";
import type { JobTable } from "./job-table.js";
import { checkLayout } from "./layout.js";
import type { Layout } from "./layout.js";
import { partitionNamed, placeInTable } from "./place.js";
import { addressableBytes, rangeOf } from "./guards.js";
import { checkWritable, preservedPartitions } from "./preserve.js";

/** A job whose questions the board has answered. */
export interface Settlement {
  readonly job: SettledJob;
  /** Names of the partitions that are kept because the job names them. */
  readonly preserved: readonly string[];
  /** Bytes of flash that the job is about: what the loader reaches, or more where the job allows that. */
  readonly flashBytes: number;
  /** Whether the board's partition table is kept because the job goes by it. */
  readonly keepsTable: boolean;
  /** Whether the partition that says which app starts is kept as a gap, so that an older app may go on to start. */
  readonly keepsOtaData: boolean;
}

/** The board as the guards need it. */
export interface SettleBoard {
  readonly view: FlashView;
  readonly chip: ChipDefinition;
  readonly loader: "rom" | "stub";
}

/** Type and subtype of the partition that says which app starts (ESP-IDF `esp_partition.h`). */
const isOtaData = ({ type, subtype }: Partition): boolean => type === 0x01 && subtype === 0x00;

async function boardTable(view: FlashView): Promise<readonly Partition[] | undefined> {
  const table = await readTable(view, PARTITION_TABLE_OFFSET);
  return typeof table === "string" ? undefined : table;
}

function placeAll(plan: FlashJob, table: readonly Partition[] | undefined): readonly FlashImage[] {
  const placed = plan.unplaced.map((image) => placeInTable(image, table));
  const blanks = (plan.blankPartitions ?? []).map((name) =>
    blankImage(name, partitionNamed({ name, intent: `The partition ${name} shall be erased` }, table)),
  );
  return [...plan.images, ...placed, ...blanks];
}

/** Each stretch is read once: on a board that costs wire time. */
function remembering(view: FlashView): FlashView {
  const known = new Map<string, Promise<Uint8Array>>();
  return {
    lengthBytes: view.lengthBytes,
    read(offset, lengthBytes) {
      const key = `${offset}+${lengthBytes}`;
      const bytes = known.get(key) ?? view.read(offset, lengthBytes);
      known.set(key, bytes);
      return bytes;
    },
  };
}

/** The sector of the board's table. */
const TABLE_SECTOR = { offset: PARTITION_TABLE_OFFSET, lengthBytes: SECTOR_BYTES };

/**
 * Whether `erase: all` leaves the board's table: a job that knows its places from there could not go on without it once it was cut
 * off, and what it preserves could be found by nobody.
 */
function keepsTable(plan: FlashJob, ofJob: JobTable | undefined, images: readonly FlashImage[]): boolean {
  const goesByTable = [plan.unplaced, plan.preserve, plan.blankPartitions ?? []].some(({ length }) => length > 0);
  const isWritten = images.some((image) => overlaps(sectorsOf(rangeOf(image)), TABLE_SECTOR));
  return plan.erase === "all" && ofJob === undefined && goesByTable && !isWritten;
}

/** The table that the flash will have: the job's, or the board's where the job leaves it there. */
function tableAfter(
  plan: FlashJob,
  ofJob: JobTable | undefined,
  ofBoard: readonly Partition[] | undefined,
  isKept: boolean,
): Layout["table"] {
  if (ofJob !== undefined) return { ...ofJob, isNew: true };
  if (ofBoard === undefined || (plan.erase === "all" && !isKept)) return undefined;
  return { partitions: ofBoard, offset: PARTITION_TABLE_OFFSET, isNew: false };
}

async function declaredBy(final: FlashView, job: SettledJob, chip: ChipDefinition): Promise<Layout["declared"]> {
  const place = { offset: chip.bootloaderOffset, lengthBytes: 4 };
  const [magic, , , sizeFreqByte = 0] = await final.read(place.offset, place.lengthBytes);
  const flashBytes = magic === IMAGE_MAGIC ? declaredFlashBytes(chip, sizeFreqByte) : undefined;
  if (flashBytes === undefined) return undefined;
  return { flashBytes, isNew: job.images.some((image) => overlaps(rangeOf(image), place)) };
}

/**
 * Answers what the plan left open: places by partition name, and what the job keeps; then the guards about table and
 * bootloader header. Reads from the board the table, and four bytes of its bootloader, and only where the job does not
 * decide them. Throws plan/….
 */
export async function settleJob(plan: FlashJob, board: SettleBoard): Promise<Settlement> {
  const { chip } = board;
  const flashSizeBytes = board.view.lengthBytes;
  const view = remembering(board.view);
  const ofJob = tableOfJob(plan.images);
  const asksBoard = plan.unplaced.length > 0 || plan.preserve.length > 0 || ofJob === undefined;
  const ofBoard = asksBoard ? await boardTable(view) : undefined;

  const images = applySettings(placeAll(plan, ofJob?.partitions ?? ofBoard), plan.settings, { chip, flashSizeBytes });
  const preserved = preservedPartitions({ ...plan, images }, { ofJob: ofJob?.partitions, ofBoard });
  const gaps = plan.keepGaps ? images.flatMap(gapsOf) : [];
  const tableIsKept = ofBoard !== undefined && keepsTable(plan, ofJob, images);
  const keep = [...preserved.map(sectorsOf), ...gaps, ...(tableIsKept ? [TABLE_SECTOR] : [])];
  checkWritable({ ...plan, images }, keep);

  const apart: SettledJob = { ...plan, images, unplaced: [], keep };
  const declared = await declaredBy(finalView(view, apart), apart, chip);
  const table = tableAfter(plan, ofJob, ofBoard, tableIsKept);
  checkLayout(apart, {
    flashSizeBytes,
    ...(declared === undefined ? {} : { declared }),
    ...(table === undefined ? {} : { table }),
  });
  return {
    job: { ...apart, images: combineOverlaps(images) },
    flashBytes: Math.max(
      Math.min(flashSizeBytes, addressableBytes(chip, board.loader)),
      ...images.map((image) => alignUp(image.offset + image.bytes.length, SECTOR_BYTES)),
    ),
    preserved: preserved.map((partition) => partition.name),
    keepsTable: tableIsKept,
    keepsOtaData: (table?.partitions ?? []).some((row) => isOtaData(row) && gaps.some((gap) => overlaps(gap, row))),
  };
}
