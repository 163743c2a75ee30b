import type { Transport } from "../transport/transport.js";
import type { FlashJob, FlashResult } from "./job.js";
import type { Journal } from "./journal.js";
import { prepareStreams } from "./prepare.js";
import { reconcile } from "./reconcile.js";
import type { ReconcileState } from "./reconcile.js";
import { workOnBoard } from "./work-on-board.js";
import type { BoardDeps } from "./work-on-board.js";

export interface FlashDeps extends Omit<BoardDeps, "bauds"> {
  readonly journal: Journal;
}

/**
 * Brings the board behind `transport` into the job's desired state and proves it. Rejects with a `FlashError`; the
 * lines are idle then, and a board that was not changed runs its firmware again. Does not close the transport.
 */
export async function flashDevice(transport: Transport, job: FlashJob, deps: FlashDeps): Promise<FlashResult> {
  const { clock, journal } = deps;
  const { bauds } = journal;
  const state: ReconcileState = {
    everInPlace: -1,
    atStart: undefined,
    changed: false,
    resumed: false,
    settled: undefined,
    lostPartitions: [],
    bytesWritten: 0,
    bytesErased: 0,
  };
  const prepared = prepareStreams(job, clock);
  try {
    return await workOnBoard(
      transport,
      job,
      { ...deps, ...(bauds && { bauds }) },
      {
        attempt: (board, progress) => reconcile(board, job, state, { clock, progress, journal, prepared }),
        furthestBytes: () => state.everInPlace,
        changed: () => state.changed,
      },
    );
  } finally {
    prepared.stop();
  }
}
