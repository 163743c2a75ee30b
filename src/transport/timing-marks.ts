import { concatBytes } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { scheduleDeadline } from "../base/clock.js";
import { encodeTelnetOption } from "./telnet.js";

/**
 * RFC 860: who is asked to DO it answers once all that came before has been processed; whoever does not know it says WONT,
 * which tells the same.
 */
export const TIMING_MARK = 6;

/** The question as a client sends it. */
export const timingMark = encodeTelnetOption("do", TIMING_MARK);

/** Some servers take a second question about an option for a loop, and keep silent. */
const MARKS_AT_START = 2;
/** What is sent as a connection begins. */
export const firstTimingMarks = concatBytes(...Array.from({ length: MARKS_AT_START }, () => timingMark));

/** The marks of one connection, which began with `firstTimingMarks`. */
export interface TimingMarks {
  /** The other side has answered one. */
  answered(): void;
  /** It has answered all of the first ones, so that one without an answer means something. */
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
  let open = MARKS_AT_START;
  let areAnswered = false;
  let onAnswer: (() => void) | undefined;
  return {
    answered() {
      open--;
      if (open > 0) return;
      areAnswered = true;
      onAnswer?.();
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
        const stopTimer = scheduleDeadline(clock, timeoutMs, () => settle(() => resolve(false)));
        onAnswer = () => settle(() => resolve(true));
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
      });
    },
  };
}
