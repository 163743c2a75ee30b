import { sha256 } from "../../src/image/digest.js";
import type { FlashView } from "../../src/flash/final-view.js";
import type { FlashImage, SettledJob } from "../../src/flash/job.js";

/** An image of a job, with the digest that it must carry. */
export function flashImage(name: string, offset: number, bytes: Uint8Array): FlashImage {
  return { name, offset, bytes, sha256: Buffer.from(sha256(bytes)).toString("hex") };
}

/** A job with everything as the action's defaults have it. */
export function flashJob(
  images: readonly FlashImage[],
  changes: Partial<Omit<SettledJob, "unplaced">> = {},
): SettledJob {
  return {
    chip: "esp32",
    images,
    unplaced: [],
    settings: {},
    erase: "all",
    preserve: [],
    keepGaps: false,
    keep: [],
    before: "default-reset",
    after: "hard-reset",
    baud: "auto",
    stub: true,
    compress: true,
    connectAttempts: 7,
    allow: new Set(),
    dryRun: false,
    ...changes,
  };
}

/** A flash in memory that counts what is read from it. */
export function memoryView(flash: Uint8Array): FlashView & { readonly readBytes: () => number } {
  let total = 0;
  return {
    lengthBytes: flash.length,
    read(offset, lengthBytes) {
      if (offset < 0 || offset + lengthBytes > flash.length) {
        return Promise.reject(new Error(`read of ${lengthBytes} bytes at ${offset} leaves the flash`));
      }
      total += lengthBytes;
      return Promise.resolve(flash.slice(offset, offset + lengthBytes));
    },
    readBytes: () => total,
  };
}
