import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { PARTITION_TABLE_OFFSET } from "../image/partition-table.js";
import type { Partition } from "../image/partition-table.js";
import { contentOf } from "./content.js";
import type { FlashImage } from "./job.js";

/** A partition table that the job brings along. */
export interface JobTable {
  /** The image that holds it. */
  readonly image: string;
  /** Its address in the flash. */
  readonly offset: number;
  readonly partitions: readonly Partition[];
}

function tableOf(image: FlashImage): JobTable | undefined {
  const { table, flashStart } = contentOf(image);
  if (table === undefined) return undefined;
  const at = flashStart === undefined ? 0 : PARTITION_TABLE_OFFSET - flashStart;
  return { image: image.name, offset: image.offset + at, partitions: table };
}

const rowText = ({ name, type, subtype, offset, lengthBytes, flags }: Partition): string =>
  JSON.stringify([name, type, subtype, offset, lengthBytes, flags]);

function sameTable(a: JobTable, b: JobTable): boolean {
  return a.offset === b.offset && a.partitions.map(rowText).join() === b.partitions.map(rowText).join();
}

/** The partition table of the job's images, if they bring one. `plan/contradiction` where two of them differ. */
export function tableOfJob(images: readonly FlashImage[]): JobTable | undefined {
  const [first, ...others] = images.map(tableOf).filter((table) => table !== undefined);
  const other = others.find((table) => first !== undefined && !sameTable(first, table));
  if (first !== undefined && other !== undefined) {
    throw new FlashError(
      "plan/contradiction",
      `${first.image} and ${other.image} bring different partition tables ` +
        `(at ${hex32(first.offset)} and ${hex32(other.offset)}).`,
      { images: [first.image, other.image] },
    );
  }
  return first;
}
