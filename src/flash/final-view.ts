import { overlaps, sectorsOf, subtract } from "./desired.js";
import { rangeOf } from "./guards.js";
import type { FlashRange, SettledJob } from "./job.js";

/** A flash to look into. On a board every byte costs wire time (11 KB/s at 115200 baud), so little should be read. */
export interface FlashView {
  readonly lengthBytes: number;
  read(offset: number, lengthBytes: number): Promise<Uint8Array>;
}

/** The ranges whose content the job decides, so that the board need not be asked. */
export function decidedRanges(job: SettledJob, flashSizeBytes: number): readonly FlashRange[] {
  const decided =
    job.erase === "all"
      ? [{ offset: 0, lengthBytes: flashSizeBytes }]
      : job.images.map((image) => (job.erase === "touched" ? sectorsOf(rangeOf(image)) : rangeOf(image)));
  return decided.flatMap((range) => subtract(range, job.keep));
}

/** What the flash of `board` will hold after `job`. Reads from the board only what the job leaves as it is. */
export function finalView(board: FlashView, job: SettledJob): FlashView {
  const decided = decidedRanges(job, board.lengthBytes);
  return {
    lengthBytes: board.lengthBytes,
    async read(offset, lengthBytes) {
      const wanted = { offset, lengthBytes };
      const bytes = new Uint8Array(lengthBytes).fill(0xff);
      for (const image of job.images) {
        if (!overlaps(rangeOf(image), wanted)) continue;
        const from = Math.max(0, offset - image.offset);
        const to = offset + lengthBytes - image.offset;
        bytes.set(image.bytes.subarray(from, to), image.offset + from - offset);
      }
      for (const kept of subtract(wanted, decided)) {
        bytes.set(await board.read(kept.offset, kept.lengthBytes), kept.offset - offset);
      }
      return bytes;
    },
  };
}
