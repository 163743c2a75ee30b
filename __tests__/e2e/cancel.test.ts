import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { StepResult } from "../../scripts/runner.mjs";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { jobIdentity, writeOwner } from "../../src/ports/lock-owner.js";
import { lockPaths } from "../../src/ports/lock.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction, JobOnRunner } from "../support/built-action.js";
import { patternBytes } from "../support/images.js";
import type { RunningStep } from "../support/running-step.js";
import { serveVirtualBoard } from "../support/served-board.js";
import type { ServedBoard } from "../support/served-board.js";

/** `CANCELS=30` makes it the whole campaign, of that many moments for each end; the usual number keeps the tests short. */
const cancels = Number(process.env.CANCELS ?? "1");
const seed = Number(process.env.SEED ?? "1");
const random = (at: number): number => ((at * 2_654_435_761 + seed * 40_503) % 1_000_003) / 1_000_003;

const firmware = buildDemoFirmware(esp32);
const wanted = new Uint8Array(0x400000).fill(0xff);
wanted.set(firmware, 0x1000);
/** A board in use, so that there is much to erase. */
const used = new Uint8Array(0x400000).fill(0xff);
used.set(buildDemoFirmware(esp32, 1), 0x1000);
used.set(patternBytes(0x90000, 3), 0x180000);

const IDLE = { dtr: false, rts: false };

let action: BuiltAction;
let served: ServedBoard;
beforeEach(async () => {
  action = installBuiltAction();
  writeFileSync(path.join(action.workspace, "demo.bin"), firmware);
  served = await serveVirtualBoard("virtual:esp32?timing=modelled&speed=8");
  served.board.flash.bytes.set(used);
});
afterEach(async () => {
  await served.end();
  action.end();
});

const inputs = (more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  port: served.port,
  "firmware-url": "demo.bin",
  "boot-check": "off",
  ...more,
});

/** SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL, as the runner does (actions/runner, ProcessInvoker.cs at 258d6c8). */
async function cancelAsTheRunner({ child, finished }: RunningStep): Promise<StepResult> {
  child.kill("SIGINT");
  const timers = [setTimeout(() => child.kill("SIGTERM"), 7500), setTimeout(() => child.kill("SIGKILL"), 10_000)];
  return finished.finally(() => timers.forEach((timer) => clearTimeout(timer)));
}

async function kill({ child, finished }: RunningStep): Promise<StepResult> {
  child.kill("SIGKILL");
  return finished;
}

const after = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs));

/** From the start of the process to the end of the step, at this speed of the board. */
const WHOLE_MS = 2500;

/** From the first sector erased to the end of the step. */
const WORK_MS = 600;

/** Resolves when something has been erased since `before`, or the step has ended. */
async function atWork(step: RunningStep, before: number): Promise<void> {
  while (served.board.counters.erasedSectors <= before && step.child.exitCode === null) await after(5);
}

/** Every third moment falls into an erase by `erase/`. */
function start(job: JobOnRunner, moment: number): RunningStep {
  return moment % 3 === 2 ? job.sub("erase").start(inputs({ regions: "all" })) : job.start(inputs());
}

const ends = { cancelled: cancelAsTheRunner, killed: kill } as const;

describe.each(Object.keys(ends) as (keyof typeof ends)[])("a step that is %s", (how) => {
  test(
    `leaves, with its post step, a board that runs and is free, and the next job converges (${cancels} moments)`,
    async () => {
      const figures: string[] = [];
      let slowestMs = 0;
      for (let moment = 0; moment < cancels; moment++) {
        served.board.flash.bytes.set(used);
        const before = served.board.counters.erasedSectors;
        const job = action.onRunner(`${how}-${moment}`);
        const step = start(job, moment);
        // Half of them fall into the work, however long it took to begin.
        const isInWork = moment % 2 === 0;
        if (isInWork) await atWork(step, before);
        const atMs = random(moment + 1) * (isInWork ? WORK_MS : WHOLE_MS);
        await after(atMs);
        const asked = performance.now();
        const first = await ends[how](step);
        const goneMs = performance.now() - asked;
        slowestMs = Math.max(slowestMs, goneMs);
        // It has ended by itself before the runner's patience did.
        if (how === "cancelled") expect(first.signal).not.toBe("SIGKILL");
        const wasInLoader = served.board.inDownloadMode;
        await served.untilLeft();
        expect(served.lines()).toEqual(IDLE);

        const post = await job.post(first);
        expect({ exitCode: post.exitCode, warned: post.log.includes("::warning") }).toEqual({
          exitCode: 0,
          warned: false,
        });
        await served.untilLeft();
        expect(served.lines()).toEqual(IDLE);
        expect(served.board.inDownloadMode).toBe(false);
        const changed = Buffer.compare(served.board.flash.bytes, used) !== 0;

        const other = action.onRunner(`next-${how}-${moment}`);
        // The process that keeps the lock looks every 0.2 s whether it may end.
        const next = await other.run(inputs({ "lock-timeout": "60" }));
        expect(next.log).not.toContain("::error");
        expect(next.outputs.verified).toBe("true");
        expect(Buffer.compare(served.board.flash.bytes, wanted)).toBe(0);
        await other.post(next);
        expect(readdirSync(action.lockDir).filter((name) => name.endsWith(".kept"))).toEqual([]);
        figures.push(
          `${how} ${atMs.toFixed(0)} ms after the ${isInWork ? "first erase" : "start"}: ${first.outputs["error-code"] ?? first.signal ?? ""}, ` +
            `gone in ${goneMs.toFixed(0)} ms, in the loader: ${wasInLoader}, flash changed: ${changed}`,
        );
      }
      // A figure of the machine as well, so for the campaign only.
      if (cancels >= 20) expect(slowestMs).toBeLessThan(5000);
      if (process.env.SHOW_FIGURES === "1") console.log(figures.join("\n"));
    },
    60_000 + cancels * 60_000,
  );
});

/** Killed while it erases on all of the boards, which are in their stubs then. */
async function killedAtWork(
  name: string,
  more: Readonly<Record<string, string>> = {},
  boards: readonly ServedBoard[] = [served],
): Promise<{ readonly job: JobOnRunner; readonly step: StepResult }> {
  const stopped = boards.map((board) => board.standsStillAtWork());
  const job = action.onRunner(name);
  const running = job.start(inputs(more));
  await Promise.all(stopped);
  const step = await kill(running);
  for (const board of boards) {
    await board.untilLeft();
    board.goOn();
  }
  expect(step.signal).toBe("SIGKILL");
  expect(boards.map(({ board }) => board.inDownloadMode)).toEqual(boards.map(() => true));
  return { job, step };
}

test("a post step that comes late, when another job has taken the board, does nothing to it", async () => {
  const { job, step } = await killedAtWork("slow", { lock: "step" });
  const other = action.onRunner("other");
  const next = await other.run(inputs({ "lock-timeout": "0" }));
  expect(next.outputs.verified).toBe("true");
  const { resets } = served.board.counters;

  const late = await job.post(step);
  expect(late.exitCode).toBe(0);
  expect(late.log).toContain("it has been taken by owner/repository, run other");
  expect(served.board.counters.resets).toBe(resets);
  await other.post(next);
});

test("a step that is killed with several boards in hand: its post step sees to each of them", async () => {
  const second = await serveVirtualBoard("virtual:esp32?timing=modelled&speed=8&mac=4c:11:ae:b9:90:55");
  try {
    second.board.flash.bytes.set(used);
    const { job, step } = await killedAtWork("both", { port: `${served.port}\n${second.port}` }, [served, second]);
    const post = await job.post(step);
    expect(post.log.match(/was reset into its firmware/g)).toHaveLength(2);
    expect(post.log.match(/Gave the board .* back/g)?.length).toBeGreaterThanOrEqual(2);
    for (const board of [served, second]) await board.untilLeft();
    expect([served, second].map(({ board }) => board.inDownloadMode)).toEqual([false, false]);
    expect([served.lines(), second.lines()]).toEqual([IDLE, IDLE]);
  } finally {
    await second.end();
  }
});

test("`after` says how the post step leaves a board", async () => {
  const stays = await killedAtWork("stays", { after: "no-reset" });
  expect((await stays.job.post(stays.step)).log).toContain("are idle. What ran on the board goes on");
  expect(served.board.inDownloadMode).toBe(true);
});

test("a board that was worked on without a lock is left alone by the post step", async () => {
  const alone = await killedAtWork("alone", { lock: "off" });
  expect((await alone.job.post(alone.step)).log).toContain("without a lock, so it was left alone");
  expect(served.board.inDownloadMode).toBe(true);
});

test("a board that is gone keeps the post step from no other", async () => {
  const env = { GITHUB_REPOSITORY: "owner/repository", GITHUB_RUN_ID: "bench", GITHUB_JOB: "flash" };
  const { id, title } = jobIdentity({ ...env, GITHUB_RUN_ATTEMPT: "1", RUNNER_NAME: "bench" });
  const lockNames = ["usb-9-9"];
  mkdirSync(action.lockDir, { recursive: true });
  writeOwner(lockPaths(action.lockDir, "usb-9-9").owner, { jobId: id, title, since: "2026-01-01T00:00:00Z" });
  const port = { path: "/dev/ttyUSB99", links: [], usb: { vendorId: 1, productId: 1, location: "9-9" } };
  const gone = { port, lockDir: action.lockDir, lockNames, after: "hard-reset" };
  const other = { ...gone, port: { path: "virtual:esp32", links: [] }, lockNames: [] };
  const state = { "boards-at-work": JSON.stringify([gone, other]) };
  const { log, exitCode } = await action.onRunner("bench").post({ state } as unknown as StepResult);
  expect(exitCode).toBe(0);
  expect(log.split("\n").slice(0, 2)).toEqual([
    "The board virtual:esp32 ended with its step.",
    expect.stringMatching(/^::warning::The board at \/dev\/ttyUSB99 was left as the step left it: .* is gone/),
  ]);
});
