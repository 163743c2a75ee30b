import * as v from "valibot";
import { findPositions, pathKey } from "./json-positions.js";
import { layoutError } from "./layout.js";
import type { LayoutSource } from "./layout.js";

/** What a layout's JSON says, and where. */
export interface LayoutJson<Output> {
  readonly document: Output;
  /** The character at which the value with this path begins. */
  readonly offsetOf: (...path: readonly string[]) => number;
}

/** A layout's JSON in the form that `schema` gives. Throws `firmware/layout`, with the place where it is wrong. */
export function readJson<Schema extends v.GenericSchema>(
  source: LayoutSource,
  schema: Schema,
): LayoutJson<v.InferOutput<Schema>> {
  const { name, text } = source;
  const { errorAt, valuesAt } = findPositions(text);
  if (errorAt !== undefined) throw layoutError(name, "is not JSON, or nested too deep", errorAt);
  // A missing value stands nowhere; its owner does.
  const offsetOf = (...path: readonly unknown[]): number =>
    valuesAt.get(pathKey(path)) ?? (path.length === 0 ? 0 : offsetOf(...path.slice(0, -1)));
  const result = v.safeParse(schema, JSON.parse(text));
  if (result.success) return { document: result.output, offsetOf };
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => String(key)) ?? [];
  const where = path.length === 0 ? "" : ` at ${path.join(".")}`;
  throw layoutError(name, `is not as it should be${where}: ${issue.message}`, offsetOf(...path));
}
