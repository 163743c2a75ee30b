import type { RunRecord } from "./run-one.js";
import type { Concern } from "./violation.js";

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;

function codesOf(records: readonly RunRecord[]): string {
  const counts = new Map<string, number>();
  for (const { code } of records) if (code !== "success") counts.set(code, (counts.get(code) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  return sorted.map(([code, count]) => `\`${code}\` ${count}`).join(", ");
}

const having = (records: readonly RunRecord[], concern: Concern): number =>
  records.filter(({ violations }) => violations.some((violation) => violation.concern === concern)).length;

const HEAD = [
  "Fault",
  "Runs",
  "Verified",
  "Share",
  "False",
  "Late",
  "Leaks",
  "Locks",
  "Rerun fails",
  "Longest",
  "Else ended with",
];

/** A Markdown table with a row for each group of runs, by `nameOf`. */
export function campaignTable(records: readonly RunRecord[], nameOf: (record: RunRecord) => string): readonly string[] {
  const groups = new Map<string, RunRecord[]>();
  for (const record of records) groups.set(nameOf(record), [...(groups.get(nameOf(record)) ?? []), record]);
  const cells = (name: string, group: readonly RunRecord[]): readonly (string | number)[] => {
    const verified = group.filter(({ code }) => code === "success").length;
    return [
      name,
      group.length,
      verified,
      `${((verified / group.length) * 100).toFixed(1)} %`,
      having(group, "false success"),
      having(group, "over time"),
      having(group, "leak"),
      having(group, "lock"),
      having(group, "no rerun"),
      `${(Math.max(...group.map(({ durationMs }) => durationMs)) / 1000).toFixed(1)} s`,
      codesOf(group),
    ];
  };
  return [
    row(HEAD),
    row(HEAD.map((_, index) => (index === 0 || index === HEAD.length - 1 ? ":-" : "-:"))),
    ...[...groups].map(([name, group]) => row(cells(name, group))),
    row(cells("**all**", records)),
  ];
}
