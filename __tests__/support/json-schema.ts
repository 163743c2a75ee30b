import { readFileSync } from "node:fs";

type Json = Readonly<Record<string, unknown>>;
type Check = (rule: never, value: unknown, at: string, schema: Json, root: Json) => readonly string[];

const typeTests: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
};

const none = (): readonly string[] => [];
const entries = (value: unknown): [string, unknown][] =>
  typeTests.object?.(value) === true ? Object.entries(value as Json) : [];

/** The keywords of JSON Schema 2020-12 that the schema uses; any other is refused. */
const keywords: Readonly<Record<string, Check>> = {
  $schema: none,
  $id: none,
  $defs: none,
  title: none,
  description: none,
  $ref: (rule: string, value, at, _, root) => {
    const target = (root.$defs as Record<string, Json>)[rule.replace("#/$defs/", "")];
    if (target === undefined) throw new Error(`the schema has no ${rule}`);
    return violations(target, value, at, root);
  },
  type: (rule: string | readonly string[], value, at) =>
    [rule].flat().some((name) => typeTests[name]?.(value)) ? [] : [`${at} is no ${[rule].flat().join(" or ")}`],
  enum: (rule: readonly unknown[], value, at) => (rule.includes(value) ? [] : [`${at} is none of ${rule.join(", ")}`]),
  pattern: (rule: string, value, at) =>
    typeof value !== "string" || new RegExp(rule, "u").test(value) ? [] : [`${at} does not match ${rule}`],
  minimum: (rule: number, value, at) => (typeof value !== "number" || value >= rule ? [] : [`${at} is below ${rule}`]),
  required: (rule: readonly string[], value, at) =>
    rule.filter((name) => !entries(value).some(([key]) => key === name)).map((name) => `${at}.${name} is missing`),
  items: (rule: Json, value, at, _, root) =>
    Array.isArray(value) ? value.flatMap((item, index) => violations(rule, item, `${at}[${index}]`, root)) : [],
  properties: (rule: Readonly<Record<string, Json>>, value, at, _, root) =>
    entries(value).flatMap(([key, item]) => (rule[key] ? violations(rule[key], item, `${at}.${key}`, root) : [])),
  additionalProperties: (rule: false | Json, value, at, { properties }, root) =>
    entries(value)
      .filter(([key]) => !Object.keys((properties as Json | undefined) ?? {}).includes(key))
      .flatMap(([key, item]) =>
        rule === false ? [`${at}.${key} is not in the schema`] : violations(rule, item, `${at}.${key}`, root),
      ),
};

/** Where a JSON value does not fit the schema, a line each. Throws at a keyword that it does not know. */
export function violations(schema: Json, value: unknown, at = "result", root: Json = schema): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    const check = keywords[keyword];
    if (check === undefined) throw new Error(`the schema has ${keyword}, which is not checked`);
    return check(rule as never, value, at, schema, root);
  });
}

/** The published shape of the output `result`. */
export const resultSchema = JSON.parse(readFileSync("docs/result.schema.json", "utf8")) as Json;

/** Throws if an output `result` is not of the published shape. */
export function checkResultOutput(text: string): void {
  const wrong = violations(resultSchema, JSON.parse(text));
  if (wrong.length > 0) throw new Error(`the output \`result\` is not of its published shape:\n${wrong.join("\n")}`);
}
