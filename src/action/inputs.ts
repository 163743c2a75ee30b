import { isAbsolute } from "node:path";
import * as v from "valibot";
import { FlashError, toFlashError } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import type { ChipName } from "../chips/index.js";
import { chipNames, chips } from "../chips/index.js";
import type { FirmwareItem } from "../firmware/firmware.js";
import { parseResetSequence } from "../device/reset-sequence.js";
import type { ResetStep } from "../device/reset-sequence.js";
import { redactUrl } from "../firmware/url.js";
import { afterModes, allowances, beforeModes, eraseModes } from "../flash/job.js";
import type { AfterMode, Allowance, BeforeMode, EraseMode } from "../flash/job.js";
import { flashModeCodes } from "../image/flash-settings.js";
import { checkPort } from "../open-transport.js";
import { parsePortSelector } from "../ports/selector.js";
import { commandWords } from "./command-line.js";
import { fileLineForm, fileLines, parseFileLine } from "./file-lines.js";
import { address, boolean, oneLine, oneOf, optional, sha256, duration, wholeNumber, words } from "./input-schemas.js";
import type { TextSchema } from "./input-schemas.js";

/** What the workflow asked for, checked. */
export interface Inputs {
  /** A selector of this machine's ports, or the address of a board elsewhere. */
  readonly port: string;
  /** Lower case, colons. */
  readonly expectMac: string | undefined;
  readonly waitForPortMs: number;
  readonly lock: LockMode;
  readonly lockTimeoutMs: number;
  /** `undefined`: the folder that all users of the machine share. */
  readonly lockDir: string | undefined;
  /** A program and its arguments. */
  readonly powerCycle: readonly [string, ...string[]] | undefined;
  readonly chip: ChipName | "auto";
  /** Either this, or `files` has at least one item. */
  readonly firmwareUrl: string | undefined;
  readonly offset: number | undefined;
  /** 64 lower-case hex digits. */
  readonly sha256: string | undefined;
  /** Each with its place. */
  readonly files: readonly FirmwareItem[];
  readonly token: string | undefined;
  /** `keep`, or as esptool writes it: `dio`. */
  readonly flashMode: string;
  readonly flashFreq: string;
  /** `detect` too. */
  readonly flashSize: string;
  readonly baud: number | "auto";
  readonly erase: EraseMode;
  /** Names of partitions. */
  readonly preserve: readonly string[];
  readonly keepGaps: boolean;
  readonly before: BeforeMode;
  readonly after: AfterMode;
  /** Instead of the usual sequences that put a board into download mode. */
  readonly resetSequence: readonly ResetStep[] | undefined;
  readonly stub: boolean;
  readonly compress: boolean;
  readonly connectAttempts: number;
  readonly timeoutMs: number;
  readonly allow: ReadonlySet<Allowance>;
  readonly dryRun: boolean;
}

const lockModes = ["job", "step", "off"] as const;
/** How long a board is this job's: until its `post` step, or only while the step works on it. */
type LockMode = (typeof lockModes)[number];

interface InputRow<Value> {
  /** The name in the workflow. */
  readonly name: string;
  readonly schema: TextSchema<Value>;
  /** What it takes, for the person who reads the error. */
  readonly accepts: string;
  /** What an empty input stands for; the runner sets every declared input, unset ones to "". */
  readonly defaultText: string;
  readonly required: boolean;
}

const mac = v.pipe(v.string(), v.regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i), v.toLowerCase());
const folder = v.pipe(
  oneLine,
  v.check((text) => isAbsolute(text)),
);
const command = v.pipe(
  v.string(),
  v.transform(commandWords),
  v.check((words) => words !== undefined),
);
const allow = v.pipe(
  words(v.picklist(allowances)),
  v.transform((names): ReadonlySet<Allowance> => new Set(names)),
);
const chip = v.pipe(v.string(), v.toLowerCase(), v.picklist(["auto", ...chipNames]));
const baud = v.union([v.literal("auto"), wholeNumber(1200, 5_000_000)]);

/** Read by its own parser, which throws, so the schema says no more than whether it did. */
const resetSequence: TextSchema<readonly ResetStep[]> = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseResetSequence(dataset.value);
    } catch (thrown) {
      addIssue({ message: toFlashError(thrown).message });
      return NEVER;
    }
  }),
);
/** Each line by itself, so that an error can name the line. */
const files = v.pipe(
  v.string(),
  v.transform((text) => fileLines(text).flatMap((line) => parseFileLine(line.text) ?? [])),
);
// ESP-IDF `esp_partition.h` (v5.3): a label has at most 16 characters.
const partitionName = v.pipe(v.string(), v.maxLength(16), v.regex(/^[^\p{Cc}]+$/u));

const valuesOfAllChips = (codesOf: (chip: ChipDefinition) => Readonly<Record<string, number>>): string[] => [
  ...new Set(Object.values(chips).flatMap((definition) => Object.keys(codesOf(definition)))),
];
const flashModes = ["keep", ...Object.keys(flashModeCodes)];
const flashFrequencies = ["keep", ...valuesOfAllChips((definition) => definition.flashFrequencyCodes)];
const flashSizes = ["keep", "detect", ...valuesOfAllChips((definition) => definition.flashSizeCodes)];

const listed = (values: readonly string[]): string => `takes one of ${values.join(", ")}`;

function row<Value>(name: string, schema: TextSchema<Value>, accepts: string, defaultText?: string): InputRow<Value> {
  return { name, schema, accepts, defaultText: defaultText ?? "", required: defaultText === undefined };
}

/** Every input of the action; a row without a default is required. */
const inputTable: { readonly [Key in keyof Inputs]: InputRow<Inputs[Key]> } = {
  port: row(
    "port",
    oneLine,
    "takes a device path, auto, usb:, serial:, location: or mac:, rfc2217://host:port, tcp://host:port or virtual:<chip>",
  ),
  expectMac: row("expect-mac", optional(mac), "takes a MAC such as 4c:11:ae:b9:90:54", ""),
  waitForPortMs: row("wait-for-port", duration(0), "takes seconds (60, 60s) or minutes (2m), at most 24 h", "0"),
  lock: row("lock", v.picklist(lockModes), listed(lockModes), "job"),
  lockTimeoutMs: row("lock-timeout", duration(0), "takes seconds (60, 60s) or minutes (30m), at most 24 h", "60m"),
  lockDir: row("lock-dir", optional(folder), "takes the whole path of a folder", ""),
  powerCycle: row(
    "power-cycle",
    optional(command),
    "takes a program and its arguments; it is run without a shell, so nothing that only a shell knows may stand outside quotes",
    "",
  ),
  chip: row("chip", chip, listed(["auto", ...chipNames]), "auto"),
  firmwareUrl: row(
    "firmware-url",
    optional(oneLine),
    "takes an http, https or file URL, github-release:owner/repo@tag/asset, or a path",
    "",
  ),
  offset: row("offset", optional(address), "takes a hex (0x10000) or decimal (65536) address", ""),
  sha256: row("sha256", optional(sha256), "takes 64 hex digits", ""),
  files: row("files", files, fileLineForm, ""),
  token: row("token", optional(oneLine), "takes a GitHub token", ""),
  flashMode: row("flash-mode", oneOf(flashModes), listed(flashModes), "keep"),
  flashFreq: row("flash-freq", oneOf(flashFrequencies), listed(flashFrequencies), "keep"),
  flashSize: row("flash-size", oneOf(flashSizes), listed(flashSizes), "keep"),
  baud: row("baud", baud, "takes auto or a number from 1200 to 5000000", "auto"),
  erase: row("erase", v.picklist(eraseModes), listed(eraseModes), "all"),
  preserve: row("preserve", words(partitionName), "takes a list of partition names", ""),
  keepGaps: row("keep-gaps", boolean, "takes true or false", "false"),
  before: row("before", v.picklist(beforeModes), listed(beforeModes), "default-reset"),
  after: row("after", v.picklist(afterModes), listed(afterModes), "hard-reset"),
  resetSequence: row("reset-sequence", optional(resetSequence), "takes steps such as D0|R1|W0.1|D1|R0|W0.05|D0", ""),
  stub: row("stub", boolean, "takes true or false", "true"),
  compress: row("compress", boolean, "takes true or false", "true"),
  connectAttempts: row("connect-attempts", wholeNumber(1, 100), "takes a number from 1 to 100", "7"),
  timeoutMs: row(
    "timeout",
    duration(1),
    "takes seconds (600, 600s) or minutes (10m), at least 1 s, at most 24 h",
    "600",
  ),
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
    if (parsePortSelector(port) === undefined) checkPort(port);
  } catch (thrown) {
    problems.push({
      code: "input/invalid",
      name: "port",
      text: `${toFlashError(thrown).message} (it is ${shown(port)})`,
    });
  }
}

function checkFileLines(text: string, problems: Problem[]): void {
  for (const line of fileLines(text)) {
    if (parseFileLine(line.text) !== undefined) continue;
    problems.push({
      code: "input/invalid",
      name: "files",
      text: `\`files\` is ${shown(line.text.replace(/[^\s"]+/g, redactUrl))} in line ${line.number}: it ${fileLineForm}`,
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

/** Pairs of inputs of which one says what the other says already. */
const rivals: readonly { readonly names: readonly [string, string]; readonly clash: (inputs: Inputs) => boolean }[] = [
  { names: ["firmware-url", "files"], clash: (inputs) => inputs.firmwareUrl !== undefined && inputs.files.length > 0 },
  { names: ["offset", "files"], clash: (inputs) => inputs.offset !== undefined && inputs.files.length > 0 },
  { names: ["sha256", "files"], clash: (inputs) => inputs.sha256 !== undefined && inputs.files.length > 0 },
];

function refuseConflicts(inputs: Inputs): void {
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
  checkFileLines(read("files"), problems);
  if (read("firmware-url").trim() === "" && fileLines(read("files")).length === 0) {
    const text = "`firmware-url` is not set, and neither is `files`: one of them says what to flash";
    problems.push({ code: "input/required", name: "firmware-url", text });
  }
  refuseProblems(problems);
  refuseConflicts(inputs);
  return inputs;
}
