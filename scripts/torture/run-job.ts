import { getEventListeners } from "node:events";
import type { claimBoard } from "../../src/action/claim-board.js";
import { FlashError, toFlashError } from "../../src/base/errors.js";
import type { JobEvent, Phase } from "../../src/base/events.js";
import { fileJournal } from "../../src/flash/file-journal.js";
import type { flashDevice } from "../../src/flash/flash-device.js";
import type { FlashResult } from "../../src/flash/job.js";
import type { Transport } from "../../src/transport/transport.js";
import { orderFaults } from "../../__tests__/support/event-order.js";
import type { PlaceState } from "./place.js";
import type { TortureRig } from "./rig.js";
import { meanwhile } from "./run-locked.js";
import type { Scenario } from "./scenario.js";
import type { Concern, Violation } from "./violation.js";

/** The action's default for `timeout`, and what it grants a job to let go of the port. */
const TIMEOUT_MS = 600_000;
const GRACE_MS = 4000;

/** How one job ended. */
export interface JobEnd {
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

/** What is tortured: the parts of the action that do the work. A test of the campaign puts broken ones in their place. */
export interface Subject {
  readonly flash: typeof flashDevice;
  readonly claim: typeof claimBoard;
}

interface JobDeps {
  readonly flash: Subject["flash"];
  /** Where the job's notes lie. */
  readonly notes: string;
  readonly controller: AbortController;
  /** Hears the board's MAC. */
  readonly identified: (mac: string) => Promise<void>;
}

/** One job at the place, as the action runs it: with the step's time, and the port closed at the end. */
export async function runJob(
  rig: TortureRig,
  scenario: Scenario,
  { flash, notes, controller, identified }: JobDeps,
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
      return await flash(transport, scenario.job, {
        clock,
        signal,
        emit: (event) => void events.push(event),
        journal: fileJournal(notes),
        onIdentified: (mac) => meanwhile(clock, identified(mac)),
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
