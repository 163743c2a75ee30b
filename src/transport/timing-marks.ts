import type { Clock } from "../base/clock.js";
import { encodeTelnetOption } from "./telnet.js";

/**
 * RFC 860: who is asked to DO it answers once all that came before has been processed; whoever does not know it says WONT,
 * which tells the same.
 */
export const TIMING_MARK = 6;

/** The question as a client sends it. */
export const timingMark = encodeTelnetOption("do", TIMING_MARK);

/** The marks of one connection, the first of which was sent as it began. */
export interface TimingMarks {
  /** The other side has answered one. */
  answered(): void;
  /** It has answered one before, so that one without an answer means something. */
  readonly areAnswered: boolean;
  /** To be called before one more is sent: whether all are answered within `timeoutMs`. Rejects with the signal's reason. */
  next(timeoutMs: number): Promise<boolean>;
}

export function createTimingMarks({
  clock,
  signal,
}: {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): TimingMarks {
  let open = 1;
  let areAnswered = false;
  let onAnswer: (() => void) | undefined;
  return {
    answered() {
      areAnswered = true;
      open--;
      if (open <= 0) onAnswer?.();
    },
    get areAnswered() {
      return areAnswered;
    },
    next(timeoutMs) {
      open++;
      return new Promise((resolve, reject) => {
        const settle = (end: () => void): void => {
          stopTimer();
          signal.removeEventListener("abort", onAbort);
          onAnswer = undefined;
          end();
        };
        const onAbort = (): void => settle(() => reject(signal.reason as Error));
        const stopTimer = clock.schedule(timeoutMs, () => settle(() => resolve(false)));
        onAnswer = () => settle(() => resolve(true));
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}
