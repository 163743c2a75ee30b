import { conclude, settle } from "./boot-decide.js";
import type { BootState } from "./boot-state.js";
import { freshAttempt } from "./boot-state.js";
import { furtherResets, loopReason } from "./boot-verdict.js";
import type { Banner, ResetCause } from "./reset-cause.js";
import { usbGone } from "./reset-cause.js";

/** One further reset can be meant (an update, a first boot); the third banner makes a loop. */
const LOOP_RESETS = 2;

/** The reset that was asked for: nothing from before it counts. */
function start(state: BootState, cause: ResetCause): BootState {
  return {
    ...state,
    attempt: freshAttempt,
    everLoaded: false,
    resets: [cause],
    started: true,
    expected: { ...state.expected, met: 0, from: 0 },
    app: undefined,
    panic: [],
    failure: undefined,
    announced: undefined,
    pending: undefined,
  };
}

/** Opening a port may have reset the board, too, so the second reset from outside may be the one that was asked for. */
function isAsked({ started, askedUntilMs }: BootState, seen: ResetCause, atMs: number): boolean {
  if (seen === usbGone) return askedUntilMs === Infinity;
  return seen.kind === "external" && (!started || atMs < askedUntilMs);
}

/** Takes in a reset that was `seen` in whatever way. */
export function feedReset(state: BootState, seen: ResetCause, atMs: number): BootState {
  const { pending, announced } = state;
  const crashed = pending?.verdict === "panic";
  const isFirst = state.resets.length === 0 && !crashed;
  if (isAsked(state, seen, atMs) || isFirst) return start(state, announced ?? seen);
  if (crashed) return conclude(state, "panic", pending.reason, atMs);
  const resets = [...state.resets, announced ?? seen];
  // A wake-up goes on with what the app began.
  if (seen.kind === "wake") return { ...state, resets };
  const next = { ...state, resets, attempt: freshAttempt, announced: undefined, pending: undefined };
  const isLoop = furtherResets(next).length >= LOOP_RESETS || state.late;
  return isLoop ? conclude(next, "boot-loop", loopReason(next), atMs) : next;
}

/** The chip does nothing by itself until somebody resets it with IO0 high. */
export function awaitDownload(state: BootState, atMs: number): BootState {
  return settle(state, "download-mode", "The chip waits for a download: its strapping pins say so.", atMs);
}

export function feedBanner(state: BootState, { cause, download }: Banner, atMs: number): BootState {
  // The banner of the reset that took the USB port away.
  const isSame = state.resets.at(-1) === usbGone && state.attempt.appAtMs === undefined;
  const resets = [...state.resets.slice(0, -1), cause];
  const next = isSame ? { ...state, resets } : feedReset(state, cause, atMs);
  return download && next.final === undefined ? awaitDownload(next, atMs) : next;
}
