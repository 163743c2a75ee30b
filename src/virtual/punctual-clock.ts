import type { Clock } from "../base/clock.js";

/**
 * The machine's time for one board that others wait for. Its timers come late by a millisecond or so; in a callback it is
 * the time at which that was due, so that a chain of callbacks is late once and not once for each link.
 */
export function createPunctualClock(): Clock {
  let dueMs: number | undefined;
  let latestMs = -Infinity;
  const nowMs = (): number => (latestMs = Math.max(latestMs, dueMs ?? performance.now()));

  return {
    nowMs,
    schedule(delayMs, callback) {
      const atMs = nowMs() + delayMs;
      const fire = (): void => {
        dueMs = atMs;
        try {
          callback();
        } finally {
          dueMs = undefined;
        }
      };
      const leftMs = atMs - performance.now();
      // A timer takes a millisecond at least.
      if (leftMs <= 0) {
        const immediate = setImmediate(fire);
        return () => clearImmediate(immediate);
      }
      const timer = setTimeout(fire, leftMs);
      return () => clearTimeout(timer);
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    aside: (work) => work,
  };
}
