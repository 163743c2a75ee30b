import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import { FlashError } from "../../src/base/errors.js";
import type { KernelLock } from "../../src/ports/kernel-lock.js";
import { lockFile } from "../../src/ports/kernel-lock.js";
import { readOwner, writeOwner } from "../../src/ports/lock-owner.js";
import type { BoardLock, LockOptions } from "../../src/ports/lock.js";
import { lockBoard, lockPaths, ownerOfBoard } from "../../src/ports/lock.js";
import { FastClock } from "../support/fast-clock.js";

const board = "usb-1-1.2";
let lockDir: string;
let held: { release(): void }[];
beforeEach(() => {
  lockDir = mkdtempSync(path.join(tmpdir(), "flash-wait-"));
  held = [];
});
afterEach(() => {
  for (const lock of held) lock.release();
  rmSync(lockDir, { recursive: true, force: true });
});

const forever = new AbortController().signal;
const optionsOf = (job: string, more: Partial<LockOptions> = {}): LockOptions => ({
  lockDir,
  job: { id: job, title: `job ${job}` },
  timeoutMs: 30_000,
  clock: systemClock,
  signal: forever,
  onWait: () => undefined,
  ...more,
});

async function take(job: string, more: Partial<LockOptions> = {}): Promise<BoardLock> {
  const lock = await lockBoard(board, optionsOf(job, more));
  held.push(lock);
  return lock;
}

/** As the keeper of a job's lock has it between two steps. */
async function keep(job: string): Promise<KernelLock> {
  const kept = await lockFile(lockPaths(lockDir, board).job, "now", { clock: systemClock, signal: forever });
  if (kept === undefined) throw new Error("the lock is not free");
  held.push(kept);
  writeOwner(lockPaths(lockDir, board).owner, { jobId: job, title: `job ${job}`, since: "2026-01-02T03:04:05.000Z" });
  return kept;
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(() => "no failure").catch((thrown: unknown) => thrown);

/** Nobody holds any of the board's locks. */
async function expectFree(): Promise<void> {
  (await take("the next", { timeoutMs: 0 })).release();
}

test("who waits is told once for whom, and gets the board when that one is done", async () => {
  const first = await take("first");
  expect(ownerOfBoard(lockDir, board)).toMatchObject({ jobId: "first", title: "job first" });
  const told: string[] = [];
  const second = take("second", {
    onWait: (holder) => {
      told.push(holder);
      setTimeout(() => first.release(), 50);
    },
  });
  expect(await second).toMatchObject({ name: board, lockDir });
  expect(told).toEqual([expect.stringMatching(/^job first, since 20\d\d-/)]);
  expect(ownerOfBoard(lockDir, board)?.jobId).toBe("second");
});

test("who would not wait hears at once who has the board, and leaves nothing locked behind", async () => {
  const first = await take("first");
  const failure = await failureOf(take("second", { timeoutMs: 0 }));
  expect(failure).toBeInstanceOf(FlashError);
  expect(failure).toMatchObject({
    code: "lock/timeout",
    message: expect.stringMatching(/^the board usb-1-1.2 is still held by job first, since /) as string,
    details: { board, holder: expect.stringContaining("job first") as string },
  });
  expect(ownerOfBoard(lockDir, board)?.jobId).toBe("first");
  first.release();
  await expectFree();
});

test("a wait that is too long says how long it was", async () => {
  const first = await take("first");
  const clock = new FastClock();
  const failure = await failureOf(take("second", { clock, onWait: () => clock.expire(30_000) }));
  expect(failure).toMatchObject({
    code: "lock/timeout",
    message: expect.stringContaining("is still held after 30 s by job first") as string,
  });
  first.release();
  await expectFree();
  const alone = new FastClock();
  await take("third", { clock: alone });
  expect(alone.pendingLong).toBe(0);
});

test("the time that a busy machine needs to look at a free board is no wait for another job", async () => {
  const spent: Clock = { ...systemClock, schedule: (_delayMs, callback) => systemClock.schedule(0, callback) };
  (await take("first", { clock: spent, timeoutMs: 1000 })).release();
  await expectFree();
});

test("a cancelled wait ends with the reason it was cancelled for, and takes no place in the queue", async () => {
  const first = await take("first");
  const controller = new AbortController();
  const reason = new FlashError("job/cancelled", "cancelled");
  const onWait = (): void => controller.abort(reason);
  expect(await failureOf(take("second", { signal: controller.signal, onWait }))).toBe(reason);
  first.release();
  await expectFree();
});

test("who waits hears of it when the board goes to another job meanwhile", async () => {
  const kept = await keep("first");
  const told: string[] = [];
  const clock = new FastClock();
  await take("second", {
    clock,
    onWait: (holder) => {
      told.push(holder);
      if (told.length > 1) kept.release();
      else writeOwner(lockPaths(lockDir, board).owner, { jobId: "x", title: "job x", since: "now" });
    },
  });
  held.shift();
  expect(told).toEqual(["job first, since 2026-01-02T03:04:05.000Z", "job x, since now"]);
});

test("a later step of the job that has the board kept enters, and its end does not give the board away", async () => {
  await keep("mine");
  const step = await take("mine", { timeoutMs: 0 });
  expect(step.jobLock).toBeUndefined();
  expect(ownerOfBoard(lockDir, board)?.since).toBe("2026-01-02T03:04:05.000Z");
  expect(await failureOf(take("mine", { timeoutMs: 0 }))).toMatchObject({ code: "lock/timeout" });
  step.release();
  await take("mine", { timeoutMs: 0 }).then((next) => next.release());
  expect(await failureOf(take("other", { timeoutMs: 0 }))).toMatchObject({ code: "lock/timeout" });
});

test("a step that waits for another job's board enters as soon as its own job has got it", async () => {
  await keep("other");
  const clock = new FastClock();
  const onWait = (): void =>
    writeOwner(lockPaths(lockDir, board).owner, { jobId: "mine", title: "job mine", since: "now" });
  expect((await take("mine", { clock, onWait })).jobLock).toBeUndefined();
});

test("whose keeper has ended takes the job's lock again while it waits for the step before", async () => {
  const kept = await keep("mine");
  const before = await take("mine");
  let waits = 0;
  const later = take("mine", {
    onWait: () => {
      waits++;
      held.splice(held.indexOf(kept), 1);
      kept.release();
      before.release();
    },
  });
  expect((await later).jobLock).toBeDefined();
  expect(waits).toBe(1);
  expect(ownerOfBoard(lockDir, board)?.since).not.toBe("2026-01-02T03:04:05.000Z");
});

test("a step whose job lost the board while it waited for the step before waits for the job that has it now", async () => {
  const kept = await keep("mine");
  const before = await take("mine");
  const told: string[] = [];
  const later = await take("mine", {
    onWait: (holder) => {
      told.push(holder);
      if (told.length === 1) {
        writeOwner(lockPaths(lockDir, board).owner, { jobId: "other", title: "job other", since: "now" });
        before.release();
      } else {
        held.splice(held.indexOf(kept), 1);
        kept.release();
      }
    },
  });
  expect(told).toEqual(["job mine, since 2026-01-02T03:04:05.000Z", "job other, since now"]);
  expect(later.jobLock).toBeDefined();
});

test("a release that comes twice does not close what was opened since", async () => {
  const lock = await take("first");
  lock.release();
  const next = await take("second", { timeoutMs: 0 });
  lock.release();
  expect(await failureOf(take("third", { timeoutMs: 0 }))).toMatchObject({ code: "lock/timeout" });
  next.release();
});

test("where the note cannot be written, no board is taken", async () => {
  const { owner } = lockPaths(lockDir, board);
  mkdirSync(owner);
  expect(await failureOf(take("first"))).toMatchObject({
    code: "lock/unavailable",
    message: expect.stringContaining(`${lockDir} cannot be written: `) as string,
    details: { path: lockDir },
  });
  rmSync(owner, { recursive: true });
  await expectFree();
});

test("what killed jobs left of this board goes, and nothing else", async () => {
  const token = "01234567-89ab-cdef-0123-456789abcdef";
  const gone = `${board}.${token}.kept`;
  const staying = [
    `usb-1-1.2.3.${token}.kept`,
    `usb-1-1.3.${token}.kept`,
    `${board}.note.kept`,
    `${board}.${token}.kept.old`,
    `${board}x.${token}.kept`,
  ];
  for (const file of [gone, ...staying]) writeFileSync(path.join(lockDir, file), "");
  await take("first");
  expect(existsSync(path.join(lockDir, gone))).toBe(false);
  for (const file of staying) expect(existsSync(path.join(lockDir, file))).toBe(true);
});

test("locks of other boards are free meanwhile", async () => {
  await take("first");
  const other = await lockBoard("usb-1-1.3", optionsOf("second", { timeoutMs: 0 }));
  other.release();
  expect(readOwner(lockPaths(lockDir, "usb-1-1.3").owner)?.jobId).toBe("second");
  expect(readFileSync(lockPaths(lockDir, board).owner, "utf8")).toContain("first");
});

test("a lock that the system refuses names the folder", async () => {
  mkdirSync(lockPaths(lockDir, board).step);
  expect(await failureOf(take("first"))).toMatchObject({ code: "lock/unavailable" });
  rmSync(lockPaths(lockDir, board).step, { recursive: true });
  await expectFree();
});
