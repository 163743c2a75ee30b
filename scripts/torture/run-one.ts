import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimBoard } from "../../src/action/claim-board.js";
import type { ErrorCode, FlashError } from "../../src/base/errors.js";
import { fileJournal } from "../../src/flash/file-journal.js";
import { flashDevice } from "../../src/flash/flash-device.js";
import { createDice } from "./dice.js";
import { faultKinds } from "./kinds.js";
import type { FaultKind, FaultKindName } from "./kinds.js";
import type { LockTroubleName } from "./lock-troubles.js";
import { createRig } from "./rig.js";
import type { TortureRig } from "./rig.js";
import { runJob } from "./run-job.js";
import type { JobEnd, Subject } from "./run-job.js";
import { createRunLocks } from "./run-locked.js";
import { deviations, makeScenario } from "./scenario.js";
import type { contents, Scenario, TortureChip } from "./scenario.js";
import type { Violation } from "./violation.js";

export interface RunRequest {
  readonly kind: FaultKindName;
  /** Trouble around the locks under which the job works. */
  readonly lockTrouble: LockTroubleName;
  readonly chip: TortureChip;
  readonly seed: number;
  /** Bytes of each image. */
  readonly sizes: readonly number[];
  readonly content: (typeof contents)[number];
  /** Faults that come on top, for campaigns with a rate of their own. */
  readonly oneFaultyByteIn?: number;
}

/** How one run ended. Times are modelled. */
export interface RunRecord extends RunRequest {
  readonly code: ErrorCode | "success";
  readonly message: string;
  readonly durationMs: number;
  readonly retries: number;
  readonly violations: readonly Violation[];
}

const realSubject: Subject = { flash: flashDevice, claim: claimBoard };

/** What a success has to mean: the flash is the plan, and nothing about it is open. */
function checkSuccess(scenario: Scenario, rig: TortureRig, folder: string, end: JobEnd): readonly string[] {
  const notes = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const { flash } = rig.board;
  return [
    ...deviations(scenario.job, scenario.held, flash.bytes),
    ...(flash.weakSectors.length > 0 ? [`sectors ${flash.weakSectors.join(", ")} are weak`] : []),
    ...(notes.length > 0 ? ["a note of unfinished work is left"] : []),
    ...(end.result?.verified === true ? [] : ["it was not verified"]),
  ];
}

/** One run: the job under its fault, what it left behind, and once more without the fault. */
export async function runOne(request: RunRequest, { flash, claim }: Subject = realSubject): Promise<RunRecord> {
  const dice = createDice(request.seed);
  const kind: FaultKind = faultKinds[request.kind];
  const scenario = makeScenario(request.chip, dice, request.sizes, request.content);
  const rig = createRig(scenario, kind.inBoard?.(dice, scenario.sectors) ?? [], dice);
  const { board, otherBoard, place, clock } = rig;
  const otherBefore = otherBoard.flash.bytes.slice();
  const folder = mkdtempSync(join(tmpdir(), "torture-"));
  const locks = createRunLocks({ folder, trouble: request.lockTrouble, seed: request.seed, claim });
  const notes = join(folder, "notes");
  fileJournal(notes).open("00:00:00:00:00:00", [], []);
  fileJournal(notes).clear("00:00:00:00:00:00");
  const controller = new AbortController();
  const violations: Violation[] = [];
  try {
    if (request.oneFaultyByteIn !== undefined) {
      for (const side of [place.toChip, place.toHost]) side.damageOneIn(request.oneFaultyByteIn);
    }
    const totalBytes = request.sizes.reduce((sum, size) => sum + size, 0);
    const expected = { sentBytes: 14_000 + Math.round(totalBytes * 0.7), durationMs: 2500 + totalBytes / 100 };
    const abort = (reason: FlashError): void => controller.abort(reason);
    let onIdentified: (() => void) | undefined;
    const whenIdentified = (act: () => void): void => {
      onIdentified = act;
    };
    /** A job under its lock, as a step works. */
    const work = async (own: AbortController): Promise<JobEnd> => {
      const held = await locks.claim();
      const ended = await runJob(rig, scenario, {
        flash,
        notes,
        controller: own,
        async identified(mac) {
          onIdentified?.();
          await held.identified(mac);
        },
      });
      await locks.release(held);
      return ended;
    };
    kind.arrange?.({ place, board, otherBoard, later: rig.later, dice, expected, whenIdentified, abort });

    const end = await work(controller);
    violations.push(...end.violations);
    if (end.error === undefined) {
      const wrong = checkSuccess(scenario, rig, notes, end);
      violations.push(...wrong.map((what): Violation => ({ concern: "false success", what })));
    } else if (kind.passes === true) {
      violations.push({ concern: "should have passed", what: `${end.error.code}: ${end.error.message}` });
    }
    if (Buffer.compare(otherBoard.flash.bytes, otherBefore) !== 0) {
      violations.push({ concern: "other board", what: "a board that was not meant was changed" });
    }
    if (end.error && end.isReachable && !end.changes && board.inDownloadMode) {
      violations.push({ concern: "left in loader", what: `after ${end.error.code}, though nothing was changed` });
    }

    rig.heal(kind.lasts === true ? "replaced" : "as it is");
    onIdentified = undefined;
    const rerun = await work(new AbortController());
    violations.push(...(await locks.end()).map((what): Violation => ({ concern: "lock", what })));
    const left = rerun.error
      ? [`${rerun.error.code}: ${rerun.error.message}`]
      : checkSuccess(scenario, rig, notes, rerun);
    violations.push(...rerun.violations, ...left.map((what): Violation => ({ concern: "no rerun", what })));
    rig.close();
    if (clock.pending > 0) violations.push({ concern: "leak", what: `${clock.pending} timers are left` });
    return {
      ...request,
      code: end.error?.code ?? "success",
      message: end.error?.message ?? "",
      durationMs: end.durationMs,
      retries: end.result?.retries ?? 0,
      violations,
    };
  } finally {
    await locks.end();
    rig.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
