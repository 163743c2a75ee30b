import { alignUp } from "../base/bytes.js";
import { SECTOR_BYTES } from "./desired.js";

/** Cuts FF off the end within the last sector, which is erased as a whole and so holds them anyway. */
export function withoutBlankEnd(bytes: Uint8Array): Uint8Array {
  const lastSector = Math.max(0, alignUp(bytes.length, SECTOR_BYTES) - SECTOR_BYTES);
  let end = bytes.length;
  while (end > lastSector + 1 && bytes[end - 1] === 0xff) end--;
  return bytes.subarray(0, end);
}
