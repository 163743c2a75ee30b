import type { Clock } from "../base/clock.js";

/** A signal that aborts when nothing has happened for some time. */
export interface Watchdog {
  readonly signal: AbortSignal;
  /** Something happened: the time starts again. */
  feed(): void;
  stop(): void;
}

export function startWatchdog(clock: Clock, delayMs: number, makeReason: () => Error): Watchdog {
  const controller = new AbortController();
  const arm = (): (() => void) => clock.schedule(delayMs, () => controller.abort(makeReason()));
  let disarm = arm();
  return {
    signal: controller.signal,
    feed() {
      disarm();
      disarm = arm();
    },
    stop: () => disarm(),
  };
}
