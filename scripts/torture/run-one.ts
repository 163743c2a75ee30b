import { getEventListeners } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { FlashError, toFlashError } from "../../src/base/errors.js";
import type { ErrorCode } from "../../src/base/errors.js";
import type { JobEvent, Phase } from "../../src/base/events.js";
import { fileJournal } from "../../src/flash/file-journal.js";
import { flashDevice } from "../../src/flash/flash-device.js";
import type { FlashResult } from "../../src/flash/job.js";
import { lockBoard } from "../../src/ports/lock.js";
import type { BoardLock } from "../../src/ports/lock.js";
import type { Transport } from "../../src/transport/transport.js";
import { orderFaults } from "../../__tests__/support/event-order.js";
import { createDice } from "./dice.js";
import { faultKinds } from "./kinds.js";
import type { FaultKind, FaultKindName } from "./kinds.js";
import type { PlaceState } from "./place.js";
import { createRig } from "./rig.js";
import type { TortureRig } from "./rig.js";
import { deviations, makeScenario } from "./scenario.js";
import type { contents, Scenario, TortureChip } from "./scenario.js";

/** What must never happen. */
export type Concern =
  | "false success"
  | "no code"
  | "over time"
  | "leak"
  | "lines or port"
  | "left in loader"
  | "no rerun"
  | "other board"
  | "events"
  | "should have passed";

export interface Violation {
  readonly concern: Concern;
  readonly what: string;
}

export interface RunRequest {
  readonly kind: FaultKindName;
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

/** The action's default for `timeout`, and what it grants a job to let go of the port. */
const TIMEOUT_MS = 600_000;
const GRACE_MS = 4000;

interface JobEnd {
  readonly result: FlashResult | undefined;
  readonly error: FlashError | undefined;
  readonly durationMs: number;
  /** It began to erase or write. */
  readonly changes: boolean;
  /** The port was there and carried data to the end. */
  readonly isReachable: boolean;
  readonly violations: readonly Violation[];
}

const started = (events: readonly JobEvent[], phase: Phase): boolean =>
  events.some((event) => event.kind === "started" && event.phase === phase);

/** Counts who listens, as nobody may afterwards. */
function countingListeners(transport: Transport): { readonly transport: Transport; readonly count: () => number } {
  let count = 0;
  const counted: Transport = {
    ...transport,
    subscribe(listener) {
      count++;
      const stop = transport.subscribe(listener);
      return () => {
        count--;
        stop();
      };
    },
  };
  return { transport: counted, count: () => count };
}

/** One job at the place, as the action runs it: with the step's time, and the port closed at the end. */
async function runJob(
  rig: TortureRig,
  scenario: Scenario,
  folder: string,
  controller: AbortController,
  identified: () => void = () => undefined,
): Promise<JobEnd> {
  const { clock, place } = rig;
  const violations: Violation[] = [];
  const events: JobEvent[] = [];
  const { signal } = controller;
  const startMs = clock.nowMs();
  const cancelTimeout = clock.schedule(TIMEOUT_MS, () =>
    controller.abort(new FlashError("job/timeout", "The step took too long.")),
  );
  let listeners = 0;
  let left: PlaceState | undefined;
  const work = async (): Promise<FlashResult> => {
    const { transport, count } = countingListeners(await rig.open(signal));
    try {
      return await flashDevice(transport, scenario.job, {
        clock,
        signal,
        emit: (event) => void events.push(event),
        journal: fileJournal(folder),
        onIdentified: async () => {
          identified();
          return Promise.resolve();
        },
      });
    } finally {
      listeners = count();
      left = place.state;
      await transport.close();
    }
  };
  const { result, thrown } = await clock.run(work()).then(
    (ended) => ({ result: ended, thrown: undefined }),
    (error: unknown) => ({ result: undefined, thrown: error }),
  );
  cancelTimeout();
  const durationMs = clock.nowMs() - startMs;
  const error = result === undefined ? toFlashError(thrown) : undefined;

  const check = (isFine: boolean, concern: Concern, what: string): void => {
    if (!isFine) violations.push({ concern, what });
  };
  check(error?.code.startsWith("internal/") !== true, "no code", String(error?.stack));
  check(durationMs <= TIMEOUT_MS + GRACE_MS, "over time", `${Math.round(durationMs)} ms`);
  check(listeners === 0, "leak", `${listeners} subscriptions are left`);
  check(getEventListeners(signal, "abort").length === 0, "leak", "the signal is still listened to");
  check(place.state.openPorts === 0, "lines or port", `${place.state.openPorts} ports are open`);
  check(place.state.listeners === 0, "leak", `${place.state.listeners} listeners at the port`);
  check(left?.lines.rts !== true && left?.lines.dtr !== true, "lines or port", "the lines were not left idle");
  for (const what of orderFaults(events, error === undefined ? "success" : "failure")) {
    // The last reset may fail when all is verified.
    check(what.startsWith("100 % of") && started(events, "reset"), "events", what);
  }
  const changes = started(events, "erase") || started(events, "write");
  return { result, error, durationMs, changes, isReachable: left?.isReachable === true, violations };
}

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

/** Taking a lock starts a process, so one run in this many works under one. */
const LOCKED_SHARE = 8;

function lockForRun(lockDir: string, { seed }: RunRequest): Promise<BoardLock> | undefined {
  if (seed % LOCKED_SHARE !== 0) return undefined;
  return lockBoard("torture", {
    lockDir,
    job: { id: "torture", title: "torture" },
    timeoutMs: 0,
    clock: systemClock,
    signal: new AbortController().signal,
    onWait: () => undefined,
  });
}

/** One run: the job under its fault, what it left behind, and once more without the fault. */
export async function runOne(request: RunRequest): Promise<RunRecord> {
  const dice = createDice(request.seed);
  const kind: FaultKind = faultKinds[request.kind];
  const scenario = makeScenario(request.chip, dice, request.sizes, request.content);
  const rig = createRig(scenario, kind.inBoard?.(dice, scenario.sectors) ?? [], dice);
  const { board, otherBoard, place, clock } = rig;
  const otherBefore = otherBoard.flash.bytes.slice();
  const folder = mkdtempSync(join(tmpdir(), "torture-"));
  const lockDir = join(folder, "locks");
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
    let identified: (() => void) | undefined;
    const whenIdentified = (act: () => void): void => {
      identified = act;
    };
    kind.arrange?.({ place, board, otherBoard, later: rig.later, dice, expected, whenIdentified, abort });

    const lock = await lockForRun(lockDir, request);
    const end = await runJob(rig, scenario, notes, controller, () => identified?.());
    lock?.release();
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
    const again = await lockForRun(lockDir, request);
    const rerun = await runJob(rig, scenario, notes, new AbortController());
    again?.release();
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
    rig.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
