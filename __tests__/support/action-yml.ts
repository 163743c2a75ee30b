import { readFileSync } from "node:fs";

interface DeclaredInput {
  readonly description: string;
  readonly default?: string;
  readonly required?: boolean;
}

/** What the tests read of action.yml. */
export interface ActionYml {
  readonly inputs: Readonly<Record<string, DeclaredInput>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: Readonly<Record<string, string>>;
}

/** Reads the part of YAML that action.yml is written in: nested maps of double-quoted texts and booleans. */
export function readActionYml(): ActionYml {
  const root: Record<string, unknown> = {};
  const path: Record<string, unknown>[] = [root];
  const lines = readFileSync("action.yml", "utf8").split(/\r?\n/);
  for (const line of lines.filter((text) => text !== "")) {
    const [, indent = "", key, value] = /^((?: {2})*)([\w-]+):(?: (".*"|true|false))?$/.exec(line) ?? [];
    const parent = path[indent.length / 2];
    if (key === undefined || parent === undefined) throw new Error(`action.yml: cannot read ${line}`);
    const child: Record<string, unknown> = {};
    parent[key] = value === undefined ? child : (JSON.parse(value) as unknown);
    path.splice(indent.length / 2 + 1, Infinity, child);
  }
  return root as unknown as ActionYml;
}
