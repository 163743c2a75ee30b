import type { BootState } from "./boot-state.js";
import type { BootVerdict } from "./report.js";

/** The verdict stands, unless the reset is still under way: what came until then is the old run's. */
export function conclude(state: BootState, verdict: BootVerdict, reason: string, atMs: number): BootState {
  if (state.askedUntilMs === Infinity) return { ...state, pending: { verdict, reason, dueMs: atMs } };
  return { ...state, pending: undefined, final: { verdict, reason, dueMs: atMs } };
}

/** What a reset does shows itself within that time, on a slow link as well. */
export const RESET_MS = 1000;

/** The verdict stands if nothing else comes for `settle`. */
export function settle(state: BootState, verdict: BootVerdict, reason: string, atMs: number): BootState {
  const { settleMs } = state.rules;
  const waitMs = state.started ? settleMs : Math.max(settleMs, RESET_MS);
  return { ...state, pending: { verdict, reason, dueMs: atMs + waitMs } };
}

/**
 * As long as the reset that was asked for did not show itself, what comes may be the old run's last words: a verdict
 * then waits for `settle`, in which a banner would follow.
 */
export function decide(state: BootState, verdict: BootVerdict, reason: string, atMs: number): BootState {
  if (state.started) return conclude(state, verdict, reason, atMs);
  return settle(state, verdict, reason, atMs);
}
