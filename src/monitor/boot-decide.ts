import type { BootState } from "./boot-state.js";
import type { BootVerdict } from "./report.js";

/** The verdict stands. */
export function conclude(state: BootState, verdict: BootVerdict, reason: string, atMs: number): BootState {
  return { ...state, pending: undefined, final: { verdict, reason, dueMs: atMs } };
}

/** The reset that is asked for comes within that time: it takes a few hundred milliseconds. */
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
