import type { FlashResult } from "../flash/job.js";
import { hasFailed } from "./outcome.js";
import type { BoardOutcome } from "./outcome.js";

/** What became of a board, in a few words, with a sign to find it by. */
export interface BoardVerdict {
  readonly sign: "✅" | "⚠️" | "❌" | "🔍" | "➖";
  readonly text: string;
}

function flashText({ dryRun, skipped, verified }: FlashResult): string {
  if (dryRun) return skipped ? "dry run: up to date" : "dry run: nothing was changed";
  return `${skipped ? "already up to date" : "flashed"}, ${verified ? "verified" : "not verified"}`;
}

export function boardVerdict(board: BoardOutcome): BoardVerdict {
  const { port, error, result, boot, leftAlone } = board;
  if (hasFailed(board)) return { sign: "❌", text: `failed: ${error?.code ?? ""}` };
  if (error !== undefined) return { sign: "➖", text: `as it was: ${error.code}` };
  if (leftAlone === true) return { sign: "✅", text: "healthy, left alone" };
  if (result === undefined) return { sign: "➖", text: port === undefined ? "not reached" : "cut short" };
  const text = boot === undefined ? flashText(result) : `${flashText(result)}, ${boot.verdict}`;
  if (result.dryRun) return { sign: "🔍", text };
  return { sign: boot?.verdict === "silent" ? "⚠️" : "✅", text };
}
