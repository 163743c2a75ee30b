import { formatBytes } from "../base/bytes.js";
import type { FlashResult } from "../flash/job.js";
import { formatFlashSize, formatRevision, formatSeconds } from "./format.js";
import { failuresOf, hasFailed, soleBoard } from "./outcome.js";
import type { BoardOutcome, StepOutcome } from "./outcome.js";
import { plainLine } from "./plain-text.js";
import { boardDocument, resultDocument } from "./result-document.js";

/** A fact that an error carries: what was learnt about the board before the job failed. */
function errorDetail(outcome: StepOutcome, name: string): string {
  if (outcome.boards.length > 1) return "";
  const value = failuresOf(outcome)[0]?.details[name];
  return typeof value === "string" ? value : "";
}

/** Where the step's only board was found, or was asked for. */
function portOf(outcome: StepOutcome): string | undefined {
  const board = soleBoard(outcome);
  return board?.port ?? board?.name;
}

type TextOf = (outcome: StepOutcome) => string;

const ofResult =
  (text: (result: FlashResult) => string, unknown = ""): TextOf =>
  (outcome) => {
    const result = soleBoard(outcome)?.result;
    return result === undefined ? unknown : text(result);
  };

/** Every output of the action. */
const outputTable = {
  mac: (outcome) => soleBoard(outcome)?.result?.identity.mac ?? errorDetail(outcome, "mac"),
  duration: (outcome) => formatSeconds(outcome.durationMs),
  chip: (outcome) => soleBoard(outcome)?.result?.chip ?? errorDetail(outcome, "chip"),
  "chip-revision": ofResult((result) => formatRevision(result.identity.revision)),
  "flash-size": ofResult((result) => formatFlashSize(result.flashSizeBytes)),
  port: (outcome) => portOf(outcome) ?? "",
  "bytes-written": ofResult((result) => String(result.bytesWritten)),
  "bytes-sent": ofResult((result) => String(result.bytesSent)),
  skipped: ofResult((result) => String(result.skipped), "false"),
  verified: ofResult((result) => String(result.verified), "false"),
  "firmware-sha256": (outcome) => soleBoard(outcome)?.firmware?.sha256 ?? "",
  // Lines of the firmware's own would become lines of whatever file a later step writes them to.
  "app-version": ofResult((result) => plainLine(result.app?.version ?? "")),
  "app-project": ofResult((result) => plainLine(result.app?.project ?? "")),
  "app-elf-sha256": ofResult((result) => result.app?.elfSha256 ?? ""),
  "boot-verdict": (outcome) => soleBoard(outcome)?.boot?.verdict ?? "",
  "boot-log": (outcome) => soleBoard(outcome)?.bootLog ?? "",
  boards: (outcome) => JSON.stringify(outcome.boards.map(boardDocument)),
  result: (outcome) => JSON.stringify(resultDocument(outcome)),
  "error-code": (outcome) => failuresOf(outcome)[0]?.code ?? "",
} as const satisfies Record<string, TextOf>;

export type OutputName = keyof typeof outputTable;

/** Every output as text; what is not known is "". */
export function stepOutputs(outcome: StepOutcome): Readonly<Record<OutputName, string>> {
  const texts = Object.entries<TextOf>(outputTable).map(([name, text]) => [name, text(outcome)]);
  return Object.fromEntries(texts) as Record<OutputName, string>;
}

/** Which board it was, for the log. */
export function boardLine(result: FlashResult): string {
  const { identity } = result;
  const chip = `${identity.packageName} ${formatRevision(identity.revision)}`;
  return `Board: ${chip}, MAC ${identity.mac}, ${formatFlashSize(result.flashSizeBytes)} flash, ${result.baud} baud`;
}

/** The last line of a log without an error: what happened, in one sentence. */
export function closingLine(result: FlashResult, durationMs: number): string {
  const seconds = `${formatSeconds(durationMs)} s`;
  if (result.dryRun) {
    return result.skipped
      ? `Dry run: the board already holds this firmware (${seconds})`
      : `Dry run: ${formatBytes(result.bytesToChange)} would have to change; nothing was changed (${seconds})`;
  }
  const proof = result.verified ? "verified" : "not verified";
  return result.skipped
    ? `Nothing to do: the board already holds this firmware (${proof}, ${seconds})`
    : `Flashed ${formatBytes(result.bytesWritten)} in ${seconds}, ${proof}`;
}

/** Of several boards, how many are as they were asked for, have failed, and were not come to an end with. */
export function countLine(boards: readonly BoardOutcome[]): string {
  const failed = boards.filter(hasFailed).length;
  const done = boards.filter(({ error, result, leftAlone }) => !error && (result ?? leftAlone)).length;
  const unfinished = boards.length - done - failed;
  const parts = [`${done} done`, failed > 0 && `${failed} failed`, unfinished > 0 && `${unfinished} not finished`];
  return `${boards.length} boards: ${parts.filter(Boolean).join(", ")}`;
}
