import { FlashError } from "../base/errors.js";
import { hex32, isBlank, readUint32 } from "../base/bytes.js";
import { crc32 } from "./crc32.js";
import type { EspImage } from "./esp-image.js";
import { IMAGE_MAGIC, malformed, parseSegmentCount } from "./header.js";
import { checkChecksum, checksumOffset, parseSegments, SEGMENT_HEADER_BYTES } from "./segments.js";

// ESP8266 images: the first 8 bytes of the later header, then segments (esptool v5.3.1 docs `firmware-image-format`).
export const ESP8266_HEADER_BYTES = 8;
/** Version 2: this header and the code for mapped flash, then an image of version 1. */
export const ESP8266_IMAGE_V2_MAGIC = 0xea;
/** Stands where version 1 has its number of segments. */
export const ESP8266_IMAGE_V2_COUNT = 4;
/** Where the flash's mapping shows it, for the segment of version 2 and the second file of version 1. */
export const ESP8266_IROM = { start: 0x40200000, end: 0x40300000 } as const;

/** What version 2 has in place of its mapped code's address: that depends on where the file is flashed. */
const MAPPED_ADDRESS = 0;
const CRC_BYTES = 4;

/** Where segments of a version 1 image go: data RAM; code RAM with the part that is cache later on. */
const RAM: readonly (readonly [number, number])[] = [
  [0x3ffe8000, 0x40000000],
  [0x40100000, 0x40110000],
];

/**
 * Whether the bytes at `offset` begin as an image of the ESP8266. Version 1 has its first segment at byte 8, with an
 * address in RAM; there the later chips have pin and drive settings, which would have to be absurd to look like one.
 */
export function isEsp8266Image(bytes: Uint8Array, offset = 0): boolean {
  if (bytes.length - offset < ESP8266_HEADER_BYTES + SEGMENT_HEADER_BYTES) return false;
  const address = readUint32(bytes, offset + ESP8266_HEADER_BYTES);
  if (bytes[offset] === IMAGE_MAGIC) return RAM.some(([start, end]) => address >= start && address < end);
  return (
    bytes[offset] === ESP8266_IMAGE_V2_MAGIC &&
    bytes[offset + 1] === ESP8266_IMAGE_V2_COUNT &&
    address === MAPPED_ADDRESS
  );
}

/** CRC-32 as Espressif's boot loader reckons it: of the usual one, the absolute value as a signed word. */
export function esp8266BootCrc(bytes: Uint8Array): number {
  const crc = crc32(bytes);
  return crc >= 0x8000_0000 ? ~crc >>> 0 : crc + 1;
}

function flashBytes(bytes: Uint8Array, at: number): { readonly flashModeByte: number; readonly sizeFreqByte: number } {
  return { flashModeByte: bytes[at + 2] ?? 0, sizeFreqByte: bytes[at + 3] ?? 0 };
}

/** Reads the CRC behind a version 2 image; builds for other boot loaders have none. Gives its length. */
function checkCrc(image: Uint8Array, at: number, start: number): number {
  const field = image.subarray(at, at + CRC_BYTES);
  if (field.length < CRC_BYTES || isBlank(field)) return 0;
  const stored = readUint32(field, 0);
  const computed = esp8266BootCrc(image.subarray(0, at));
  if (stored === computed) return CRC_BYTES;
  const offset = hex32(start + at);
  throw new FlashError(
    "image/checksum",
    `The image says that its CRC is ${hex32(stored)} (at ${offset}), but its bytes give ${hex32(computed)}.`,
    { stored: hex32(stored), computed: hex32(computed), offset },
  );
}

/**
 * Reads and checks the ESP8266 image that begins at `offset`. Version 1, which the ROM starts, counts as a bootloader;
 * version 2 as an app. Throws image/malformed, image/truncated or image/checksum.
 */
export function parseEsp8266Image(bytes: Uint8Array, offset: number): EspImage {
  const isV2 = bytes[offset] === ESP8266_IMAGE_V2_MAGIC;
  const mappedAt = offset + ESP8266_HEADER_BYTES;
  const mapped = isV2 ? parseSegments(bytes, { start: offset, at: mappedAt, count: 1 }) : undefined;
  const headerAt = mapped?.dataEnd ?? offset;
  if (bytes[headerAt] !== IMAGE_MAGIC || headerAt + ESP8266_HEADER_BYTES > bytes.length) {
    throw malformed(`Behind its mapped code, at ${hex32(headerAt)}, the image should go on with a header (0xe9).`, {
      offset: hex32(headerAt),
    });
  }
  const count = parseSegmentCount(bytes, headerAt);
  const ram = parseSegments(bytes, { start: offset, at: headerAt + ESP8266_HEADER_BYTES, count });
  const image = bytes.subarray(offset);
  const checksumAt = checksumOffset(ram.dataEnd - offset);
  checkChecksum(image, ram.segments, { at: checksumAt, start: offset });
  return {
    kind: isV2 ? "app" : "bootloader",
    ...flashBytes(bytes, headerAt),
    entry: readUint32(bytes, headerAt + 4),
    minRevision: 0,
    segments: [...(mapped?.segments ?? []), ...ram.segments],
    lengthBytes: checksumAt + 1 + (isV2 ? checkCrc(image, checksumAt + 1, offset) : 0),
  };
}
