import { toFlashError } from "../base/errors.js";
import type { FlashError } from "../base/errors.js";
import { fileJournal } from "../flash/file-journal.js";
import { flashDevice } from "../flash/flash-device.js";
import type { FlashDeps } from "../flash/flash-device.js";
import type { FlashResult } from "../flash/job.js";
import { jobFor } from "./choose-plan.js";
import type { ClaimedBoard } from "./claim-board.js";
import { claimForStep } from "./claim-for-step.js";
import { notesDirectory } from "./host.js";
import type { Inputs } from "./inputs.js";
import type { BoardNotes } from "./outcome.js";
import type { BoardPlan } from "./plans.js";
import { runPowerCycle } from "./power-cycle.js";
import { whatHappened } from "./step-frame.js";
import type { Surroundings } from "./step-frame.js";

/** What is to be done with one board. */
export interface BoardTask extends Pick<FlashDeps, "prepare"> {
  /** Where it is noted what happens. */
  readonly notes: BoardNotes;
  readonly inputs: Inputs;
  readonly plans: readonly BoardPlan[];
  /** Hears the MAC before the lock of that MAC is taken. What it throws ends the work. */
  readonly onMac?: (mac: string) => void;
}

/** Finds one board, brings it to what its plan says, and gives it back. Never rejects. */
export async function flashBoard(task: BoardTask, surroundings: Surroundings): Promise<void> {
  const { notes, inputs } = task;
  const { reporter, signal } = surroundings;
  let board: ClaimedBoard;
  reporter.openGroup("Find the board");
  try {
    board = await claimForStep({ ...inputs, port: notes.name }, surroundings);
  } catch (thrown) {
    notes.error = whatHappened(thrown, signal);
    return;
  } finally {
    reporter.closeGroup();
  }
  await flashClaimed(board, task, surroundings);
}

/** As `flashBoard`, with a board that is the step's already. */
export async function flashClaimed(board: ClaimedBoard, task: BoardTask, surroundings: Surroundings): Promise<void> {
  const { notes } = task;
  const { clock, signal } = surroundings;
  const startedMs = clock.nowMs();
  let error: FlashError | undefined;
  notes.port = board.port;
  try {
    notes.result = await flashOpened(board, task, surroundings);
  } catch (thrown) {
    error = toFlashError(thrown);
    notes.error = whatHappened(thrown, signal);
  } finally {
    notes.port = board.port;
    board.release(error?.code);
  }
  notes.durationMs = clock.nowMs() - startedMs;
}

/** Opens the board's port, brings the board to what the job says, and closes the port. */
async function flashOpened(
  board: ClaimedBoard,
  { notes, inputs: { powerCycle }, plans, prepare, onMac }: BoardTask,
  { host, clock, signal, reporter }: Surroundings,
): Promise<FlashResult> {
  const plan = jobFor(plans, { name: notes.name, port: board.port }, ({ firmware }) => {
    notes.firmware = firmware;
  });
  const transport = await board.open();
  try {
    return await flashDevice(transport, plan, {
      clock,
      signal,
      emit: reporter.listener,
      journal: fileJournal(notesDirectory(host.env, "boards")),
      onIdentified(mac) {
        onMac?.(mac);
        return board.identified(mac);
      },
      ...(prepare && { prepare }),
      ...(powerCycle && { powerCycle: () => runPowerCycle(powerCycle, { clock, signal }) }),
    });
  } finally {
    await transport.close();
  }
}
