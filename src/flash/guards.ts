import { formatBytes, hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { chips } from "../chips/index.js";
import { ROM_MAX_FLASH_BYTES } from "../chips/shapes.js";
import type { ChipDefinition } from "../chips/definition.js";
import { imageChipLabel } from "../image/chip-memory.js";
import type { FirmwareContent } from "../image/inspect.js";
import type { EspImage } from "../image/parse.js";
import { contentOf } from "./content.js";
import { checkUndamaged } from "./damage.js";
import { overlaps, SECTOR_BYTES, sectorsOf } from "./desired.js";
import type { FlashImage, FlashJob, FlashRange } from "./job.js";
import { refuse } from "./refuse.js";

/** What is known of the board; before the port is open, little is. */
export interface KnownBoard {
  readonly chip?: ChipDefinition;
  /** major · 100 + minor. */
  readonly revision?: number;
  readonly loader?: "rom" | "stub";
  readonly flashSizeBytes?: number;
}

/** The flash that an image of the job takes. */
export function rangeOf(image: FlashImage): FlashRange {
  return { offset: image.offset, lengthBytes: image.bytes.length };
}

/** Flash that the largest known chip can address: nothing can lie beyond it, whichever board it is. */
const LARGEST_FLASH_BYTES = Math.max(...Object.values(chips).map((chip) => chip.maxFlashBytes));

const revisionText = (revision: number): string => `v${Math.floor(revision / 100)}.${revision % 100}`;

/** How much flash the loader reaches: a ROM 16 MiB, the stubs of some chips more (esptool `__init__.py` at v5.3.1). */
export function addressableBytes(chip: ChipDefinition, loader: "rom" | "stub"): number {
  return loader === "rom" ? Math.min(chip.maxFlashBytes, ROM_MAX_FLASH_BYTES) : chip.maxFlashBytes;
}

function checkEnd(job: FlashJob, image: FlashImage, known: KnownBoard): void {
  const { chip, flashSizeBytes } = known;
  const end = image.offset + image.bytes.length;
  const which = `${image.name} (${formatBytes(image.bytes.length)} at ${hex32(image.offset)})`;
  const details = { image: image.name, offset: hex32(image.offset), lengthBytes: image.bytes.length };
  const flashBytes = flashSizeBytes ?? LARGEST_FLASH_BYTES;
  if (image.offset < 0 || end > flashBytes) {
    const message = `${which} does not fit a flash of ${formatBytes(flashBytes)}.`;
    refuse(job, "out-of-range", message, { ...details, flashBytes });
  }
  if (chip === undefined) return;
  const loader = known.loader ?? (job.stub && chip.loadStub !== undefined ? "stub" : "rom");
  const reachBytes = addressableBytes(chip, loader);
  if (end <= reachBytes) return;
  const who = loader === "stub" ? "stub" : "ROM loader";
  const message = `${which} reaches above ${formatBytes(reachBytes)}, the most that the ${who} of ${chip.label} can address.`;
  refuse(job, "above-16mib", message, { ...details, reachBytes });
}

function checkPlacement(job: FlashJob, known: KnownBoard): void {
  const { images } = job;
  for (const image of images) {
    checkEnd(job, image, known);
    if (image.offset % SECTOR_BYTES === 0) continue;
    const message = `${image.name} shall go to ${hex32(image.offset)}, which is not the start of a 4096-byte sector.`;
    throw new FlashError("plan/alignment", message, { image: image.name, offset: hex32(image.offset) });
  }
  images.forEach((image, index) => {
    const other = images
      .slice(0, index)
      .find((placed) => overlaps(sectorsOf(rangeOf(placed)), sectorsOf(rangeOf(image))));
    if (other === undefined) return;
    const span = (of: FlashImage): string =>
      `${of.name} (${hex32(of.offset)} to ${hex32(of.offset + of.bytes.length)})`;
    const message = `${span(other)} and ${span(image)} share flash sectors.`;
    refuse(job, "overlap", message, { images: [other.name, image.name] });
  });
}

function checkChip(job: FlashJob, name: string, image: EspImage, chip: ChipDefinition): void {
  if (image.chipId === chip.imageChipId) return;
  const builtFor = imageChipLabel(image.chipId);
  const message = `${name} was built for ${builtFor}, not for ${chip.label}.`;
  refuse(job, "image-mismatch", message, { image: name, builtFor, chip: chip.label });
}

function checkRevision(job: FlashJob, name: string, image: EspImage, revision: number): void {
  const { minRevision, maxRevision } = image;
  if (revision >= minRevision && revision <= (maxRevision ?? revision)) return;
  const wanted =
    revision < minRevision ? `${revisionText(minRevision)} or later` : `${revisionText(maxRevision ?? 0)} or earlier`;
  const found = revisionText(revision);
  const message = `${name} needs a chip of revision ${wanted}; this one is ${found}.`;
  refuse(job, "chip-revision", message, { image: name, revision: found });
}

/** The ROM starts a bootloader from one place only; anywhere else it is a slip of the offset. */
function checkBootloaderPlace(job: FlashJob, image: FlashImage, content: FirmwareContent, chip: ChipDefinition): void {
  if (content.image?.kind !== "bootloader") return;
  const place = image.offset + content.imageOffset;
  if (place === chip.bootloaderOffset) return;
  const offset = chip.bootloaderOffset - content.imageOffset;
  const remedy = offset < 0 ? "" : ` Its offset would be ${hex32(offset)}.`;
  refuse(
    job,
    "bootloader-offset",
    `${image.name} has its bootloader at ${hex32(place)}, but ${chip.label} starts the one at ` +
      `${hex32(chip.bootloaderOffset)}.${remedy}`,
    { image: image.name, place: hex32(place), bootloaderOffset: hex32(chip.bootloaderOffset) },
  );
}

/**
 * Everything about the job's images that needs no look into the flash: plan/alignment, plan/out-of-range,
 * plan/above-16mib, plan/overlap, image/… for what is plainly a damaged image, chip/image-mismatch, chip/revision, and
 * plan/bootloader-offset. What `known` leaves out is not checked; the job's allowances are respected.
 */
export function checkImages(job: FlashJob, known: KnownBoard): void {
  checkPlacement(job, known);
  const { chip, revision } = known;
  for (const image of [...job.images, ...job.unplaced]) {
    checkUndamaged(image);
    if (chip === undefined) continue;
    const content = contentOf(image);
    const parts = [content.image, ...content.apps.map((app) => app.image)].filter((part) => part !== undefined);
    for (const part of parts) {
      checkChip(job, image.name, part, chip);
      if (revision !== undefined) checkRevision(job, image.name, part, revision);
    }
    if ("offset" in image) checkBootloaderPlace(job, image, content, chip);
  }
}
