import { readFileSync } from "node:fs";
import path from "node:path";

interface DeclaredInput {
  readonly description: string;
  readonly default?: string;
  readonly required?: boolean;
}

/** What the tests read of action.yml. */
export interface ActionYml {
  readonly description: string;
  readonly inputs: Readonly<Record<string, DeclaredInput>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: Readonly<Record<string, string>>;
}

/** Folders of the sub-actions. */
export const subFolders = ["reset", "monitor", "erase", "read", "info", "list"] as const;

/** Reads the part of YAML that action.yml is written in: nested maps of double-quoted texts and booleans. */
export function readActionYml(folder = "."): ActionYml {
  const root: Record<string, unknown> = {};
  const parents: Record<string, unknown>[] = [root];
  const lines = readFileSync(path.join(folder, "action.yml"), "utf8").split(/\r?\n/);
  for (const line of lines.filter((text) => text !== "")) {
    const [, indent = "", key, value] = /^((?: {2})*)([\w-]+):(?: (".*"|true|false))?$/.exec(line) ?? [];
    const parent = parents[indent.length / 2];
    if (key === undefined || parent === undefined) throw new Error(`${folder}/action.yml: cannot read ${line}`);
    const child: Record<string, unknown> = {};
    parent[key] = value === undefined ? child : (JSON.parse(value) as unknown);
    parents.splice(indent.length / 2 + 1, Infinity, child);
  }
  return root as unknown as ActionYml;
}
