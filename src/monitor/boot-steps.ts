import { differs } from "./app-identity.js";
import { conclude, decide, RESET_MS, settle } from "./boot-decide.js";
import { awaitDownload, feedBanner, feedReset } from "./boot-resets.js";
import type { BootLine, BootState } from "./boot-state.js";
import { freshAttempt, initialState } from "./boot-state.js";
import { verdictAtEnd } from "./boot-verdict.js";
import { meet } from "./line-pattern.js";
import { mayBecomeKnown, meaningOf, readDescription, waitsForDownload } from "./patterns.js";
import { brownout, readBanner, unseen, usbGone } from "./reset-cause.js";

/** Register dump, stack and backtrace take well under a second at 115200 baud. */
const PANIC_MS = 2000;
const PANIC_LINES = 40;
const TAIL_LINES = 40;

function appSeen(state: BootState, atMs: number, appIsSure: boolean): BootState {
  const { attempt, pending } = state;
  const isNew = attempt.appAtMs === undefined;
  const seen = { ...attempt, appAtMs: attempt.appAtMs ?? atMs, appIsSure: attempt.appIsSure || appIsSure };
  const next = { ...state, attempt: seen, everLoaded: true, failure: isNew ? undefined : state.failure };
  if (!isNew || pending !== undefined || state.expected.patterns.length > 0) return next;
  return settle(next, "running", "The app was started and stays up.", atMs);
}

/** An app's unfinished line may stand before a panic's first words, so that only the lines behind them are known. */
const panicWords = /(?:Guru Meditation Error|abort\(\) was called|assert failed: ).*/;

function feedPanic(state: BootState, text: string, previous: string | undefined, atMs: number): BootState {
  const lead = panicWords.exec(previous ?? "") ?? [];
  const panic = [...lead, text];
  const pending = { verdict: "panic", reason: `The app crashed: ${panic[0] ?? text}`, dueMs: atMs + PANIC_MS } as const;
  return { ...state, panic, pending };
}

function feedFailOn(state: BootState, text: string, source: string, atMs: number): BootState {
  const reason = `The log has "${source}", which must not come: ${text}`;
  return { ...state, panic: [text], pending: { verdict: "panic", reason, dueMs: atMs + PANIC_MS } };
}

function collectPanic(state: BootState, text: string, atMs: number): BootState {
  const next = state.panic.length < PANIC_LINES ? { ...state, panic: [...state.panic, text] } : state;
  const ended = meaningOf(text)?.means === "panic-end";
  return ended ? decide(next, "panic", state.pending?.reason ?? text, atMs) : next;
}

/** Words of an app that logs in its own way: any behind the bootloader's start, or where no ROM was heard. */
function plainText(state: BootState, text: string, atMs: number): BootState {
  const { attempt, resets } = state;
  if (waitsForDownload.test(text) && resets.length > 0 && !attempt.loaded) return awaitDownload(state, atMs);
  const behindBoot = attempt.loaded || resets.length === 0 || resets.at(-1) === usbGone;
  return behindBoot ? appSeen(state, atMs, false) : state;
}

function feedMeaning(state: BootState, text: string, previous: string | undefined, atMs: number): BootState {
  const { rules, attempt, resets } = state;
  const row = meaningOf(text, rules.chip);
  switch (row?.means) {
    case "rom":
    case "bootloader":
    case "panic-end":
      return state;
    case "loads": {
      // Where ROM and app speak at two rates, a banner can be lost.
      const isLost = attempt.appAtMs !== undefined && resets.at(-1)?.kind !== "wake";
      const next = isLost ? feedReset(state, unseen, atMs) : state;
      return { ...next, everLoaded: true, attempt: { ...next.attempt, loaded: true } };
    }
    case "no-boot":
      // The first one is the cause; what follows from it says less.
      return { ...state, failure: state.failure ?? row.reason };
    case "brownout":
      return { ...state, announced: brownout, failure: row.reason, attempt: freshAttempt, pending: undefined };
    case "panic":
      return feedPanic(state, text, previous, atMs);
    case "app":
      return appSeen(state, atMs, true);
    case undefined:
      return plainText(state, text, atMs);
  }
}

function identify(state: BootState, text: string, atMs: number): BootState {
  const field = readDescription(text);
  if (field === undefined) return state;
  const app = { ...state.app, [field[0]]: field[1] };
  const difference = differs(app, state.rules.app);
  const next = { ...state, app };
  return difference === undefined ? next : decide(next, "wrong-app", difference, atMs);
}

function expect(state: BootState, text: string, atMs: number, ended: boolean): BootState {
  const expected = meet(state.expected, text, ended);
  const next = { ...state, expected };
  const all = expected.patterns.length;
  const isLast = state.expected.met < all && expected.met === all;
  return isLast && state.pending === undefined
    ? decide(next, "running", "The app runs: all that was expected came.", atMs)
    : next;
}

function count(state: BootState, { text, noiseBytes }: BootLine): BootState {
  const { attempt } = state;
  return {
    ...state,
    lines: state.lines + 1,
    tail: text === "" ? state.tail : [...state.tail.slice(1 - TAIL_LINES), text],
    noiseBytes: state.noiseBytes + noiseBytes,
    attempt: {
      ...attempt,
      readableBytes: attempt.readableBytes + text.length,
      noiseBytes: attempt.noiseBytes + noiseBytes,
    },
  };
}

/** Among noise, a few bytes look like words: an app that was only guessed from such is none. */
function isGuess({ attempt }: BootState): boolean {
  return !attempt.appIsSure && attempt.noiseBytes > attempt.readableBytes;
}

/** Goes on to `atMs`: what was pending until then stands, and at the end of the time there is a verdict. */
export function tick(state: BootState, atMs: number): BootState {
  const { pending, rules } = state;
  if (state.final !== undefined || state.askedUntilMs === Infinity) return state;
  if (pending !== undefined && pending.dueMs <= atMs) {
    if (pending.verdict === "running" && isGuess(state)) {
      return tick({ ...state, pending: undefined, attempt: { ...state.attempt, appAtMs: undefined } }, atMs);
    }
    return conclude(state, pending.verdict, pending.reason, pending.dueMs);
  }
  if (atMs < rules.timeoutMs || state.late) return state;
  // What is about to settle may take the time that it needs.
  if (pending !== undefined) return tick({ ...state, late: true }, atMs);
  return { ...state, final: verdictAtEnd(state, rules.timeoutMs) };
}

/** When `tick` is due next, if nothing comes. */
export function nextTickMs({ pending, rules, late, askedUntilMs }: BootState): number {
  if (askedUntilMs === Infinity) return Infinity;
  return Math.min(pending?.dueMs ?? Infinity, late ? Infinity : rules.timeoutMs);
}

/** The board has been reset: the time runs from now on. What no banner or port told apart from the old run is dropped. */
export function feedRestarted(state: BootState, atMs: number): BootState {
  if (state.askedUntilMs !== Infinity) return state;
  const { portGone, tail, lines } = state;
  const rules = { ...state.rules, timeoutMs: state.rules.timeoutMs + atMs };
  const known = state.started ? state : { ...initialState(rules), portGone, tail, lines };
  return tick({ ...known, rules, askedUntilMs: atMs + RESET_MS }, atMs);
}

/** Takes in one line. */
export function feed(before: BootState, line: BootLine): BootState {
  const due = tick(before, line.atMs);
  if (due.final !== undefined) return due;
  const { text, atMs } = line;
  const state = count(due, line);
  if (text === "") return state;
  const banner = readBanner(text, state.rules.chip);
  if (banner !== undefined) return feedBanner(state, banner, atMs);
  if (state.pending?.verdict === "panic") return collectPanic(state, text, atMs);
  const bad = state.rules.failOn.find((pattern) => pattern.endOf(text, 0) >= 0);
  if (bad !== undefined) return feedFailOn(state, text, bad.source, atMs);
  const understood = identify(feedMeaning(state, text, due.tail.at(-1), atMs), text, atMs);
  return understood.final === undefined ? expect(understood, text, atMs, true) : understood;
}

/** Takes in a line that has not ended and has not grown for a while, such as a prompt. */
export function feedPartial(before: BootState, text: string, atMs: number): BootState {
  const state = tick(before, atMs);
  if (state.final !== undefined || text === "" || state.pending?.verdict === "panic") return state;
  const isOpen = mayBecomeKnown.test(text) || meaningOf(text, state.rules.chip) !== undefined;
  const seen = isOpen ? state : plainText(state, text, atMs);
  return expect(seen, text, atMs, false);
}

/** The console's port went away: a chip with USB of its own was reset. */
export function feedLost(before: BootState, atMs: number): BootState {
  const state = { ...tick(before, atMs), portGone: true };
  return state.final === undefined ? feedReset(state, usbGone, atMs) : state;
}

/** The port is back. */
export function feedBack(state: BootState): BootState {
  return { ...state, portGone: false };
}
