import { formatBytes, hex32 } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { FlashAccess } from "../device/flash-access.js";
import type { DesiredRange } from "./desired.js";
import { askDigests, desiredDigest } from "./difference.js";
import { md5OfBlank } from "./hash.js";
import type { Progress } from "./progress.js";

/** What the chip answered when the comparison found every range as desired. */
export async function digestsFound(
  ranges: readonly DesiredRange[],
  clock: Clock,
): Promise<ReadonlyMap<DesiredRange, string>> {
  const digests = new Map<DesiredRange, string>();
  for (const range of ranges) digests.set(range, await desiredDigest(range, clock));
  return digests;
}

/** The chip's MD5 of every planned range must be the plan's. `verify/mismatch` names the range that is not. */
async function verify(
  access: FlashAccess,
  ranges: readonly DesiredRange[],
  clock: Clock,
): Promise<ReadonlyMap<DesiredRange, string>> {
  const digests = new Map<DesiredRange, string>();
  for (const range of ranges) {
    const { held, desired: expected } = await askDigests(access, range, clock);
    if (held !== expected) {
      const blank = await md5OfBlank(range.lengthBytes, clock);
      const what = held === blank ? "is blank" : `has the MD5 ${held}`;
      const where = `${formatBytes(range.lengthBytes)} at ${hex32(range.offset)}`;
      throw new FlashError("verify/mismatch", `The flash ${what} where ${where} should have ${expected}.`, {
        offset: hex32(range.offset),
        expected,
        held,
      });
    }
    digests.set(range, held);
  }
  return digests;
}

/**
 * The last question to the chip: are its MD5s the plan's? Throws verify/mismatch. A loader that cannot answer gives no
 * digests.
 */
export async function verifyRanges(
  access: FlashAccess,
  ranges: readonly DesiredRange[],
  { clock, progress }: { readonly clock: Clock; readonly progress: Progress },
): Promise<ReadonlyMap<DesiredRange, string>> {
  if (!access.verifies) {
    progress.message("warning", "Nothing was verified: this loader does not compare what it wrote.");
    return new Map();
  }
  return progress.phase("verify", async () => {
    const held = await verify(access, ranges, clock);
    progress.verified();
    return held;
  });
}
