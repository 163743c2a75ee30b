import { hex32 } from "../base/bytes.js";
import { elfError } from "./elf.js";
import type { ElfPiece } from "./elf.js";
import { IMAGE_HEADER_BYTES } from "./header.js";
import { SEGMENT_HEADER_BYTES } from "./segments.js";

/** One segment of the image to be. */
export interface ElfSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** What the layout depends on. */
export interface LayoutRules {
  readonly isFlashMapped: (address: number) => boolean;
  readonly mmuPageBytes: number;
  /** ESP32: see `stretchForEsp32`. */
  readonly stretchesPages: boolean;
}

/**
 * The second stage of ESP-IDF on the ESP32 left the last MMU page unmapped where a mapped segment ends less than 0x24
 * bytes behind a page border; zeros take it over (esptool v5.3.1 `bin_image.py`).
 */
function stretchForEsp32(bytes: Uint8Array, dataAt: number, pageBytes: number): Uint8Array {
  const behindBorder = (dataAt + bytes.length) % pageBytes;
  if (behindBorder >= 0x24) return bytes;
  const stretched = new Uint8Array(bytes.length + 0x24 - behindBorder);
  stretched.set(bytes);
  return stretched;
}

/** Bytes of a segment that must stand before one for `address`, so that its place in the image fits the page; 0: none. */
function paddingFor(address: number, at: number, pageBytes: number): number {
  const missing = pageBytes - (at % pageBytes) + (address % pageBytes) - SEGMENT_HEADER_BYTES;
  if (missing === 0 || missing === pageBytes) return 0;
  const lengthBytes = missing - SEGMENT_HEADER_BYTES;
  return lengthBytes <= 0 ? lengthBytes + pageBytes : lengthBytes;
}

function sorted(pieces: readonly ElfPiece[], first: string): ElfPiece[] {
  const byAddress = pieces.toSorted((one, other) => one.address - other.address);
  const leader = byAddress.find((piece) => piece.name === first);
  return leader === undefined ? byAddress : [leader, ...byAddress.filter((piece) => piece !== leader)];
}

function checkPages(mapped: readonly ElfPiece[], pageBytes: number): void {
  mapped.forEach((piece, index) => {
    const before = mapped[index - 1];
    if (before === undefined || Math.floor(piece.address / pageBytes) !== Math.floor(before.address / pageBytes))
      return;
    throw elfError(
      `The sections at ${hex32(before.address)} and ${hex32(piece.address)} lie in one page of mapped flash (${pageBytes / 1024} KiB); the linker script must join or part them.`,
      piece.at,
    );
  });
}

/**
 * The segments in the image's order: each mapped one where its place in the file and its address agree within an MMU
 * page, with pieces for RAM, or zeros, to fill the way there; then the rest for RAM. Throws image/elf.
 */
export function layOut(pieces: readonly ElfPiece[], rules: LayoutRules): ElfSegment[] {
  const { mmuPageBytes } = rules;
  // Descriptions are looked for at the start of the first segment: the app's in flash, the bootloader's in RAM.
  const mapped = sorted(
    pieces.filter((piece) => rules.isFlashMapped(piece.address)),
    ".flash.appdesc",
  );
  const ram: ElfSegment[] = sorted(
    pieces.filter((piece) => !rules.isFlashMapped(piece.address)),
    ".dram0.bootdesc",
  );
  checkPages(mapped, mmuPageBytes);
  const segments: ElfSegment[] = [];
  let at = IMAGE_HEADER_BYTES;
  const put = (segment: ElfSegment): void => {
    segments.push({ address: segment.address, bytes: segment.bytes });
    at += SEGMENT_HEADER_BYTES + segment.bytes.length;
  };
  for (const piece of mapped) {
    if (piece.address % 4 !== 0)
      throw elfError(`Section ${piece.name} at ${hex32(piece.address)} is not on a word.`, piece.at);
    for (;;) {
      const lengthBytes = paddingFor(piece.address, at, mmuPageBytes);
      if (lengthBytes === 0) break;
      const next = ram[0];
      if (next === undefined || lengthBytes <= SEGMENT_HEADER_BYTES) {
        put({ address: 0, bytes: new Uint8Array(lengthBytes) });
      } else {
        put({ address: next.address, bytes: next.bytes.subarray(0, lengthBytes) });
        const rest = next.bytes.subarray(lengthBytes);
        ram.splice(0, 1, ...(rest.length === 0 ? [] : [{ address: next.address + lengthBytes, bytes: rest }]));
      }
    }
    const dataAt = at + SEGMENT_HEADER_BYTES;
    const bytes = rules.stretchesPages ? stretchForEsp32(piece.bytes, dataAt, mmuPageBytes) : piece.bytes;
    put({ address: piece.address, bytes });
  }
  ram.forEach(put);
  return segments;
}
