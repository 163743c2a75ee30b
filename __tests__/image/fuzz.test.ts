import { fuzz, imageTargets } from "../support/fuzz-parsers.js";

/** `scripts/fuzz-parsers.mjs` runs many more, and measures time and memory. */
const RUNS = 2000;

describe("mutated files are taken or refused with their place, never anything else", () => {
  test.each(imageTargets)("$name", (target) => {
    const outcome = fuzz(target, RUNS, 1);
    expect(outcome.surprises).toEqual([]);
    // Most mutations must hurt, and the files must be good to begin with.
    expect(outcome.refused).toBeGreaterThan(0);
    for (const seed of target.seeds) expect(() => target.parse(seed)).not.toThrow();
  });
});
