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

/** Resolves after `delayMs`. Rejects with the signal's reason as soon as `signal` aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.schedule(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}
