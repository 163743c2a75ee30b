import type { BoardOutcome } from "./outcome.js";
import { codeBlock } from "./markdown.js";

/** Mermaid ends a section's name at `:`, `#` and `;`. */
function sectionName(text: string): string {
  return text.replace(/[^\w./-]+/g, " ").trim();
}

function bars({ result, boot }: BoardOutcome): string[] {
  const phases: { phase: string; durationMs: number }[] = [...(result?.phases ?? [])];
  if (boot !== undefined) phases.push({ phase: "boot", durationMs: boot.durationMs });
  let atMs = 0;
  return phases.map(({ phase, durationMs }) => {
    const lengthMs = Math.round(durationMs);
    const bar = `    ${phase} :${atMs}, ${lengthMs}ms`;
    atMs += lengthMs;
    return bar;
  });
}

/**
 * The phases of every board as a Mermaid chart, which GitHub draws; each board's time begins at 0. `undefined` where no
 * board has any.
 */
export function phaseChart(boards: readonly BoardOutcome[]): string | undefined {
  const sections = boards.flatMap((board) => {
    const lines = bars(board);
    return lines.length === 0 ? [] : [`  section ${sectionName(board.port ?? board.name)}`, ...lines];
  });
  if (sections.length === 0) return undefined;
  return codeBlock(["gantt", "  dateFormat x", "  axisFormat %M:%S", ...sections], "mermaid");
}
