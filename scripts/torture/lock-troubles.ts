import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ErrorCode } from "../../src/base/errors.js";
import { FlashError } from "../../src/base/errors.js";
import { writeOwner } from "../../src/ports/lock-owner.js";
import { lockPaths } from "../../src/ports/lock.js";
import type { Dice } from "./dice.js";
import { boardName } from "./lock-scene.js";
import type { LockScene } from "./lock-scene.js";

/** What one trouble has to do with. */
export interface LockStage {
  readonly scene: LockScene;
  readonly dice: Dice;
  /** Cancels the claim, as the runner would. */
  readonly cancel: (reason: FlashError) => void;
}

/** What happens around the claim of the run's own job. */
interface Plot {
  /** Once our claim waits for another job. */
  readonly onWait?: () => void;
  /** Once it has the board. */
  readonly onClaimed?: () => void;
  /** Once the work is done and the board is given back; before that, others may go on. */
  readonly afterwards?: () => Promise<void>;
}

/** One row: trouble around the locks of a run. */
export interface LockTrouble {
  readonly about: string;
  /** What the claim has to end with; without, it has to get the board. */
  readonly endsWith?: ErrorCode;
  /** It may as well get the board. */
  readonly orPasses?: true;
  readonly lock?: "job";
  readonly timeoutMs?: number;
  readonly arrange: (stage: LockStage) => Promise<Plot>;
}

/** The job of the run itself, and another one. */
export const OUR_JOB = "ours";
const OTHER_JOB = "other";
/** What the notes call the run's own job. */
const OUR_ID = "torture/board/ours///";

const calm = (plot: Plot = {}): Promise<Plot> => Promise.resolve(plot);
const ownerNote = (scene: LockScene): string => lockPaths(scene.lockDir, boardName).owner;

/** Another step that wants the board at the same time, works on it as soon as it gets it, and gives it back. */
function rival(scene: LockScene, job: string): Promise<void> {
  return (async () => {
    const board = await scene.claim({ job });
    const end = scene.begin();
    await new Promise((resolve) => setTimeout(resolve, 2));
    end();
    board.release(undefined);
  })();
}

const atOnce =
  (job: string) =>
  ({ scene }: LockStage): Promise<Plot> => {
    const other = rival(scene, job);
    return calm({ afterwards: () => other });
  };

/** A process of another job has the board, and is killed while we wait. */
const killed =
  (which: "job" | "step") =>
  async ({ scene }: LockStage): Promise<Plot> => {
    const holder = await scene.holder(which);
    const note = { jobId: which === "job" ? OTHER_JOB : OUR_ID, title: "a job that is killed", since: "2026-01-01" };
    writeOwner(ownerNote(scene), note);
    return { onWait: () => void holder.kill("SIGKILL") };
  };

const NOTES: readonly ((note: string, dice: Dice) => void)[] = [
  (note) => writeFileSync(note, ""),
  (note) => writeFileSync(note, `{"jobId":"${OTHER_JOB}","title":"to`),
  (note) => writeFileSync(note, "null"),
  (note) => writeFileSync(note, `{"jobId":["${OUR_ID}"],"title":{},"since":1}`),
  (note, dice) =>
    writeFileSync(
      note,
      Uint8Array.from({ length: 500 }, () => dice.below(256)),
    ),
  (note) => writeFileSync(note, `{"jobId":"x","title":"${"x".repeat(1_000_000)}","since":""}`),
  (note) => writeFileSync(note, `{"jobId":"${OUR_ID}","title":"ours, long ago","since":"1970"}`),
];

const UNUSABLE: readonly ((paths: ReturnType<typeof lockPaths>, folder: string) => void)[] = [
  ({ owner }) => mkdirSync(owner),
  ({ job }) => mkdirSync(job),
  ({ owner }, folder) => symlinkSync(path.join(folder, "elsewhere"), owner),
  ({ step }, folder) => symlinkSync(path.join(folder, "elsewhere"), step),
];

/** The process that keeps a board, which has the token's name among its arguments. */
function findKeeper(token: string): number | undefined {
  const isKeeper = (id: string): boolean => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, "utf8").includes(token);
    } catch {
      // It ended just now.
      return false;
    }
  };
  const found = readdirSync("/proc").find((id) => /^\d+$/.test(id) && isKeeper(id));
  return found === undefined ? undefined : Number(found);
}

/** All kinds of trouble around the locks. */
export const lockTroubles = {
  none: { about: "nothing", arrange: () => calm() },
  "two jobs": { about: "another job wants the board at the same moment", arrange: atOnce(OTHER_JOB) },
  "two steps": { about: "another step of the same job wants it, too", arrange: atOnce(OUR_JOB) },
  "holder killed": { about: "the job that has the board is killed while we wait", arrange: killed("job") },
  "step killed": { about: "a step of our own job is killed while we wait", arrange: killed("step") },
  "bad note": {
    about: "the note beside the lock is empty, torn, garbage or of no known shape",
    arrange({ scene, dice }) {
      mkdirSync(scene.lockDir, { recursive: true });
      dice.pick(NOTES)(ownerNote(scene), dice);
      return calm();
    },
  },
  "poisoned note": {
    about: "the note says that the board is ours while another job works on it",
    async arrange({ scene }) {
      mkdirSync(scene.lockDir, { recursive: true });
      const other = await scene.claim({ job: OTHER_JOB });
      const end = scene.begin();
      writeOwner(ownerNote(scene), { jobId: OUR_ID, title: "ours", since: "2026-01-01" });
      let isOver = false;
      const finish = (): Promise<void> => {
        if (!isOver) {
          isOver = true;
          end();
          other.release(undefined);
        }
        return Promise.resolve();
      };
      // A claim that waits for nobody works beside the other, which then ends after it.
      return { onWait: () => setTimeout(() => void finish(), 20), afterwards: finish };
    },
  },
  "unusable files": {
    about: "a folder or a link stands where a lock or its note belongs",
    endsWith: "lock/unavailable",
    arrange({ scene, dice }) {
      mkdirSync(scene.lockDir, { recursive: true });
      dice.pick(UNUSABLE)(lockPaths(scene.lockDir, boardName), scene.lockDir);
      return calm();
    },
  },
  "no folder": {
    about: "a file stands where the folder of locks belongs",
    endsWith: "lock/unavailable",
    arrange({ scene }) {
      writeFileSync(scene.lockDir, "");
      return calm();
    },
  },
  "folder goes while we wait": {
    about: "the folder of locks is deleted while we wait in it",
    endsWith: "lock/unavailable",
    orPasses: true,
    async arrange({ scene }) {
      const holder = await scene.holder("job");
      return {
        onWait() {
          rmSync(scene.lockDir, { recursive: true });
          holder.kill("SIGKILL");
        },
      };
    },
  },
  "folder goes while we work": {
    about: "the folder of locks is deleted while we have the board",
    arrange: ({ scene }) => calm({ onClaimed: () => rmSync(scene.lockDir, { recursive: true }) }),
  },
  "bad state": {
    about: "what is known about boards is garbage, or cannot be kept",
    arrange({ scene, dice }) {
      if (dice.chance(0.5)) writeFileSync(scene.stateDir, "");
      else {
        mkdirSync(scene.stateDir);
        writeFileSync(path.join(scene.stateDir, `${boardName}.health.json`), `{"failures":`);
        writeFileSync(path.join(scene.stateDir, "4c11aeb99054.json"), "\0garbage");
      }
      return calm();
    },
  },
  "taken over, then cancelled": {
    about: "the board is given back and taken by a third job while we wait, then we are cancelled",
    endsWith: "job/cancelled",
    // Where we are faster than the third job.
    orPasses: true,
    async arrange({ scene, cancel }) {
      const [first, next] = [await scene.claim({ job: OTHER_JOB }), scene.claim({ job: "third" })];
      return {
        onWait() {
          first.release(undefined);
          void next.then(() => cancel(new FlashError("job/cancelled", "The job was cancelled.")));
        },
        afterwards: async () => (await next).release(undefined),
      };
    },
  },
  "held too long": {
    about: "another job has the board for longer than `lock-timeout`",
    endsWith: "lock/timeout",
    timeoutMs: 30,
    async arrange({ scene }) {
      await scene.holder("job");
      return {};
    },
  },
  "keeper killed": {
    about: "what keeps the board for the job is killed",
    lock: "job",
    arrange: ({ scene }) =>
      calm({
        async afterwards() {
          for (const { token } of scene.kept) {
            const keeper = findKeeper(token);
            if (keeper !== undefined) process.kill(keeper, "SIGKILL");
          }
          await rival(scene, OTHER_JOB);
        },
      }),
  },
} as const satisfies Readonly<Record<string, LockTrouble>>;

export type LockTroubleName = keyof typeof lockTroubles;
