import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { StepResult } from "../../scripts/runner.mjs";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction, JobOnRunner } from "../support/built-action.js";

let action: BuiltAction;
let inputs: Readonly<Record<string, string>>;
beforeEach(() => {
  action = installBuiltAction();
  writeFileSync(path.join(action.workspace, "demo.bin"), buildDemoFirmware(esp32));
  const board = path.join(action.workspace, "board.flash");
  inputs = { port: `virtual:esp32?flash=${board}`, "firmware-url": "demo.bin" };
});
afterEach(() => action.end());

interface RunningStep {
  readonly finished: Promise<StepResult>;
  readonly pid: number;
  /** Resolves once the log has this text. */
  logs(text: string): Promise<void>;
  kill(signal?: "SIGINT" | "SIGKILL"): void;
  hasEnded(): boolean;
}

function start(job: JobOnRunner, more: Readonly<Record<string, string>> = {}): RunningStep {
  const { child, finished } = job.start({ ...inputs, ...more });
  let log = "";
  let hasEnded = false;
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: string) => (log += text));
  void finished.then(() => (hasEnded = true));
  return {
    finished,
    pid: child.pid ?? 0,
    async logs(text) {
      while (!log.includes(text)) {
        if (hasEnded) throw new Error(`ended without ${text}:\n${log}`);
        await pause(20);
      }
    },
    kill: (signal = "SIGKILL") => void child.kill(signal),
    hasEnded: () => hasEnded,
  };
}

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
  for (const waiter of waiters) await waiter.logs("held by owner/repository, run bench-1, job flash, runner bench-1");
  expect(waiters.map((waiter) => waiter.hasEnded())).toEqual([false, false]);

  expect((await first.post(flashed)).log).toContain("Gave the board virtual-");
  const next = await Promise.race(waiters.map(async (waiter, index) => ({ index, end: await waiter.finished })));
  expect(next.end.outputs).toMatchObject({ skipped: "true", "error-code": "" });

  // The board is the next job's now; the third still waits, and the first can no longer give it away.
  const other = waiters[1 - next.index];
  const late = await first.post(flashed);
  expect(late.exitCode).toBe(0);
  expect(late.log).toContain("no longer this job's");
  expect(late.log).toContain(`run bench-${next.index + 2}`);
  expect(other?.hasEnded()).toBe(false);

  await [second, third][next.index]?.post(next.end);
  const last = await other?.finished;
  expect(last?.outputs).toMatchObject({ skipped: "true" });
  if (last) await [second, third][1 - next.index]?.post(last);
}, 60_000);

test("`lock: step`: a killed step frees the board for the next", async () => {
  const holder = start(action.onRunner("bench-1"), { ...silent(inputs), lock: "step" });
  await holder.logs("Connect to the board");
  const next = start(action.onRunner("bench-2"), { lock: "step" });
  await next.logs("held by owner/repository, run bench-1");
  holder.kill();
  await next.logs("Connect to the board");
  expect((await next.finished).outputs).toMatchObject({ verified: "true" });
  await holder.finished;
}, 60_000);

test("waiting does not count into `timeout`, and ends with `lock-timeout`", async () => {
  const holder = start(action.onRunner("bench-1"), { ...silent(inputs), lock: "step" });
  await holder.logs("Connect to the board");
  const waits = { lock: "step", timeout: "1", "lock-timeout": "3" };
  const waiter = await start(action.onRunner("bench-2"), waits).finished;
  expect(waiter.outputs["error-code"]).toBe("lock/timeout");
  expect(waiter.log).toContain("still held after 3 s by owner/repository, run bench-1");
  holder.kill();
  await holder.finished;
}, 60_000);

test("a cancelled waiter ends at once and takes nothing with it", async () => {
  const first = action.onRunner("bench-1");
  const flashed = await first.run(inputs);
  const waiter = start(action.onRunner("bench-2"));
  await waiter.logs("held by owner/repository, run bench-1");
  waiter.kill("SIGINT");
  expect(await waiter.finished).toMatchObject({
    exitCode: 1,
    outputs: { "error-code": "job/cancelled" },
    state: {},
  });
  expect((await first.post(flashed)).log).toContain("Gave the board");
}, 60_000);

test("`lock: off` waits for nobody, and leaves no locks", async () => {
  const first = action.onRunner("bench-1");
  const flashed = await first.run(inputs);
  const none = path.join(action.workspace, "none");
  const end = await action.onRunner("bench-2").run({ ...inputs, lock: "off", "lock-dir": none });
  expect(end.outputs).toMatchObject({ verified: "true" });
  expect(end.state).not.toHaveProperty("kept-boards");
  expect(readdirSync(action.workspace)).not.toContain("none");
  await first.post(flashed);
}, 60_000);
