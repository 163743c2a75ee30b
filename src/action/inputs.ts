import { FlashError } from "../base/errors.js";
import { fileLines } from "./file-lines.js";
import type { InputValues } from "./input-values.js";
import type { PortLine } from "./port-line.js";
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
  "allow",
  "dryRun",
  "junit",
] as const satisfies readonly (keyof InputValues)[];

/** What the workflow asked the main action for, checked. */
export type Inputs = Pick<InputValues, (typeof mainInputs)[number]>;

/** Pairs of inputs of which one says what the other says already. */
const rivals: readonly { readonly names: readonly [string, string]; readonly clash: (inputs: Inputs) => boolean }[] = [
  { names: ["firmware-url", "files"], clash: (inputs) => inputs.firmwareUrl !== undefined && inputs.files.length > 0 },
  { names: ["offset", "files"], clash: (inputs) => inputs.offset !== undefined && inputs.files.length > 0 },
  { names: ["sha256", "files"], clash: (inputs) => inputs.sha256 !== undefined && inputs.files.length > 0 },
];

/** Two lines that are the same would be two jobs on one board. */
function refuseDoubles(ports: readonly PortLine[]): void {
  const texts = ports.map((line) => (line.kind === "one" ? line.port : `every: ${line.selector}`));
  const double = texts.find((text, index) => texts.indexOf(text) < index);
  if (double === undefined) return;
  throw new FlashError("input/conflict", `\`port\` names ${double} twice.`, { inputs: ["port"] });
}

function refuseOtherChips({ chip, files }: Inputs): void {
  const named = files.flatMap((line) => line.chip ?? []);
  if (chip === "auto" || named.length === 0 || named.includes(chip)) return;
  throw new FlashError(
    "input/conflict",
    `\`chip\` is ${chip}, but \`files\` has nothing for it: ${named.join(", ")}.`,
    {
      inputs: ["chip", "files"],
    },
  );
}

function refuseConflicts(inputs: Inputs): void {
  refuseDoubles(inputs.ports);
  refuseOtherChips(inputs);
  if (inputs.expectMac !== undefined && (inputs.ports.length > 1 || inputs.ports[0]?.kind === "every")) {
    throw new FlashError("input/conflict", "`expect-mac` names one board, but `port` may lead to several.", {
      inputs: ["expect-mac", "port"],
    });
  }
  if (inputs.resetSequence !== undefined && inputs.before.startsWith("no-reset")) {
    throw new FlashError(
      "input/conflict",
      `\`reset-sequence\` says how the board is reset, but \`before: ${inputs.before}\` that it is not.`,
      { inputs: ["reset-sequence", "before"] },
    );
  }
  for (const { names, clash } of rivals) {
    if (!clash(inputs)) continue;
    const [one, other] = names;
    throw new FlashError(
      "input/conflict",
      `\`${one}\` and \`${other}\` are both set, but only one of them can count.`,
      {
        inputs: names,
      },
    );
  }
  if (inputs.after === "no-reset-stub" && !inputs.stub) {
    throw new FlashError(
      "input/conflict",
      "`after: no-reset-stub` leaves the stub running, but `stub: false` says that there is none.",
      { inputs: ["after", "stub"] },
    );
  }
}

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
