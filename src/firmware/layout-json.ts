import * as v from "valibot";
import { layoutError } from "./layout.js";
import type { LayoutSource } from "./layout.js";

/** A layout's JSON in the form that `schema` gives. Throws `firmware/layout`, with the place where it is wrong. */
export function readJson<Schema extends v.GenericSchema>(source: LayoutSource, schema: Schema): v.InferOutput<Schema> {
  const result = v.safeParse(schema, parse(source));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw layoutError(source.name, `is not as it should be${path === null ? "" : ` at ${path}`}: ${issue.message}`);
}

function parse(source: LayoutSource): unknown {
  try {
    return JSON.parse(source.text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw layoutError(source.name, `is not JSON: ${reason}`, error);
  }
}
