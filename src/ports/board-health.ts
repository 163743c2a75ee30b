import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { FlashError } from "../base/errors.js";
import { readNote } from "../files/plain-file.js";

/** How a board has let down the last jobs, one after the other. */
export interface BoardHealth {
  readonly failures: number;
  /** When the first of them was: ISO 8601, UTC. */
  readonly since: string;
  /** Error code of the last one. */
  readonly lastCode: string;
}

/** With one job a chance, with two a cable that somebody plugs in again; three in a row need a person or a power switch. */
const WEDGED_AFTER = 3;

/** Errors that speak of the board or its link; what is wrong with a workflow or its firmware says nothing about the board. */
const BOARD_TROUBLE = /^(connect|device)\/|^port\/(lost|open-failed)$|^verify\/mismatch$/;

/**
 * Notes how a job on a board ended (`undefined`: well), under the name of its lock. Returns what is known about the board
 * afterwards. Other errors than those of a board change nothing. Throws `job/state` where the note cannot be kept.
 */
export function noteJobEnd(stateDir: string, board: string, code: string | undefined): BoardHealth | undefined {
  const file = healthFile(stateDir, board);
  const before = boardHealth(stateDir, board);
  if (code !== undefined && !BOARD_TROUBLE.test(code)) return before;
  try {
    if (code === undefined) {
      rmSync(file, { force: true });
      return undefined;
    }
    const since = before?.since ?? new Date().toISOString();
    const health: BoardHealth = { failures: (before?.failures ?? 0) + 1, since, lastCode: code };
    mkdirSync(stateDir, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(health));
    renameSync(`${file}.${process.pid}`, file);
    return health;
  } catch (thrown) {
    throw new FlashError("job/state", `how board ${board} did cannot be noted: ${String(thrown)}`, {}, thrown);
  }
}

/** What is noted about a board; `undefined` if its last job went well. A damaged note is as good as none. */
export function boardHealth(stateDir: string, board: string): BoardHealth | undefined {
  try {
    const note = JSON.parse(readNote(healthFile(stateDir, board))) as Partial<BoardHealth> | null;
    const { failures, since, lastCode } = note ?? {};
    if (!Number.isSafeInteger(failures) || typeof since !== "string" || typeof lastCode !== "string") return undefined;
    return { failures: failures ?? 0, since, lastCode };
  } catch {
    return undefined;
  }
}

/** One sentence for the log where a board is wedged; `undefined` where it is not. */
export function describeWedged(health: BoardHealth | undefined): string | undefined {
  if (health === undefined || health.failures < WEDGED_AFTER) return undefined;
  const { failures, since, lastCode } = health;
  return `this board seems to be wedged: ${failures} jobs in a row failed on it since ${since}, the last with ${lastCode}`;
}

function healthFile(stateDir: string, board: string): string {
  return path.join(stateDir, `${board}.health.json`);
}
