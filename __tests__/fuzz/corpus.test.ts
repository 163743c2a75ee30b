import { corpusNames } from "../support/fuzz-corpus.js";
import { fuzz, surpriseBy } from "../support/fuzz.js";
import { noteTargets } from "../support/fuzz-notes.js";
import { wireTargets } from "../support/fuzz-wire.js";

/** `scripts/fuzz-parsers.mjs` runs many more, and measures time and memory. */
const RUNS = 600;
/** Each is written to a file first. */
const NOTE_RUNS = 200;

const targets = [
  ...wireTargets.map((target) => ({ ...target, runs: RUNS })),
  ...noteTargets.map((target) => ({ ...target, runs: NOTE_RUNS })),
];

describe("whatever comes from a board, a server, an input or another job is taken or refused, never anything else", () => {
  test.each(targets)("$name: its corpus and mutations of it", async (target) => {
    expect(target.seeds.length).toBeGreaterThan(3);
    for (const input of target.seeds) expect(await surpriseBy(target, input)).toBeUndefined();
    const mutated = await fuzz(target, target.runs, 1);
    expect(mutated.surprises).toEqual([]);
    expect(mutated.accepted).toBeGreaterThan(0);
  });

  test("no corpus lies there unread", () => {
    expect(corpusNames).toEqual(targets.map(({ name }) => name).sort());
  });
});
