import { FlashError, hasCode } from "../base/errors.js";
import { hex32, isBlank } from "../base/bytes.js";
import { imageChipLabel, isKnownImageChip } from "./chip-memory.js";
import { ESP8266_HEADER_BYTES, isEsp8266Image } from "./esp8266-image.js";
import { IMAGE_HEADER_BYTES, IMAGE_MAGIC, parseHeader } from "./header.js";
import { parseImage } from "./parse.js";
import type { EspImage } from "./parse.js";
import {
  isAppPartition,
  looksLikePartitionTable,
  PARTITION_TABLE_BYTES,
  PARTITION_TABLE_OFFSET,
  parsePartitionTable,
} from "./partition-table.js";
import type { Partition } from "./partition-table.js";
import { parseSegmentHeader, SEGMENT_HEADER_BYTES } from "./segments.js";

/** An app inside a merged file, with the partition that it lies in. `offset` counts from the file's first byte. */
interface AppInFile {
  readonly partition: string;
  readonly offset: number;
  readonly image: EspImage;
}

/** What a firmware file is. */
export interface FirmwareContent {
  /** `merged`: a bootloader with a partition table at its usual distance. `data`: nothing that is known here. */
  readonly kind: "bootloader" | "merged" | "app" | "partition-table" | "data";
  /** The bootloader of `bootloader` and `merged`, the app of `app`. */
  readonly image?: EspImage;
  /** Where `image` begins in the file; 0 unless a merged file begins with other bytes. */
  readonly imageOffset: number;
  /** `merged` only: the flash address of the file's first byte, as the distance to the table tells. */
  readonly flashStart?: number;
  /** The table of `partition-table` and `merged`; offsets in it are flash addresses. */
  readonly table?: readonly Partition[];
  /** `merged` only: the valid apps in partitions of `table` that the file reaches. */
  readonly apps: readonly AppInFile[];
}

/** What `defaultOffset` needs to know of a chip; every `ChipDefinition` has it. */
export interface ImageTarget {
  readonly label: string;
  /** ESP8266 has none. */
  readonly imageChipId?: number;
  readonly bootloaderOffset: number;
}

/** Where bootloaders lie: ESP32, S2 · C5, H4, P4, S31 · the others (esptool `targets/*.py` BOOTLOADER_FLASH_OFFSET). */
const BOOTLOADER_OFFSETS = [0x1000, 0x2000, 0x0];

const data: FirmwareContent = { kind: "data", imageOffset: 0, apps: [] };

/** What `parse` gives, or `undefined` where it finds the bytes wanting. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (hasCode(error, "image/malformed", "image/truncated", "image/checksum", "image/digest")) return undefined;
    throw error;
  }
}

/** How to take an image that may be damaged: throw (`parseImage`), or say `undefined`. */
type ImageReader = (bytes: Uint8Array, offset: number) => EspImage | undefined;

const readIfWhole: ImageReader = (bytes, offset) => attempt(() => parseImage(bytes, offset));

function tableAt(bytes: Uint8Array, offset: number): readonly Partition[] | undefined {
  return looksLikePartitionTable(bytes, offset) ? attempt(() => parsePartitionTable(bytes, offset)) : undefined;
}

function merged(
  bytes: Uint8Array,
  found: { image: EspImage; imageOffset: number; flashStart: number; table: readonly Partition[] },
  readImage: ImageReader,
): FirmwareContent {
  const apps = found.table.filter(isAppPartition).flatMap((partition) => {
    const offset = partition.offset - found.flashStart;
    const image = offset >= 0 && bytes[offset] === IMAGE_MAGIC ? readImage(bytes, offset) : undefined;
    return image === undefined ? [] : [{ partition: partition.name, offset, image }];
  });
  return { kind: "merged", ...found, apps };
}

function inspectFromImage(bytes: Uint8Array, readImage: ImageReader): FirmwareContent {
  const image = readImage(bytes, 0);
  if (image === undefined) return data;
  if (image.kind === "app") return { kind: "app", image, imageOffset: 0, apps: [] };
  // The ESP8266's ROM and boot loaders know no table; one at 0x8000 would be bytes of the image.
  if (image.chipId === undefined) return { kind: "bootloader", image, imageOffset: 0, apps: [] };
  for (const flashStart of BOOTLOADER_OFFSETS) {
    const table = tableAt(bytes, PARTITION_TABLE_OFFSET - flashStart);
    if (table !== undefined) return merged(bytes, { image, imageOffset: 0, flashStart, table }, readImage);
  }
  return { kind: "bootloader", image, imageOffset: 0, apps: [] };
}

/** A dump or a merge that begins at flash address 0 while the bootloader lies further on. */
function inspectFromFlashStart(bytes: Uint8Array, readImage: ImageReader): FirmwareContent {
  const table = tableAt(bytes, PARTITION_TABLE_OFFSET);
  const candidates = BOOTLOADER_OFFSETS.filter((offset) => offset > 0 && bytes[offset] === IMAGE_MAGIC);
  // E9 can also stand by chance at another chip's place; if none is an image, the first is called damaged.
  const imageOffset = candidates.find((offset) => readIfWhole(bytes, offset) !== undefined) ?? candidates[0];
  if (table === undefined || imageOffset === undefined) return data;
  const image = readImage(bytes, imageOffset);
  if (image?.kind !== "bootloader") return data;
  return merged(bytes, { image, imageOffset, flashStart: 0, table }, readImage);
}

/**
 * Says what a firmware file is. Throws image/… for a file that begins as an image or a table, or has bootloader and
 * table, but is damaged. Bytes of another kind, such as a file system, may begin alike: for those use `tryInspect`.
 */
export function inspectFirmware(bytes: Uint8Array): FirmwareContent {
  if (looksLikePartitionTable(bytes)) parsePartitionTable(bytes);
  return inspect(bytes, parseImage);
}

/** As `inspectFirmware`, but never throws: a damaged image or table is `data`, or no app of a merged file. */
export function tryInspect(bytes: Uint8Array): FirmwareContent {
  return inspect(bytes, readIfWhole);
}

/**
 * Whether the first 32 bytes can hardly be anything but the beginning of an image: magic, header, a known chip and a
 * plausible first segment. What then does not parse is a damaged image and no file system.
 */
export function beginsAsImage(bytes: Uint8Array): boolean {
  if (bytes.length < IMAGE_HEADER_BYTES + SEGMENT_HEADER_BYTES) return false;
  if (isEsp8266Image(bytes)) return attempt(() => parseSegmentHeader(bytes, ESP8266_HEADER_BYTES, 0)) !== undefined;
  const chipId = attempt(() => {
    parseSegmentHeader(bytes, IMAGE_HEADER_BYTES, 0);
    return parseHeader(bytes).chipId;
  });
  return chipId !== undefined && isKnownImageChip(chipId);
}

function inspect(bytes: Uint8Array, readImage: ImageReader): FirmwareContent {
  if (bytes[0] === IMAGE_MAGIC || isEsp8266Image(bytes)) return inspectFromImage(bytes, readImage);
  const table = tableAt(bytes, 0);
  if (table === undefined) return inspectFromFlashStart(bytes, readImage);
  return isBlank(bytes.subarray(PARTITION_TABLE_BYTES))
    ? { kind: "partition-table", imageOffset: 0, table, apps: [] }
    : data;
}

function noOffset(message: string): FlashError {
  return new FlashError("plan/no-offset", message);
}

function bootloaderOffset(content: FirmwareContent, image: EspImage, chip: ImageTarget): number {
  if (image.chipId !== chip.imageChipId) {
    throw new FlashError(
      "chip/image-mismatch",
      `The firmware was built for ${imageChipLabel(image.chipId)}, not for ${chip.label}.`,
      { imageChip: imageChipLabel(image.chipId), chip: chip.label },
    );
  }
  const offset = chip.bootloaderOffset - content.imageOffset;
  if (content.flashStart !== undefined && content.flashStart !== offset) {
    const wanted = content.flashStart + content.imageOffset;
    throw noOffset(
      `The firmware's partition table fits a bootloader at ${hex32(wanted)}, but ${chip.label} starts the one at ` +
        `${hex32(chip.bootloaderOffset)}: was it merged for another chip?`,
    );
  }
  return offset;
}

/**
 * The offset of firmware that proves where it belongs on `chip`: a bootloader, or a merged file. Throws plan/no-offset
 * for everything else, and chip/image-mismatch for a bootloader of another chip.
 */
export function defaultOffset(content: FirmwareContent, chip: ImageTarget): number {
  if (content.kind === "app" && content.image?.chipId === undefined) {
    throw noOffset("The firmware is an ESP8266 app for a boot loader. Usual: 0x1000, and 0x81000 for the second slot.");
  }
  if (content.kind === "app") {
    throw noOffset(
      "The firmware is an app, and where it goes depends on the board's partition table. Usual: 0x10000 (factory, or " +
        "the first OTA slot), 0x20000 (with a larger NVS), and the later OTA slots of the table.",
    );
  }
  if (content.kind === "partition-table") {
    throw noOffset("The firmware is a partition table. Unless the project moved it, it goes to 0x8000.");
  }
  if (content.image === undefined) {
    throw noOffset("The firmware is neither a bootloader nor a merged image, so nothing tells where it belongs.");
  }
  return bootloaderOffset(content, content.image, chip);
}
