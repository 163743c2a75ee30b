import type { Clock } from "../base/clock.js";
import { FlashError, hasCode, toFlashError } from "../base/errors.js";
import type { JobListener } from "../base/events.js";
import type { Transport } from "../transport/transport.js";
import type { BaudMemory } from "./baud-memory.js";
import { finishBoard, leaveBoard } from "./finish.js";
import type { BeforeReset } from "./finish.js";
import type { AfterMode, FlashResult } from "./job.js";
import { createProgress } from "./progress.js";
import type { Progress } from "./progress.js";
import { createSession } from "./session.js";
import type { OpenBoard, SessionWish } from "./session.js";

/** What work on a board takes from outside. */
export interface BoardDeps {
  readonly clock: Clock;
  /** Its abort reason, a `FlashError`, ends the work at once. */
  readonly signal: AbortSignal;
  readonly emit: JobListener;
  /** Rates that are known to fail, by board. */
  readonly bauds?: BaudMemory;
  /** Switches the board's power off and on where it does not answer otherwise, and tells how that went. */
  readonly powerCycle?: () => Promise<string>;
  /** Hears the MAC as soon as the right board has answered, before anything is changed. What it throws ends the work. */
  readonly onIdentified?: (mac: string) => Promise<void>;
  /**
   * Called when the work is done and the board is about to be reset into its firmware, at the console's rate; once more
   * where the reset itself met trouble. Not called where `after` leaves the board in its loader.
   */
  readonly beforeReset?: BeforeReset;
}

/** How to get to the board, and how to leave it. */
export interface BoardWish extends SessionWish {
  readonly after: AfterMode;
}

/** Work that can begin again after trouble and goes on from what is done. */
export interface BoardWork<Outcome> {
  /** One try on a board whose loader answers. */
  attempt(board: OpenBoard, progress: Progress): Promise<Outcome>;
  /** Most bytes that a try found or brought in order; -1 as long as none has looked. */
  furthestBytes(): number;
  /** Something was erased or written: after a failure the board must not run. */
  changed(): boolean;
}

/** What it took, all tries together. */
type Effort = Pick<FlashResult, "bytesSent" | "retries" | "phases">;

/** What a link that is lost or loses bytes leads to. */
const FAULTY_LINK = [
  "device/timeout",
  "device/bad-reply",
  "device/rejected",
  "device/checksum",
  "device/stub",
  "device/baud",
  "port/lost",
] as const;
/** Trouble on the way, after which what is in place is in place: connect again and go on. */
const TROUBLE = [...FAULTY_LINK, "verify/mismatch"] as const;
/** Once a board has answered, these are trouble too. */
const TROUBLE_LATER = [
  "connect/silent",
  "connect/brownout",
  "connect/no-sync",
  "connect/no-reply",
  "connect/run-mode",
] as const;

/** A few faulty bytes can end several tries in a row: stub and comparison are some 20 kB that have to get through. */
const MAX_TRIES_WITHOUT_PROGRESS = { faultyLink: 4, other: 2 } as const;

/**
 * Opens the board behind `transport`, works on it, tries again after trouble as long as that gets further, and leaves the
 * board as `wish.after` says. Rejects with a `FlashError`; the lines are idle then, and a board that was not changed runs
 * its firmware again. Does not close the transport.
 */
export async function workOnBoard<Outcome>(
  transport: Transport,
  wish: BoardWish,
  deps: BoardDeps,
  work: BoardWork<Outcome>,
): Promise<Outcome & Effort> {
  const { clock, emit, beforeReset } = deps;
  const progress = createProgress(clock, emit);
  const session = createSession(transport, wish, { ...deps, progress });
  let stuckTries = 0;
  let retries = 0;
  try {
    for (;;) {
      const furthestBefore = work.furthestBytes();
      try {
        const board = await session.open();
        const outcome = await work.attempt(board, progress);
        session.rememberBaud();
        await progress.phase("reset", () => finishBoard(transport, board, wish, { progress, beforeReset }));
        return { ...outcome, bytesSent: session.bytesSent(), retries, phases: progress.durations() };
      } catch (error) {
        const answered = retries > 0 || work.furthestBytes() >= 0;
        if (!hasCode(error, ...TROUBLE) && !(answered && hasCode(error, ...TROUBLE_LATER))) throw error;
        const lowersBaud = session.slowDown(error);
        const isBaudSearch = lowersBaud && hasCode(error, "device/baud");
        if (!isBaudSearch) stuckTries = work.furthestBytes() > furthestBefore ? 1 : stuckTries + 1;
        const { faultyLink, other } = MAX_TRIES_WITHOUT_PROGRESS;
        const leftTries = (hasCode(error, ...FAULTY_LINK) ? faultyLink : other) - stuckTries;
        if (leftTries <= 0) throw error;
        if (lowersBaud && leftTries === 1) session.slowDownToContact();
        retries++;
        progress.message("warning", `${error.message} Going on from what is in place.`);
      }
    }
  } catch (error) {
    session.release();
    await leaveBoard(transport, work.changed() ? "in-loader" : "running", wish, clock);
    const { code, message, details, cause } = toFlashError(error);
    throw new FlashError(code, message, { ...session.found(), ...details }, cause);
  } finally {
    session.release();
  }
}
