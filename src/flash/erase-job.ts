import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { blankImage } from "./blank.js";
import { SECTOR_BYTES } from "./desired.js";
import type { Allowance, FlashJob, FlashRange } from "./job.js";
import { planFlash } from "./plan.js";
import type { BoardWish } from "./work-on-board.js";

/** A piece of flash to erase: a range, or a partition of the board's table. */
export type EraseRegion = FlashRange | { readonly partition: string };

/** What shall be blank, and how to get to the board. */
export interface EraseRequest extends BoardWish {
  readonly regions: "all" | readonly EraseRegion[];
  /** Names of partitions that stay as they are. */
  readonly preserve: readonly string[];
  readonly allow: ReadonlySet<Allowance>;
  /** Erase what reads blank, too: for a flash that is not trusted. */
  readonly rewrite: boolean;
}

/** Who erases on purpose needs no word about what the flash no longer holds. */
const IMPLIED: readonly Allowance[] = ["would-not-boot", "declared-size"];

/**
 * An erase is a job without content: what shall be blank and is not is erased, and the chip's MD5s prove it. All other
 * guards stand. Throws plan/… for ranges that are no whole sectors, that no flash has, or that overlap.
 */
export function eraseJob({ regions, allow, ...wish }: EraseRequest): FlashJob {
  const listed = regions === "all" ? [] : regions;
  const ranges = listed.flatMap((region) => ("partition" in region ? [] : [region]));
  const crooked = ranges.find(({ lengthBytes }) => lengthBytes === 0 || lengthBytes % SECTOR_BYTES !== 0);
  if (crooked !== undefined) {
    const message = `The ${crooked.lengthBytes} bytes to erase at ${hex32(crooked.offset)} are not whole sectors of 4096 bytes.`;
    throw new FlashError("plan/alignment", message, { offset: hex32(crooked.offset) });
  }
  return planFlash({
    ...wish,
    parts: ranges.map((range) => {
      const { name, bytes, sha256 } = blankImage("the range to erase", range);
      return { name, bytes, sha256, place: { kind: "offset", offset: range.offset } };
    }),
    blankPartitions: listed.flatMap((region) => ("partition" in region ? [region.partition] : [])),
    erase: regions === "all" ? "all" : "touched",
    allow: new Set([...allow, ...IMPLIED]),
    keepGaps: false,
    compress: true,
    dryRun: false,
  });
}
