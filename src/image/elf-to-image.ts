import { FlashError } from "../base/errors.js";
import { ELF_SHA256_AT, mmuPageBytesOf, parseAppDescription } from "./app-description.js";
import { buildImage } from "./build.js";
import { isFlashMapped } from "./chip-memory.js";
import { sha256 } from "./digest.js";
import { elfError, parseElf } from "./elf.js";
import type { ElfPiece } from "./elf.js";
import { elfChips } from "./elf-chips.js";
import type { ElfChip } from "./elf-chips.js";
import type { ElfSegment } from "./elf-layout.js";
import { layOut } from "./elf-layout.js";
import { joinPieces } from "./elf-pieces.js";
import { IMAGE_HEADER_BYTES, MAX_SEGMENTS } from "./header.js";
import { SEGMENT_HEADER_BYTES } from "./segments.js";

/** What an image says in its header, and which of the ELF file's two tables it is made of. */
export interface ElfImageOptions {
  /** 0 QIO, 1 QOUT, 2 DIO, 3 DOUT. Without it 0, as esptool does. */
  readonly flashModeByte?: number;
  /** Upper nibble flash size, lower nibble flash frequency. Without it 0: 1 MB and the chip's usual frequency. */
  readonly sizeFreqByte?: number;
  /** major · 100 + minor. Without them any revision will do. */
  readonly minRevision?: number;
  readonly maxRevision?: number;
  /** Whether SHA-256 is appended; it is unless this is false. */
  readonly digest?: boolean;
  /** `sections` unless given. */
  readonly source?: "sections" | "segments";
}

const APP_DESCRIPTION_SECTION = ".flash.appdesc";
const FIXED_PAGE_BYTES = 64 * 1024;
const DESCRIPTION_AT = IMAGE_HEADER_BYTES + SEGMENT_HEADER_BYTES;
const DIGEST_BYTES = 32;

/** The page size is in the app's description since ESP-IDF 5.4; before that the description's own address tells it. */
function pageBytes(description: ElfPiece | undefined, chip: ElfChip): number {
  if (description === undefined || chip.mmuPageBytes.length === 0) return FIXED_PAGE_BYTES;
  if (parseAppDescription(description.bytes) === undefined) return FIXED_PAGE_BYTES;
  const stated = mmuPageBytesOf(description.bytes);
  if (stated === undefined) {
    const fits = (size: number): boolean => (description.address - DESCRIPTION_AT) % size === 0;
    return chip.mmuPageBytes.findLast(fits) ?? FIXED_PAGE_BYTES;
  }
  if (!chip.mmuPageBytes.includes(stated)) {
    const sizes = chip.mmuPageBytes.map((size) => size / 1024).join(", ");
    throw elfError(
      `The app's description wants MMU pages of 2^${Math.log2(stated)} bytes, but the chip has those of ${sizes} KiB.`,
      description.at,
    );
  }
  return stated;
}

/** The description is where readers look for it, at the start of the image, unless the linker script is a strange one. */
function withElfDigest(segments: readonly ElfSegment[], elf: Uint8Array, description: ElfPiece): readonly ElfSegment[] {
  const [first, ...rest] = segments;
  if (first?.address !== description.address) return segments;
  const field = first.bytes.subarray(ELF_SHA256_AT, ELF_SHA256_AT + DIGEST_BYTES);
  const at = description.at + ELF_SHA256_AT;
  if (field.length < DIGEST_BYTES) {
    throw elfError("The app's description is too short to take the ELF's SHA-256.", at);
  }
  if (field.some((byte) => byte !== 0)) {
    throw elfError("Where the ELF's SHA-256 belongs in the app's description, there are other bytes already.", at);
  }
  const bytes = new Uint8Array(first.bytes);
  bytes.set(sha256(elf), ELF_SHA256_AT);
  return [{ ...first, bytes }, ...rest];
}

/**
 * The image of an ELF file for a chip with `imageChipId`, byte for byte as esptool 5.3.1 `elf2image` makes it, with the
 * ELF's SHA-256 in the app's description. For the ESP8266 see `elf-to-esp8266.ts`. Throws image/elf, and
 * chip/unsupported for an id that is not known.
 */
export function elfToImage(elf: Uint8Array, imageChipId: number, options: ElfImageOptions = {}): Uint8Array {
  const chip = elfChips[imageChipId];
  if (chip === undefined) throw new FlashError("chip/unsupported", `No image can be made for chip id ${imageChipId}.`);
  const { entry, sections, segments } = parseElf(elf);
  const description = sections.find(
    (section) => section.name.includes(APP_DESCRIPTION_SECTION) && isFlashMapped(imageChipId, section.address),
  );
  const bySection = (options.source ?? "sections") === "sections";
  const laidOut = layOut(joinPieces(bySection ? sections : segments, chip.regions), {
    isFlashMapped: (address) => isFlashMapped(imageChipId, address),
    mmuPageBytes: pageBytes(description, chip),
    stretchesPages: imageChipId === 0,
  });
  if (laidOut.length > MAX_SEGMENTS) {
    throw elfError(
      `The ELF file gives ${laidOut.length} segments with those that fill pages, but a loader takes ${MAX_SEGMENTS}.`,
      0,
    );
  }
  return buildImage({
    chipId: imageChipId,
    entry,
    flashModeByte: options.flashModeByte ?? 0,
    sizeFreqByte: options.sizeFreqByte ?? 0,
    minRevision: options.minRevision ?? 0,
    maxRevision: options.maxRevision ?? 0xffff,
    segments: bySection && description !== undefined ? withElfDigest(laidOut, elf, description) : laidOut,
    digest: options.digest ?? true,
  });
}
