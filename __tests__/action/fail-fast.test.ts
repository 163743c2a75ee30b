import { createFailFast } from "../../src/action/fail-fast.js";
import { shareTime } from "../../src/action/shared-time.js";
import { createSlots } from "../../src/action/slots.js";
import { FlashError, toFlashError } from "../../src/base/errors.js";

test("the first failure stops all boards that are not being changed, and all that come later", () => {
  const failFast = createFailFast(new AbortController().signal);
  const [waiting, writing] = [failFast.share(), failFast.share()];
  waiting.listener({ kind: "started", phase: "compare" });
  writing.listener({ kind: "started", phase: "write" });
  failFast.failed("/dev/ttyUSB0");
  expect([waiting, writing, failFast.share()].map(({ signal }) => signal.aborted)).toEqual([true, false, true]);
  expect(toFlashError(waiting.signal.reason)).toMatchObject({ code: "job/fail-fast" });
  expect(toFlashError(waiting.signal.reason).message).toContain("/dev/ttyUSB0");
});

test("the end of the step ends every board, whatever it is at", () => {
  const step = new AbortController();
  const { signal, listener } = createFailFast(step.signal).share();
  listener({ kind: "started", phase: "erase" });
  step.abort(new FlashError("job/timeout", "The step took too long."));
  expect(toFlashError(signal.reason).code).toBe("job/timeout");
});

test("the step's time stands still only while all boards that are left wait for other jobs", () => {
  const told: string[] = [];
  const time = { pause: () => told.push("pause"), resume: () => told.push("resume") };
  const [one, other] = shareTime(time, 2);
  one?.pause();
  expect(told.at(-1)).toBe("resume");
  other?.end();
  expect(told.at(-1)).toBe("pause");
  one?.resume();
  expect(told.at(-1)).toBe("resume");
});

test.each([
  [1, 1],
  [2, 2],
  [0, 4],
])("max-parallel: %d lets %d of four work at once, and all in the end", async (count, atOnce) => {
  const inSlot = createSlots(count);
  let working = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setImmediate(resolve));
    working--;
  };
  await Promise.all([work, work, work, work].map((each) => inSlot(each)));
  expect(most).toBe(atOnce);
});
