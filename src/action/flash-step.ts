import { info, setOutput } from "@actions/core";
import type { Clock } from "../base/clock.js";
import type { FlashError } from "../base/errors.js";
import type { Symbolize } from "../monitor/symbols.js";
import type { Host } from "./host.js";
import { readInputs } from "./inputs.js";
import type { Inputs } from "./inputs.js";
import { failuresOf } from "./outcome.js";
import type { BoardNotes, StepOutcome } from "./outcome.js";
import { boardLine, closingLine, countLine, stepOutputs } from "./outputs.js";
import { plainLine } from "./plain-text.js";
import { runFramed, writeSummary } from "./step-frame.js";
import type { Surroundings } from "./step-frame.js";
import { summaryMarkdown } from "./summary.js";
import { writeJunit } from "./write-junit.js";

/**
 * The step behind its first line: reads inputs, flashes the board, writes outputs, log and summary, and sets the exit
 * code. `startedMs`: when the step began, on `clock`.
 */
export async function flashStep(host: Host, clock: Clock, startedMs: number): Promise<void> {
  const boards: BoardNotes[] = [];
  let junit: string | undefined;
  await runFramed(
    {
      readInputs: (text) => {
        const inputs = readInputs(text);
        junit = inputs.junit;
        return inputs;
      },
      work: (inputs, surroundings) => work(inputs, boards, surroundings),
      publish: async (error) => {
        const outcome: StepOutcome = { durationMs: clock.nowMs() - startedMs, boards, ...(error && { error }) };
        if (junit !== undefined) await writeJunit(junit, host.env.GITHUB_WORKSPACE ?? host.cwd(), outcome);
        return publish(outcome);
      },
    },
    host,
    clock,
  );
}

/** The way of the data. What can fail without hardware fails before a port is opened. */
async function work(inputs: Inputs, boards: BoardNotes[], surroundings: Surroundings): Promise<void> {
  const { reporter } = surroundings;
  const [line, ...more] = inputs.ports;
  boards.push(...inputs.ports.flatMap((each) => (each.kind === "one" ? [{ name: each.port, durationMs: 0 }] : [])));

  // The engine is loaded here and not at the top, so that the step's first line comes at once.
  const { makePlans } = await import("./plans.js");
  reporter.openGroup("Get the firmware");
  const plans = await makePlans(inputs, surroundings, (firmware) => {
    for (const board of boards) board.firmware = firmware;
  });
  const symbolize = inputs.elf === undefined ? undefined : await loadElf(inputs.elf, surroundings);
  reporter.closeGroup();

  const [board] = boards;
  if (line?.kind === "one" && more.length === 0 && board !== undefined) {
    const { flashBoard } = await import("./flash-board.js");
    await flashBoard({ notes: board, inputs, plans, symbolize }, surroundings);
    return;
  }
  const { flashBoards } = await import("./flash-boards.js");
  await flashBoards(boards, { inputs, plans, symbolize }, surroundings);
}

async function loadElf(elf: string, { host, signal }: Surroundings): Promise<Symbolize> {
  const { loadSymbols } = await import("./symbols-file.js");
  return loadSymbols(elf, host, signal);
}

async function publish(outcome: StepOutcome): Promise<readonly FlashError[]> {
  await writeSummary(summaryMarkdown(outcome));
  for (const [name, text] of Object.entries(stepOutputs(outcome))) setOutput(name, text);
  const failures = failuresOf(outcome);
  for (const line of closingLines(outcome)) info(plainLine(line));
  return failures;
}

/** What became of each board that is as it was asked for; of several boards, last how many those are. */
function closingLines({ boards, durationMs, error: ofStep }: StepOutcome): string[] {
  const isSole = boards.length === 1;
  const lines = boards.flatMap(({ name, port = name, result, error, leftAlone, ...board }) => {
    const prefix = isSole ? "" : `${port}: `;
    if (error !== undefined || (isSole && ofStep !== undefined)) return [];
    if (leftAlone === true) return [`${prefix}Left alone: the board runs as it should`];
    if (result === undefined) return [];
    const closing = `${prefix}${closingLine(result, isSole ? durationMs : board.durationMs)}`;
    return isSole ? [boardLine(result), closing] : [closing];
  });
  return boards.length > 1 ? [...lines, countLine(boards)] : lines;
}
