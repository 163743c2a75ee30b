import type { Clock } from "../base/clock.js";
import { FlashError, hasCode, toFlashError } from "../base/errors.js";
import type { JobListener } from "../base/events.js";
import type { Transport } from "../transport/transport.js";
import { finishBoard, leaveBoard } from "./finish.js";
import type { FlashJob, FlashResult } from "./job.js";
import type { Journal } from "./journal.js";
import { prepareStreams } from "./prepare.js";
import { createProgress } from "./progress.js";
import { reconcile } from "./reconcile.js";
import type { ReconcileState } from "./reconcile.js";
import { createSession } from "./session.js";

export interface FlashDeps {
  readonly clock: Clock;
  /** Its abort reason, a `FlashError`, ends the job at once. */
  readonly signal: AbortSignal;
  readonly emit: JobListener;
  readonly journal: Journal;
  /** Switches the board's power off and on where it does not answer otherwise, and tells how that went. */
  readonly powerCycle?: () => Promise<string>;
  /** Hears the MAC as soon as the right board has answered, before anything is changed. What it throws ends the job. */
  readonly onIdentified?: (mac: string) => Promise<void>;
}

/** Trouble on the way, after which what is in place is in place: connect again and go on. */
const TROUBLE = [
  "device/timeout",
  "device/bad-reply",
  "device/rejected",
  "device/checksum",
  "device/stub",
  "device/baud",
  "verify/mismatch",
  "port/lost",
] as const;
/** Once a board has answered, these are trouble too. */
const TROUBLE_LATER = [
  "connect/silent",
  "connect/brownout",
  "connect/no-sync",
  "connect/no-reply",
  "connect/run-mode",
] as const;

const MAX_TRIES_WITHOUT_PROGRESS = 2;

/**
 * Brings the board behind `transport` into the job's desired state and proves it. Rejects with a `FlashError`; the
 * lines are idle then, and a board that was not changed runs its firmware again. Does not close the transport.
 */
export async function flashDevice(transport: Transport, job: FlashJob, deps: FlashDeps): Promise<FlashResult> {
  const { clock, emit, journal } = deps;
  const progress = createProgress(clock, emit);
  const { bauds } = journal;
  const session = createSession(transport, job, { ...deps, progress, ...(bauds && { bauds }) });
  const state: ReconcileState = {
    everInPlace: -1,
    atStart: undefined,
    changed: false,
    resumed: false,
    settled: undefined,
    lostPartitions: [],
    bytesWritten: 0,
    bytesErased: 0,
  };
  const prepared = prepareStreams(job, clock);
  let stuckTries = 0;
  let retries = 0;
  try {
    for (;;) {
      const inPlaceBefore = state.everInPlace;
      try {
        const board = await session.open();
        const outcome = await reconcile(board, job, state, { clock, progress, journal, prepared });
        session.rememberBaud();
        await progress.phase("reset", () => finishBoard(transport, board, job, { progress }));
        return {
          ...outcome,
          bytesSent: session.bytesSent(),
          retries,
          phases: progress.durations(),
        };
      } catch (error) {
        const answered = retries > 0 || state.everInPlace >= 0;
        if (!hasCode(error, ...TROUBLE) && !(answered && hasCode(error, ...TROUBLE_LATER))) throw error;
        const lowersBaud = session.slowDown(error);
        const isBaudSearch = lowersBaud && hasCode(error, "device/baud");
        if (!isBaudSearch) stuckTries = state.everInPlace > inPlaceBefore ? 1 : stuckTries + 1;
        if (stuckTries >= MAX_TRIES_WITHOUT_PROGRESS) throw error;
        retries++;
        progress.message("warning", `${error.message} Going on from what is in place.`);
      }
    }
  } catch (error) {
    session.release();
    await leaveBoard(transport, state.changed ? "in-loader" : "running", job, clock);
    const { code, message, details, cause } = toFlashError(error);
    throw new FlashError(code, message, { ...session.found(), ...details }, cause);
  } finally {
    prepared.stop();
    session.release();
  }
}
