import { sleepReading } from "../base/clock.js";
import { toFlashError } from "../base/errors.js";
import type { FlashError } from "../base/errors.js";
import type { Transport } from "../transport/transport.js";
import { consoleRates } from "./console-rates.js";
import type { ConsoleHints } from "./console-rates.js";
import { readConsole, shownLine } from "./console.js";
import type { Expected, LinePattern } from "./line-pattern.js";
import { meet } from "./line-pattern.js";
import { meaningOf } from "./patterns.js";
import type { WatchDeps } from "./watch-boot.js";

/** What to listen for. */
export interface WatchRequest extends ConsoleHints {
  /** Have to come in this order. With none, it is listened until the time is up. */
  readonly patterns: readonly LinePattern[];
  /** Lines that end it at once, besides panics. */
  readonly failOn: readonly LinePattern[];
  readonly timeoutMs: number;
}

/** What was heard. All is well if `missing` is empty and there is no `bad`. */
export interface WatchResult {
  readonly durationMs: number;
  readonly matched: readonly string[];
  readonly missing: readonly string[];
  /** The line that ended it: a panic, or one of `failOn`. */
  readonly bad?: string;
  /** The last lines. */
  readonly tail: readonly string[];
  readonly lines: number;
}

/** What listening needs. */
export interface ListenDeps extends WatchDeps {
  /** Nothing is missed from now on: now the board may be reset or spoken to. */
  readonly onListening?: () => void;
  /** So many patterns have come by now. */
  readonly onMatched?: (count: number) => void;
}

const TAIL_LINES = 40;

/**
 * Listens without a reset until the last pattern came, a bad line came, or the time is up; none of these rejects. A port
 * that goes away is opened again. Rejects as the transport does, with the signal's reason, and with
 * input/invalid for a pattern that never ends.
 */
export async function watchUntil(transport: Transport, request: WatchRequest, deps: ListenDeps): Promise<WatchResult> {
  const { chip, patterns, failOn, timeoutMs } = request;
  // The board runs already, so its app speaks.
  const { appBaud } = consoleRates(request);
  const ended = new AbortController();
  let expected: Expected = { patterns, met: 0, from: 0 };
  let bad: string | undefined;
  let tail: readonly string[] = [];
  let lines = 0;
  let trouble: FlashError | undefined;

  function look(text: string, isWhole: boolean): void {
    const isBad =
      isWhole && (meaningOf(text, chip)?.means === "panic" || failOn.some((bad) => bad.endOf(text, 0) >= 0));
    const before = expected.met;
    if (isBad) bad = text;
    else expected = meet(expected, text, isWhole);
    if (expected.met > before) deps.onMatched?.(expected.met);
    if (isBad || (patterns.length > 0 && expected.met === patterns.length)) ended.abort();
  }

  function tryToLook(text: string, isWhole: boolean): void {
    try {
      look(text, isWhole);
    } catch (error) {
      trouble = toFlashError(error);
      ended.abort();
    }
  }

  await transport.setBaudRate(appBaud);
  deps.signal.throwIfAborted();
  const console = readConsole(
    transport,
    { romBaud: appBaud, appBaud },
    {
      line(line, atMs) {
        if (ended.signal.aborted) return;
        deps.onLine?.({ atMs, text: shownLine(line) });
        lines++;
        if (line.text === "") return;
        tail = [...tail.slice(1 - TAIL_LINES), line.text];
        tryToLook(line.text, true);
      },
      partial: (text) => tryToLook(text, false),
      lost: () => undefined,
      back: () => undefined,
    },
    deps,
  );
  try {
    deps.onListening?.();
    await sleepReading(deps.clock, timeoutMs, AbortSignal.any([ended.signal, deps.signal])).catch(() => undefined);
    deps.signal.throwIfAborted();
  } finally {
    console.stop();
  }
  if (trouble !== undefined) throw trouble;
  const sources = patterns.map(({ source }) => source);
  return {
    durationMs: Math.round(console.nowMs()),
    matched: sources.slice(0, expected.met),
    missing: sources.slice(expected.met),
    ...(bad === undefined ? {} : { bad }),
    tail,
    lines,
  };
}
