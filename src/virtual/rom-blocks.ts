import { blockChecksum, DATA_HEADER_BYTES, word } from "./request.js";
import type { Request } from "./request.js";
import { romStatus } from "./rom-state.js";
import type { BlockCount } from "./rom-state.js";

/**
 * The status with which the ROM refuses a block, or `undefined` where it takes it. Each number is taken once, and a block
 * whose checksum is wrong uses its number up: sent again, it is invalid (seen with the ROMs of ESP32 and ESP32-C3).
 */
export function refusalOfBlock(count: BlockCount, { payload, checksum }: Request): number | undefined {
  const block = payload.subarray(DATA_HEADER_BYTES);
  if (payload.length < DATA_HEADER_BYTES || word(payload, 0) !== block.length) return romStatus.invalid;
  if (word(payload, 1) !== count.nextSequence) return romStatus.invalid;
  count.nextSequence += 1;
  return blockChecksum(block) === checksum ? undefined : romStatus.badChecksum;
}
