import type { Phase } from "../base/events.js";
import { codeBlock } from "./markdown.js";
import type { BoardOutcome } from "./outcome.js";

/** How the time axis is divided, by the length of the chart. */
const axes = [
  { belowMs: 2000, tick: "200millisecond", format: "%S.%L" },
  { belowMs: 20_000, tick: "1second", format: "%M:%S" },
  { belowMs: 200_000, tick: "10second", format: "%M:%S" },
  { belowMs: Infinity, tick: "1minute", format: "%H:%M" },
];

/** As many characters as fit beside the chart, which Mermaid does not see to. */
const LONGEST_NAME = 22;

/** Mermaid ends a section's name at `:`, `#` and `;`, and takes equal names for one section. */
function sectionName(name: string, index: number): string {
  const [place = ""] = name.replace(/^\w+:\/\//, "").split("?");
  return `${index + 1} ${place
    .replace(/[^\w./-]+/g, " ")
    .trim()
    .slice(-LONGEST_NAME)}`;
}

/** What a bar of the chart stands for: short phases go together, as their names would cover each other. */
const barNames: Readonly<Record<Phase | "boot", string>> = {
  connect: "connect",
  identify: "connect",
  stub: "connect",
  baud: "connect",
  compare: "compare",
  erase: "write",
  write: "write",
  verify: "verify",
  read: "read",
  reset: "boot",
  boot: "boot",
};

/** The part of the chart below which no name fits into a bar. */
const SHORTEST_NAMED = 0.06;

interface Bar {
  readonly name: string;
  readonly startMs: number;
  readonly lengthMs: number;
}

function barsOf({ result, boot }: BoardOutcome): readonly Bar[] {
  const phases = [
    ...(result?.phases ?? []),
    ...(boot ? [{ phase: "boot" as const, durationMs: boot.durationMs }] : []),
  ];
  return phases.reduce<readonly Bar[]>((bars, { phase, durationMs }) => {
    const lengthMs = Math.round(durationMs);
    const name = barNames[phase];
    const last = bars.at(-1);
    if (last === undefined) return [{ name, startMs: 0, lengthMs }];
    if (last.name === name) return [...bars.slice(0, -1), { ...last, lengthMs: last.lengthMs + lengthMs }];
    return [...bars, { name, startMs: last.startMs + last.lengthMs, lengthMs }];
  }, []);
}

function endMs(bars: readonly Bar[]): number {
  const last = bars.at(-1);
  return last === undefined ? 0 : last.startMs + last.lengthMs;
}

/**
 * What every board's time went into as a Mermaid chart, which GitHub draws; each begins at 0. `undefined` where no
 * board has any.
 */
export function phaseChart(boards: readonly BoardOutcome[]): string | undefined {
  const rows = boards.map((board) => ({ place: board.port ?? board.name, bars: barsOf(board) }));
  const longestMs = Math.max(0, ...rows.map(({ bars }) => endMs(bars)));
  const axis = axes.find(({ belowMs }) => longestMs < belowMs);
  if (longestMs === 0 || axis === undefined) return undefined;
  const sections = rows.flatMap(({ place, bars }, index) => {
    const lines = bars.map(({ name, startMs, lengthMs }) => {
      return `    ${lengthMs < longestMs * SHORTEST_NAMED ? "·" : name} :${startMs}, ${lengthMs}ms`;
    });
    return lines.length === 0 ? [] : [`  section ${sectionName(place, index)}`, ...lines];
  });
  const head = [
    '%%{init: {"gantt": {"displayMode": "compact", "leftPadding": 170}}}%%',
    "gantt",
    "  dateFormat x",
    `  axisFormat ${axis.format}`,
    `  tickInterval ${axis.tick}`,
  ];
  return codeBlock([...head, ...sections], "mermaid");
}
