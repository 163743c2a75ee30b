/**
 * Time, handed in wherever something waits, so that seven failed connects test in milliseconds.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start; never falls. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the returned function cancels. */
  schedule(delayMs: number, callback: () => void): () => void;
  /** Lets waiting events run between two slices of computing. Takes no modelled time. */
  breathe(): Promise<void>;
  /** Waits for computing beside the event loop, such as zlib's. Takes no modelled time. */
  aside<T>(work: Promise<T>): Promise<T>;
}

/** The machine's own time. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
  aside: (work) => work,
};

/** A timer that comes so late shows that this process stood still. */
const STOOD_STILL_MS = 5;
/** Reading what came meanwhile takes a few turns of the event loop, on a serial port also a thread's help. */
const CATCH_UP_MS = 100;

/**
 * As `schedule`, for the end of a wait for bytes. A process that stood still runs its timers before it reads, so what has
 * come in time would count for nothing: it is read first. `delayMs` may be negative, where the time is up already.
 */
export function scheduleDeadline(clock: Clock, delayMs: number, callback: () => void): () => void {
  const dueMs = clock.nowMs() + delayMs;
  let cancel = clock.schedule(delayMs, () => {
    if (clock.nowMs() - dueMs < STOOD_STILL_MS) callback();
    // Once only: on a machine where every timer is late, the wait has to end as well.
    else cancel = clock.schedule(CATCH_UP_MS, callback);
  });
  return () => cancel();
}

/** Resolves after `delayMs`. Rejects with the signal's reason as soon as `signal` aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return wait((wake) => clock.schedule(delayMs, wake), signal);
}

/** As `sleep`, for a time in which bytes are waited for; see `scheduleDeadline`. */
export function sleepReading(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return wait((wake) => scheduleDeadline(clock, delayMs, wake), signal);
}

function wait(schedule: (wake: () => void) => () => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = schedule(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
