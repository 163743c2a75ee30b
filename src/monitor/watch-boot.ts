import { scheduleDeadline } from "../base/clock.js";
import type { Transport } from "../transport/transport.js";
import { reportOf } from "./boot-report.js";
import type { BootRules, BootState } from "./boot-state.js";
import { initialState } from "./boot-state.js";
import { feed, feedBack, feedLost, feedPartial, feedRestarted, nextTickMs, tick } from "./boot-steps.js";
import { verdictAtEnd } from "./boot-verdict.js";
import { consoleRates } from "./console-rates.js";
import type { ConsoleHints } from "./console-rates.js";
import type { ConsoleDeps } from "./console.js";
import { readConsole, shownLine } from "./console.js";
import type { BootReport, TimedLine } from "./report.js";
import type { Symbolize } from "./symbols.js";

/** What to watch for, and on what kind of console. */
export interface BootWatchOptions extends BootRules, ConsoleHints {
  /** Names the functions in a panic. */
  readonly symbolize?: Symbolize;
}

/** What watching needs. Lines come as they end, for a log. */
export interface WatchDeps extends ConsoleDeps {
  readonly onLine?: (line: TimedLine) => void;
}

/** A boot that is being watched. */
export interface BootWatch {
  /** Resolves with the verdict; rejects with the signal's reason, and with input/invalid for a pattern that never ends. */
  readonly report: Promise<BootReport>;
  /** Tells that the reset is done: the time runs from now on, and no verdict comes before. */
  restarted(): void;
  /** Ends it with what is known so far. The transport stays open. */
  stop(): void;
}

/**
 * Begins to read; the caller resets the board afterwards, and then calls `restarted`. The transport is that of the console. Resolves when nothing
 * can be missed any more; rejects as the transport does.
 */
export async function startBootWatch(
  transport: Transport,
  options: BootWatchOptions,
  deps: WatchDeps,
): Promise<BootWatch> {
  const { clock, signal, onLine } = deps;
  const rates = consoleRates(options);
  await transport.setBaudRate(rates.romBaud);
  signal.throwIfAborted();
  let state: BootState = initialState(options);
  let isOver = false;
  let cancelTick = (): void => undefined;
  let settled: (report: BootReport) => void;
  let failed: (reason: unknown) => void;
  const report = new Promise<BootReport>((resolve, reject) => {
    settled = resolve;
    failed = reject;
  });
  // Whoever started the watch may fail before it asks for the report.
  report.catch(() => undefined);

  function end(settle: () => void): void {
    isOver = true;
    cancelTick();
    console.stop();
    signal.removeEventListener("abort", onAbort);
    settle();
  }

  function go(step: () => BootState): void {
    if (isOver) return;
    cancelTick();
    try {
      state = step();
    } catch (error) {
      end(() => failed(error));
      return;
    }
    const { final } = state;
    if (final !== undefined) {
      end(() => settled(reportOf(state, final, options.symbolize)));
      return;
    }
    const dueMs = nextTickMs(state);
    if (dueMs === Infinity) return;
    cancelTick = scheduleDeadline(clock, dueMs - console.nowMs(), () => go(() => tick(state, dueMs)));
  }

  /**
   * When what is read counts as come. A process that stood still reads late; what was due meanwhile and is not told yet comes
   * behind that.
   */
  const cameAtMs = (readAtMs: number): number => Math.min(readAtMs, nextTickMs(state) - 1);

  const onAbort = (): void => end(() => failed(signal.reason));
  const console = readConsole(
    transport,
    rates,
    {
      line(line, atMs) {
        if (isOver) return;
        onLine?.({ atMs, text: shownLine(line) });
        go(() => feed(state, { ...line, atMs: cameAtMs(atMs) }));
      },
      partial: (text, atMs) => go(() => feedPartial(state, text, cameAtMs(atMs))),
      lost: (atMs) => go(() => feedLost(state, cameAtMs(atMs))),
      back: () => go(() => feedBack(state)),
    },
    deps,
  );
  signal.addEventListener("abort", onAbort, { once: true });
  go(() => state);
  const restarted = (): void => go(() => feedRestarted(state, console.nowMs()));
  return { report, restarted, stop: () => go(() => ({ ...state, final: verdictAtEnd(state, console.nowMs()) })) };
}
