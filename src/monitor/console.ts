import type { Clock } from "../base/clock.js";
import { sleep } from "../base/clock.js";
import type { Transport } from "../transport/transport.js";
import type { CleanLine } from "./clean-line.js";
import { nextRate } from "./console-rates.js";
import type { Rates } from "./console-rates.js";
import { createLineAssembler } from "./line-assembler.js";

/** A line that has not grown for this long is looked at although it has no end: prompts have none. */
const PARTIAL_IDLE_MS = 250;
/** Until a USB port that went away is looked for again. */
const REOPEN_MS = 100;

/** What a console tells. Times are milliseconds since reading began. */
export interface ConsoleListener {
  line(line: CleanLine, atMs: number): void;
  /** A line that has no end and does not grow. */
  partial(text: string, atMs: number): void;
  lost(atMs: number): void;
  back(atMs: number): void;
}

/** What reading needs. */
export interface ConsoleDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A console that is being read. */
export interface Console {
  nowMs(): number;
  /** Ends reading; the transport stays open. May be called twice. */
  stop(): void;
}

/**
 * Reads lines, beginning at the ROM's rate, which the transport has already; where only noise comes, it goes on at the
 * other one. When the link is lost it is opened again, over and over until `stop` or the signal.
 */
export function readConsole(
  transport: Transport,
  rates: Rates,
  listener: ConsoleListener,
  { clock, signal }: ConsoleDeps,
): Console {
  const assembler = createLineAssembler();
  const ended = new AbortController();
  const startMs = clock.nowMs();
  const nowMs = (): number => clock.nowMs() - startMs;
  const hasTwoRates = rates.romBaud !== rates.appBaud;
  let rate = rates.romBaud;
  let cancelIdle = (): void => undefined;

  function listenAt(next: number): void {
    if (next === rate) return;
    rate = next;
    // A link that is lost meanwhile says so to the subscriber.
    transport.setBaudRate(next).catch(() => undefined);
  }

  function take(line: CleanLine): void {
    const before = rate;
    if (hasTwoRates) listenAt(nextRate(rates, rate, line));
    // Noise that only showed the other rate is nothing to report.
    if (rate === before || line.text !== "") listener.line(line, nowMs());
  }

  function idle(): void {
    const { text } = assembler.partial();
    if (text === "") assembler.flush().forEach(take);
    else listener.partial(text, nowMs());
  }

  function data(bytes: Uint8Array): void {
    cancelIdle();
    for (const line of assembler.push(bytes)) take(line);
    const partial = hasTwoRates ? assembler.partial() : undefined;
    // Noise may have no line end for long.
    if (partial?.text === "" && nextRate(rates, rate, partial) !== rate) assembler.flush().forEach(take);
    if (!ended.signal.aborted) cancelIdle = clock.schedule(PARTIAL_IDLE_MS, idle);
  }

  async function reopen(): Promise<void> {
    while (!ended.signal.aborted) {
      await sleep(clock, REOPEN_MS, ended.signal);
      try {
        await transport.reopen();
        listener.back(nowMs());
        return;
      } catch {
        // It is not there yet; whoever listens ends the waiting.
      }
    }
  }

  const unsubscribe = transport.subscribe({
    data,
    closed() {
      assembler.flush().forEach(take);
      listener.lost(nowMs());
      reopen().catch(() => undefined);
    },
  });
  const stop = (): void => {
    cancelIdle();
    unsubscribe();
    signal.removeEventListener("abort", stop);
    ended.abort();
  };
  signal.addEventListener("abort", stop, { once: true });
  return { nowMs, stop };
}

/** A line for a log; of noise, how much it was. */
export function shownLine({ text, noiseBytes }: CleanLine): string {
  return text === "" ? `(${noiseBytes} unreadable bytes)` : text;
}
