import * as v from "valibot";
import { FlashError } from "../base/errors.js";
import { inputTable } from "./input-table.js";
import type { InputRow } from "./input-table.js";
import type { InputValues } from "./input-values.js";
import { shown } from "./shown.js";

/** What is wrong with an input. */
export interface InputProblem {
  readonly code: "input/required" | "input/invalid";
  readonly name: string;
  readonly text: string;
}

function readOne(input: InputRow<unknown>, text: string, problems: InputProblem[]): unknown {
  const { name, accepts } = input;
  if (text === "" && input.required) {
    problems.push({ code: "input/required", name, text: `\`${name}\` is not set: it ${accepts}` });
    return undefined;
  }
  const parsed = v.safeParse(input.schema, text === "" ? input.defaultText : text);
  if (!parsed.success) {
    problems.push({
      code: "input/invalid",
      name,
      text: `\`${name}\` is ${input.isSecret ? "not usable" : shown(text)}: it ${accepts}`,
    });
    return undefined;
  }
  for (const problem of input.check?.(text) ?? []) problems.push({ code: "input/invalid", name, text: problem });
  return parsed.output;
}

function refuseProblems(problems: readonly InputProblem[]): void {
  if (problems.length === 0) return;
  const code = problems.every((problem) => problem.code === "input/required") ? "input/required" : "input/invalid";
  throw new FlashError(code, problems.map((problem) => problem.text).join("\n"), {
    inputs: problems.map((problem) => problem.name),
  });
}

/**
 * Reads and checks the inputs called `keys`; `read` gives an input's text by its name in the workflow, "" where it is not
 * set. Throws `input/required` or `input/invalid` with a line for each bad input and each of `further`.
 */
export function readRows<Key extends keyof InputValues>(
  keys: readonly Key[],
  read: (name: string) => string,
  further: readonly InputProblem[] = [],
): Pick<InputValues, Key> {
  const problems: InputProblem[] = [];
  const values = keys.map((key) => {
    const input: InputRow<unknown> = inputTable[key];
    return [key, readOne(input, read(input.name).trim(), problems)] as const;
  });
  refuseProblems([...problems, ...further]);
  return Object.fromEntries(values) as unknown as Pick<InputValues, Key>;
}

/** Names and defaults of the inputs called `keys`, as an action.yml must declare them. */
export function declaredInputs(
  keys: readonly (keyof InputValues)[],
): readonly { readonly name: string; readonly defaultText: string; readonly required: boolean }[] {
  return keys.map((key) => {
    const { name, defaultText, required } = inputTable[key];
    return { name, defaultText, required };
  });
}
