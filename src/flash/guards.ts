import { formatBytes, hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import { chips } from "../chips/index.js";
import type { ChipDefinition, SecurityState } from "../chips/definition.js";
import { imageChipLabel } from "../image/chip-memory.js";
import { beginsAsImage, inspectFirmware, tryInspect } from "../image/inspect.js";
import type { FirmwareContent } from "../image/inspect.js";
import type { EspImage } from "../image/parse.js";
import { PARTITION_TABLE_OFFSET } from "../image/partition-table.js";
import { overlaps, SECTOR_BYTES, sectorsOf } from "./desired.js";
import type { FlashImage, FlashJob, FlashRange } from "./job.js";

/** What is known of the board; before the port is open, little is. */
export interface KnownBoard {
  readonly chip?: ChipDefinition;
  /** major · 100 + minor. */
  readonly revision?: number;
  readonly flashSizeBytes?: number;
}

/** The flash that an image of the job takes. */
export function rangeOf(image: FlashImage): FlashRange {
  return { offset: image.offset, lengthBytes: image.bytes.length };
}

/** Flash that the largest known chip can address: nothing can lie beyond it, whichever board it is. */
const LARGEST_FLASH_BYTES = Math.max(...Object.values(chips).map((chip) => chip.maxFlashBytes));

const revisionText = (revision: number): string => `v${Math.floor(revision / 100)}.${revision % 100}`;

function checkPlacement(images: readonly FlashImage[], known: KnownBoard): void {
  const flashBytes = known.flashSizeBytes ?? known.chip?.maxFlashBytes ?? LARGEST_FLASH_BYTES;
  for (const image of images) {
    const details = { image: image.name, offset: hex32(image.offset), lengthBytes: image.bytes.length, flashBytes };
    if (image.offset % SECTOR_BYTES !== 0) {
      const message = `${image.name} shall go to ${hex32(image.offset)}, which is not the start of a 4096-byte sector.`;
      throw new FlashError("plan/alignment", message, details);
    }
    if (image.offset < 0 || image.offset + image.bytes.length > flashBytes) {
      const message = `${image.name} (${formatBytes(image.bytes.length)} at ${hex32(image.offset)}) does not fit a flash of ${formatBytes(flashBytes)}.`;
      throw new FlashError("plan/out-of-range", message, details);
    }
  }
  images.forEach((image, index) => {
    const other = images
      .slice(0, index)
      .find((placed) => overlaps(sectorsOf(rangeOf(placed)), sectorsOf(rangeOf(image))));
    if (other === undefined) return;
    const span = (of: FlashImage): string =>
      `${of.name} (${hex32(of.offset)} to ${hex32(of.offset + of.bytes.length)})`;
    throw new FlashError("plan/overlap", `${span(other)} and ${span(image)} share flash sectors.`, {
      images: [other.name, image.name],
    });
  });
}

function checkChip(name: string, image: EspImage, chip: ChipDefinition): void {
  if (image.chipId === chip.imageChipId) return;
  const builtFor = imageChipLabel(image.chipId);
  throw new FlashError("chip/image-mismatch", `${name} was built for ${builtFor}, not for ${chip.label}.`, {
    image: name,
    builtFor,
    chip: chip.label,
  });
}

function checkRevision(name: string, image: EspImage, revision: number): void {
  const { minRevision, maxRevision } = image;
  if (revision >= minRevision && revision <= (maxRevision ?? revision)) return;
  const wanted =
    revision < minRevision ? `${revisionText(minRevision)} or later` : `${revisionText(maxRevision ?? 0)} or earlier`;
  throw new FlashError(
    "chip/revision",
    `${name} needs a chip of revision ${wanted}; this one is ${revisionText(revision)}.`,
    {
      image: name,
      revision: revisionText(revision),
    },
  );
}

/** The ROM starts a bootloader from one place only; anywhere else it is a slip of the offset. */
function checkBootloaderPlace(image: FlashImage, content: FirmwareContent, chip: ChipDefinition): void {
  if (content.image?.kind !== "bootloader") return;
  const place = image.offset + content.imageOffset;
  if (place === chip.bootloaderOffset) return;
  const offset = chip.bootloaderOffset - content.imageOffset;
  const remedy = offset < 0 ? "" : ` Its offset would be ${hex32(offset)}.`;
  throw new FlashError(
    "plan/would-not-boot",
    `${image.name} has its bootloader at ${hex32(place)}, but ${chip.label} starts the one at ` +
      `${hex32(chip.bootloaderOffset)}.${remedy}`,
    { image: image.name, place: hex32(place), bootloaderOffset: hex32(chip.bootloaderOffset) },
  );
}

/**
 * Everything about the job's images that needs no look into the flash: plan/alignment, plan/out-of-range, plan/overlap,
 * image/… for what is plainly a damaged image, chip/image-mismatch, chip/revision, and plan/would-not-boot for a bootloader
 * at a place where nothing starts it. What `known` leaves out is not checked; the job's allowances are respected.
 */
export function checkImages(job: FlashJob, known: KnownBoard): void {
  checkPlacement(job.images, known);
  const { chip, revision } = known;
  const strict = !job.allow.has("would-not-boot");
  for (const image of job.images) {
    const content = strict && beginsAsImage(image.bytes) ? inspectFirmware(image.bytes) : tryInspect(image.bytes);
    if (chip === undefined) continue;
    const parts = [content.image, ...content.apps.map((app) => app.image)].filter((part) => part !== undefined);
    for (const part of parts) {
      if (!job.allow.has("image-mismatch")) checkChip(image.name, part, chip);
      if (revision !== undefined && !job.allow.has("chip-revision")) checkRevision(image.name, part, revision);
    }
    if (strict) checkBootloaderPlace(image, content, chip);
  }
}

function refuse(chip: ChipDefinition, setting: string, consequence: string): never {
  throw new FlashError("chip/security", `This ${chip.label} has ${setting}: ${consequence}`, { setting });
}

/**
 * Refuses (chip/security) what the chip's eFuses make impossible or dangerous, because it cannot be undone: a board whose
 * bootloader is not signed with its key, or whose flash is written in plain while it decrypts, never starts again.
 */
export function checkSecurity(security: SecurityState, job: FlashJob, chip: ChipDefinition): void {
  if (security.secureDownload) {
    refuse(chip, "Secure Download Mode", "the loader neither compares nor reads, so nothing could be verified.");
  }
  if (security.flashEncryption) {
    refuse(chip, "flash encryption", "what is written in plain would be decrypted to noise at the next start.");
  }
  if (!security.secureBootV1 && !security.secureBootV2) return;
  const setting = security.secureBootV1 ? "Secure Boot V1" : "Secure Boot V2";
  if (job.erase === "all") refuse(chip, setting, "`erase: all` would remove its signed bootloader.");
  // V1 also keeps its digest of the bootloader at 0x0 (esptool `cmds.py` write_flash refuses all below 0x8000).
  const start = security.secureBootV1 ? 0 : chip.bootloaderOffset;
  const guarded = { offset: start, lengthBytes: PARTITION_TABLE_OFFSET - start };
  const image = job.images.find((candidate) => overlaps(sectorsOf(rangeOf(candidate)), guarded));
  if (image !== undefined) {
    refuse(chip, setting, `${image.name} at ${hex32(image.offset)} would replace its signed bootloader.`);
  }
}
