import { createPunctualClock } from "../../src/virtual/punctual-clock.js";

function keepBusy(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

test("links of a chain are due one after the other, however late their timers come", async () => {
  const clock = createPunctualClock();
  const due: number[] = [];
  await new Promise<void>((resolve) => {
    const link = (): void => {
      due.push(clock.nowMs());
      keepBusy(7);
      if (due.length === 3) resolve();
      else clock.schedule(2, link);
    };
    clock.schedule(2, link);
  });
  const [first = 0] = due;
  due.forEach((dueMs, index) => expect(dueMs - first).toBeCloseTo(2 * index));
});

test("nothing comes before it is due, nor within the call that asks for it", async () => {
  const clock = createPunctualClock();
  for (const delayMs of [0, 0.2, 1.1, 2.6, 4.9, -3]) {
    const startMs = performance.now();
    let asked = false;
    await new Promise<void>((resolve) => {
      clock.schedule(delayMs, () => {
        expect(asked).toBe(true);
        resolve();
      });
      asked = true;
    });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(delayMs);
  }
});

test("the time never falls", async () => {
  const clock = createPunctualClock();
  const times: number[] = [];
  await new Promise<void>((resolve) => {
    clock.schedule(3, () => {
      times.push(clock.nowMs());
      resolve();
    });
    keepBusy(10);
    times.push(clock.nowMs());
  });
  times.push(clock.nowMs());
  expect(times).toEqual([...times].sort((a, b) => a - b));
});

test("what was cancelled does not come", async () => {
  const clock = createPunctualClock();
  const came: string[] = [];
  clock.schedule(1, () => came.push("timer"))();
  clock.schedule(0, () => came.push("at once"))();
  await new Promise<void>((resolve) => void clock.schedule(5, resolve));
  await clock.breathe();
  expect(came).toEqual([]);
});
