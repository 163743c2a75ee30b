import { htmlText, plainLine } from "./plain-text.js";

/** Cells are Markdown already; texts from outside have gone through `markdownText`. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A part that folds. `title` is plain text, `body` is Markdown. */
export function folded(title: string, body: string, state: "open" | "closed" = "closed"): string {
  const tag = state === "open" ? "<details open>" : "<details>";
  return `${tag}<summary>${htmlText(title)}</summary>\n\n${body}\n\n</details>`;
}

/** Lines from outside as they stand: the fence is longer than any in them. */
export function codeBlock(lines: readonly string[], language = ""): string {
  const text = lines.map(plainLine).join("\n");
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
