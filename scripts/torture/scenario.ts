import { SECTOR_BYTES, sectorsOf } from "../../src/flash/desired.js";
import { allowances } from "../../src/flash/job.js";
import type { FlashImage, FlashJob } from "../../src/flash/job.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import { flashImage, flashJob } from "../../__tests__/support/jobs.js";
import type { Dice } from "./dice.js";

/** The chips of the campaign: both instruction sets, with and without baud detection, old and new MD5 replies. */
export const tortureChips = ["esp32", "esp8266", "esp32s2", "esp32c3", "esp32s3", "esp32c6"] as const;
export type TortureChip = (typeof tortureChips)[number];

/** What one run begins with and what it has to end with. */
export interface Scenario {
  readonly chip: TortureChip;
  readonly job: FlashJob;
  /** All of the flash before the run. */
  readonly held: Uint8Array;
  /** Numbers of the sectors that the images lie in. */
  readonly sectors: readonly number[];
  readonly usbLatencyMs: 1 | 16;
}

const FLASH_BYTES = 0x200000;

/** What a flash may hold before: nothing, other firmware, or other firmware and parts of the images. */
export const contents = ["blank", "other", "some"] as const;

const otherFirmware = pseudoCode(FLASH_BYTES / 2, 7);

/** Images of `sizes` bytes, with gaps between them. */
export function makeScenario(
  chip: TortureChip,
  dice: Dice,
  sizes: readonly number[],
  content: (typeof contents)[number],
): Scenario {
  let offset = SECTOR_BYTES * dice.between(1, 8);
  const images: FlashImage[] = [];
  for (const [index, lengthBytes] of sizes.entries()) {
    const bytes = pseudoCode(lengthBytes, dice.below(1_000_000));
    images.push(flashImage(`image-${index}.bin`, offset, bytes));
    offset += sectorsOf({ offset, lengthBytes }).lengthBytes + SECTOR_BYTES * dice.between(0, 20);
  }
  const held = new Uint8Array(FLASH_BYTES).fill(0xff);
  if (content !== "blank") held.set(otherFirmware);
  if (content === "some") {
    for (const image of images) held.set(image.bytes.subarray(0, dice.below(image.bytes.length)), image.offset);
  }
  const sectors = images.flatMap((image) => {
    const range = sectorsOf({ offset: image.offset, lengthBytes: image.bytes.length });
    return Array.from({ length: range.lengthBytes / SECTOR_BYTES }, (_, n) => range.offset / SECTOR_BYTES + n);
  });
  const job = flashJob(images, {
    chip,
    erase: dice.chance(0.3) ? "all" : "touched",
    baud: dice.chance(0.85) ? "auto" : 115_200,
    stub: dice.chance(0.93) || chip === "esp8266",
    compress: dice.chance(0.9),
    // The images are made bytes and no firmware; what is tortured is the way to the flash.
    allow: new Set(allowances),
  });
  return { chip, job, held, sectors, usbLatencyMs: dice.pick([1, 16] as const) };
}

/** What differs from the plan in `flash`, which held `before` when the job began; empty where nothing does. */
export function deviations(job: FlashJob, before: Uint8Array, flash: Uint8Array): readonly string[] {
  const wanted = job.erase === "all" ? new Uint8Array(before.length).fill(0xff) : before.slice();
  for (const image of job.images) {
    const { offset, lengthBytes } = sectorsOf({ offset: image.offset, lengthBytes: image.bytes.length });
    // What is left of the last sector is nobody's: the sector was erased, or is as it was.
    if (job.erase !== "all") wanted.set(flash.subarray(offset, offset + lengthBytes), offset);
    wanted.set(image.bytes, image.offset);
  }
  if (Buffer.compare(wanted, flash) === 0) return [];
  const wrong = Array.from({ length: flash.length / SECTOR_BYTES }, (_, sector) => sector).filter((sector) => {
    const [from, to] = [sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES];
    return Buffer.compare(wanted.subarray(from, to), flash.subarray(from, to)) !== 0;
  });
  return [`sectors ${wrong.slice(0, 5).join(", ")} are not as planned`];
}
