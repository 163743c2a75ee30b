import { toFlashError } from "../base/errors.js";
import type { FlashError } from "../base/errors.js";
import { fileDeflateStore } from "../flash/deflate-store.js";
import { flashDevice } from "../flash/flash-device.js";
import type { FlashDeps } from "../flash/flash-device.js";
import { onlyApp } from "../flash/flashed-app.js";
import { bootError } from "../monitor/boot-error.js";
import type { SeenApp } from "../monitor/report.js";
import type { Symbolize } from "../monitor/symbols.js";
import { boardJournal } from "./board-journal.js";
import { createBootCheck } from "./boot-check.js";
import type { BootCheck, BootWish } from "./boot-check.js";
import { jobFor, possiblePlans } from "./choose-plan.js";
import type { ClaimedBoard } from "./claim-board.js";
import { claimForStep } from "./claim-for-step.js";
import { isHealthy } from "./heal.js";
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
  /** Names the functions in a panic. */
  readonly symbolize?: Symbolize | undefined;
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
    await flashOpened(board, task, surroundings);
  } catch (thrown) {
    error = toFlashError(thrown);
    notes.error = whatHappened(thrown, signal);
  } finally {
    notes.port = board.port;
    board.release(error?.code);
  }
  notes.durationMs = clock.nowMs() - startedMs;
}

/** Opens the board's port, brings the board to what its plan says, watches how it starts, and closes the port. */
async function flashOpened(board: ClaimedBoard, task: BoardTask, surroundings: Surroundings): Promise<void> {
  const { notes, inputs, plans, symbolize, prepare, onMac } = task;
  const { host, clock, signal, reporter } = surroundings;
  const { powerCycle } = inputs;
  const candidate = { name: notes.name, port: board.port };
  let app: SeenApp | undefined;
  const plan = jobFor(plans, candidate, (chosen) => {
    notes.firmware = chosen.firmware;
    app = onlyApp(chosen.job);
  });
  const transport = await board.open();
  const boot = createBootCheck(transport, notes.name, surroundings);
  const wish: BootWish = { ...inputs, symbolize };
  try {
    if (inputs.when === "unhealthy") {
      const possible = possiblePlans(plans, candidate);
      notes.leftAlone = await isHealthy(transport, notes, possible, { boot, wish }, surroundings);
      if (notes.leftAlone) return;
    }
    notes.result = await flashDevice(transport, plan, {
      clock,
      signal,
      emit: reporter.listener,
      journal: boardJournal(host.env, board.port),
      onIdentified(mac) {
        onMac?.(mac);
        return board.identified(mac);
      },
      ...(watchesBoot(inputs) && { beforeReset: (owner) => boot.begin({ ...wish, app }, owner) }),
      store: fileDeflateStore(notesDirectory(host.env, "deflated")),
      ...(prepare && { prepare }),
      ...(powerCycle && { powerCycle: () => runPowerCycle(powerCycle, { clock, signal }) }),
    });
    noteBoot(notes, await boot.finish());
  } finally {
    await boot.close();
    await transport.close();
  }
}

/** Notes what came after the last reset; what was seen before the board was flashed is over. Throws `boot/…`. */
function noteBoot(notes: BoardNotes, seen: Awaited<ReturnType<BootCheck["finish"]>>): void {
  delete notes.boot;
  delete notes.bootLog;
  if (seen === undefined) return;
  notes.boot = seen.report;
  notes.bootLog = seen.logFile;
  const error = bootError(seen.report);
  if (error !== undefined) throw error;
}

/** Who allows that nothing boots need not be told that nothing does. */
function watchesBoot({ bootCheck, dryRun, allow }: Inputs): boolean {
  return bootCheck === "on" && !dryRun && !allow.has("would-not-boot");
}
