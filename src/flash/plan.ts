import { FlashError } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import { chipByImageId, chips } from "../chips/index.js";
import { defaultOffset, inspectFirmware } from "../image/inspect.js";
import type { FirmwareContent } from "../image/inspect.js";
import { contentOf } from "./content.js";
import { checkImages } from "./guards.js";
import type { FlashImage, FlashJob, UnplacedImage } from "./job.js";
import { tableOfJob } from "./job-table.js";
import { placeInTable } from "./place.js";

/** One file of a job. Without `place` it must prove where it belongs. */
export interface PlanPart {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly place?:
    { readonly kind: "offset"; readonly offset: number } | { readonly kind: "partition"; readonly name: string };
}

/** What the person asked for: files, and all of a job that does not depend on them. */
export interface PlanRequest extends Omit<FlashJob, "images" | "unplaced"> {
  /** At least one. */
  readonly parts: readonly PlanPart[];
}

/** The chip that the plan can be checked against before a board is there: the one named, or the images' own. */
function plannedChip(request: PlanRequest): ChipDefinition | undefined {
  if (request.chip !== "auto") return chips[request.chip];
  const ids = request.parts.map((part) => contentOf(part).image?.chipId).filter((id) => id !== undefined);
  return ids[0] === undefined ? undefined : chipByImageId(ids[0]);
}

function offsetFor(content: FirmwareContent, chip: ChipDefinition | undefined): number {
  if (chip !== undefined) return defaultOffset(content, chip);
  const id = content.image?.chipId;
  throw id === undefined
    ? new FlashError("plan/no-offset", "The firmware does not prove where it belongs; set `offset`.")
    : new FlashError("chip/unknown", `The firmware was built for a chip with the id ${id}, which is not known.`, {
        id,
      });
}

function placed(part: PlanPart, chip: ChipDefinition | undefined): FlashImage | UnplacedImage {
  const { name, bytes, sha256, place } = part;
  if (place?.kind === "partition") return { name, bytes, sha256, partition: place.name };
  // With an explicit offset any data is welcome, so bytes that are no whole image count as data.
  const offset = place?.offset ?? offsetFor(inspectFirmware(bytes), chip);
  return { name, bytes, sha256, offset };
}

/**
 * Makes the job, and does everything that can fail without a board: damaged images (image/…), a missing, crooked or
 * impossible offset (plan/…), an image for another chip than the one named (chip/image-mismatch). Images for a named
 * partition stay unplaced where the job itself brings no partition table.
 */
export function planFlash(request: PlanRequest): FlashJob {
  const { parts, ...rest } = request;
  const chip = plannedChip(request);
  const all = parts.map((part) => placed(part, chip));
  const table = tableOfJob(all.filter((image) => "offset" in image));
  const resolved = all.map((image) =>
    "offset" in image || table === undefined
      ? image
      : placeInTable(image, table.partitions, `the table in ${table.image}`),
  );
  const job: FlashJob = {
    ...rest,
    images: resolved.filter((image) => "offset" in image),
    unplaced: resolved.filter((image) => "partition" in image),
  };
  checkImages(job, chip === undefined ? {} : { chip });
  return job;
}
