import { concatBytes, hex32, words } from "../base/bytes.js";
import { elfError, parseElf } from "./elf.js";
import type { ElfPiece } from "./elf.js";
import { ESP8266_REGIONS } from "./elf-chips.js";
import { joinPieces, padded } from "./elf-pieces.js";
import { esp8266BootCrc, ESP8266_IMAGE_V2_COUNT, ESP8266_IMAGE_V2_MAGIC, ESP8266_IROM } from "./esp8266-image.js";
import { IMAGE_MAGIC } from "./header.js";
import { checksumOffset, segmentChecksum } from "./segments.js";

/** Header bytes of an ESP8266 image. */
export interface Esp8266ImageOptions {
  /** 0 QIO, 1 QOUT, 2 DIO, 3 DOUT. */
  readonly flashModeByte?: number;
  /** Upper nibble flash size, lower nibble flash frequency. Without it 0x20: 1 MB, 40 MHz. */
  readonly sizeFreqByte?: number;
}

/** A file for the ESP8266's flash. */
export interface Esp8266File {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

const FLASH_SECTOR_BYTES = 4096;

/** Sections for RAM in the file's order, and the one that the flash's mapping shows. */
interface Esp8266Parts {
  readonly entry: number;
  readonly ram: readonly ElfPiece[];
  readonly irom?: ElfPiece;
}

function readParts(elf: Uint8Array): Esp8266Parts {
  const { entry, sections } = parseElf(elf);
  const pieces = joinPieces(sections, ESP8266_REGIONS);
  const isIrom = (piece: ElfPiece): boolean => piece.address >= ESP8266_IROM.start && piece.address < ESP8266_IROM.end;
  const [irom, ...more] = pieces.filter(isIrom);
  if (more.length > 0) {
    const addresses = [irom, ...more].map((piece) => hex32(piece?.address ?? 0)).join(", ");
    throw elfError(
      `The ELF file has several sections for mapped flash, at ${addresses}; an image has one.`,
      more[0]?.at ?? 0,
    );
  }
  return { entry, ram: pieces.filter((piece) => !isIrom(piece)), ...(irom === undefined ? {} : { irom }) };
}

function header(magic: number, count: number, entry: number, options: Esp8266ImageOptions): Uint8Array {
  const { flashModeByte = 0, sizeFreqByte = 0x20 } = options;
  return concatBytes(Uint8Array.of(magic, count, flashModeByte, sizeFreqByte), words(entry));
}

const segment = (address: number, bytes: Uint8Array): Uint8Array => concatBytes(words(address, bytes.length), bytes);

/** Header, segments and checksum of what goes to RAM, behind `before`. */
function ramImage(before: Uint8Array, parts: Esp8266Parts, options: Esp8266ImageOptions): Uint8Array {
  const body = concatBytes(
    before,
    header(IMAGE_MAGIC, parts.ram.length, parts.entry, options),
    ...parts.ram.map((piece) => segment(piece.address, piece.bytes)),
  );
  const image = new Uint8Array(checksumOffset(body.length) + 1);
  image.set(body);
  image[image.length - 1] = segmentChecksum(parts.ram.map((piece) => piece.bytes));
  return image;
}

/**
 * Version 1, which the ROM starts: the image for offset 0, and the code for mapped flash, if there is any, as a file of
 * its own. As esptool 5.3.1 `elf2image --version 1`. Throws image/elf.
 */
export function elfToEsp8266V1(elf: Uint8Array, options: Esp8266ImageOptions = {}): Esp8266File[] {
  const parts = readParts(elf);
  const image = { offset: 0, bytes: ramImage(new Uint8Array(0), parts, options) };
  if (parts.irom === undefined) return [image];
  return [image, { offset: parts.irom.address - ESP8266_IROM.start, bytes: parts.irom.bytes }];
}

/**
 * Version 2, which a boot loader at offset 0 starts: one file with all. Its offset is the sector of its code in mapped
 * flash. As esptool 5.3.1 `elf2image --version 2`. Throws image/elf.
 */
export function elfToEsp8266V2(elf: Uint8Array, options: Esp8266ImageOptions = {}): Esp8266File {
  const parts = readParts(elf);
  const { irom, entry } = parts;
  const before = concatBytes(
    header(ESP8266_IMAGE_V2_MAGIC, ESP8266_IMAGE_V2_COUNT, entry, options),
    irom === undefined ? new Uint8Array(0) : segment(0, padded(irom.bytes, 16)),
  );
  const image = ramImage(before, parts, options);
  const mappedAt = irom === undefined ? 0 : irom.address - ESP8266_IROM.start;
  return {
    offset: mappedAt - (mappedAt % FLASH_SECTOR_BYTES),
    bytes: concatBytes(image, words(esp8266BootCrc(image))),
  };
}
