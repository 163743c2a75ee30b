import type { BoardOptions } from "./board-options.js";
import type { Faults } from "./faults.js";
import { openFlashFile } from "./flash-file.js";
import { createFlashMemory, SECTOR_BYTES } from "./flash-memory.js";
import type { FlashMemory } from "./flash-memory.js";

const DEFAULT_FLASH_BYTES = 4 * 0x100000;

/** A board's flash with its faults: what its file holds, or a blank one. Throws as `openFlashFile`. */
export function createBoardFlash({ flashFile, flashSizeBytes, seed }: BoardOptions, faults: Faults): FlashMemory {
  const file = flashFile === undefined ? undefined : openFlashFile(flashFile, flashSizeBytes);
  const content = file?.content ?? {
    bytes: new Uint8Array(flashSizeBytes ?? DEFAULT_FLASH_BYTES).fill(0xff),
    weakSectors: [],
  };
  const defects = {
    staysUnerased: (sector: number) => faults.staysUnerased(sector),
    isWorn: (sector: number) => faults.isWorn(sector),
    programmed(offset: number, bytes: Uint8Array) {
      if (bytes.length === 0 || !faults.flipsBit(Math.floor(offset / SECTOR_BYTES))) return bytes;
      const wrong = bytes.slice();
      wrong[0] = (wrong[0] ?? 0) ^ 1;
      return wrong;
    },
  };
  return createFlashMemory(content, seed, defects, file?.store);
}
