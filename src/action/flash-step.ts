import { homedir } from "node:os";
import { join } from "node:path";
import {
  debug,
  endGroup,
  error as annotateError,
  getInput,
  info,
  isDebug,
  saveState,
  setOutput,
  startGroup,
  summary,
  warning,
} from "@actions/core";
import { formatBytes, hex32 } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { toFlashError } from "../base/errors.js";
import type { FlashError } from "../base/errors.js";
import type { FirmwareSet } from "../firmware/firmware.js";
import type { FlashJob, FlashResult } from "../flash/job.js";
import type { ClaimedBoard } from "./claim-board.js";
import { watchCancellation } from "./cancel.js";
import type { Cancellation, SignalSource } from "./cancel.js";
import { reportFailure } from "./failure.js";
import type { FailureLog } from "./failure.js";
import { readInputs } from "./inputs.js";
import type { Inputs } from "./inputs.js";
import { boardLine, closingLine, stepOutputs } from "./outputs.js";
import type { StepOutcome } from "./outputs.js";
import { KEPT_STATE } from "./kept-state.js";
import { plainLine } from "./plain-text.js";
import { encryptionRemark, firmwareItems, planRequest } from "./plan-request.js";
import { createReporter } from "./reporter.js";
import type { Log, Reporter } from "./reporter.js";
import { summaryMarkdown } from "./summary.js";

/** Named one by one: the package as a whole would bring its HTTP client along, which takes 50 ms to load. */
const log: Log & FailureLog = { info, warning, debug, isDebug, startGroup, endGroup, error: annotateError };

/** What the step needs of the process that it runs in. */
export interface Host extends SignalSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  exitCode?: number | string | null | undefined;
  cwd(): string;
  exit(code: number): void;
}

/** What is learnt on the way, and told at the end even if the step fails. */
interface Learnt {
  port?: string;
  firmware?: FirmwareSet;
  result?: FlashResult;
  error?: FlashError;
}

interface Surroundings {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly watch: Cancellation;
  readonly reporter: Reporter;
}

/** Notes about boards and unfinished work outlive the job: the tool cache stays on a self-hosted runner. */
function notesDirectory(env: Host["env"], kind: "boards" | "ports"): string {
  const cacheRoot = env.RUNNER_TOOL_CACHE ?? "";
  return join(cacheRoot === "" ? join(homedir(), ".cache") : cacheRoot, "esp32-flash-action", kind);
}

/** The runner names the API of its own GitHub, which may be an Enterprise Server. */
function githubApiUrl(env: Host["env"]): string {
  const apiUrl = env.GITHUB_API_URL ?? "";
  return apiUrl === "" ? "https://api.github.com" : apiUrl.replace(/\/+$/, "");
}

/** The way of the data. What can fail without hardware fails before the port is opened. */
async function flashBoard(inputs: Inputs, learnt: Learnt, surroundings: Surroundings): Promise<void> {
  const { host, clock, signal, reporter } = surroundings;
  const emit = reporter.listener;

  // The engine is loaded here and not at the top, so that the step's first line comes at once.
  const { resolveFirmware } = await import("../firmware/firmware.js");
  reporter.openGroup("Get the firmware");
  const firmware = await resolveFirmware(
    {
      input: inputs.firmwareUrl === undefined ? "files" : "firmware-url",
      items: firmwareItems(inputs),
      chip: inputs.chip === "auto" ? undefined : inputs.chip,
      workspace: host.env.GITHUB_WORKSPACE ?? host.cwd(),
      github: { apiUrl: githubApiUrl(host.env), token: inputs.token },
    },
    { clock, signal, onMessage: (text) => emit({ kind: "message", level: "info", text }) },
  );
  learnt.firmware = firmware;
  const remark = encryptionRemark(firmware);
  if (remark !== undefined) emit({ kind: "message", level: "warning", text: remark });

  const { planFlash } = await import("../flash/plan.js");
  const job = planFlash(planRequest(inputs, firmware));
  for (const image of job.images) {
    const size = formatBytes(image.bytes.length);
    info(plainLine(`${image.name}: ${size} for ${hex32(image.offset)}, SHA-256 ${image.sha256}`));
  }
  for (const image of job.unplaced) {
    const size = formatBytes(image.bytes.length);
    info(plainLine(`${image.name}: ${size} for the partition ${image.partition}, SHA-256 ${image.sha256}`));
  }
  reporter.closeGroup();

  const { claimBoard } = await import("./claim-board.js");
  reporter.openGroup("Find the board");
  const board = await claimBoard(inputs, {
    env: host.env,
    clock,
    signal,
    time: surroundings.watch,
    stateDir: notesDirectory(host.env, "ports"),
    say: (level, text) => emit({ kind: "message", level, text }),
    onKept: (boards) => saveState(KEPT_STATE, boards),
  });
  learnt.port = board.port;
  reporter.closeGroup();
  let error: FlashError | undefined;
  try {
    learnt.result = await flashClaimed(board, job, inputs, surroundings);
  } catch (thrown) {
    error = toFlashError(thrown);
    throw error;
  } finally {
    learnt.port = board.port;
    board.release(error?.code);
  }
}

/** Opens the board's port, brings the board to what the job says, and closes the port. */
async function flashClaimed(
  board: ClaimedBoard,
  job: FlashJob,
  { powerCycle }: Inputs,
  { host, clock, signal, reporter }: Surroundings,
): Promise<FlashResult> {
  const { flashDevice } = await import("../flash/flash-device.js");
  const { fileJournal } = await import("../flash/file-journal.js");
  const { runPowerCycle } = await import("./power-cycle.js");
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

function writeOutputs(outcome: StepOutcome): void {
  for (const [name, text] of Object.entries(stepOutputs(outcome))) setOutput(name, text);
}

async function writeSummary(outcome: StepOutcome): Promise<void> {
  try {
    await summary.addRaw(summaryMarkdown(outcome)).write();
  } catch (thrown) {
    // The board is flashed or not; a page that cannot be shown changes nothing about it.
    info(plainLine(`The job summary cannot be written: ${toFlashError(thrown).message}`));
  }
}

async function publish(outcome: StepOutcome, host: Host): Promise<void> {
  await writeSummary(outcome);
  writeOutputs(outcome);
  if (outcome.error !== undefined) {
    reportFailure(log, outcome.error);
    host.exitCode = 1;
  } else if (outcome.result !== undefined) {
    info(plainLine(boardLine(outcome.result)));
    info(closingLine(outcome.result, outcome.durationMs));
  }
}

/** Whatever broke while the step was being ended, the end itself is what happened. */
function whatHappened(thrown: unknown, signal: AbortSignal | undefined): FlashError {
  const error = toFlashError(thrown);
  if (signal?.aborted !== true) return error;
  const reason = toFlashError(signal.reason);
  // The engine tells the same end with what it learnt of the board.
  return error.code === reason.code ? error : reason;
}

/** The step up to its end, good or bad. Never rejects. */
async function runStep(
  host: Host,
  clock: Clock,
  startedMs: number,
): Promise<{ outcome: StepOutcome; watch: Cancellation | undefined }> {
  const learnt: Learnt = {};
  const reporter = createReporter(log, clock);
  let watch: Cancellation | undefined;
  try {
    const inputs = readInputs((name) => getInput(name));
    learnt.port = inputs.port;
    watch = watchCancellation(host, clock, inputs.timeoutMs);
    await watch.waitFor(flashBoard(inputs, learnt, { host, clock, signal: watch.signal, watch, reporter }));
  } catch (thrown) {
    learnt.error = whatHappened(thrown, watch?.signal);
  }
  reporter.closeGroup();
  return { outcome: { durationMs: clock.nowMs() - startedMs, ...learnt }, watch };
}

/**
 * The step behind its first line: reads inputs, flashes the board, writes outputs, log and summary, and sets the exit
 * code. `startedMs`: when the step began, on `clock`.
 */
export async function flashStep(host: Host, clock: Clock, startedMs: number): Promise<void> {
  const { outcome, watch } = await runStep(host, clock, startedMs);
  try {
    await publish(outcome, host);
  } catch (thrown) {
    reportFailure(log, toFlashError(thrown));
    host.exitCode = 1;
  }
  watch?.end();
  if (watch?.leftBehind() === true) host.exit(1);
}
