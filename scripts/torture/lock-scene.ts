import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { lockNameOfRemote } from "../../src/action/claim-board.js";
import type { claimBoard, ClaimedBoard } from "../../src/action/claim-board.js";
import { systemClock } from "../../src/base/clock.js";
import { releaseBoard } from "../../src/ports/lock-keeper.js";
import type { KeptBoard } from "../../src/ports/lock-keeper.js";
import { lockPaths } from "../../src/ports/lock.js";

/** A board elsewhere: its lock needs no device of this machine. */
const PORT = "rfc2217://torture:4000";
/** Longer than any wait of a campaign; who waits so long waits for ever. */
const PATIENCE_MS = 60_000;
/** The name of the board's lock. */
export const boardName = lockNameOfRemote(PORT) ?? "";

interface ClaimOptions {
  readonly job: string;
  readonly lock?: "step" | "job";
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onWait?: () => void;
}

/** Who claims and works on one board: the run's own job, and others. */
export interface LockScene {
  readonly lockDir: string;
  readonly stateDir: string;
  /** Claims as a step does, on the machine's own time. */
  claim(options: ClaimOptions): Promise<ClaimedBoard>;
  /** Counts who works; the returned function ends it. */
  begin(): () => void;
  /** Most that ever worked at once. */
  readonly mostAtWork: number;
  readonly kept: readonly KeptBoard[];
  /** A process that holds one of the board's locks until it is killed. */
  holder(which: "job" | "step"): Promise<ChildProcess>;
  /** Locks of which somebody still holds one; empty where all are free. */
  heldLocks(): Promise<readonly string[]>;
  /** Gives back what was kept beyond a step. */
  giveBack(): void;
  /** Gives back, ends the holders, and removes the folder of locks. */
  end(): Promise<void>;
}

/** `claimBoard` is the action's own, or a broken one. */
export function createLockScene(folder: string, claim: typeof claimBoard): LockScene {
  const lockDir = path.join(folder, "locks");
  const stateDir = path.join(folder, "ports");
  const kept: KeptBoard[] = [];
  const holders: ChildProcess[] = [];
  let atWork = 0;
  let mostAtWork = 0;
  const giveBack = (): void => kept.splice(0).forEach(releaseBoard);
  return {
    lockDir,
    stateDir,
    kept,
    giveBack,
    claim({ job, lock = "step", timeoutMs = PATIENCE_MS, signal = new AbortController().signal, onWait }) {
      const wish = { port: PORT, waitForPortMs: 0, lock, lockTimeoutMs: timeoutMs, lockDir, before: "default-reset" };
      return claim(wish as Parameters<typeof claimBoard>[0], {
        env: { GITHUB_RUN_ID: job, GITHUB_REPOSITORY: "torture/board" },
        clock: systemClock,
        signal,
        // The step's time stands still exactly while another job has the board.
        time: { pause: () => onWait?.(), resume: () => undefined },
        stateDir,
        say: () => undefined,
        onKept: (board) => void kept.push(board),
        onHeld: () => undefined,
        onReleased: () => undefined,
      });
    },
    begin() {
      mostAtWork = Math.max(mostAtWork, ++atWork);
      return () => {
        atWork--;
      };
    },
    get mostAtWork() {
      return mostAtWork;
    },
    async holder(which) {
      mkdirSync(lockDir, { recursive: true });
      // It keeps the lock to itself (-o), so that the lock goes with it; what it started ends with its input.
      const args = ["-x", "-o", lockPaths(lockDir, boardName)[which], "sh", "-c", "echo held; read end"];
      const child = spawn("flock", args, { stdio: ["pipe", "pipe", "ignore"] });
      holders.push(child);
      await once(child.stdout, "data");
      return child;
    },
    async heldLocks() {
      if (!existsSync(lockDir)) return [];
      const files = readdirSync(lockDir).filter((file) => file.endsWith(".lock"));
      // One process for all of them: each takes its lock and starts the next.
      const chain = files.flatMap((file) => ["flock", "-n", path.join(lockDir, file)]);
      const child = spawn("sh", ["-c", '"$@"', "sh", ...chain, "true"], { stdio: "ignore" });
      const [code] = (await once(child, "exit")) as [number | null];
      return code === 0 ? [] : files;
    },
    async end() {
      giveBack();
      for (const child of holders) {
        child.stdin?.destroy();
        child.stdout?.destroy();
        const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : undefined;
        child.kill("SIGKILL");
        await ended;
      }
      rmSync(lockDir, { recursive: true, force: true });
    },
  };
}
