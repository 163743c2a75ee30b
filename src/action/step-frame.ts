import {
  debug,
  endGroup,
  error as annotateError,
  getInput,
  info,
  isDebug,
  saveState,
  startGroup,
  summary,
  warning,
} from "@actions/core";
import type { Clock } from "../base/clock.js";
import { toFlashError } from "../base/errors.js";
import type { FlashError } from "../base/errors.js";
import { watchCancellation } from "./cancel.js";
import type { Cancellation } from "./cancel.js";
import { reportFailure } from "./failure.js";
import type { FailureLog } from "./failure.js";
import type { Host } from "./host.js";
import { plainLine } from "./plain-text.js";
import { createReporter } from "./reporter.js";
import type { Log, Reporter } from "./reporter.js";
import { createStepState } from "./step-state.js";
import type { StepState } from "./step-state.js";

/** Named one by one: the package as a whole would bring its HTTP client along, which takes 50 ms to load. */
export const stepLog: Log & FailureLog = { info, warning, debug, isDebug, startGroup, endGroup, error: annotateError };

/** What the work of a step is given. */
export interface Surroundings {
  readonly host: Host;
  readonly clock: Clock;
  /** Aborts with `job/cancelled` or `job/timeout`. */
  readonly signal: AbortSignal;
  readonly time: Pick<Cancellation, "pause" | "resume">;
  readonly reporter: Reporter;
  /** What is left for the `post` step. */
  readonly state: StepState;
}

/** A step of this action or of a sub-action. */
export interface FramedStep<Inputs extends { readonly timeoutMs: number }> {
  /** `text` gives an input by its name, "" where it is not set. Throws `input/…`. */
  readonly readInputs: (text: (name: string) => string) => Inputs;
  readonly work: (inputs: Inputs, surroundings: Surroundings) => Promise<void>;
  /** Writes outputs, summary and closing lines; `error` is what `readInputs` or `work` threw. Returns what failed. */
  readonly publish: (error: FlashError | undefined) => Promise<readonly FlashError[]>;
}

/** Whatever broke while the step was being ended, the end itself is what happened. */
export function whatHappened(thrown: unknown, signal: AbortSignal | undefined): FlashError {
  const error = toFlashError(thrown);
  if (signal?.aborted !== true) return error;
  const reason = toFlashError(signal.reason);
  // The engine tells the same end with what it learnt of the board.
  return error.code === reason.code ? error : reason;
}

/**
 * Runs a step up to its end, good or bad: inputs, the work within its time and up to the runner's signals, then what there
 * is to tell. A failure is annotated and sets the exit code. Never rejects.
 */
export async function runFramed<Inputs extends { readonly timeoutMs: number }>(
  step: FramedStep<Inputs>,
  host: Host,
  clock: Clock,
): Promise<void> {
  const reporter = createReporter(stepLog, clock);
  let watch: Cancellation | undefined;
  let error: FlashError | undefined;
  try {
    const inputs = step.readInputs((name) => getInput(name));
    watch = watchCancellation(host, clock, inputs.timeoutMs);
    const state = createStepState(saveState);
    await watch.waitFor(step.work(inputs, { host, clock, signal: watch.signal, time: watch, reporter, state }));
  } catch (thrown) {
    error = whatHappened(thrown, watch?.signal);
  }
  reporter.closeGroup();
  const failures = await step.publish(error).catch((thrown: unknown) => [toFlashError(thrown)]);
  for (const failure of failures) reportFailure(stepLog, failure);
  if (failures.length > 0) host.exitCode = 1;
  watch?.end();
  if (watch?.leftBehind() === true) host.exit(1);
}

/** Adds to the job summary. A page that cannot be shown changes nothing about the board: that is told, and no failure. */
export async function writeSummary(markdown: string): Promise<void> {
  try {
    await summary.addRaw(markdown).write();
  } catch (thrown) {
    info(plainLine(`The job summary cannot be written: ${toFlashError(thrown).message}`));
  }
}
