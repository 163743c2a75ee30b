import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "../../src/base/clock.js";
import type { KeptBoard } from "../../src/ports/lock-keeper.js";
import { keepForJob, releaseBoard } from "../../src/ports/lock-keeper.js";
import type { BoardLock } from "../../src/ports/lock.js";
import { lockBoard } from "../../src/ports/lock.js";

let folder: string;
let script: string;
let lock: BoardLock;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-keeper-"));
  script = path.join(folder, "keeper.cjs");
  lock = await lockBoard("usb-1-1", {
    lockDir: path.join(folder, "locks"),
    job: { id: "mine", title: "job mine" },
    timeoutMs: 0,
    clock: systemClock,
    signal: new AbortController().signal,
    onWait: () => undefined,
  });
});
afterEach(() => {
  lock.release();
  rmSync(folder, { recursive: true, force: true });
});

/** A keeper that writes down what it was given, and ends. */
async function toldToKeeper(): Promise<unknown> {
  const told = path.join(folder, "told.json");
  while (!existsSync(told)) await pause(5);
  return JSON.parse(readFileSync(told, "utf8"));
}

test("the keeper gets the token, the job's process and the locked file, and of the environment only what it needs", async () => {
  writeFileSync(
    script,
    `const fs = require("fs");
     const { argv, env } = process;
     const same = fs.fstatSync(3).ino === fs.statSync("usb-1-1.lock").ino;
     const leadsItsGroup = process.platform !== "linux" ||
       Number(fs.readFileSync("/proc/self/stat", "utf8").split(" ")[4]) === process.pid;
     fs.writeFileSync("../new.json", JSON.stringify({ args: argv.slice(2), env: Object.keys(env).sort(), same, leadsItsGroup }));
     fs.renameSync("../new.json", "../told.json");`,
  );
  const heard: KeptBoard[] = [];
  const env = { RUNNER_TRACKING_ID: "mark", SystemRoot: "C:\\Windows", SECRET_TOKEN: "x", PATH: process.env.PATH };
  const kept = await keepForJob(lock, {
    script,
    env,
    jobProcessId: 4711,
    beforeStart: (board) => {
      expect(existsSync(tokenOf(board))).toBe(true);
      heard.push(board);
    },
  });
  if (kept === undefined) throw new Error("nothing is kept");
  expect(heard).toEqual([kept]);
  expect(kept).toMatchObject({ lockDir: lock.lockDir, name: "usb-1-1" });
  expect(await toldToKeeper()).toEqual({
    args: [tokenOf(kept), "4711"],
    env: ["RUNNER_TRACKING_ID", "SystemRoot"],
    same: true,
    leadsItsGroup: true,
  });
  expect(releaseBoard(kept)).toBe(true);
  expect(existsSync(tokenOf(kept))).toBe(false);
  expect(releaseBoard(kept)).toBe(false);
});

const tokenOf = ({ lockDir, name, token }: KeptBoard): string => path.join(lockDir, `${name}.${token}.kept`);

test("without a job's process, the keeper is told of none", async () => {
  writeFileSync(
    script,
    `const fs = require("fs");
     fs.writeFileSync("../new.json", JSON.stringify(process.argv[3]));
     fs.renameSync("../new.json", "../told.json");`,
  );
  const kept = await keepForJob(lock, { script, env: {} });
  expect(await toldToKeeper()).toBe("0");
  if (kept !== undefined) releaseBoard(kept);
});

test("nothing is kept twice", async () => {
  const later = { lockDir: lock.lockDir, name: lock.name, release: (): void => undefined };
  expect(await keepForJob(later, { script, env: {} })).toBeUndefined();
  expect(readdirSync(lock.lockDir).filter((file) => file.endsWith(".kept"))).toEqual([]);
});

test("a keeper that cannot be started leaves no token, and says so", async () => {
  const away = path.join(folder, "away");
  const beforeStart = (): void => renameSync(lock.lockDir, away);
  await expect(keepForJob(lock, { script, env: {}, beforeStart })).rejects.toMatchObject({
    code: "lock/unavailable",
    message: expect.stringContaining("the board cannot be kept for the job: ") as string,
  });
  renameSync(away, lock.lockDir);
  const failing = (): void => {
    throw new Error("no state");
  };
  await expect(keepForJob(lock, { script, env: {}, beforeStart: failing })).rejects.toThrow("no state");
  expect(readdirSync(lock.lockDir).filter((file) => file.endsWith(".kept"))).toHaveLength(1);
});
