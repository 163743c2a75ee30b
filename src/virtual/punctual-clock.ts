import type { Clock } from "../base/clock.js";

/** How long before its end a wait leaves its timer, which may come so late, and looks at each turn of the event loop instead. */
const TIMER_MS = 1.25;

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
      let timer: NodeJS.Timeout | undefined;
      let immediate: NodeJS.Immediate | undefined;
      const wait = (): void => {
        const leftMs = atMs - performance.now();
        if (leftMs <= 0) fire();
        else if (leftMs < TIMER_MS) immediate = setImmediate(wait);
        else timer = setTimeout(wait, leftMs - TIMER_MS);
      };
      // Never within the call that asks for it.
      if (atMs - performance.now() < TIMER_MS) immediate = setImmediate(wait);
      else wait();
      return () => {
        clearTimeout(timer);
        clearImmediate(immediate);
      };
    },
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    aside: (work) => work,
  };
}
