import type { FlashResult } from "./job.js";
import type { OpenBoard } from "./session.js";

/** What is told of every board that was worked on. */
export type BoardFacts = Pick<FlashResult, "chip" | "identity" | "flashId" | "flashSizeBytes" | "baud">;

/** As the chip told it: JEDEC id as six hex digits, vendor first. */
export function boardFacts({ device, flash }: OpenBoard): BoardFacts {
  const vendorLast = flash.flashId.toString(16).padStart(6, "0");
  return {
    chip: device.chip.name,
    identity: device.identity,
    flashId: vendorLast.replace(/(..)(..)(..)/, "$3$2$1"),
    flashSizeBytes: flash.sizeBytes,
    baud: device.baud,
  };
}
