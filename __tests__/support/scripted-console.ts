import { FlashError } from "../../src/base/errors.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { startBootWatch } from "../../src/monitor/watch-boot.js";
import type { BootWatchOptions } from "../../src/monitor/watch-boot.js";
import type { BootReport, TimedLine } from "../../src/monitor/report.js";
import type { Transport, TransportListener } from "../../src/transport/transport.js";

/** What a made board does, and when, counted from its reset. Text arrives as noise at any other rate than `baud`. */
export interface ScriptStep {
  readonly atMs: number;
  readonly send?: string | Uint8Array;
  readonly baud?: number;
  /** The port goes away; `back` is when it can be opened again. */
  readonly lostUntilMs?: number;
}

export interface ScriptedConsole extends Transport {
  play(steps: readonly ScriptStep[]): void;
  readonly baud: number;
  readonly listeners: number;
}

const asBytes = (send: string | Uint8Array): Uint8Array => (typeof send === "string" ? Buffer.from(send) : send);

/** What a receiver makes of bytes at another rate: hardly any text, and always the same. */
export const asNoise = (bytes: Uint8Array): Uint8Array => bytes.map((byte, index) => (byte * 7 + index * 13) | 0x80);

export function scriptedConsole(clock: VirtualClock): ScriptedConsole {
  const listeners = new Set<TransportListener>();
  let baud = 0;
  let opensAtMs = 0;
  const lost = (): FlashError => new FlashError("port/lost", "made: the link is gone");

  function run({ send, baud: sentAt, lostUntilMs }: ScriptStep, startMs: number): void {
    if (lostUntilMs !== undefined) {
      opensAtMs = startMs + lostUntilMs;
      listeners.forEach((listener) => listener.closed(lost()));
    }
    if (send === undefined || clock.nowMs() < opensAtMs) return;
    const bytes = asBytes(send);
    const heard = sentAt === undefined || sentAt === baud ? bytes : asNoise(bytes);
    listeners.forEach((listener) => listener.data(heard));
  }

  return {
    name: "made",
    capabilities: { controlLines: true, atomicLines: true, baudRate: true },
    get baud() {
      return baud;
    },
    get listeners() {
      return listeners.size;
    },
    play(steps) {
      const startMs = clock.nowMs();
      for (const step of steps) clock.schedule(step.atMs, () => run(step, startMs));
    },
    write: () => Promise.resolve(),
    setSignals: () => Promise.resolve(),
    confirm: () => Promise.resolve(),
    setBaudRate(rate) {
      baud = rate;
      return Promise.resolve();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    reopen: () => (clock.nowMs() < opensAtMs ? Promise.reject(lost()) : Promise.resolve()),
    close: () => Promise.resolve(),
  };
}

export const usualRules = { timeoutMs: 10_000, settleMs: 3_000, expect: [], failOn: [] } as const;

/** The report on a board that does what `steps` say, with a reset that is done after `restartedMs`. */
export async function bootOf(
  steps: readonly ScriptStep[],
  options: Partial<BootWatchOptions> = {},
  onLine?: (line: TimedLine) => void,
  restartedMs = 0,
): Promise<BootReport> {
  const clock = new VirtualClock();
  const transport = scriptedConsole(clock);
  const { signal } = new AbortController();
  const deps = { clock, signal, ...(onLine === undefined ? {} : { onLine }) };
  const report = await clock.run(
    startBootWatch(transport, { ...usualRules, ...options }, deps).then((watch) => {
      transport.play(steps);
      clock.schedule(restartedMs, () => watch.restarted());
      return watch.report;
    }),
  );
  if (transport.listeners > 0) throw new Error("the watch left its subscription behind");
  return report;
}
