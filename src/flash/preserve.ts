import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import type { Partition } from "../image/partition-table.js";
import { sectorsOf, subtract } from "./desired.js";
import { rangeOf } from "./guards.js";
import type { FlashJob, FlashRange } from "./job.js";
import { refuse } from "./refuse.js";

/** The partition tables that `preserve` is read by; `undefined` where there is none. */
export interface Tables {
  readonly ofJob: readonly Partition[] | undefined;
  readonly ofBoard: readonly Partition[] | undefined;
}

const spanText = ({ offset, lengthBytes }: Partition): string => `${hex32(offset)} to ${hex32(offset + lengthBytes)}`;

/** The partition to keep, or why it cannot be kept. */
function findPartition(name: string, { ofJob, ofBoard }: Tables): Partition | string {
  const named = (row: Partition): boolean => row.name === name;
  const inJob = ofJob?.find(named);
  const onBoard = ofBoard?.find(named);
  if (ofJob === undefined && ofBoard === undefined) return "neither the job nor the board has a partition table";
  if (ofJob === undefined) return onBoard ?? "the board's table has no such partition";
  if (ofBoard === undefined) return inJob ?? "the new table has no such partition";
  if (onBoard === undefined) return "the board's table has no such partition";
  if (inJob === undefined) return `the new table drops it (the board has it from ${spanText(onBoard)})`;
  if (inJob.offset !== onBoard.offset || inJob.lengthBytes !== onBoard.lengthBytes) {
    return `the new table moves it from ${spanText(onBoard)} to ${spanText(inJob)}`;
  }
  return inJob;
}

/**
 * The partitions that the job keeps. `plan/preserve` for one that no table has, or that the new table moves or drops; a
 * job that allows this keeps the others.
 */
export function preservedPartitions(job: FlashJob, tables: Tables): readonly Partition[] {
  return job.preserve.flatMap((name) => {
    const found = findPartition(name, tables);
    if (typeof found !== "string") return [found];
    refuse(job, "preserve", `The partition ${name} cannot be preserved: ${found}.`, { partition: name });
    return [];
  });
}

/** Refuses (plan/preserve) an image of which nothing would be written. */
export function checkWritable(job: FlashJob, keep: readonly FlashRange[]): void {
  const image = job.images.find((candidate) => subtract(sectorsOf(rangeOf(candidate)), keep).length === 0);
  if (image === undefined) return;
  throw new FlashError(
    "plan/preserve",
    `${image.name} at ${hex32(image.offset)} lies wholly in what \`preserve\` keeps, so it would not be written.`,
    { image: image.name },
  );
}
