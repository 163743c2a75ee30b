import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { KeptBoard } from "../../src/ports/lock-keeper.js";
import { releaseBoard } from "../../src/ports/lock-keeper.js";
import { bundleScripts } from "../support/bundle-script.js";
import type { LockWork } from "../support/lock-worker.js";

interface Told {
  readonly waitsFor?: string;
  readonly working?: boolean;
  readonly kept?: KeptBoard | null;
  readonly error?: string;
  readonly message?: string;
}

interface Worker {
  readonly child: ChildProcess;
  readonly told: readonly Told[];
  /** The first line, told or still to come, that has this fact. */
  saying(fact: keyof Told): Promise<Told>;
  /** Ends the work of one that works until it is told. */
  finish(): void;
  readonly ended: Promise<number | null>;
}

const board = "usb-1-1.2";
let scripts: ReturnType<typeof bundleScripts>;
let folder: string;
let lockDir: string;
let journal: string;
const workers: Worker[] = [];

beforeAll(() => {
  scripts = bundleScripts("__tests__/support/lock-worker.ts", "src/ports/lock-keeper-main.ts");
});
afterAll(() => scripts.remove());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-lock-"));
  lockDir = path.join(folder, "locks");
  journal = path.join(folder, "journal");
});
afterEach(async () => {
  for (const { child } of workers) child.kill("SIGKILL");
  await Promise.all(workers.splice(0).map(({ ended }) => ended));
  // Keepers end by themselves once their token is gone.
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function startWorker(job: string, work: Partial<LockWork> = {}, programs = process.env.PATH): Worker {
  const whole: LockWork = { lockDir, board, journal, workMs: 50, timeoutMs: 100_000, ...work };
  const env = {
    PATH: programs,
    GITHUB_REPOSITORY: "org/product",
    GITHUB_RUN_ID: "17",
    GITHUB_RUN_ATTEMPT: "1",
    GITHUB_JOB: job,
    RUNNER_NAME: "bench-1",
    RUNNER_TRACKING_ID: "github_tracking",
  };
  const child = spawn(process.execPath, [scripts.pathOf("lock-worker"), JSON.stringify(whole)], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const told: Told[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    told.push(JSON.parse(line) as Told);
    for (const listener of listeners) listener();
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const saying = (fact: keyof Told): Promise<Told> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = told.find((line) => line[fact] !== undefined);
        if (found) resolve(found);
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`ended without ${fact}: ${JSON.stringify(told)}`)));
    });
  child.stdin.on("error", () => undefined);
  const worker = { child, told, saying, ended, finish: () => void child.stdin.end() };
  workers.push(worker);
  return worker;
}

/** The turns of the journal: who worked, in order. Fails where two overlapped. */
function turns(): string[] {
  const lines = readFileSync(journal, "utf8").trim().split("\n");
  const pids: string[] = [];
  for (let at = 0; at < lines.length; at += 2) {
    const [begin = "", end = ""] = lines.slice(at, at + 2);
    expect(begin).toMatch(/^begin /);
    expect(end).toBe(begin.replace("begin", "end"));
    pids.push(begin.slice("begin ".length));
  }
  return pids;
}

test("two jobs: the second waits, names the first, and comes right after it", async () => {
  const first = startWorker("first", { workMs: "until told" });
  await first.saying("working");
  const second = startWorker("second");
  expect((await second.saying("waitsFor")).waitsFor).toMatch(
    /^org\/product, run 17, job first, runner bench-1, since 20\d\d-/,
  );
  first.finish();
  expect(await first.ended).toBe(0);
  expect(await second.ended).toBe(0);
  expect(turns()).toEqual([String(first.child.pid), String(second.child.pid)]);
});

test("ten jobs, twice each: strictly one after the other, and none starves", async () => {
  const first = startWorker("first", { workMs: "until told", journal: path.join(folder, "first") });
  await first.saying("working");
  const ten = Array.from({ length: 10 }, (_, index) => startWorker(`job-${index}`, { workMs: 60, rounds: 2 }));
  for (const waiting of ten) await waiting.saying("waitsFor");
  first.child.kill("SIGKILL");
  expect(await Promise.all(ten.map(({ ended }) => ended))).toEqual(ten.map(() => 0));
  const order = turns();
  expect(order).toHaveLength(20);
  for (const { child } of ten) expect(order.filter((pid) => pid === String(child.pid))).toHaveLength(2);
});

test("a killed holder frees the board for the next", async () => {
  const holder = startWorker("holder", { workMs: "until told" });
  await holder.saying("working");
  const next = startWorker("next", { workMs: 0 });
  await next.saying("waitsFor");
  holder.child.kill("SIGKILL");
  expect(await next.saying("working")).toBeDefined();
});

test("a killed waiter does not block those behind it", async () => {
  const holder = startWorker("holder", { workMs: "until told" });
  await holder.saying("working");
  const killed = startWorker("killed");
  await killed.saying("waitsFor");
  const behind = startWorker("behind");
  await behind.saying("waitsFor");
  killed.child.kill("SIGKILL");
  await killed.ended;
  holder.finish();
  expect(await behind.ended).toBe(0);
});

test("a wait that is too long ends with the holder's name; without waiting at once", async () => {
  await startWorker("holder", { workMs: "until told" }).saying("working");
  for (const timeoutMs of [0, 300]) {
    const waiter = startWorker("waiter", { timeoutMs });
    expect(await waiter.saying("error")).toMatchObject({
      error: "lock/timeout",
      message: expect.stringContaining("org/product, run 17, job holder") as string,
    });
    expect(await waiter.ended).toBe(1);
  }
});

test("`lock: job`: the board stays with the job after the step, later steps enter, others wait for the release", async () => {
  const keep = scripts.pathOf("lock-keeper-main");
  const first = startWorker("flash", { keep });
  const { kept } = await first.saying("kept");
  expect(await first.ended).toBe(0);
  const other = startWorker("other");
  expect((await other.saying("waitsFor")).waitsFor).toContain("job flash");

  const later = startWorker("flash", { keep });
  expect(await later.ended).toBe(0);
  expect(later.told).toEqual([{ working: true }, { kept: null }]);
  expect(other.told).not.toContainEqual({ working: true });

  expect(kept && releaseBoard(kept)).toBe(true);
  expect(await other.ended).toBe(0);
  expect(turns()).toEqual([first, later, other].map(({ child }) => String(child.pid)));
});

test("two steps of one job at the same time still work one after the other", async () => {
  const both = [startWorker("flash", { workMs: 300 }), startWorker("flash", { workMs: 300 })];
  expect(await Promise.all(both.map(({ ended }) => ended))).toEqual([0, 0]);
  expect(turns()).toHaveLength(2);
});

function keeperPid(kept: KeptBoard): number {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(kept.token);
    } catch {
      return false;
    }
  });
  return Number(found);
}

async function keptBy(job: string, more: Partial<LockWork> = {}): Promise<KeptBoard> {
  const worker = startWorker(job, { keep: scripts.pathOf("lock-keeper-main"), workMs: 0, ...more });
  const { kept } = await worker.saying("kept");
  expect(await worker.ended).toBe(0);
  if (!kept) throw new Error("nothing was kept");
  return kept;
}

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("a late release after another job took the board over touches nothing", async () => {
  const ofA = await keptBy("a");
  process.kill(keeperPid(ofA), "SIGKILL");
  const ofB = await keptBy("b");
  expect(releaseBoard(ofA)).toBe(false);
  const third = startWorker("c", { timeoutMs: 600 });
  expect((await third.saying("error")).message).toContain("job b");
  expect(releaseBoard(ofB)).toBe(true);
  expect(await startWorker("c").ended).toBe(0);
});

onLinux("the keeper carries the runner's mark, so that the runner's clean-up finds it, and nothing else", async () => {
  const kept = await keptBy("a");
  const pid = keeperPid(kept);
  expect(readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").filter(Boolean)).toEqual([
    "RUNNER_TRACKING_ID=github_tracking",
  ]);
  process.kill(pid, "SIGTERM");
  expect(await startWorker("b", { workMs: 0 }).ended).toBe(0);
});

test("the keeper ends with the job's process", async () => {
  const runner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await keptBy("a", { jobProcessId: runner.pid ?? 0 });
  const other = startWorker("b");
  await other.saying("waitsFor");
  runner.kill("SIGKILL");
  expect(await other.ended).toBe(0);
});

test("one board's lock does not hold another's, nor clear its tokens", async () => {
  const kept = await keptBy("a", { board: "usb-1-1.2.3" });
  expect(await startWorker("b", { board: "usb-1-1.2", workMs: 0 }).ended).toBe(0);
  expect(existsSync(path.join(lockDir, `usb-1-1.2.3.${kept.token}.kept`))).toBe(true);
  expect(releaseBoard(kept)).toBe(true);
});

test("a folder that cannot be used is an error with its name", async () => {
  const worker = startWorker("a", { lockDir: path.join(scripts.pathOf("lock-worker"), "locks") });
  expect(await worker.saying("error")).toMatchObject({ error: "lock/unavailable" });
});

onLinux(
  "a machine whose `flock` is missing, or fails, says so; that is not taken for a lock that another has",
  async () => {
    const programs = path.join(folder, "programs");
    mkdirSync(programs);
    const messageOf = async (): Promise<string | undefined> =>
      (await startWorker("a", {}, programs).saying("error")).message;
    expect(await messageOf()).toContain("this machine has no `flock` command");
    const flock = path.join(programs, "flock");
    for (const [script, said] of [
      ["echo ' no locks here' >&2; exit 1", /cannot be taken: no locks here$/],
      ["exit 71", /flock ended with 71/],
    ] as const) {
      writeFileSync(flock, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      expect(await messageOf()).toMatch(said);
    }
  },
);
