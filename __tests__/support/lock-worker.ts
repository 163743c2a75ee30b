import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { sleep, systemClock } from "../../src/base/clock.js";
import { toFlashError } from "../../src/base/errors.js";
import { keepForJob } from "../../src/ports/lock-keeper.js";
import { jobIdentity } from "../../src/ports/lock-owner.js";
import { lockBoard } from "../../src/ports/lock.js";

/**
 * One step that works on a board, as a process: takes the lock, notes in `journal` when it works, and tells on stdout what
 * happens, one JSON a line. It works for `workMs`, or until its stdin ends; `keep` names the keeper's script for `lock: job`.
 */
export interface LockWork {
  readonly lockDir: string;
  readonly board: string;
  readonly journal: string;
  readonly workMs: number | "until told";
  readonly timeoutMs: number;
  readonly rounds?: number;
  readonly keep?: string;
  readonly jobProcessId?: number;
}

const work = JSON.parse(process.argv[2] ?? "{}") as LockWork;
const job = jobIdentity(process.env);
const tell = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);
const note = (what: string): void => appendFileSync(work.journal, `${what} ${process.pid}\n`);

try {
  for (let round = 0; round < (work.rounds ?? 1); round++) {
    const lock = await lockBoard(work.board, {
      lockDir: work.lockDir,
      job,
      timeoutMs: work.timeoutMs,
      clock: systemClock,
      signal: new AbortController().signal,
      onWait: (holder) => tell({ waitsFor: holder }),
    });
    note("begin");
    tell({ working: true });
    const kept = work.keep && (await keepForJob(lock, { script: work.keep, env: process.env, ...watched() }));
    if (work.workMs === "until told") await once(process.stdin.resume(), "end");
    else await sleep(systemClock, work.workMs);
    note("end");
    tell({ kept: kept ?? null });
    lock.release();
  }
} catch (thrown) {
  const { code, message } = toFlashError(thrown);
  tell({ error: code, message });
  process.exitCode = 1;
}

function watched(): { jobProcessId?: number } {
  return work.jobProcessId === undefined ? {} : { jobProcessId: work.jobProcessId };
}
