import { concatBytes, hex32 } from "../base/bytes.js";
import { elfError } from "./elf.js";
import type { ElfPiece } from "./elf.js";
import type { ElfChip } from "./elf-chips.js";
import { MAX_SEGMENTS } from "./header.js";

/** `bytes` with zeros behind them up to a multiple of `unit`. */
export function padded(bytes: Uint8Array, unit: number): Uint8Array {
  const excess = bytes.length % unit;
  return excess === 0 ? bytes : concatBytes(bytes, new Uint8Array(unit - excess));
}

function inSameRegion(regions: ElfChip["regions"], one: number, other: number): boolean {
  const within = (address: number, [start, end]: readonly [number, number]): boolean =>
    address >= start && address < end;
  return regions.every((region) => within(one, region) === within(other, region));
}

/**
 * The pieces as whole words, with those joined that touch each other in memory and in the file's order. Their order
 * stays. Throws image/elf if more are left than a loader takes.
 */
export function joinPieces(pieces: readonly ElfPiece[], regions: ElfChip["regions"]): ElfPiece[] {
  const groups: { readonly first: ElfPiece; readonly parts: Uint8Array[]; last: number; end: number }[] = [];
  for (const piece of pieces) {
    const bytes = padded(piece.bytes, 4);
    const end = piece.address + bytes.length;
    const group = groups.at(-1);
    if (group?.end === piece.address && inSameRegion(regions, group.last, piece.address)) {
      group.parts.push(bytes);
      group.last = piece.address;
      group.end = end;
    } else {
      groups.push({ first: piece, parts: [bytes], last: piece.address, end });
    }
  }
  if (groups.length === 0) throw elfError("The ELF file has nothing to load: no section with bytes and an address.", 0);
  const excess = groups[MAX_SEGMENTS];
  if (excess !== undefined) {
    throw elfError(
      `The ELF file gives ${groups.length} segments, but a loader takes ${MAX_SEGMENTS}: something is wrong with the linker script (the first too many is for ${hex32(excess.first.address)}).`,
      excess.first.at,
    );
  }
  return groups.map(({ first, parts }) => ({ ...first, bytes: concatBytes(...parts) }));
}
