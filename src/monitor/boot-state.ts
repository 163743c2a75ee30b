import type { ChipName } from "../chips/index.js";
import type { CleanLine } from "./clean-line.js";
import type { Expected, LinePattern } from "./line-pattern.js";
import type { BootVerdict, SeenApp } from "./report.js";
import type { ResetCause } from "./reset-cause.js";

/** What a boot is judged by. */
export interface BootRules {
  /** Where known, only this chip's words count. */
  readonly chip?: ChipName;
  /** An app has to be seen within that time after the reset. */
  readonly timeoutMs: number;
  /** An app that was seen has to stay up for this long. */
  readonly settleMs: number;
  /** Have to come, in this order. */
  readonly expect: readonly LinePattern[];
  /** Lines that are as bad as a panic, besides the panics that `patterns.ts` knows. */
  readonly failOn: readonly LinePattern[];
  /** Which app should run. Fields that are empty or all zeros are not compared. */
  readonly app?: SeenApp;
}

/** A line with the time at which its end came. */
export interface BootLine extends CleanLine {
  readonly atMs: number;
}

/** A verdict that stands at `dueMs` unless something comes between. */
export interface Pending {
  readonly verdict: BootVerdict;
  readonly reason: string;
  readonly dueMs: number;
}

/** One start of the chip: from its reset to the next. */
export interface Attempt {
  /** The ROM found a bootloader. */
  readonly loaded: boolean;
  /** When the app was first seen. */
  readonly appAtMs: number | undefined;
  /** By words that only an app has. */
  readonly appIsSure: boolean;
  readonly readableBytes: number;
  readonly noiseBytes: number;
}

/** Everything known at one moment. Each step makes a new one. */
export interface BootState {
  readonly rules: BootRules;
  readonly attempt: Attempt;
  /** In some start, the ROM found a bootloader, or an app was seen. */
  readonly everLoaded: boolean;
  /** All resets since the one that was asked for. */
  readonly resets: readonly ResetCause[];
  /** That one showed itself: what comes now belongs to the new start. */
  readonly started: boolean;
  /** Until then, a reset from outside may be the one that was asked for; Infinity as long as that is under way. */
  readonly askedUntilMs: number;
  readonly expected: Expected;
  readonly app: SeenApp | undefined;
  readonly panic: readonly string[];
  /** Why ROM or bootloader start no app; a later start may do better. */
  readonly failure: string | undefined;
  /** The app said why it is about to be reset. */
  readonly announced: ResetCause | undefined;
  readonly pending: Pending | undefined;
  /** The time is up; a reset from now on is one too many. */
  readonly late: boolean;
  readonly final: Pending | undefined;
  /** The port went away and is not back. */
  readonly portGone: boolean;
  readonly tail: readonly string[];
  readonly lines: number;
  readonly noiseBytes: number;
}

export const freshAttempt: Attempt = {
  loaded: false,
  appAtMs: undefined,
  appIsSure: false,
  readableBytes: 0,
  noiseBytes: 0,
};

/** Nothing has come yet. */
export function initialState(rules: BootRules): BootState {
  return {
    rules,
    attempt: freshAttempt,
    everLoaded: false,
    resets: [],
    started: false,
    askedUntilMs: Infinity,
    expected: { patterns: rules.expect, met: 0, from: 0 },
    app: undefined,
    panic: [],
    failure: undefined,
    announced: undefined,
    pending: undefined,
    late: false,
    final: undefined,
    portGone: false,
    tail: [],
    lines: 0,
    noiseBytes: 0,
  };
}
