import { FlashError } from "../../src/base/errors.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { bootError } from "../../src/monitor/boot-error.js";
import type { TimedLine } from "../../src/monitor/report.js";
import { initialState } from "../../src/monitor/boot-state.js";
import { feed, feedRestarted } from "../../src/monitor/boot-steps.js";
import { startBootWatch } from "../../src/monitor/watch-boot.js";
import { at, endless, every, once, patterns, resetLoop } from "../support/made-boots.js";
import {
  app,
  dump,
  esp32Banner,
  esp32Boot,
  esp32Load,
  esp8266Banner,
  esp8266Load,
  lines,
  log,
} from "../support/made-logs.js";
import type { ScriptStep } from "../support/scripted-console.js";
import { asNoise, bootOf, scriptedConsole, usualRules } from "../support/scripted-console.js";

function watched(options = {}) {
  const clock = new VirtualClock();
  const transport = scriptedConsole(clock);
  const cancel = new AbortController();
  const watch = startBootWatch(transport, { ...usualRules, ...options }, { clock, signal: cancel.signal });
  return { clock, transport, cancel, watch };
}

test("reading has begun when the start resolves, at the ROM's rate", async () => {
  const { transport, watch } = watched({ chip: "esp8266" });
  await watch;
  expect([transport.listeners, transport.baud]).toEqual([1, 74_880]);
});

test("a cancelled watch rejects with the signal's reason and leaves nothing behind", async () => {
  const { clock, transport, cancel, watch } = watched();
  const { report } = await watch;
  const reason = new FlashError("job/cancelled", "made: cancelled");
  cancel.abort(reason);
  await expect(report).rejects.toBe(reason);
  expect([transport.listeners, clock.pending]).toEqual([0, 0]);
});

test("a watch that never begins: the signal was aborted before", async () => {
  const { transport, cancel, watch } = watched();
  cancel.abort(new FlashError("job/cancelled", "made: cancelled"));
  await expect(watch).rejects.toMatchObject({ code: "job/cancelled" });
  expect(transport.listeners).toBe(0);
});

test("a pattern that never ends rejects, and leaves nothing behind", async () => {
  const { clock, transport, watch } = watched({ expect: [endless] });
  const { report } = await watch;
  transport.play([at(10, lines("anything"))]);
  await expect(clock.run(report)).rejects.toMatchObject({ code: "input/invalid" });
  expect([transport.listeners, clock.pending]).toEqual([0, 0]);
});

test("a watch that is stopped tells what is known so far", async () => {
  const { clock, transport, watch } = watched();
  const boot = await watch;
  transport.play([at(10, esp32Boot)]);
  clock.schedule(500, () => boot.stop());
  expect(await clock.run(boot.report)).toMatchObject({ verdict: "running", durationMs: 500 });
  expect([transport.listeners, clock.pending]).toEqual([0, 0]);
});

test("running is said after settle, or at once with the last line that was expected", async () => {
  const settled = await bootOf(once(esp32Boot), { settleMs: 5_000 });
  const expected = await bootOf(once(esp32Boot), { expect: patterns("Calling app_main") });
  expect([settled.durationMs, expected.durationMs]).toEqual([5_200, 200]);
});

test("a sleeping app has settled with its first start, a panic stands with its last line", async () => {
  const wakeUps = every(500, 12, esp32Banner("0x5 (DEEPSLEEP_RESET)") + esp32Load + app, 700);
  expect(await bootOf([...once(esp32Boot), ...wakeUps])).toMatchObject({ verdict: "running", durationMs: 3_200 });
  expect(await bootOf(once(esp32Boot + dump))).toMatchObject({ verdict: "panic", durationMs: 200 });
});

test("a prompt that grows into a line counts once", async () => {
  const steps = [...once(`${esp32Boot}ok`), at(900, lines(", done"))];
  expect(await bootOf(steps, { expect: patterns("ok", "ok") })).toMatchObject({ matched: ["ok"], missing: ["ok"] });
});

test("a line that comes late does not undo what was settled before it", () => {
  const started = feedRestarted(initialState(usualRules), 0);
  const app = feed(started, { atMs: 100, text: "I (300) main_task: Calling app_main()", noiseBytes: 0 });
  const late = feed(app, { atMs: 9_000, text: "abort() was called at PC 0x400d1234 on core 0", noiseBytes: 0 });
  expect(late.final).toMatchObject({ verdict: "running", dueMs: 3_100 });
});

test("what is expected has to come after the reset, not before it", async () => {
  const steps = [at(10, lines("self-test: ok")), at(200, esp32Boot)];
  const report = await bootOf(steps, { expect: patterns("self-test: ok") });
  expect(report).toMatchObject({ matched: [], missing: ["self-test: ok"] });
});

describe("a reset that takes 6 s, as by switching the power", () => {
  const old = Array.from({ length: 30 }, (_, index) => at(index * 100, lines("old run: self-test: ok")));
  const boot = (steps: readonly ScriptStep[], rules = {}) => bootOf([...old, ...steps], rules, undefined, 6_000);

  test("what the old run says counts for nothing", async () => {
    expect(await boot([], { expect: patterns("self-test: ok") })).toMatchObject({ verdict: "silent", matched: [] });
    expect(await boot([at(2_000, dump)])).toMatchObject({ verdict: "silent", panic: [], durationMs: 16_000 });
    expect(await boot([at(5_500, esp32Boot)])).toMatchObject({ verdict: "running", durationMs: 8_500 });
    expect(await boot([...resetLoop("0x9 (RTCWDT)"), at(5_500, esp32Boot)])).toMatchObject({ verdict: "running" });
  });

  test("what the new run says counts, however early", async () => {
    expect(await boot([at(5_500, esp32Boot), at(5_600, dump)])).toMatchObject({ verdict: "panic", durationMs: 5_600 });
    expect(await boot([at(1_000, esp32Boot)])).toMatchObject({ verdict: "running", durationMs: 4_000 });
    const loop = [4_000, 4_500, 5_000].map((atMs) => at(atMs, esp32Banner("0x9 (RTCWDT)")));
    expect(await boot([at(3_500, esp32Banner()), ...loop])).toMatchObject({ verdict: "boot-loop" });
    expect(await boot([at(5_500, esp32Boot)], { expect: patterns("Calling app_main") })).toMatchObject({ missing: [] });
  });

  test("a port that goes away with the power comes back with it", async () => {
    const steps = [{ atMs: 3_000, lostUntilMs: 5_800 }, at(6_500, lines("ready"))];
    expect(await boot(steps)).toMatchObject({ verdict: "running", durationMs: 9_500 });
    expect(await boot([at(1_000, esp32Boot), ...steps])).toMatchObject({
      verdict: "running",
      resets: [{ cause: "the USB port went away", count: 1 }],
    });
  });

  test("it may take longer than the board has for its start", async () => {
    const steps = [at(11_000, lines("old run")), at(11_500, esp32Boot)];
    expect(await bootOf(steps, {}, undefined, 12_000)).toMatchObject({ verdict: "running", durationMs: 14_500 });
  });
});

test("without settling, too, the reset has time to show itself", async () => {
  const steps = [at(10, lines("old run: self-test: ok")), at(400, esp32Boot), at(700, dump)];
  const rules = { settleMs: 0, expect: patterns("self-test: ok") };
  expect((await bootOf(steps, rules)).verdict).toBe("panic");
  expect((await bootOf(steps.slice(0, 2), { settleMs: 0 })).durationMs).toBe(400);
});

test("a restart after the time is up is one too many; settling may go beyond it", async () => {
  const late = [at(9_000, esp32Boot)];
  expect(await bootOf(late)).toMatchObject({ verdict: "running", durationMs: 12_000 });
  const restarts = [...late, at(11_000, esp32Banner("0xc (SW_CPU_RESET)") + esp32Load + app)];
  expect(await bootOf(restarts)).toMatchObject({ verdict: "boot-loop", durationMs: 11_000 });
});

test("the log has each line with its time, without colours; noise is counted", async () => {
  const heard: TimedLine[] = [];
  const steps = [at(10, esp32Banner() + log("E", "app", "tea")), at(700, asNoise(Buffer.from("0123456789\n")))];
  const report = await bootOf(steps, {}, (line) => heard.push(line));
  expect(heard).toEqual([
    { atMs: 10, text: "ets Jul 29 2019 12:21:46" },
    { atMs: 10, text: "rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)" },
    { atMs: 10, text: "E (300) app: tea" },
    { atMs: 950, text: "(11 unreadable bytes)" },
  ]);
  expect(report.lines).toBe(4);
});

test("noise of the ROM's rate is no line", async () => {
  const heard: string[] = [];
  const steps = [at(10, esp8266Banner() + esp8266Load, 74_880), at(20, lines("hello"), 115_200)];
  await bootOf(steps, { chip: "esp8266", consoleBaud: 115_200 }, ({ text }) => heard.push(text));
  expect(heard.at(-1)).toBe("hello");
  expect(heard.join()).not.toContain("unreadable");
});

test("resets are counted by cause, the app is named, the panic has its first lines", async () => {
  const loop = await bootOf(resetLoop("0xc (SW_CPU_RESET)"));
  expect(loop.resets).toEqual([
    { cause: "power-on or EN", count: 1 },
    { cause: "software (CPU)", count: 2 },
  ]);
  const crash = await bootOf(once(esp32Boot + lines("abort() was called at PC 0x400d1234 on core 0") + dump));
  expect(crash.app).toEqual({ project: "blink", version: "v1.2.3", elfSha256: "0123456789abcdef" });
  expect(crash.panic[0]).toBe("abort() was called at PC 0x400d1234 on core 0");
  expect(crash.panic.at(-1)).toBe("Rebooting...");
});

test("addresses of a backtrace get their functions", async () => {
  const symbolize = (address: number) => (address === 0x400d5675 ? "app_main+0x1c" : undefined);
  const { panic } = await bootOf(once(esp32Boot + dump), { symbolize });
  const backtrace = panic.findIndex((line) => line.startsWith("Backtrace:"));
  expect(panic[backtrace + 1]).toBe("  0x400d5675 app_main+0x1c");
});

test.each([
  ["boot/loop", resetLoop("0x9 (RTCWDT_SYS_RESET)"), {}],
  ["boot/panic", once(esp32Boot + dump), {}],
  ["boot/download-mode", once(esp32Banner("0x1 (POWERON_RESET)", "0x3 (DOWNLOAD_BOOT(UART0))")), {}],
  ["boot/wrong-app", once(esp32Boot), { app: { version: "2" } }],
  ["boot/silent", [], { expect: patterns("ready") }],
  ["boot/expect", once(esp32Boot), { expect: patterns("ready") }],
  [undefined, [], {}],
  [undefined, once(esp32Boot), {}],
] as const)("a step fails with %s", async (code, steps, options) => {
  const report = await bootOf(steps, options);
  const error = bootError(report);
  expect([error?.code, error?.message]).toEqual([code, code === undefined ? undefined : report.reason]);
});
