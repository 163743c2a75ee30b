import { formatBytes, hex32 } from "../base/bytes.js";
import { isAppPartition, PARTITION_TABLE_OFFSET } from "../image/partition-table.js";
import { FlashError } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import type { Clock } from "../base/clock.js";
import { spiSetParams } from "../protocol/flash-commands.js";
import { checkBootable } from "./bootable.js";
import { readTable } from "./boot-parts.js";
import { checkDataLoss, partitionsLosingData } from "./data-loss.js";
import { overlaps, SECTOR_BYTES } from "./desired.js";
import type { Piece } from "./difference.js";
import type { FlashView } from "./final-view.js";
import { decidedRanges, finalView } from "./final-view.js";
import { addressableBytes, checkImages } from "./guards.js";
import { md5Of, md5OfBlank } from "./hash.js";
import type { FlashJob, FlashRange } from "./job.js";
import { refuse } from "./refuse.js";
import { checkSecurity } from "./security.js";
import type { OpenBoard } from "./session.js";
import { settleJob } from "./settle.js";
import type { Settlement } from "./settle.js";

/** What the board holds; a flash that cannot be read counts as blank. */
function viewOf(board: OpenBoard, flashBytes = board.flash.sizeBytes): FlashView {
  const { access } = board.flash;
  if (!access.reads) {
    return {
      lengthBytes: flashBytes,
      read: (_offset, lengthBytes) => Promise.resolve(new Uint8Array(lengthBytes).fill(0xff)),
    };
  }
  return { lengthBytes: flashBytes, read: (offset, lengthBytes) => access.read(offset, lengthBytes) };
}

function checkBlind(job: FlashJob, chip: ChipDefinition): void {
  const message = `The ROM of this ${chip.label} does not compare what it wrote, so nothing could be verified.`;
  refuse(job, "unverified", message);
  if (job.erase !== "none") return;
  throw new FlashError(
    "chip/unsupported",
    `\`erase: none\` needs to know what is blank, and the ROM of this ${chip.label} does not compare.`,
  );
}

/** The guards that come before anything is read: security, and images against chip and flash. */
export function checkIdentity(board: OpenBoard, job: FlashJob): void {
  const { chip, identity, security, loader } = board.device;
  checkSecurity(security, job, chip);
  if (!board.flash.access.verifies) checkBlind(job, chip);
  const known = { chip, loader, flashSizeBytes: board.flash.sizeBytes };
  // In Secure Download Mode the chip does not tell its revision.
  checkImages(job, security.secureDownload ? known : { ...known, revision: identity.revision });
}

/** Refuses what only the board's table could answer, where that cannot be read. */
function checkReadable({ device, flash }: OpenBoard, plan: FlashJob): void {
  if (flash.access.reads) return;
  const why = `the partition table of this ${device.chip.label} cannot be read.`;
  const [image] = plan.unplaced;
  if (image !== undefined) {
    const message = `${image.name} shall go to the partition ${image.partition}, but ${why}`;
    throw new FlashError("plan/no-partition", message, { image: image.name, partition: image.partition });
  }
  const [partition] = plan.blankPartitions ?? [];
  if (partition !== undefined) {
    const message = `The partition ${partition} shall be erased, but ${why}`;
    throw new FlashError("plan/no-partition", message, { partition });
  }
  if (plan.preserve.length > 0) {
    refuse(plan, "preserve", `Whether ${plan.preserve.join(", ")} can be preserved is unknown: ${why}`);
  }
}

/** Lets the board answer what the plan left open; see `settleJob`. */
export async function settleOnBoard(board: OpenBoard, plan: FlashJob): Promise<Settlement> {
  const { chip, loader } = board.device;
  checkReadable(board, plan);
  return settleJob(plan, { view: viewOf(board), chip, loader });
}

/** Enough of the flash to hold a piece of a bootloader, wherever the chip has it. */
const PROBE_BYTES = 0x10000;

/**
 * Where the job allows to go beyond what the flash or the loader reaches, the loader is told of more. Addresses that
 * wrap around are refused whatever the job allows (plan/out-of-range): the bootloader would be overwritten, and every
 * MD5 would still fit.
 */
export async function widenFlash({ device, flash }: OpenBoard, flashBytes: number, clock: Clock): Promise<void> {
  const { connection, chip, loader } = device;
  const reachBytes = Math.min(flash.sizeBytes, addressableBytes(chip, loader));
  if (flashBytes <= reachBytes) return;
  if (loader === "stub" || chip.romDialect.setsFlashSize) {
    await connection.request(spiSetParams(Math.max(flashBytes, reachBytes + PROBE_BYTES)));
  }
  if (!flash.access.verifies) return;
  const start = await flash.access.md5(0, PROBE_BYTES);
  if (start === (await md5OfBlank(PROBE_BYTES, clock)) || start !== (await flash.access.md5(reachBytes, PROBE_BYTES))) {
    return;
  }
  throw new FlashError(
    "plan/out-of-range",
    `Behind ${formatBytes(reachBytes)} the flash of this board begins anew: what is written there would overwrite its start.`,
    { reachBytes },
  );
}

/**
 * What an earlier run left half done has to be erased, and beyond what the loader reaches that would wrap around to other
 * data (plan/above-16mib).
 */
export function checkSuspects(suspects: readonly FlashRange[], flashBytes: number): void {
  const beyond = suspects.find(({ offset, lengthBytes }) => offset + lengthBytes > flashBytes);
  if (beyond === undefined) return;
  const where = hex32(beyond.offset);
  const message = `An earlier run left ${where} half done, which lies above the ${formatBytes(flashBytes)} that this job reaches.`;
  throw new FlashError("plan/above-16mib", message, { offset: where, flashBytes });
}

/** The last guard before the first comparison: what would start afterwards. */
export async function checkStart(board: OpenBoard, { job, flashBytes }: Settlement): Promise<void> {
  // Of a flash that cannot be read, only what the job decides as a whole is known.
  if (!board.flash.access.reads && job.erase !== "all") return;
  await checkBootable(viewOf(board, flashBytes), job, board.device.chip);
}

function intersection(a: FlashRange, b: FlashRange): FlashRange {
  const offset = Math.max(a.offset, b.offset);
  return { offset, lengthBytes: Math.min(a.offset + a.lengthBytes, b.offset + b.lengthBytes) - offset };
}

/** Whether the partition holds data that the job does not leave as it is. The chip compares: nothing is read. */
async function losesData(
  board: OpenBoard,
  { job, flashBytes }: Settlement,
  partition: FlashRange,
  clock: Clock,
): Promise<boolean> {
  const { access } = board.flash;
  const after = finalView(viewOf(board, flashBytes), job);
  for (const range of decidedRanges(job, flashBytes).filter((decided) => overlaps(decided, partition))) {
    const { offset, lengthBytes } = intersection(range, partition);
    const held = await access.md5(offset, lengthBytes);
    if (held === (await md5OfBlank(lengthBytes, clock))) continue;
    if (held !== (await md5Of(await after.read(offset, lengthBytes), clock))) return true;
  }
  return false;
}

/**
 * Names the partitions of the board's table that lose data, and refuses (plan/data-loss) where those data cannot be made
 * again. Asks nothing of a board on which all that changes is blank.
 */
export async function checkLosses(
  board: OpenBoard,
  settled: Settlement,
  changing: readonly Piece[],
  clock: Clock,
): Promise<readonly string[]> {
  const changed = changing.filter((piece) => piece.state !== "blank");
  if (changed.length === 0 || !board.flash.access.verifies) return [];
  const tablePlace = { offset: PARTITION_TABLE_OFFSET, lengthBytes: SECTOR_BYTES };
  if (changing.some((piece) => piece.state === "blank" && overlaps(piece, tablePlace))) return [];
  const table = await readTable(viewOf(board), PARTITION_TABLE_OFFSET);
  if (typeof table === "string") return [];
  const reached = table.filter((partition) => changed.some((piece) => overlaps(piece, partition)));
  const losing: FlashRange[] = [];
  for (const partition of reached) {
    // A piece can be 64 KiB: what changes in it may lie beside the partition. Apps are large, and replaced on purpose.
    if (isAppPartition(partition) || (await losesData(board, settled, partition, clock))) losing.push(partition);
  }
  const lost = partitionsLosingData(table, settled.job, losing);
  checkDataLoss(lost, settled.job);
  return lost.map((partition) => partition.name);
}
