import { firmwareTargets } from "../support/fuzz-firmware.js";
import { fuzz } from "../support/fuzz.js";

/** `scripts/fuzz-parsers.mjs` runs many more, and measures time and memory. */
const RUNS = 2000;

describe("mutated files are taken or refused with their place, never anything else", () => {
  test.each(firmwareTargets)("$name", async (target) => {
    // The files must be good to begin with, and most mutations must hurt.
    for (const seed of target.seeds) await target.parse(seed);
    const outcome = await fuzz(target, RUNS, 1);
    expect(outcome.surprises).toEqual([]);
    expect(outcome.refused).toBeGreaterThan(0);
  });
});
