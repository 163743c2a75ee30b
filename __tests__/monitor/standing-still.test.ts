import { systemClock } from "../../src/base/clock.js";
import { parseLinePattern } from "../../src/monitor/line-pattern.js";
import type { TimedLine } from "../../src/monitor/report.js";
import { startBootWatch } from "../../src/monitor/watch-boot.js";
import type { BootWatch, BootWatchOptions } from "../../src/monitor/watch-boot.js";
import { watchUntil } from "../../src/monitor/watch-until.js";
import type { Transport, TransportListener } from "../../src/transport/transport.js";
import { usualRules } from "../support/scripted-console.js";
import { standStill, startPair } from "../support/socket-pair.js";

// A runner that stands still while the board speaks: what came meanwhile is read before a time counts as over.

const SETTLE_MS = 50;
const BANNER = "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n";
const APP = `${BANNER}I (30) cpu_start: Starting scheduler.\r\n`;
const PANIC = "Guru Meditation Error: Core  0 panic'ed (LoadProhibited). Exception was unhandled.\r\nRebooting...\r\n";
const signal = new AbortController().signal;

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A watch that has seen the app start. */
async function appStarted(
  transport: Transport,
  startApp: () => void,
  changes: Partial<BootWatchOptions> = {},
): Promise<BootWatch> {
  let sawApp = (): void => undefined;
  const seen = new Promise<void>((resolve) => (sawApp = resolve));
  const options = { ...usualRules, settleMs: SETTLE_MS, ...changes };
  const onLine = ({ text }: TimedLine): void => (text.includes("scheduler") ? sawApp() : undefined);
  const watch = await startBootWatch(transport, options, { clock: systemClock, signal, onLine });
  watch.restarted();
  startApp();
  await seen;
  return watch;
}

describe("a panic that came while the runner stood still beyond the time after which an app counts as running", () => {
  test("is no healthy boot, though the time is over before it is read", async () => {
    const { transport, peer } = await startPair(stops);
    const watch = await appStarted(transport, () => peer.write(APP));
    peer.write(PANIC);
    standStill(3 * SETTLE_MS);

    expect(await watch.report).toMatchObject({ verdict: "panic" });
  });

  test("nor where it is read first", async () => {
    const listeners = new Set<TransportListener>();
    const say = (text: string): void => listeners.forEach((listener) => listener.data(Buffer.from(text)));
    const made: Transport = {
      name: "made",
      capabilities: { controlLines: true, atomicLines: true, baudRate: true },
      write: () => Promise.resolve(),
      setSignals: () => Promise.resolve(),
      confirm: () => Promise.resolve(),
      setBaudRate: () => Promise.resolve(),
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      reopen: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const watch = await appStarted(made, () => say(APP));
    standStill(3 * SETTLE_MS);
    say(PANIC);

    expect(await watch.report).toMatchObject({ verdict: "panic" });
  });
});

test("an app that stays up while the runner stands still is healthy", async () => {
  const { transport, peer } = await startPair(stops);
  const watch = await appStarted(transport, () => peer.write(APP));
  standStill(3 * SETTLE_MS);

  expect(await watch.report).toMatchObject({ verdict: "running" });
});

test("a boot that came while the runner stood still beyond the boot's time is seen", async () => {
  const { transport, peer } = await startPair(stops);
  const options = { ...usualRules, settleMs: SETTLE_MS, timeoutMs: 2 * SETTLE_MS };
  const watch = await startBootWatch(transport, options, { clock: systemClock, signal });
  watch.restarted();
  peer.write(APP);
  standStill(4 * SETTLE_MS);

  expect(await watch.report).toMatchObject({ verdict: "running" });
});

test("a line that came in time is heard, though the runner stood still beyond it", async () => {
  const { transport, peer } = await startPair(stops);
  const request = { patterns: [parseLinePattern("ready")], failOn: [], timeoutMs: SETTLE_MS };
  const heard = watchUntil(transport, request, {
    clock: systemClock,
    signal,
    onListening() {
      peer.write("ready\r\n");
      setImmediate(() => standStill(3 * SETTLE_MS));
    },
  });

  expect(await heard).toMatchObject({ missing: [], matched: ["ready"] });
});
