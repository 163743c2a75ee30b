import { readUint32 } from "../base/bytes.js";

// ESP8266 images: the first 8 bytes of the later header, then segments (esptool v5.3.1 docs `firmware-image-format`).
export const ESP8266_HEADER_BYTES = 8;
/** Version 2: this header and the code for mapped flash, then an image of version 1. */
export const ESP8266_IMAGE_V2_MAGIC = 0xea;
/** Stands where version 1 has its number of segments. */
export const ESP8266_IMAGE_V2_COUNT = 4;
/** Where the flash's mapping shows it, for the segment of version 2 and the second file of version 1. */
export const ESP8266_IROM = { start: 0x40200000, end: 0x40300000 } as const;

/** Where segments of a version 1 image go: data RAM; code RAM with the part that is cache later on. */
const RAM: readonly (readonly [number, number])[] = [
  [0x3ffe8000, 0x40000000],
  [0x40100000, 0x40110000],
];

/**
 * Whether the image at `offset` is one of the ESP8266. Its segments begin at byte 8 with an address in RAM; there the
 * later chips have pin and drive settings, which would have to be absurd to look like one.
 */
export function isEsp8266Image(bytes: Uint8Array, offset = 0): boolean {
  if (bytes[offset] === ESP8266_IMAGE_V2_MAGIC) return bytes[offset + 1] === ESP8266_IMAGE_V2_COUNT;
  if (bytes.length - offset < ESP8266_HEADER_BYTES + 4) return false;
  const address = readUint32(bytes, offset + ESP8266_HEADER_BYTES);
  return RAM.some(([start, end]) => address >= start && address < end);
}
