import { FlashError } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import { chipByImageId, chips } from "../chips/index.js";
import { imageChipLabel } from "../image/chip-memory.js";
import { defaultOffset, inspectFirmware } from "../image/inspect.js";
import type { FirmwareContent } from "../image/inspect.js";
import type { EspImage } from "../image/parse.js";
import { contentOf } from "./content.js";
import { checkImages } from "./guards.js";
import type { FlashImage, FlashJob, UnplacedImage } from "./job.js";
import { declaredFlashBytes } from "./header-settings.js";
import { tableOfJob } from "./job-table.js";
import type { JobTable } from "./job-table.js";
import { checkLayout } from "./layout.js";
import type { Layout } from "./layout.js";
import { placeInTable } from "./place.js";
import { preservedPartitions } from "./preserve.js";

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

/** The chip that an image was built for; `undefined` for one that nobody knows. Images of the ESP8266 name none. */
function chipOf(image: EspImage): ChipDefinition | undefined {
  return image.chipId === undefined ? chips.esp8266 : chipByImageId(image.chipId);
}

/** Refuses (plan/contradiction) images of several chips where nothing says which of them the board has. */
function checkOneChip(request: PlanRequest): void {
  if (request.chip !== "auto" || request.allow.has("image-mismatch")) return;
  const images = request.parts.flatMap((part) => {
    const { image } = contentOf(part);
    return image === undefined ? [] : [{ name: part.name, chip: imageChipLabel(image.chipId) }];
  });
  const [first] = images;
  const other = images.find((image) => image.chip !== first?.chip);
  if (first === undefined || other === undefined) return;
  throw new FlashError(
    "plan/contradiction",
    `${first.name} was built for ${first.chip}, ${other.name} for ${other.chip}.`,
    { images: [first.name, other.name] },
  );
}

/** The chip that is known before a board is there: the one named, or that of the files. */
export function plannedChip(
  chip: FlashJob["chip"],
  files: readonly { readonly bytes: Uint8Array }[],
): ChipDefinition | undefined {
  if (chip !== "auto") return chips[chip];
  const [image] = files.flatMap((file) => contentOf(file).image ?? []);
  return image === undefined ? undefined : chipOf(image);
}

/** What the job's own images say about the flash, as long as its settings leave that alone. */
function knownLayout(job: FlashJob, chip: ChipDefinition | undefined, table: JobTable | undefined): Layout {
  const declared = chip === undefined ? undefined : declaredByJob(job, chip);
  return {
    ...(table === undefined ? {} : { table: { ...table, isNew: true } }),
    ...(declared === undefined ? {} : { declared: { flashBytes: declared, isNew: true } }),
  };
}

/** Flash size in the header of the job's bootloader. */
function declaredByJob(job: FlashJob, chip: ChipDefinition): number | undefined {
  const { size = "keep" } = job.settings;
  if (size !== "keep") return undefined;
  const bootloaders = job.images.filter(
    (image) => image.offset + contentOf(image).imageOffset === chip.bootloaderOffset,
  );
  const [header] = bootloaders.flatMap((image) => contentOf(image).image ?? []);
  return header === undefined ? undefined : declaredFlashBytes(chip, header.sizeFreqByte);
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
 * impossible offset (plan/…), an image for another chip than the one named (chip/image-mismatch), and all that is wrong
 * with a partition table that the job brings along. Images for a named
 * partition stay unplaced where the job itself brings no partition table.
 */
export function planFlash(request: PlanRequest): FlashJob {
  const { parts, ...rest } = request;
  checkOneChip(request);
  const chip = plannedChip(request.chip, parts);
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
  checkLayout(job, knownLayout(job, chip, table));
  if (table !== undefined) preservedPartitions(job, { ofJob: table.partitions, ofBoard: undefined });
  return job;
}
