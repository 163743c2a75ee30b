import { readUint32 } from "../base/bytes.js";
import { textAt } from "./app-description.js";

// ESP-IDF `esp_bootloader_desc.h` (v5.3): esp_bootloader_desc_t, at the start of a bootloader's first segment since 5.2.
const BOOTLOADER_DESCRIPTION_MAGIC = 0x50;
const BOOTLOADER_DESCRIPTION_BYTES = 80;

/** What a bootloader says of itself. */
export interface BootloaderDescription {
  /** The project's own number for it. */
  readonly version: number;
  readonly idfVersion: string;
  /** Date and time of the build, as the compiler printed them. */
  readonly compileTime: string;
}

/** The description at the start of a bootloader's first segment, or `undefined` if there is none. */
export function parseBootloaderDescription(segment: Uint8Array): BootloaderDescription | undefined {
  if (segment.length < BOOTLOADER_DESCRIPTION_BYTES || segment[0] !== BOOTLOADER_DESCRIPTION_MAGIC) return undefined;
  const idfVersion = textAt(segment, 8, 32);
  // One byte of magic is little: code can begin with it too, but hardly goes on with a version in letters.
  if (!/^[\x20-\x7e]+$/.test(idfVersion)) return undefined;
  return { version: readUint32(segment, 4), idfVersion, compileTime: textAt(segment, 40, 24) };
}
