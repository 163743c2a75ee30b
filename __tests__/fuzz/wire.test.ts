import { corpusNames } from "../support/fuzz-corpus.js";
import { fuzz, surpriseBy } from "../support/fuzz.js";
import { wireTargets } from "../support/fuzz-wire.js";

/** `scripts/fuzz-parsers.mjs` runs many more, and measures time and memory. */
const RUNS = 600;

describe("whatever comes from a board, a server or an input is taken or refused, never anything else", () => {
  test.each(wireTargets)("$name: its corpus and mutations of it", async (target) => {
    expect(target.seeds.length).toBeGreaterThan(3);
    for (const input of target.seeds) expect(await surpriseBy(target, input)).toBeUndefined();
    const mutated = await fuzz(target, RUNS, 1);
    expect(mutated.surprises).toEqual([]);
    expect(mutated.accepted).toBeGreaterThan(0);
  });

  test("no corpus lies there unread", () => {
    expect(corpusNames).toEqual(wireTargets.map(({ name }) => name).sort());
  });
});
