import { setTimeout as pause } from "node:timers/promises";
import type { startStep } from "../../scripts/runner.mjs";

/** A step whose process runs. */
export type RunningStep = ReturnType<typeof startStep>;

/** Resolves once the log has this so many times; rejects when the step ends without. */
export async function untilLogged(step: RunningStep, what: string, times = 1): Promise<void> {
  let hasEnded = false;
  const isOver = (): boolean => hasEnded;
  void step.finished.then(() => (hasEnded = true));
  while (step.log().split(what).length <= times) {
    if (isOver()) throw new Error(`the step ended without “${what}”:\n${step.log()}`);
    await pause(5);
  }
}
