import type { Cancellation } from "./cancel.js";

/** The step's time as each of several boards has it. */
export interface TimeShare extends Pick<Cancellation, "pause" | "resume"> {
  /** The board is done, and its waiting counts no more. */
  end(): void;
}

/** The step's time for `count` boards: it stands still only while all that are left wait for other jobs. */
export function shareTime(time: Pick<Cancellation, "pause" | "resume">, count: number): readonly TimeShare[] {
  const waiting = new Set<number>();
  const left = new Set(Array.from({ length: count }, (_, index) => index));
  const update = (): void => {
    const allWait = left.size > 0 && [...left].every((index) => waiting.has(index));
    if (allWait) time.pause();
    else time.resume();
  };
  const change = (set: Set<number>, how: "add" | "delete", index: number) => (): void => {
    set[how](index);
    update();
  };
  return Array.from({ length: count }, (_, index) => ({
    pause: change(waiting, "add", index),
    resume: change(waiting, "delete", index),
    end: change(left, "delete", index),
  }));
}
