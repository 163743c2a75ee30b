import { FlashError } from "../base/errors.js";
import type { ErrorDetails } from "../base/errors.js";
import type { Partition } from "../image/partition-table.js";
import type { FlashImage, UnplacedImage } from "./job.js";

/** A partition that is looked for, and what for: the words before "but there is none" (`app.bin shall go to ota_1`). */
export interface WantedPartition {
  readonly name: string;
  readonly intent: string;
  readonly details?: ErrorDetails;
}

/** The partition of that name; `plan/no-partition` where there is none, or no table at all. */
export function partitionNamed(
  { name, intent, details }: WantedPartition,
  table: readonly Partition[] | undefined,
  whose = "the board's partition table",
): Partition {
  const partition = table?.find((row) => row.name === name);
  if (partition !== undefined) return partition;
  const names = table?.map((row) => row.name);
  const why = names === undefined ? "the board has no partition table" : `${whose} has only ${names.join(", ")}`;
  const message = `${intent}, but ${why}.`;
  throw new FlashError("plan/no-partition", message, {
    ...details,
    partition: name,
    ...(names && { partitions: names }),
  });
}

/** Gives the image the address of its partition. As `partitionNamed`. */
export function placeInTable(
  { partition: name, ...image }: UnplacedImage,
  table: readonly Partition[] | undefined,
  whose?: string,
): FlashImage {
  const intent = `${image.name} shall go to the partition ${name}`;
  const details = { image: image.name };
  return { ...image, offset: partitionNamed({ name, intent, details }, table, whose).offset };
}
