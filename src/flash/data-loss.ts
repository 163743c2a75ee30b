import { isBlank } from "../base/bytes.js";
import type { Partition } from "../image/partition-table.js";
import { overlaps, SECTOR_BYTES } from "./desired.js";
import { rangeOf } from "./guards.js";
import type { FlashJob, FlashRange } from "./job.js";
import { refuse } from "./refuse.js";

/** A partition of the board's table that will not keep what it holds. */
export interface LostPartition {
  readonly name: string;
  /** What it holds was made for this one board, and nobody can make it again. */
  readonly irreplaceable: boolean;
}

const DATA_TYPE = 0x01;
/** The key of an encrypted NVS, made on the board (ESP-IDF `esp_partition.h` ESP_PARTITION_SUBTYPE_DATA_NVS_KEYS). */
const NVS_KEYS_SUBTYPE = 0x04;
/** Certificates and keys of the board (esp_secure_cert_mgr), factory data of the device (ESP RainMaker, ESP-Matter). */
const IRREPLACEABLE_NAMES = ["esp_secure_cert", "fctry"];

function isIrreplaceable(partition: Partition): boolean {
  const isKeys = partition.type === DATA_TYPE && partition.subtype === NVS_KEYS_SUBTYPE;
  return isKeys || IRREPLACEABLE_NAMES.includes(partition.name);
}

/** Whether the job fills the partition from its start: then it is replaced on purpose. FF from a merged file fills nothing. */
function isFilled(partition: Partition, job: FlashJob): boolean {
  const start = { offset: partition.offset, lengthBytes: Math.min(SECTOR_BYTES, partition.lengthBytes) };
  return job.images.some((image) => {
    if (!overlaps(rangeOf(image), start)) return false;
    const from = Math.max(0, start.offset - image.offset);
    return !isBlank(image.bytes.subarray(from, start.offset + start.lengthBytes - image.offset));
  });
}

/**
 * The partitions of the board's table that lose data. `changed`: what will be erased or written because the board holds
 * something else there; leave out what is blank on the board. Partitions that the job fills with content are replaced
 * and not lost, but for those that cannot be made again.
 */
export function partitionsLosingData(
  boardTable: readonly Partition[],
  job: FlashJob,
  changed: readonly FlashRange[],
): readonly LostPartition[] {
  return boardTable
    .filter((partition) => changed.some((range) => overlaps(range, partition)))
    .map((partition) => ({ partition, irreplaceable: isIrreplaceable(partition) }))
    .filter(({ partition, irreplaceable }) => irreplaceable || !isFilled(partition, job))
    .map(({ partition, irreplaceable }) => ({ name: partition.name, irreplaceable }));
}

/** Refuses (plan/data-loss) to lose data that cannot be made again, unless the job allows it. */
export function checkDataLoss(lost: readonly LostPartition[], job: FlashJob): void {
  const names = lost.filter((partition) => partition.irreplaceable).map((partition) => partition.name);
  if (names.length === 0) return;
  const what = names.length === 1 ? "the partition" : "the partitions";
  const message = `The job would erase or overwrite ${what} ${names.join(", ")}, whose data were made for this board alone.`;
  refuse(job, "data-loss", message, { partitions: names });
}
