import { toFlashError } from "../base/errors.js";
import type { FlashError } from "../base/errors.js";
import { fileJournal } from "../flash/file-journal.js";
import { flashDevice } from "../flash/flash-device.js";
import type { FlashJob, FlashResult } from "../flash/job.js";
import type { ClaimedBoard } from "./claim-board.js";
import { claimForStep } from "./claim-for-step.js";
import { notesDirectory } from "./host.js";
import type { Inputs } from "./inputs.js";
import type { BoardNotes } from "./outcome.js";
import { runPowerCycle } from "./power-cycle.js";
import { whatHappened } from "./step-frame.js";
import type { Surroundings } from "./step-frame.js";

/** Finds one board, brings it to what the job says, and gives it back. What happened is noted in `notes`; never rejects. */
export async function flashBoard(
  notes: BoardNotes,
  job: FlashJob,
  inputs: Inputs,
  surroundings: Surroundings,
): Promise<void> {
  const { clock, signal, reporter } = surroundings;
  const startedMs = clock.nowMs();
  try {
    reporter.openGroup("Find the board");
    const board = await claimForStep(inputs, surroundings);
    notes.port = board.port;
    reporter.closeGroup();
    let error: FlashError | undefined;
    try {
      notes.result = await flashClaimed(board, job, inputs, surroundings);
    } catch (thrown) {
      error = toFlashError(thrown);
      throw error;
    } finally {
      notes.port = board.port;
      board.release(error?.code);
    }
  } catch (thrown) {
    notes.error = whatHappened(thrown, signal);
  }
  notes.durationMs = clock.nowMs() - startedMs;
}

/** Opens the board's port, brings the board to what the job says, and closes the port. */
async function flashClaimed(
  board: ClaimedBoard,
  job: FlashJob,
  { powerCycle }: Inputs,
  { host, clock, signal, reporter }: Surroundings,
): Promise<FlashResult> {
  const transport = await board.open();
  try {
    return await flashDevice(transport, job, {
      clock,
      signal,
      emit: reporter.listener,
      journal: fileJournal(notesDirectory(host.env, "boards")),
      onIdentified: (mac) => board.identified(mac),
      ...(powerCycle && { powerCycle: () => runPowerCycle(powerCycle, { clock, signal }) }),
    });
  } finally {
    await transport.close();
  }
}
