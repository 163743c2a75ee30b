import type { AfterMode } from "../flash/job.js";
import type { KeptBoard } from "../ports/lock-keeper.js";
import type { PortInfo } from "../ports/port-info.js";

/** A board that a step holds, and where. Plain data, so that it can go into the state of the `post` step. */
export interface HeldBoard {
  readonly port: PortInfo;
  readonly lockDir: string;
  /** Its locks; none where the board is nobody else's, or with `lock: off`. */
  readonly lockNames: readonly string[];
  /** Once it has answered. */
  readonly mac?: string;
}

/** A board that a step works on, and how it is to be left. */
export interface BoardAtWork extends HeldBoard {
  readonly after: AfterMode;
}

/** Names of the states that a step leaves for its `post` step: JSON lists of `KeptBoard` and `BoardAtWork`. */
export const stateNames = { kept: "kept-boards", atWork: "boards-at-work" } as const;

/** Names of locks become names of files, which have to stay in the lock folder. */
const isFileName = (value: unknown): boolean => typeof value === "string" && /^[^/\\\0]+$/.test(value);

/** Whether a value of `kept` is what a step saves there. */
export function isKeptBoard(value: unknown): value is KeptBoard {
  const board = value as Partial<KeptBoard> | null;
  return typeof board?.lockDir === "string" && isFileName(board.name) && isFileName(board.token);
}

/** Whether a value of `atWork` is what a step saves there. */
export function isBoardAtWork(value: unknown): value is BoardAtWork {
  const board = value as Partial<BoardAtWork> | null;
  return (
    typeof board?.lockDir === "string" &&
    typeof board.port?.path === "string" &&
    typeof board.after === "string" &&
    Array.isArray(board.lockNames) &&
    board.lockNames.every(isFileName)
  );
}

/** What a step leaves for its `post` step. It is saved at each change, as the step may be killed at any moment. */
export interface StepState {
  /** A board that stays with the job beyond this step, to be given back. */
  keep(board: KeptBoard): void;
  /** A board to be left in order if the step does not come to it. */
  begin(board: BoardAtWork): WorkNote;
}

/** One board's note in the step's state. */
export interface WorkNote {
  change(board: BoardAtWork): void;
  /** The step itself has left the board in order. */
  end(): void;
}

/** `save` takes a state's name and its value. */
export function createStepState(save: (name: string, value: unknown) => void): StepState {
  const kept: KeptBoard[] = [];
  const atWork = new Map<object, BoardAtWork>();
  const saveWork = (): void => save(stateNames.atWork, [...atWork.values()]);
  return {
    keep(board) {
      kept.push(board);
      save(stateNames.kept, kept);
    },
    begin(board) {
      const note: WorkNote = {
        change(now) {
          atWork.set(note, now);
          saveWork();
        },
        end() {
          if (atWork.delete(note)) saveWork();
        },
      };
      note.change(board);
      return note;
    },
  };
}
