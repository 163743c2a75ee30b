import { FlashError } from "../base/errors.js";
import { chipByImageId, chips } from "../chips/index.js";
import type { ChipDefinition } from "../chips/definition.js";
import { defaultOffset, inspectFirmware, tryInspect } from "../image/inspect.js";
import type { FirmwareContent } from "../image/inspect.js";
import { checkImages } from "./guards.js";
import type { FlashImage, FlashJob } from "./job.js";

/** What the person asked for: one firmware, and all of a job that does not depend on it. */
export interface PlanRequest extends Omit<FlashJob, "images"> {
  readonly firmware: { readonly name: string; readonly bytes: Uint8Array; readonly sha256: string };
  /** Without it the firmware must prove where it belongs. */
  readonly offset: number | undefined;
}

/** The chip that the plan can be checked against before a board is there: the one named, or the image's own. */
function plannedChip(request: PlanRequest, content: FirmwareContent): ChipDefinition | undefined {
  if (request.chip !== "auto") return chips[request.chip];
  return content.image === undefined ? undefined : chipByImageId(content.image.chipId);
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

/**
 * Makes the job, and does everything that can fail without a board: damaged images (image/…), a missing, crooked or
 * impossible offset (plan/…), an image for another chip than the one named (chip/image-mismatch). With an explicit
 * offset any data is welcome, so bytes that are no whole image count as data.
 */
export function planFlash(request: PlanRequest): FlashJob {
  const { firmware, offset, ...rest } = request;
  const content = offset === undefined ? inspectFirmware(firmware.bytes) : tryInspect(firmware.bytes);
  const chip = plannedChip(request, content);
  const image: FlashImage = { ...firmware, offset: offset ?? offsetFor(content, chip) };
  const job: FlashJob = { ...rest, images: [image] };
  checkImages(job, chip === undefined ? {} : { chip });
  return job;
}
