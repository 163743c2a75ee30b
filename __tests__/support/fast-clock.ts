import type { Clock } from "../../src/base/clock.js";

/** Backoffs and polls are shorter than this, idle and total timeouts are not. */
const longMs = 25_000;

/**
 * A clock for tests with real sockets and files: short waits are over at once and are noted in `waitsMs`, long ones
 * only when the test calls `expire`.
 */
export class FastClock implements Clock {
  readonly waitsMs: number[] = [];
  #nowMs = 0;
  readonly #long = new Set<{ delayMs: number; callback: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    if (delayMs >= longMs) {
      const timer = { delayMs, callback };
      this.#long.add(timer);
      return () => this.#long.delete(timer);
    }
    this.waitsMs.push(delayMs);
    const immediate = setImmediate(() => {
      this.#nowMs += delayMs;
      callback();
    });
    return () => clearImmediate(immediate);
  }

  breathe(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  aside<T>(work: Promise<T>): Promise<T> {
    return work;
  }

  /** Long waits that somebody still has to cancel. */
  get pendingLong(): number {
    return this.#long.size;
  }

  /** Ends the long waits of this length. */
  expire(delayMs: number): void {
    for (const timer of [...this.#long].filter((waiting) => waiting.delayMs === delayMs)) {
      this.#long.delete(timer);
      timer.callback();
    }
  }
}
