import { refuseConflicts } from "./input-conflicts.js";
import { fileLines } from "./file-lines.js";
import type { InputValues } from "./input-values.js";
import { readRows } from "./input-rows.js";
import type { InputProblem } from "./input-rows.js";

/** The inputs of the main action, in the order of its action.yml. */
export const mainInputs = [
  "ports",
  "expectMac",
  "waitForPortMs",
  "lock",
  "lockTimeoutMs",
  "lockDir",
  "failFast",
  "maxParallel",
  "powerCycle",
  "chip",
  "firmwareUrl",
  "offset",
  "sha256",
  "files",
  "firmwareMap",
  "token",
  "flashMode",
  "flashFreq",
  "flashSize",
  "baud",
  "erase",
  "preserve",
  "keepGaps",
  "before",
  "after",
  "resetSequence",
  "stub",
  "compress",
  "connectAttempts",
  "timeoutMs",
  "bootCheck",
  "consolePort",
  "consoleBaud",
  "expect",
  "failOn",
  "bootTimeoutMs",
  "settleMs",
  "elf",
  "when",
  "rewrite",
  "allow",
  "dryRun",
  "junit",
] as const satisfies readonly (keyof InputValues)[];

/** What the workflow asked the main action for, checked. */
export type Inputs = Pick<InputValues, (typeof mainInputs)[number]>;

/** One of them has to be there. */
function firmwareProblems(read: (name: string) => string): InputProblem[] {
  if (read("firmware-url").trim() !== "" || read("firmware-map").trim() !== "") return [];
  if (fileLines(read("files")).length > 0) return [];
  const text = "`firmware-url` is not set, and neither is `files` or `firmware-map`: one of them says what to flash";
  return [{ code: "input/required", name: "firmware-url", text }];
}

/**
 * Reads and checks every input; `read` gives an input's text by its name in the workflow, "" where it is not set.
 * Throws `input/required` or `input/invalid` with a line for each bad input, or `input/conflict`.
 */
export function readInputs(read: (name: string) => string): Inputs {
  const inputs = readRows(mainInputs, read, firmwareProblems(read));
  refuseConflicts(inputs);
  return inputs;
}
