import type { BootState, Pending } from "./boot-state.js";
import { countResets } from "./boot-verdict.js";
import type { BootReport } from "./report.js";
import { symbolizePanic } from "./symbols.js";
import type { Symbolize } from "./symbols.js";

/** What is told of a boot on which there is a verdict. */
export function reportOf(state: BootState, verdict: Pending, symbolize?: Symbolize): BootReport {
  const { resets, app, panic, expected, tail, lines } = state;
  const sources = expected.patterns.map(({ source }) => source);
  return {
    verdict: verdict.verdict,
    reason: verdict.reason,
    durationMs: Math.round(verdict.dueMs),
    resets: countResets(resets),
    ...(app === undefined ? {} : { app }),
    panic: symbolize === undefined ? panic : symbolizePanic(panic, symbolize),
    matched: sources.slice(0, expected.met),
    missing: sources.slice(expected.met),
    tail,
    lines,
  };
}
