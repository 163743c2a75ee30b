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

/**
 * What the step failed with: its own error, then those of its boards. Of several boards, those that failed alike are told
 * together, and those that `fail-fast` left alone come after the one that failed.
 */
export function failuresOf({ error, boards }: StepOutcome): readonly FlashError[] {
  if (boards.length <= 1) return [error ?? boards[0]?.error ?? []].flat();
  const ofBoards = failuresOfBoards(boards).filter((one) => one.code !== error?.code);
  const [spared, failed] = [ofBoards.filter(spares), ofBoards.filter((one) => !spares(one))];
  return [...(error === undefined ? [] : [error]), ...failed, ...spared];
}

const spares = (error: FlashError | undefined): boolean => error?.code === "job/fail-fast";

/** Whether a board has failed by itself; one that `fail-fast` left as it was has not. */
export function hasFailed({ error }: BoardOutcome): boolean {
  return error !== undefined && !spares(error);
}

function failuresOfBoards(boards: readonly BoardOutcome[]): readonly FlashError[] {
  const alike = new Map<string, { readonly names: string[]; readonly errors: FlashError[] }>();
  for (const { name, port = name, error } of boards) {
    if (error === undefined) continue;
    const key = `${error.code} ${withoutName(error.message, port)}`;
    const group = alike.get(key) ?? { names: [], errors: [] };
    group.names.push(port);
    group.errors.push(error);
    alike.set(key, group);
  }
  return [...alike.values()].map(({ names, errors }) => toldTogether(names, errors));
}

const withoutName = (message: string, name: string): string => message.replaceAll(name, "…");

/** One error for all of `errors`, which say the same but for the boards' names; its details are those that all have. */
function toldTogether(names: readonly string[], [first, ...others]: readonly FlashError[]): FlashError {
  const [name = ""] = names;
  if (first === undefined) throw new Error("no error to tell");
  const { code, details, cause } = first;
  if (others.length === 0) return new FlashError(code, `${name}: ${first.message}`, details, cause);
  const message = withoutName(first.message, name);
  const isShared = ([name, value]: [string, unknown]): boolean =>
    others.every((other) => JSON.stringify(other.details[name]) === JSON.stringify(value));
  const shared = Object.fromEntries(Object.entries(details).filter(isShared));
  // The cause may name the first board only.
  const shownCause = message === first.message ? cause : undefined;
  return new FlashError(code, `${names.length} boards: ${message}\n${names.join(", ")}`, shared, shownCause);
}

/** The board of a step that has only one. */
export function soleBoard({ boards }: StepOutcome): BoardOutcome | undefined {
  return boards.length === 1 ? boards[0] : undefined;
}
