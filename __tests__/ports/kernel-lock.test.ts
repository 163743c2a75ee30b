import {
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { getEventListeners } from "node:events";
import { systemClock } from "../../src/base/clock.js";
import type { KernelLock } from "../../src/ports/kernel-lock.js";
import { lockFile } from "../../src/ports/kernel-lock.js";
import { FastClock } from "../support/fast-clock.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-kernel-"));
  file = path.join(folder, "a.lock");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const deps = { clock: systemClock, signal: new AbortController().signal };
async function take(patience: "now" | "wait" = "now"): Promise<KernelLock> {
  const lock = await lockFile(file, patience, deps);
  if (lock === undefined) throw new Error("the lock is not free");
  return lock;
}

test("one holds it, others come back at once or wait; after the release it is free", async () => {
  const first = await take();
  expect(await lockFile(file, "now", deps)).toBeUndefined();
  const waiting = take("wait");
  first.release();
  const second = await waiting;
  expect(await lockFile(file, "now", deps)).toBeUndefined();
  second.release();
  (await take()).release();
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("who waits stands in the system's queue and does not ask again and again", async () => {
  const first = await take();
  const clock = new FastClock();
  const waiting = lockFile(file, "wait", { ...deps, clock });
  first.release();
  (await waiting)?.release();
  expect(clock.waitsMs).toEqual([]);
});

onLinux(
  "neither a wait that ends nor one that is cancelled leaves a descriptor open or a listener behind",
  async () => {
    const openFiles = (): number => readdirSync("/proc/self/fd").length;
    const controller = new AbortController();
    const own = { ...deps, signal: controller.signal };
    const first = await take();
    const before = openFiles();
    expect(await lockFile(file, "now", own)).toBeUndefined();
    const waiting = lockFile(file, "wait", own);
    rmSync(file);
    first.release();
    (await waiting)?.release();
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    const second = await take();
    const cancelled = lockFile(file, "wait", own);
    controller.abort(new Error("cancelled"));
    await expect(cancelled).rejects.toThrow("cancelled");
    expect(openFiles()).toBe(before);
    second.release();
  },
);

test("taking it shows in the file's time, so that cleaners of temporary folders leave it", async () => {
  writeFileSync(file, "");
  utimesSync(file, 1000, 1000);
  (await take()).release();
  expect(statSync(file).mtimeMs).toBeGreaterThan(1_000_000);
  (await take()).release();
  expect(readFileSync(file, "utf8")).toBe("\n");
});

test("a lock on a file that was deleted while waiting keeps nobody out, so the one in its place is taken", async () => {
  const first = await take();
  const waiting = take("wait");
  // The waiter stands in the queue of the first file as soon as it has opened it, which it does at once.
  rmSync(file);
  writeFileSync(file, "");
  first.release();
  const second = await waiting;
  expect(fstatSync(second.fd).ino).toBe(statSync(file).ino);
  expect(await lockFile(file, "now", deps)).toBeUndefined();
  second.release();
});

test("whoever cancels before or while waiting gets the reason", async () => {
  const reason = new Error("cancelled");
  await expect(lockFile(file, "now", { ...deps, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const first = await take();
  const controller = new AbortController();
  const waiting = lockFile(file, "wait", { ...deps, signal: controller.signal });
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  first.release();
  (await take()).release();
});

test("what cannot be opened is named", async () => {
  mkdirSync(file);
  await expect(take()).rejects.toMatchObject({
    code: "lock/unavailable",
    message: expect.stringMatching(`^the lock ${file} cannot be taken: .*EISDIR`) as string,
    details: { path: file },
  });
});
