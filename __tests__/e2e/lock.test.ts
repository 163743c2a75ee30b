import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction, JobOnRunner } from "../support/built-action.js";
import { untilLogged } from "../support/running-step.js";
import type { RunningStep } from "../support/running-step.js";

let action: BuiltAction;
let inputs: Readonly<Record<string, string>>;
beforeEach(() => {
  action = installBuiltAction();
  writeFileSync(path.join(action.workspace, "demo.bin"), buildDemoFirmware(esp32));
  const board = path.join(action.workspace, "board.flash");
  inputs = { port: `virtual:esp32?flash=${board}`, "firmware-url": "demo.bin" };
});
afterEach(() => action.end());

const start = (job: JobOnRunner, more: Readonly<Record<string, string>> = {}): RunningStep =>
  job.start({ ...inputs, ...more });

/** Whether it runs still. */
const runs = ({ child }: RunningStep): boolean => child.exitCode === null && child.signalCode === null;

/** A board on which a step works for as long as the test wants. */
const endless = { "connect-attempts": "100" };
const silent = (board: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...board,
  ...endless,
  port: `${board.port ?? ""}&fault=silent`,
});

test("`lock: job`: the board stays with the first job after its step, until its post step", async () => {
  const [first, second, third] = ["bench-1", "bench-2", "bench-3"].map((name) => action.onRunner(name));
  if (!first || !second || !third) throw new Error("three jobs");

  const flashed = await first.run(inputs);
  expect(flashed.outputs).toMatchObject({ verified: "true" });
  // A later step of the same job enters freely, and keeps nothing more.
  const again = await first.run(inputs);
  expect(again.outputs).toMatchObject({ skipped: "true" });
  expect(again.state).not.toHaveProperty("kept-boards");

  const waiters = [start(second), start(third)];
  for (const waiter of waiters)
    await untilLogged(waiter, "held by owner/repository, run bench-1, job flash, runner bench-1");
  expect(waiters.map(runs)).toEqual([true, true]);

  expect((await first.post(flashed)).log).toContain("Gave the board virtual-");
  const next = await Promise.race(waiters.map(async (waiter, index) => ({ index, end: await waiter.finished })));
  expect(next.end.outputs).toMatchObject({ skipped: "true", "error-code": "" });

  // The board is the next job's now; the third still waits, and the first can no longer give it away.
  const other = waiters[1 - next.index];
  const late = await first.post(flashed);
  expect(late.exitCode).toBe(0);
  expect(late.log).toContain("no longer this job's");
  expect(late.log).toContain(`run bench-${next.index + 2}`);
  expect(other && runs(other)).toBe(true);

  await [second, third][next.index]?.post(next.end);
  const last = await other?.finished;
  expect(last?.outputs).toMatchObject({ skipped: "true" });
  if (last) await [second, third][1 - next.index]?.post(last);
});

test("`lock: step`: a killed step frees the board for the next", async () => {
  const holder = start(action.onRunner("bench-1"), { ...silent(inputs), lock: "step" });
  await untilLogged(holder, "Connect to the board");
  const next = start(action.onRunner("bench-2"), { lock: "step" });
  await untilLogged(next, "held by owner/repository, run bench-1");
  holder.child.kill("SIGKILL");
  await untilLogged(next, "Connect to the board");
  expect((await next.finished).outputs).toMatchObject({ verified: "true" });
  await holder.finished;
});

test("waiting does not count into `timeout`, and ends with `lock-timeout`", async () => {
  const holder = start(action.onRunner("bench-1"), { ...silent(inputs), lock: "step" });
  await untilLogged(holder, "Connect to the board");
  // What it does but wait takes a fraction of these four seconds.
  const waits = { lock: "step", timeout: "4", "lock-timeout": "6" };
  const waiter = await start(action.onRunner("bench-2"), waits).finished;
  expect(waiter.outputs["error-code"]).toBe("lock/timeout");
  expect(waiter.log).toContain("still held after 6 s by owner/repository, run bench-1");
  holder.child.kill("SIGKILL");
  await holder.finished;
});

test("a cancelled waiter ends at once and takes nothing with it", async () => {
  const first = action.onRunner("bench-1");
  const flashed = await first.run(inputs);
  const waiter = start(action.onRunner("bench-2"));
  await untilLogged(waiter, "held by owner/repository, run bench-1");
  waiter.child.kill("SIGINT");
  expect(await waiter.finished).toMatchObject({
    exitCode: 1,
    outputs: { "error-code": "job/cancelled" },
    state: {},
  });
  expect((await first.post(flashed)).log).toContain("Gave the board");
});

test("`lock: off` waits for nobody, and leaves no locks", async () => {
  const first = action.onRunner("bench-1");
  const flashed = await first.run(inputs);
  const none = path.join(action.workspace, "none");
  const end = await action.onRunner("bench-2").run({ ...inputs, lock: "off", "lock-dir": none });
  expect(end.outputs).toMatchObject({ verified: "true" });
  expect(end.state).not.toHaveProperty("kept-boards");
  expect(readdirSync(action.workspace)).not.toContain("none");
  await first.post(flashed);
});
