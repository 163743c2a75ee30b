import type { ErrorCode } from "../base/errors.js";
import type { AfterMode } from "../flash/job.js";
import { claimBoard } from "./claim-board.js";
import type { ClaimedBoard, ClaimWish } from "./claim-board.js";
import { notesDirectory } from "./host.js";
import type { Surroundings } from "./step-frame.js";
import type { WorkNote } from "./step-state.js";

/** After these ends the board may be left as it happened to be: then the `post` step brings it in order. */
const CUT_SHORT: readonly (ErrorCode | undefined)[] = ["job/cancelled", "job/fail-fast", "job/timeout"];

/**
 * Takes a board for this step, as `claimBoard`; the `post` step learns of it, and leaves it as `after` says if the step
 * itself does not come to that.
 */
export function claimForStep(
  wish: ClaimWish & { readonly after: AfterMode },
  { host, clock, signal, time, reporter, state }: Surroundings,
): Promise<ClaimedBoard> {
  const { after } = wish;
  let note: WorkNote | undefined;
  return claimBoard(wish, {
    env: host.env,
    clock,
    signal,
    time,
    stateDir: notesDirectory(host.env, "ports"),
    say: (level, text) => reporter.listener({ kind: "message", level, text }),
    onKept: (board) => state.keep(board),
    onHeld(held) {
      if (note === undefined) note = state.begin({ ...held, after });
      else note.change({ ...held, after });
    },
    onReleased(code) {
      if (!CUT_SHORT.includes(code)) note?.end();
    },
  });
}
