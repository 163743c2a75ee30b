import { FlashError } from "../../src/base/errors.js";
import { parseLinePattern } from "../../src/monitor/line-pattern.js";
import type { LinePattern } from "../../src/monitor/line-pattern.js";
import type { BootVerdict } from "../../src/monitor/report.js";
import type { BootWatchOptions } from "../../src/monitor/watch-boot.js";
import { app, bootloader, esp32Banner, esp32Load } from "./made-logs.js";
import type { ScriptStep } from "./scripted-console.js";

/** What a board does after a reset, and what has to be said of it. */
export interface MadeBoot {
  readonly name: string;
  readonly verdict: BootVerdict;
  readonly steps: readonly ScriptStep[];
  readonly reason: RegExp;
  readonly options: Partial<BootWatchOptions>;
}

type Options = Partial<BootWatchOptions>;

const made =
  (verdict: BootVerdict) =>
  (name: string, steps: readonly ScriptStep[], reason = /./, options: Options = {}): MadeBoot => ({
    name,
    verdict,
    steps,
    reason,
    options,
  });

export const well = (name: string, steps: readonly ScriptStep[], options: Options = {}, reason = /./): MadeBoot =>
  made("running")(name, steps, reason, options);
export const loops = made("boot-loop");
export const panics = made("panic");
export const waits = made("download-mode");
export const silent = made("silent");
export const isOther = made("wrong-app");

export const at = (atMs: number, send: string | Uint8Array, baud?: number): ScriptStep => ({
  atMs,
  send,
  ...(baud === undefined ? {} : { baud }),
});

/** All of it at once, soon after the reset. */
export const once = (send: string | Uint8Array, baud?: number): ScriptStep[] => [at(200, send, baud)];

/** The same again and again. */
export const every = (periodMs: number, times: number, send: string, fromMs = 0): ScriptStep[] =>
  Array.from({ length: times }, (_, index) => at(fromMs + index * periodMs, send));

/** What follows the banner of a board that is well. */
export const starts = esp32Load + bootloader + app;

/** `what` after the first reset, and again after each one by `cause`. */
export const resetLoop = (cause: string, what = starts, banner = esp32Banner): ScriptStep[] => [
  at(100, banner() + what),
  ...every(800, 4, banner(cause) + what, 900),
];

export const patterns = (...sources: readonly string[]): LinePattern[] => sources.map(parseLinePattern);

/** What an expression with nested repeats does on an unlucky line, without the waiting. */
export const endless: LinePattern = {
  source: "/(a+)+$/",
  endOf() {
    throw new FlashError("input/invalid", "made: it takes too long");
  },
};
