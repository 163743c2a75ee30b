import type { claimBoard, ClaimedBoard } from "../../src/action/claim-board.js";
import { toFlashError } from "../../src/base/errors.js";
import type { VirtualClock } from "../../src/base/virtual-clock.js";
import { createDice } from "./dice.js";
import { createLockScene } from "./lock-scene.js";
import { lockTroubles, OUR_JOB } from "./lock-troubles.js";
import type { LockTrouble, LockTroubleName } from "./lock-troubles.js";

/** The locks of one run: its job claims the board as a step does, under trouble the first time. */
export interface RunLocks {
  /** Claims the board for the run's job; a claim that ended as it had to is followed by one without trouble. */
  claim(): Promise<ClaimedBoard>;
  /** Gives the board back. */
  release(board: ClaimedBoard): Promise<void>;
  /** Ends all, and tells what is wrong: who worked at once, what is still held, how a claim ended that should not have. */
  end(): Promise<readonly string[]>;
}

/** A keeper notices within 0.2 s that its token is gone; on a busy machine that takes longer. */
const KEEPER_ENDS_MS = 60_000;

interface RunLocksOptions {
  readonly folder: string;
  readonly trouble: LockTroubleName;
  readonly seed: number;
  readonly claim: typeof claimBoard;
}

export function createRunLocks({ folder, trouble: name, seed, claim }: RunLocksOptions): RunLocks {
  const scene = createLockScene(folder, claim);
  const wrong: string[] = [];
  const endOfWork = new Map<ClaimedBoard, () => void>();
  let trouble: LockTrouble | undefined = lockTroubles[name];
  let afterwards: (() => Promise<void>) | undefined;

  const begin = (board: ClaimedBoard): ClaimedBoard => {
    endOfWork.set(board, scene.begin());
    return board;
  };

  const claimUnder = async ({ arrange, endsWith, orPasses, lock, timeoutMs }: LockTrouble): Promise<ClaimedBoard> => {
    const controller = new AbortController();
    const { signal } = controller;
    const plot = await arrange({ scene, dice: createDice(seed), cancel: (reason) => controller.abort(reason) });
    const ways = {
      signal,
      ...(plot.onWait && { onWait: plot.onWait }),
      ...(lock && { lock }),
      ...(timeoutMs !== undefined && { timeoutMs }),
    };
    try {
      const board = begin(await scene.claim({ job: OUR_JOB, ...ways }));
      if (endsWith !== undefined && orPasses !== true) wrong.push(`${name}: the claim did not end with ${endsWith}`);
      afterwards = plot.afterwards;
      plot.onClaimed?.();
      return board;
    } catch (thrown) {
      const { code, message } = toFlashError(thrown);
      if (code !== endsWith) wrong.push(`${name}: the claim ended with ${code}: ${message}`);
      await plot.afterwards?.();
      return claimAnew();
    }
  };

  /** In a new folder, so that the run can go on whatever happened to the old one. */
  const claimAnew = async (): Promise<ClaimedBoard> => {
    await scene.end();
    return begin(await scene.claim({ job: OUR_JOB }));
  };

  /** Nobody else is there any more: a board that is not free at once was not given back. */
  const claimFree = async (): Promise<ClaimedBoard> => {
    try {
      return begin(await scene.claim({ job: OUR_JOB, timeoutMs: 0 }));
    } catch (thrown) {
      wrong.push(`${name}: the board was not given back: ${toFlashError(thrown).message}`);
      return claimAnew();
    }
  };

  return {
    claim() {
      const first = trouble;
      trouble = undefined;
      return first ? claimUnder(first) : claimFree();
    },
    async release(board) {
      endOfWork.get(board)?.();
      board.release(undefined);
      await afterwards?.();
      afterwards = undefined;
    },
    async end() {
      if (scene.mostAtWork > 1) wrong.push(`${name}: ${scene.mostAtWork} worked on the board at once`);
      const latestMs = performance.now() + (scene.kept.length > 0 ? KEEPER_ENDS_MS : 0);
      scene.giveBack();
      let held = await scene.heldLocks();
      while (held.length > 0 && performance.now() < latestMs) held = await scene.heldLocks();
      if (held.length > 0) wrong.push(`${name}: one of ${held.join(", ")} is still held`);
      await scene.end();
      return wrong;
    },
  };
}

/** Lets real work go on while a virtual clock stands still. */
export async function meanwhile<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = (): void => {
    isDone = true;
  };
  work.then(done, done);
  const isSettled = (): boolean => isDone;
  while (!isSettled()) await clock.breathe();
  return work;
}
