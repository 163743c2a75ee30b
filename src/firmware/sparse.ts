import { checkSize } from "./check.js";

/** Bytes and the flash address that they go to. */
export interface PlacedBytes {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What flash is erased in; two images never share one. */
const sectorBytes = 0x1000;

const endOf = ({ offset, bytes }: PlacedBytes): number => offset + bytes.length;

/**
 * Pieces, by offset and without overlaps, joined where two lie in one sector; what is between them becomes FF, which is
 * what erasing the sector leaves there. Throws `firmware/too-large` where that makes more than any flash holds.
 */
export function joinWithinSectors(name: string, pieces: readonly PlacedBytes[]): PlacedBytes[] {
  const groups: PlacedBytes[][] = [];
  for (const piece of [...pieces].sort((a, b) => a.offset - b.offset)) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isNear = last !== undefined && piece.offset < Math.ceil(endOf(last) / sectorBytes) * sectorBytes;
    if (isNear) group?.push(piece);
    else groups.push([piece]);
  }
  let totalBytes = 0;
  return groups.flatMap((group) => {
    const [first, last] = [group[0], group.at(-1)];
    if (first === undefined || last === undefined) return [];
    const lengthBytes = endOf(last) - first.offset;
    totalBytes += lengthBytes;
    checkSize(name, totalBytes);
    if (group.length === 1) return [first];
    const bytes = new Uint8Array(lengthBytes).fill(0xff);
    for (const piece of group) bytes.set(piece.bytes, piece.offset - first.offset);
    return [{ offset: first.offset, bytes }];
  });
}
