import { VirtualClock } from "../../src/base/virtual-clock.js";
import { FlashError } from "../../src/base/errors.js";
import type { ErrorCode } from "../../src/base/errors.js";
import type { JobEvent } from "../../src/base/events.js";
import type { BeforeReset } from "../../src/flash/finish.js";
import { flashDevice } from "../../src/flash/flash-device.js";
import type { FlashDeps, JobChoice } from "../../src/flash/flash-device.js";
import type { FlashJob, FlashRange, FlashResult } from "../../src/flash/job.js";
import type { Journal } from "../../src/flash/journal.js";
import type { Transport } from "../../src/transport/transport.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { boardTransport } from "../../src/virtual/virtual-transport.js";

/** A note kept in memory. */
export interface MemoryJournal extends Journal {
  readonly notes: Map<string, readonly FlashRange[]>;
}

function createMemoryJournal(): MemoryJournal {
  const notes = new Map<string, readonly FlashRange[]>();
  return {
    notes,
    suspects: (mac) => notes.get(mac) ?? [],
    open: (mac, _planned, underWay) => void notes.set(mac, underWay),
    mark: (mac, underWay) => void notes.set(mac, underWay),
    clear: (mac) => void notes.delete(mac),
  };
}

/** How a job ended, and what it told on the way. */
export interface JobEnd {
  readonly code: ErrorCode | "success";
  readonly error: FlashError | undefined;
  readonly result: FlashResult | undefined;
  readonly events: readonly JobEvent[];
  readonly messages: readonly string[];
  /** Modelled time that the job took. */
  readonly durationMs: number;
  /** State of the lines at the end, as the last `setSignals` left it. */
  readonly lines: { readonly dtr: boolean; readonly rts: boolean } | undefined;
}

export interface JobBench {
  readonly clock: VirtualClock;
  readonly board: Board;
  readonly journal: MemoryJournal;
  run(job: FlashJob | JobChoice, changes?: RunChanges): Promise<JobEnd>;
}

export interface RunChanges {
  /** What stands between engine and board. */
  readonly wrap?: (transport: Transport) => Transport;
  readonly journal?: Journal;
  readonly prepare?: FlashDeps["prepare"];
  readonly powerCycle?: () => Promise<string>;
  readonly onIdentified?: (mac: string) => Promise<void>;
  readonly beforeReset?: BeforeReset;
  /** Ends the job after so many modelled milliseconds. */
  readonly abort?: { readonly afterMs: number; readonly reason: FlashError };
}

/** A virtual board on a virtual clock; `content` is what its flash holds at first, from address 0 on. */
export function createJobBench(url: string, content: Uint8Array = new Uint8Array(0)): JobBench {
  const clock = new VirtualClock();
  const board = createBoard(parseBoardOptions(url), clock);
  board.flash.bytes.set(content);
  const journal = createMemoryJournal();
  return {
    clock,
    board,
    journal,
    async run(job, changes = {}) {
      const events: JobEvent[] = [];
      let lines: JobEnd["lines"];
      const plain = boardTransport(board, url);
      const watched: Transport = {
        ...plain,
        setSignals: (next) => {
          lines = next;
          return plain.setSignals(next);
        },
      };
      const transport = changes.wrap?.(watched) ?? watched;
      const controller = new AbortController();
      const { abort, prepare, powerCycle, onIdentified, beforeReset } = changes;
      const cancel = abort && clock.schedule(abort.afterMs, () => controller.abort(abort.reason));
      const startMs = clock.nowMs();
      const deps = {
        clock,
        signal: controller.signal,
        emit: (event: JobEvent) => void events.push(event),
        journal: changes.journal ?? journal,
        ...(prepare && { prepare }),
        ...(powerCycle && { powerCycle }),
        ...(onIdentified && { onIdentified }),
        ...(beforeReset && { beforeReset }),
      };
      const ended = await clock
        .run(flashDevice(transport, job, deps))
        .then((result) => ({ result, error: undefined }))
        .catch((error: unknown) => {
          if (error instanceof FlashError) return { result: undefined, error };
          throw error;
        });
      cancel?.();
      await transport.close();
      return {
        ...ended,
        code: ended.error?.code ?? "success",
        events,
        messages: events.flatMap((event) => (event.kind === "message" ? [event.text] : [])),
        durationMs: clock.nowMs() - startMs,
        lines,
      };
    },
  };
}
