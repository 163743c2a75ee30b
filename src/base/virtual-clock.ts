import type { Clock } from "./clock.js";

interface Timer {
  atMs: number;
  order: number;
  callback: () => void;
}

/**
 * A clock that stands still until `run` moves it: whenever nothing else is left to do, it jumps to the next timer.
 * Real I/O (files, sockets) takes no time on it and is not waited for, so only in-process parts may run on it.
 */
export class VirtualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  #computing = 0;
  #timers: Timer[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  breathe(): Promise<void> {
    return this.aside(new Promise((resolve) => setImmediate(resolve)));
  }

  async aside<T>(work: Promise<T>): Promise<T> {
    this.#computing++;
    try {
      return await work;
    } finally {
      this.#computing--;
    }
  }

  /** Timers still waiting; a test of leaks reads it. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Runs time forward until `work` settles, and settles like it. Throws if `work` waits for nothing that could come. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const isSettled = (): boolean => settled;
    const settle = (): void => {
      settled = true;
    };
    work.then(settle, settle);
    let idleTurns = 0;
    while (!isSettled()) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isSettled() || this.#computing > 0) continue;
      if (this.#timers.length > 0) {
        idleTurns = 0;
        this.#fireNext();
      } else if (++idleTurns > 1000) {
        throw new Error("virtual clock: the work waits, but no timer is left");
      }
    }
    return work;
  }

  #fireNext(): void {
    const next = this.#timers.reduce((best, timer) =>
      timer.atMs < best.atMs || (timer.atMs === best.atMs && timer.order < best.order) ? timer : best,
    );
    this.#timers = this.#timers.filter((timer) => timer !== next);
    this.#nowMs = next.atMs;
    next.callback();
  }
}
