import { formatBytes } from "../base/bytes.js";
import { boardSection, failureSection } from "./board-summary.js";
import { boardVerdict } from "./board-verdict.js";
import { formatSeconds } from "./format.js";
import { phaseChart } from "./gantt.js";
import { folded, table } from "./markdown.js";
import { failuresOf, hasFailed } from "./outcome.js";
import type { BoardOutcome, StepOutcome } from "./outcome.js";
import { markdownText } from "./plain-text.js";

/** The runner drops a summary above 1 MiB with an error (actions/runner, FileCommandManager.cs). */
const LONGEST_SUMMARY_BYTES = 1_000_000;

function title(outcome: StepOutcome): string {
  const [error] = failuresOf(outcome);
  const [board, ...others] = outcome.boards;
  if (board === undefined || (others.length === 0 && outcome.error !== undefined)) {
    return error === undefined ? "➖ ESP32: no board" : `❌ ESP32 failed: ${error.code}`;
  }
  if (others.length === 0) {
    const { sign, text } = boardVerdict(board);
    return `${sign} ESP32 ${text}`;
  }
  const count = outcome.boards.length;
  const wrong = outcome.boards.filter(hasFailed).length;
  if (wrong > 0) return `❌ ESP32: ${wrong} of ${count} boards failed`;
  return error === undefined ? `✅ ESP32: ${count} boards` : `❌ ESP32 failed: ${error.code}`;
}

/** The app that was flashed, or the one that the board says it runs. */
function appText({ result, boot }: BoardOutcome): string {
  const { project = "", version = "" } = result?.app ?? boot?.app ?? {};
  return markdownText(`${project} ${version}`.trim());
}

function boardRow(board: BoardOutcome): string[] {
  const { result, error } = board;
  const { sign, text } = boardVerdict(board);
  const learnt = error?.details.mac;
  return [
    markdownText(board.port ?? board.name),
    `${sign} ${text}`,
    markdownText(result?.chip ?? ""),
    result?.identity.mac ?? (typeof learnt === "string" ? markdownText(learnt) : ""),
    appText(board),
    result === undefined ? "" : formatBytes(result.bytesWritten),
    `${formatSeconds(board.durationMs)} s`,
  ];
}

/** One board stands open; of several, those that failed do. */
function boardSections(boards: readonly BoardOutcome[]): string[] {
  if (boards.length === 1) return boards.map(boardSection);
  return boards.flatMap((board) => {
    const section = boardSection(board);
    if (section === "") return [];
    const { sign, text } = boardVerdict(board);
    const state = hasFailed(board) ? "open" : "closed";
    return folded(`${sign} ${board.port ?? board.name}: ${text}`, section, state);
  });
}

/** The job summary of the step as Markdown, in which no text from outside is taken for markup. */
export function summaryMarkdown(outcome: StepOutcome): string {
  const { boards, error } = outcome;
  const head = ["Board", "Verdict", "Chip", "MAC", "App", "Written", "Time"];
  const chart = phaseChart(boards);
  const short = [
    `### ${title(outcome)}`,
    ...(error === undefined ? [] : [failureSection(error)]),
    ...(boards.length === 0 ? [] : [table(head, boards.map(boardRow))]),
  ];
  const all = [...short, ...boardSections(boards), ...(chart === undefined ? [] : [chart])];
  const text = `${all.filter((section) => section !== "").join("\n\n")}\n`;
  if (Buffer.byteLength(text) <= LONGEST_SUMMARY_BYTES) return text;
  return `${[...short, "The rest is too long for a summary; the outputs and the log have it."].join("\n\n")}\n`;
}
