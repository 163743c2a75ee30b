import { FlashError } from "../base/errors.js";
import type { FirmwareSet } from "../firmware/firmware.js";
import type { FlashResult } from "../flash/job.js";
import type { BootReport } from "../monitor/report.js";

/** What is known of one board when the step ends, be it well or badly. */
export interface BoardOutcome {
  /** As it was asked for. */
  readonly name: string;
  /** Where it was found; absent as long as it was not. */
  readonly port?: string;
  /** How long the step worked on it. */
  readonly durationMs: number;
  readonly firmware?: FirmwareSet;
  readonly result?: FlashResult;
  /** What it did after the reset; absent where nobody looked. */
  readonly boot?: BootReport;
  /** Path of the file with all that its console said, each line with its time. */
  readonly bootLog?: string;
  /** It ran the right app before anything was done (`when: unhealthy`), and was not flashed. */
  readonly leftAlone?: boolean;
  readonly error?: FlashError;
}

/** What the step knows when it ends. */
export interface StepOutcome {
  /** How long the step took, all in all. */
  readonly durationMs: number;
  /** In the order in which they were asked for; none where the inputs could not be read. */
  readonly boards: readonly BoardOutcome[];
  /** Of the step itself, no matter which board. */
  readonly error?: FlashError;
}

/** A board about which things are still being learnt, so that they can be told even if the step is cut short. */
export type BoardNotes = { -readonly [Key in keyof BoardOutcome]: BoardOutcome[Key] };

/** What the step failed with: its own error, or else those of its boards, with the board's name where it has several. */
export function failuresOf({ error, boards }: StepOutcome): readonly FlashError[] {
  if (error !== undefined) return [error];
  return boards.flatMap((board) => {
    if (board.error === undefined || boards.length === 1) return board.error ?? [];
    const { code, message, details, cause } = board.error;
    return new FlashError(code, `${board.port ?? board.name}: ${message}`, details, cause);
  });
}

/** The board of a step that has only one. */
export function soleBoard({ boards }: StepOutcome): BoardOutcome | undefined {
  return boards.length === 1 ? boards[0] : undefined;
}
