import { FlashError } from "../../src/base/errors.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { watchUntil } from "../../src/monitor/watch-until.js";
import type { WatchRequest, WatchResult } from "../../src/monitor/watch-until.js";
import { at, endless, patterns } from "../support/made-boots.js";
import { lines, log } from "../support/made-logs.js";
import { scriptedConsole } from "../support/scripted-console.js";
import type { ScriptStep } from "../support/scripted-console.js";

const request: WatchRequest = { patterns: [], failOn: [], timeoutMs: 10_000 };

function heard(steps: readonly ScriptStep[], changes: Partial<WatchRequest> = {}): Promise<WatchResult> {
  const clock = new VirtualClock();
  const transport = scriptedConsole(clock);
  const { signal } = new AbortController();
  const result = watchUntil(transport, { ...request, ...changes }, { clock, signal });
  transport.play(steps);
  return clock.run(result);
}

const tests = [at(100, lines("boot")), at(900, lines("test 1: ok")), at(2000, lines("test 2: ok", "idle"))];

test("it ends with the last pattern", async () => {
  const result = await heard(tests, { patterns: patterns("/test 1: \\w+/", "test 2") });
  expect(result).toMatchObject({ durationMs: 2000, matched: ["/test 1: \\w+/", "test 2"], missing: [], lines: 3 });
  expect(result.bad).toBeUndefined();
});

test("what is missing is told when the time is up", async () => {
  const result = await heard(tests, { patterns: patterns("test 1", "test 3") });
  expect(result).toMatchObject({ durationMs: 10_000, matched: ["test 1"], missing: ["test 3"], lines: 4 });
});

test("without a pattern it listens until the time is up", async () => {
  expect(await heard(tests, { timeoutMs: 1000 })).toMatchObject({
    durationMs: 1000,
    missing: [],
    tail: ["boot", "test 1: ok"],
  });
});

test.each([
  ["a panic", lines("abort() was called at PC 0x400d1234 on core 0")],
  ["a line that must not come", log("E", "bist", "FAILED")],
])("%s ends it at once", async (_what, text) => {
  const result = await heard([at(500, text), ...tests], { patterns: patterns("test 2"), failOn: patterns("FAILED") });
  expect(result).toMatchObject({ durationMs: 500, missing: ["test 2"] });
  expect(result.bad).toBe(result.tail.at(-1));
});

test("a prompt has no line end", async () => {
  expect(await heard([at(100, "login: ")], { patterns: patterns("login:") })).toMatchObject({ missing: [] });
});

test("a port that goes away is opened again", async () => {
  const steps = [{ atMs: 50, lostUntilMs: 1500 }, ...tests];
  expect(await heard(steps, { patterns: patterns("test 2") })).toMatchObject({ durationMs: 2000, missing: [] });
});

test("an app at another rate is heard at that one", async () => {
  const steps = [at(100, lines("hello"), 9600)];
  expect((await heard(steps, { consoleBaud: 9600, patterns: patterns("hello") })).missing).toEqual([]);
  expect((await heard(steps, { patterns: patterns("hello") })).missing).toEqual(["hello"]);
});

test("a pattern that never ends rejects", async () => {
  const steps = [at(100, lines("anything"))];
  await expect(heard(steps, { patterns: [endless] })).rejects.toMatchObject({ code: "input/invalid" });
});

test("a cancelled step rejects with its reason and leaves nothing behind", async () => {
  const clock = new VirtualClock();
  const transport = scriptedConsole(clock);
  const cancel = new AbortController();
  const result = watchUntil(transport, request, { clock, signal: cancel.signal });
  clock.schedule(300, () => cancel.abort(new FlashError("job/cancelled", "made: cancelled")));
  await expect(clock.run(result)).rejects.toMatchObject({ code: "job/cancelled" });
  expect([transport.listeners, clock.pending]).toEqual([0, 0]);
});
