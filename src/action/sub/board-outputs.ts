import type { FlashError } from "../../base/errors.js";
import type { BoardFacts } from "../../flash/board-facts.js";
import { formatFlashSize, formatRevision } from "../format.js";
import { markdownText, plainLines } from "../plain-text.js";
import type { Notes } from "./sub-action.js";

/** Where the board was found, and what it told. */
export interface FoundBoard {
  readonly port: string;
  readonly board: BoardFacts;
}

/** What was learnt about the board before the work failed. */
function errorDetail(error: FlashError | undefined, name: string): string {
  const value = error?.details[name];
  return typeof value === "string" ? value : "";
}

type Told = Notes<{ readonly port: string; readonly board: Pick<BoardFacts, "chip" | "identity"> }>;

/** Outputs of every sub-action that speaks to the loader. */
export const boardOutputs = {
  port: ({ port = "" }: Told) => port,
  mac: ({ board }: Told, error?: FlashError) => board?.identity.mac ?? errorDetail(error, "mac"),
  chip: ({ board }: Told, error?: FlashError) => board?.chip ?? errorDetail(error, "chip"),
} as const;

/** `ESP32-D0WDQ6 v1.0, MAC 4c:11:ae:b9:90:54, 4MB flash`. */
export function describeBoard({ identity, flashSizeBytes }: BoardFacts): string {
  const chip = `${identity.packageName} ${formatRevision(identity.revision)}`;
  return `${chip}, MAC ${identity.mac}, ${formatFlashSize(flashSizeBytes)} flash`;
}

/** A heading and a table of facts; cells are plain text. */
export function factSummary(title: string, facts: readonly (readonly [string, string])[], error?: FlashError): string {
  const rows = facts.filter(([, value]) => value !== "").map(([name, value]) => `| ${name} | ${markdownText(value)} |`);
  const table = rows.length === 0 ? [] : [["| Fact | Value |", "| --- | --- |", ...rows].join("\n")];
  const failure =
    error === undefined
      ? []
      : [`${plainLines(error.message).map(markdownText).join("<br>")}\n\n**Way out:** ${markdownText(error.hint)}`];
  const heading = error === undefined ? `### ✅ ${title}` : `### ❌ ${title} failed: ${error.code}`;
  return `${[heading, ...failure, ...table].join("\n\n")}\n`;
}
