import { FlashError } from "../base/errors.js";
import type { Partition } from "../image/partition-table.js";
import type { FlashImage, UnplacedImage } from "./job.js";

/** Gives the image the address of its partition. `plan/no-partition` where the table has none of that name. */
export function placeInTable(image: UnplacedImage, table: readonly Partition[], whose: string): FlashImage {
  const { partition: name, ...rest } = image;
  const partition = table.find((row) => row.name === name);
  if (partition === undefined) {
    const names = table.map((row) => row.name);
    throw new FlashError(
      "plan/no-partition",
      `${image.name} shall go to the partition ${name}, but ${whose} has only ${names.join(", ")}.`,
      { image: image.name, partition: name, partitions: names },
    );
  }
  return { ...rest, offset: partition.offset };
}
