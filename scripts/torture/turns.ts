import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BoardLane } from "../../src/action/board-lane.js";
import { inLockOrder } from "../../src/action/board-places.js";
import { lockNameOfRemote } from "../../src/action/claim-board.js";
import { claimInTurn } from "../../src/action/claim-in-turn.js";
import type { Surroundings } from "../../src/action/step-frame.js";
import { createStepState, stateNames } from "../../src/action/step-state.js";
import { sleep, systemClock } from "../../src/base/clock.js";
import { FlashError, toFlashError } from "../../src/base/errors.js";
import { ownerOfBoard } from "../../src/ports/lock.js";
import { releaseBoard } from "../../src/ports/lock-keeper.js";
import type { KeptBoard } from "../../src/ports/lock-keeper.js";
import { createDice } from "./dice.js";
import type { Dice } from "./dice.js";

/** Some jobs that keep boards while they wait for each other's have stopped for good by then, also on a slow machine. */
const ALL_ENDED_MS = 300_000;

/** Where several jobs with several boards each meet, and what is noted of it. */
interface Meeting {
  readonly folder: string;
  readonly lockDir: string;
  readonly boards: readonly string[];
  readonly dice: Dice;
  /** Who works on which board right now. */
  readonly atWork: Map<string, string>;
  readonly wrong: string[];
}

interface Notes {
  readonly name: string;
  readonly durationMs: number;
  error?: FlashError;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One job: takes its boards as a step does, works on each for a moment, keeps them, and gives them back as `post` does. */
async function oneJob(meeting: Meeting, job: string): Promise<void> {
  const { folder, lockDir, boards, dice, atWork, wrong } = meeting;
  const env = { GITHUB_RUN_ID: job, RUNNER_TOOL_CACHE: path.join(folder, job) };
  const kept: KeptBoard[] = [];
  const controller = new AbortController();
  const isCancelled = dice.chance(0.25);
  const step = {
    host: { env },
    clock: systemClock,
    signal: controller.signal,
    time: { pause: () => undefined, resume: () => undefined },
    reporter: { listener: () => undefined, openGroup: () => undefined, closeGroup: () => undefined },
    state: createStepState((name, value) => {
      if (name === stateNames.kept) kept.splice(0, kept.length, ...(value as readonly KeptBoard[]));
    }),
  } as unknown as Surroundings;
  const mine = boards.filter(() => dice.chance(0.7));
  const inputs = { lock: "job", lockTimeoutMs: ALL_ENDED_MS, lockDir, waitForPortMs: 0, after: "hard-reset" };
  const lanes = mine.map((name) => {
    const notes: Notes = { name, durationMs: 0 };
    // Without a plan, a board that another job had in between is claimed once more, and no further.
    const task = { inputs, plans: [], notes };
    return { name, lockName: lockNameOfRemote(name) ?? "", task, surroundings: step };
  });
  const delays = new Map(lanes.map(({ name }) => [name, dice.below(30)]));
  if (isCancelled) {
    const delayMs = dice.below(300);
    setTimeout(() => controller.abort(new FlashError("job/cancelled", "The job was cancelled.")), delayMs);
  }
  await claimInTurn(
    inLockOrder(lanes) as unknown as readonly BoardLane[],
    async ({ name, task }, claim) => {
      try {
        const board = await claim();
        const other = atWork.get(name);
        if (other !== undefined) wrong.push(`${job} works on ${name} while ${other} does`);
        atWork.set(name, job);
        await pause(delays.get(name) ?? 0);
        if (other === undefined) atWork.delete(name);
        board.release(undefined);
      } catch (thrown) {
        task.notes.error = toFlashError(thrown);
      }
    },
    step,
  );
  for (const { name, lockName, task } of lanes) {
    const { error } = task.notes;
    // The board without a plan was claimed: that is all that is wanted.
    if (error !== undefined) {
      const isFine = error.code === "job/cancelled" || error.code === "plan/no-firmware";
      if (!isFine) wrong.push(`${job}: ${name} ended with ${error.code}: ${error.message}`);
      continue;
    }
    const owner = ownerOfBoard(lockDir, lockName)?.jobId ?? "";
    if (!owner.includes(job)) wrong.push(`${job}: ${name} is not kept but ${owner}'s`);
  }
  for (const board of kept) releaseBoard(board);
}

/** Three jobs that want some of four boards each, at once. Returns what went wrong. */
export async function runTurns(seed: number): Promise<readonly string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "turns-"));
  const wrong: string[] = [];
  const boards = ["a", "b", "c", "d"].map((name) => `virtual:esp32?flash=${path.join(folder, name)}`);
  const lockDir = path.join(folder, "locks");
  const meeting: Meeting = { folder, lockDir, boards, dice: createDice(seed), atWork: new Map(), wrong };
  const jobs = ["first", "second", "third"];
  const ends = Promise.all(jobs.map((job) => oneJob(meeting, job))).then(() => "in time");
  const deadline = new AbortController();
  const late = sleep(systemClock, ALL_ENDED_MS / 2, deadline.signal).catch(() => "in time");
  if ((await Promise.race([ends, late])) !== "in time") wrong.push("the jobs wait for each other for ever");
  deadline.abort();
  rmSync(folder, { recursive: true, force: true });
  return wrong;
}
