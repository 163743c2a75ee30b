import { info, setOutput } from "@actions/core";
import { formatBytes, hex32 } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import type { FlashError } from "../base/errors.js";
import type { FirmwareSet } from "../firmware/firmware.js";
import type { FlashJob } from "../flash/job.js";
import { githubApiUrl } from "./host.js";
import type { Host } from "./host.js";
import { readInputs } from "./inputs.js";
import type { Inputs } from "./inputs.js";
import { failuresOf } from "./outcome.js";
import type { BoardNotes, StepOutcome } from "./outcome.js";
import { boardLine, closingLine, stepOutputs } from "./outputs.js";
import { plainLine } from "./plain-text.js";
import { encryptionRemark, firmwareItems, planRequest } from "./plan-request.js";
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

/** The way of the data. What can fail without hardware fails before the port is opened. */
async function work(inputs: Inputs, boards: BoardNotes[], surroundings: Surroundings): Promise<void> {
  const { reporter } = surroundings;
  const board: BoardNotes = { name: inputs.port, durationMs: 0 };
  boards.push(board);

  reporter.openGroup("Get the firmware");
  const firmware = await getFirmware(inputs, surroundings);
  board.firmware = firmware;
  const job = await planJob(inputs, firmware);
  reporter.closeGroup();

  const { flashBoard } = await import("./flash-board.js");
  await flashBoard(board, job, inputs, surroundings);
}

// The engine is loaded here and not at the top, so that the step's first line comes at once.
async function getFirmware(inputs: Inputs, { host, clock, signal, reporter }: Surroundings): Promise<FirmwareSet> {
  const say = (level: "info" | "warning", text: string): void => reporter.listener({ kind: "message", level, text });
  const { resolveFirmware } = await import("../firmware/firmware.js");
  const firmware = await resolveFirmware(
    {
      input: inputs.firmwareUrl === undefined ? "files" : "firmware-url",
      items: firmwareItems(inputs),
      chip: inputs.chip === "auto" ? undefined : inputs.chip,
      workspace: host.env.GITHUB_WORKSPACE ?? host.cwd(),
      github: { apiUrl: githubApiUrl(host.env), token: inputs.token },
    },
    { clock, signal, onMessage: (text) => say("info", text) },
  );
  const remark = encryptionRemark(firmware);
  if (remark !== undefined) say("warning", remark);
  return firmware;
}

async function planJob(inputs: Inputs, firmware: FirmwareSet): Promise<FlashJob> {
  const { planFlash } = await import("../flash/plan.js");
  const job = planFlash(planRequest(inputs, firmware));
  for (const image of [...job.images, ...job.unplaced]) {
    const place = "offset" in image ? hex32(image.offset) : `the partition ${image.partition}`;
    info(plainLine(`${image.name}: ${formatBytes(image.bytes.length)} for ${place}, SHA-256 ${image.sha256}`));
  }
  return job;
}

async function publish(outcome: StepOutcome): Promise<readonly FlashError[]> {
  await writeSummary(summaryMarkdown(outcome));
  for (const [name, text] of Object.entries(stepOutputs(outcome))) setOutput(name, text);
  const failures = failuresOf(outcome);
  for (const { result } of failures.length === 0 ? outcome.boards : []) {
    if (result === undefined) continue;
    info(plainLine(boardLine(result)));
    info(closingLine(result, outcome.durationMs));
  }
  return failures;
}
