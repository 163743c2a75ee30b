import type { Transport } from "../transport/transport.js";
import type { DeflateStore } from "./deflate-store.js";
import type { FlashJob, FlashResult } from "./job.js";
import type { Journal } from "./journal.js";
import { prepareForms } from "./prepare.js";
import type { PreparedForms } from "./prepare.js";
import { reconcile } from "./reconcile.js";
import type { ReconcileState } from "./reconcile.js";
import { workOnBoard } from "./work-on-board.js";
import type { BoardDeps, BoardWish } from "./work-on-board.js";

export interface FlashDeps extends Omit<BoardDeps, "bauds"> {
  readonly journal: Journal;
  /** Where several boards get the same job: gives its streams. */
  readonly prepare?: (job: FlashJob) => PreparedForms;
  /** Where deflated forms are kept beyond this run. */
  readonly store?: DeflateStore;
}

/** Which job a board gets, where its chip or its MAC decide that. */
export interface JobChoice {
  /** How such a board is reached and left. */
  readonly wish: BoardWish;
  /** Asked once the loader has answered. Throws where there is no job for this board. */
  readonly choose: (board: { readonly chip: string; readonly mac: string }) => FlashJob;
}

/**
 * Brings the board behind `transport` into the desired state of its job and proves it. Rejects with a `FlashError`; the
 * lines are idle then, and a board that was not changed runs its firmware again. Does not close the transport.
 */
export async function flashDevice(
  transport: Transport,
  plan: FlashJob | JobChoice,
  deps: FlashDeps,
): Promise<FlashResult> {
  const { journal, clock, prepare = (job: FlashJob) => prepareForms(job, deps) } = deps;
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
  const begin = (job: FlashJob): { job: FlashJob; prepared: PreparedForms } => ({ job, prepared: prepare(job) });
  const [wish, choose] = "choose" in plan ? [plan.wish, plan.choose] : [plan, () => plan];
  let current = "choose" in plan ? undefined : begin(plan);
  try {
    return await workOnBoard(
      transport,
      wish,
      { ...deps, ...(bauds && { bauds }) },
      {
        attempt(board, progress) {
          const { chip, identity } = board.device;
          current ??= begin(choose({ chip: chip.name, mac: identity.mac }));
          const { job, prepared } = current;
          return reconcile(board, job, state, { clock, progress, journal, prepared });
        },
        furthestBytes: () => state.everInPlace,
        changed: () => state.changed,
      },
    );
  } finally {
    current?.prepared.stop();
  }
}
