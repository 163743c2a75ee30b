import { setMaxListeners } from "node:events";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import { formatDuration } from "./format.js";

type Signal = "SIGINT" | "SIGTERM";

/** Where the runner's signals come from: the process. */
export interface SignalSource {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
}

/** What ends a step early. */
export interface Cancellation {
  /** Aborts with `job/cancelled` or `job/timeout`. */
  readonly signal: AbortSignal;
  /** Settles like the work, or rejects with the signal's reason when its cleaning up after an abort takes too long. */
  waitFor<T>(work: Promise<T>): Promise<T>;
  /** Whether work was left behind that may hold the process open. */
  leftBehind(): boolean;
  /** Stops the step's time: waiting for other jobs does not count. Again or after the end it does nothing. */
  pause(): void;
  /** Goes on with the time that was left. */
  resume(): void;
  /** Takes listeners and timers away. */
  end(): void;
}

/**
 * The runner sends SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL (actions/runner, ProcessInvoker.cs at 258d6c8).
 * This leaves time to write the outputs, and ends within 5 s in any case.
 */
const CLEANUP_MS = 4000;

/** Watches for SIGINT, SIGTERM and the end of the step's time. A second signal does not wait for the cleaning up. */
export function watchCancellation(source: SignalSource, clock: Clock, timeoutMs: number): Cancellation {
  const controller = new AbortController();
  // Each board of a step listens; from eleven on Node would warn of a leak.
  setMaxListeners(0, controller.signal);
  let giveUp = (): void => undefined;
  let leftBehind = false;
  let cancelCleanup = (): void => undefined;

  const abort = (reason: FlashError): void => {
    if (controller.signal.aborted) {
      giveUp();
      return;
    }
    cancelCleanup = clock.schedule(CLEANUP_MS, () => giveUp());
    controller.abort(reason);
  };
  let leftMs = timeoutMs;
  let startedMs = clock.nowMs();
  let cancelTimeout: (() => void) | undefined;
  const startTimeout = (): void => {
    startedMs = clock.nowMs();
    cancelTimeout = clock.schedule(leftMs, () =>
      abort(new FlashError("job/timeout", `The step took longer than ${formatDuration(timeoutMs)}.`)),
    );
  };
  startTimeout();
  const listeners = (["SIGINT", "SIGTERM"] as const).map((name) => {
    const listener = (): void => abort(new FlashError("job/cancelled", `The step was cancelled (${name}).`));
    source.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    waitFor(work) {
      const patience = new Promise<never>((_resolve, reject) => {
        giveUp = () => {
          leftBehind = true;
          reject(controller.signal.reason as FlashError);
        };
      });
      return Promise.race([work, patience]).finally(() => {
        giveUp = () => undefined;
      });
    },
    leftBehind: () => leftBehind,
    pause() {
      if (cancelTimeout === undefined) return;
      cancelTimeout();
      cancelTimeout = undefined;
      leftMs = Math.max(0, leftMs - (clock.nowMs() - startedMs));
    },
    resume() {
      if (cancelTimeout === undefined) startTimeout();
    },
    end() {
      cancelTimeout?.();
      cancelCleanup();
      for (const { name, listener } of listeners) source.off(name, listener);
    },
  };
}
