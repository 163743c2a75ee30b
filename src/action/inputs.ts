import * as v from "valibot";
import { FlashError, toFlashError } from "../base/errors.js";
import type { ChipName } from "../chips/definition.js";
import { chipNames } from "../chips/index.js";
import { redactUrl } from "../firmware/url.js";
import { afterModes, allowances, beforeModes, eraseModes } from "../flash/job.js";
import type { AfterMode, Allowance, BeforeMode, EraseMode } from "../flash/job.js";
import { checkPort } from "../open-transport.js";

/** What the workflow asked for, checked. */
export interface Inputs {
  readonly port: string;
  readonly chip: ChipName | "auto";
  readonly firmwareUrl: string;
  readonly offset: number | undefined;
  /** 64 lower-case hex digits. */
  readonly sha256: string | undefined;
  readonly baud: number | "auto";
  readonly erase: EraseMode;
  readonly before: BeforeMode;
  readonly after: AfterMode;
  readonly stub: boolean;
  readonly compress: boolean;
  readonly connectAttempts: number;
  readonly timeoutMs: number;
  readonly allow: ReadonlySet<Allowance>;
  readonly dryRun: boolean;
}

interface InputRow<Value> {
  /** The name in the workflow. */
  readonly name: string;
  readonly schema: v.GenericSchema<string, Value>;
  /** What it takes, for the person who reads the error. */
  readonly accepts: string;
  /** What an empty input stands for; the runner sets every declared input, unset ones to "". */
  readonly defaultText: string;
  readonly required: boolean;
}

/** A job on a self-hosted runner may last days, a flash never does. */
const MAX_TIMEOUT_S = 24 * 60 * 60;
const MAX_ADDRESS = 0xffffffff;

const oneLine = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check((text) => !/\p{Cc}/u.test(text)),
);
const optional = <Value>(schema: v.GenericSchema<string, Value>): v.GenericSchema<string, Value | undefined> =>
  v.union([
    v.pipe(
      v.literal(""),
      v.transform(() => undefined),
    ),
    schema,
  ]);
const wholeNumber = (lowest: number, highest: number): v.GenericSchema<string, number> =>
  v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(lowest), v.maxValue(highest));
// The spellings of YAML's core schema, which is what GitHub's own actions take.
const boolean = v.pipe(
  v.picklist(["true", "True", "TRUE", "false", "False", "FALSE"]),
  v.transform((text) => text.toLowerCase() === "true"),
);
const address = v.pipe(
  v.string(),
  v.regex(/^(0x[0-9a-f]+|\d+)$/i),
  v.transform(Number),
  v.minValue(0),
  v.maxValue(MAX_ADDRESS),
);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/i), v.toLowerCase());
const timeoutMs = v.pipe(
  v.string(),
  v.regex(/^\d+[sm]?$/),
  v.transform((text) => Number.parseInt(text, 10) * (text.endsWith("m") ? 60 : 1)),
  v.minValue(1),
  v.maxValue(MAX_TIMEOUT_S),
  v.transform((seconds) => seconds * 1000),
);
const allow = v.pipe(
  v.string(),
  v.transform((text) => text.split(/[\s,]+/).filter((word) => word !== "")),
  v.array(v.picklist(allowances)),
  v.transform((names): ReadonlySet<Allowance> => new Set(names)),
);
const chip = v.pipe(v.string(), v.toLowerCase(), v.picklist(["auto", ...chipNames]));
const baud = v.union([v.literal("auto"), wholeNumber(1200, 5_000_000)]);

const listed = (values: readonly string[]): string => `takes one of ${values.join(", ")}`;

function row<Value>(
  name: string,
  schema: v.GenericSchema<string, Value>,
  accepts: string,
  defaultText?: string,
): InputRow<Value> {
  return { name, schema, accepts, defaultText: defaultText ?? "", required: defaultText === undefined };
}

/** Every input of the action; a row without a default is required. */
const inputTable: { readonly [Key in keyof Inputs]: InputRow<Inputs[Key]> } = {
  port: row("port", oneLine, "takes a device path, tcp://host:port or virtual:<chip>"),
  chip: row("chip", chip, listed(["auto", ...chipNames]), "auto"),
  firmwareUrl: row("firmware-url", oneLine, "takes an http, https or file URL, or a path"),
  offset: row("offset", optional(address), "takes a hex (0x10000) or decimal (65536) address", ""),
  sha256: row("sha256", optional(sha256), "takes 64 hex digits", ""),
  baud: row("baud", baud, "takes auto or a number from 1200 to 5000000", "auto"),
  erase: row("erase", v.picklist(eraseModes), listed(eraseModes), "all"),
  before: row("before", v.picklist(beforeModes), listed(beforeModes), "default-reset"),
  after: row("after", v.picklist(afterModes), listed(afterModes), "hard-reset"),
  stub: row("stub", boolean, "takes true or false", "true"),
  compress: row("compress", boolean, "takes true or false", "true"),
  connectAttempts: row("connect-attempts", wholeNumber(1, 100), "takes a number from 1 to 100", "7"),
  timeoutMs: row("timeout", timeoutMs, "takes seconds (600, 600s) or minutes (10m), at least 1 s, at most 24 h", "600"),
  allow: row("allow", allow, `takes a list of ${allowances.join(", ")}`, ""),
  dryRun: row("dry-run", boolean, "takes true or false", "false"),
};

/** Names and defaults as action.yml must declare them. */
export const declaredInputs: readonly { name: string; defaultText: string; required: boolean }[] =
  Object.values(inputTable);

interface Problem {
  readonly code: "input/required" | "input/invalid";
  readonly name: string;
  readonly text: string;
}

const LONGEST_SHOWN = 120;

/** The value as the error shows it: quoted, one line, not endless, without credentials. */
function shown(value: string): string {
  const text = /:\/\/.*[@?]/s.test(value) ? redactUrl(value) : value;
  return JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);
}

function readOne(input: InputRow<unknown>, text: string, problems: Problem[]): unknown {
  const { name, accepts } = input;
  if (text === "" && input.required) {
    problems.push({ code: "input/required", name, text: `\`${name}\` is not set: it ${accepts}` });
    return undefined;
  }
  const parsed = v.safeParse(input.schema, text === "" ? input.defaultText : text);
  if (parsed.success) return parsed.output;
  problems.push({ code: "input/invalid", name, text: `\`${name}\` is ${shown(text)}: it ${accepts}` });
  return undefined;
}

/** The kinds of port are known below this floor only. */
function checkPortName(port: unknown, problems: Problem[]): void {
  if (typeof port !== "string") return;
  try {
    checkPort(port);
  } catch (thrown) {
    problems.push({
      code: "input/invalid",
      name: "port",
      text: `${toFlashError(thrown).message} (it is ${shown(port)})`,
    });
  }
}

function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const code = problems.every((problem) => problem.code === "input/required") ? "input/required" : "input/invalid";
  throw new FlashError(code, problems.map((problem) => problem.text).join("\n"), {
    inputs: problems.map((problem) => problem.name),
  });
}

function refuseConflicts(inputs: Inputs): void {
  if (inputs.after === "no-reset-stub" && !inputs.stub) {
    throw new FlashError(
      "input/conflict",
      "`after: no-reset-stub` leaves the stub running, but `stub: false` says that there is none.",
      { inputs: ["after", "stub"] },
    );
  }
}

/**
 * Reads and checks every input; `read` gives an input's text by its name in the workflow, "" where it is not set.
 * Throws `input/required` or `input/invalid` with a line for each bad input, or `input/conflict`.
 */
export function readInputs(read: (name: string) => string): Inputs {
  const problems: Problem[] = [];
  const rows = Object.entries<InputRow<unknown>>(inputTable);
  const values = rows.map(([key, input]) => [key, readOne(input, read(input.name).trim(), problems)] as const);
  const inputs = Object.fromEntries(values) as unknown as Inputs;
  checkPortName(inputs.port, problems);
  refuseProblems(problems);
  refuseConflicts(inputs);
  return inputs;
}
