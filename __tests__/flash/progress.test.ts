import type { JobEvent } from "../../src/base/events.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";
import { sleep } from "../../src/base/clock.js";
import type { Progress } from "../../src/flash/progress.js";
import { createProgress } from "../../src/flash/progress.js";

function watch(): { clock: VirtualClock; events: JobEvent[]; progress: Progress } {
  const clock = new VirtualClock();
  const events: JobEvent[] = [];
  return { clock, events, progress: createProgress(clock, (event) => void events.push(event)) };
}

const done = (doneBytes: number, totalBytes: number): JobEvent => ({ kind: "progress", doneBytes, totalBytes });

test("each phase that is started is finished before the next, with its time", async () => {
  const { clock, events, progress } = watch();
  progress.startPhase("connect");
  await clock.run(sleep(clock, 30));
  progress.startPhase("stub");
  await clock.run(sleep(clock, 5));
  progress.endPhase();
  progress.endPhase();
  const result = progress.phase("write", () => sleep(clock, 7).then(() => "written"));
  expect(await clock.run(result)).toBe("written");
  expect(events).toEqual([
    { kind: "started", phase: "connect" },
    { kind: "finished", phase: "connect", durationMs: 30 },
    { kind: "started", phase: "stub" },
    { kind: "finished", phase: "stub", durationMs: 5 },
    { kind: "started", phase: "write" },
    { kind: "finished", phase: "write", durationMs: 7 },
  ]);
});

test("the time of a phase is summed up over all tries", async () => {
  const { clock, progress } = watch();
  for (const durationMs of [20, 30]) {
    progress.startPhase("connect");
    await clock.run(sleep(clock, durationMs));
    progress.startPhase("compare");
  }
  progress.endPhase();
  expect(progress.durations()).toEqual([
    { phase: "connect", durationMs: 50 },
    { phase: "compare", durationMs: 0 },
  ]);
});

test("a phase that fails is not finished", async () => {
  const { events, progress } = watch();
  await expect(progress.phase("write", () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(events).toEqual([{ kind: "started", phase: "write" }]);
});

test("what is done never falls, and all of it is done only when all is verified", () => {
  const { events, progress } = watch();
  progress.done(0, 10);
  progress.done(4, 10);
  progress.done(3, 10);
  progress.done(4, 10);
  progress.done(10, 10);
  progress.verified();
  expect(events).toEqual([done(4, 10), done(9, 10), done(10, 10)]);
});

test("a retry goes on on the first scale: what is left of it counts", () => {
  const { events, progress } = watch();
  progress.done(6, 10);
  progress.done(1, 3);
  progress.done(1, 20);
  progress.verified();
  expect(events).toEqual([done(6, 10), done(8, 10), done(10, 10)]);
});

test("nothing to do is no progress", () => {
  const { events, progress } = watch();
  progress.verified();
  progress.message("info", "nothing to do");
  expect(events).toEqual([{ kind: "message", level: "info", text: "nothing to do" }]);
});
