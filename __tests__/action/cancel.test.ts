import { EventEmitter } from "node:events";
import { watchCancellation } from "../../src/action/cancel.js";
import { hasCode } from "../../src/base/errors.js";
import { sleep } from "../../src/base/clock.js";
import { VirtualClock } from "../../src/base/virtual-clock.js";

const never = new Promise<never>(() => undefined);

test.each(["SIGINT", "SIGTERM"] as const)("%s aborts, and the work may clean up", async (signal) => {
  const source = new EventEmitter();
  const clock = new VirtualClock();
  const watch = watchCancellation(source, clock, 60_000);
  const work = (async () => {
    await sleep(clock, 1_000_000, watch.signal).catch(() => sleep(clock, 3000));
    return "cleaned up";
  })();
  source.emit(signal);
  expect(hasCode(watch.signal.reason, "job/cancelled")).toBe(true);
  await expect(clock.run(watch.waitFor(work))).resolves.toBe("cleaned up");
  expect(clock.nowMs()).toBe(3000);
  expect(watch.leftBehind()).toBe(false);
});

test("cleaning up that never ends is left behind before the runner's patience ends", async () => {
  const source = new EventEmitter();
  const clock = new VirtualClock();
  const watch = watchCancellation(source, clock, 60_000);
  source.emit("SIGINT");
  await expect(clock.run(watch.waitFor(never))).rejects.toMatchObject({ code: "job/cancelled" });
  expect(clock.nowMs()).toBeLessThan(5000);
  expect(watch.leftBehind()).toBe(true);
});

test("a second signal does not wait", async () => {
  const source = new EventEmitter();
  const clock = new VirtualClock();
  const watch = watchCancellation(source, clock, 60_000);
  const done = watch.waitFor(never);
  source.emit("SIGINT");
  source.emit("SIGTERM");
  await expect(done).rejects.toMatchObject({ code: "job/cancelled", message: "The step was cancelled (SIGINT)." });
  expect(clock.nowMs()).toBe(0);
});

test("the end of the step's time aborts with its own code", async () => {
  const clock = new VirtualClock();
  const watch = watchCancellation(new EventEmitter(), clock, 600_000);
  const work = sleep(clock, 1_000_000, watch.signal);
  await expect(clock.run(watch.waitFor(work))).rejects.toMatchObject({ code: "job/timeout" });
  expect(clock.nowMs()).toBe(600_000);
});

test("the step's time stands still while it is paused", async () => {
  const clock = new VirtualClock();
  const watch = watchCancellation(new EventEmitter(), clock, 60_000);
  await clock.run(sleep(clock, 50_000));
  watch.pause();
  watch.pause();
  await clock.run(sleep(clock, 1_000_000));
  expect(watch.signal.aborted).toBe(false);
  watch.resume();
  watch.resume();
  const work = sleep(clock, 1_000_000, watch.signal);
  await expect(clock.run(watch.waitFor(work))).rejects.toMatchObject({ code: "job/timeout" });
  expect(clock.nowMs()).toBe(1_060_000);
});

test("nothing is left when the step is over", async () => {
  const source = new EventEmitter();
  const clock = new VirtualClock();
  const watch = watchCancellation(source, clock, 60_000);
  await watch.waitFor(Promise.resolve());
  source.emit("SIGINT");
  source.emit("SIGTERM");
  watch.end();
  expect(watch.leftBehind()).toBe(false);
  expect(clock.pending).toBe(0);
  expect(source.eventNames()).toEqual([]);
});
