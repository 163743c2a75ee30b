import { FlashError } from "../../src/base/errors.js";
import { mutate, seededRandom } from "./mutate.js";

/** A parser and files that it takes. */
export interface FuzzTarget {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** Whether each of its errors must name the place in the file. */
  readonly isPlaced: boolean;
  readonly parse: (bytes: Uint8Array) => unknown;
}

/** What many mutated files did to one parser. */
export interface FuzzOutcome {
  readonly accepted: number;
  readonly refused: number;
  /** Most processor time for one file; the machine's other work does not count. */
  readonly longestMs: number;
  /** Whatever was thrown that is no `FlashError`, or one without its place in the file, by message. */
  readonly surprises: readonly string[];
}

/** What is wrong with a thrown error; `undefined` for a refusal as it should be. */
function surprise(thrown: unknown, isPlaced: boolean): string | undefined {
  if (!(thrown instanceof FlashError))
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return !isPlaced || "offset" in thrown.details ? undefined : `${thrown.code} without a place: ${thrown.message}`;
}

/** What is wrong with how a parser takes this input; `undefined` where it accepts it, or refuses it as it should. */
export async function surpriseBy({ parse, isPlaced }: FuzzTarget, bytes: Uint8Array): Promise<string | undefined> {
  try {
    await parse(bytes);
    return undefined;
  } catch (thrown) {
    return surprise(thrown, isPlaced);
  }
}

/** Feeds `runs` mutated files to a parser. The same `seed` gives the same files. */
export async function fuzz(target: FuzzTarget, runs: number, seed: number): Promise<FuzzOutcome> {
  const random = seededRandom(seed);
  const surprises = new Set<string>();
  let accepted = 0;
  let refused = 0;
  let longestMs = 0;
  for (let run = 0; run < runs; run++) {
    const bytes = mutate(target.seeds[run % target.seeds.length] ?? new Uint8Array(0), random);
    const startedAt = process.cpuUsage();
    try {
      await target.parse(bytes);
      accepted++;
    } catch (thrown) {
      refused++;
      const what = surprise(thrown, target.isPlaced);
      if (what !== undefined) surprises.add(what);
    }
    longestMs = Math.max(longestMs, process.cpuUsage(startedAt).user / 1000);
  }
  return { accepted, refused, longestMs, surprises: [...surprises] };
}
