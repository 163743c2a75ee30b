import { isAbsolute } from "node:path";
import * as v from "valibot";
import { toFlashError } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import { chipNames, chips } from "../chips/index.js";
import { parseResetSequence } from "../device/reset-sequence.js";
import type { ResetStep } from "../device/reset-sequence.js";
import { afterModes, allowances, beforeModes, eraseModes } from "../flash/job.js";
import type { Allowance } from "../flash/job.js";
import { flashModeCodes } from "../image/flash-settings.js";
import { parseLinePattern } from "../monitor/line-pattern.js";
import type { LinePattern } from "../monitor/line-pattern.js";
import { commandWords } from "./command-line.js";
import { fileLineForm, fileLineProblems, fileLines, parseFileLine } from "./file-lines.js";
import { firmwareMapForm, firmwareMapProblems, parseFirmwareMap } from "./input-firmware-map.js";
import { address, boolean, duration, oneLine, oneOf, optional, sha256, wholeNumber, words } from "./input-schemas.js";
import type { TextSchema } from "./input-schemas.js";
import { boardStates, flashTimes, lockModes, resetMethods, switches } from "./input-values.js";
import type { InputValues } from "./input-values.js";
import { portLineProblems, portLines, portProblems } from "./port-line.js";
import { parseRegions, regionForm, regionProblems } from "./region-lines.js";

/** One input. */
export interface InputRow<Value> {
  /** The name in the workflow. */
  readonly name: string;
  readonly schema: TextSchema<Value>;
  /** What it takes, for the person who reads the error. */
  readonly accepts: string;
  /** What an empty input stands for; the runner sets every declared input, unset ones to "". */
  readonly defaultText: string;
  readonly required: boolean;
  /** No error shows what was written. */
  readonly isSecret?: true;
  /** What is wrong with a text that the schema takes, a sentence each. */
  readonly check?: (text: string) => readonly string[];
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
const patternForm = "takes lines of text or /regular expression/";
const patterns: TextSchema<readonly LinePattern[]> = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      const lines = dataset.value.split(/\r?\n/).map((line) => line.trim());
      return lines.filter((line) => line !== "").map(parseLinePattern);
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
const lines = v.pipe(
  v.string(),
  v.transform((text): readonly string[] => (text === "" ? [] : text.split(/\r?\n/))),
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

/** Every input of this action and its sub-actions; a row without a default is required. */
export const inputTable: { readonly [Key in keyof InputValues]: InputRow<InputValues[Key]> } = {
  port: {
    ...row(
      "port",
      oneLine,
      "takes a device path, auto, usb:, serial:, location: or mac:, rfc2217://host:port, tcp://host:port or virtual:<chip>",
    ),
    check: portProblems,
  },
  ports: {
    ...row(
      "port",
      v.pipe(v.string(), v.transform(portLines), v.minLength(1)),
      "takes a device path, auto, usb:, serial:, location: or mac:, rfc2217://host:port, tcp://host:port or virtual:<chip>, " +
        "one a line, and every: with a selector for all that fit it",
    ),
    check: portLineProblems,
  },
  failFast: row("fail-fast", boolean, "takes true or false", "false"),
  maxParallel: row("max-parallel", wholeNumber(0, 1000), "takes a number, 0 for all at once", "0"),
  expectMac: row("expect-mac", optional(mac), "takes a MAC such as 4c:11:ae:b9:90:54", ""),
  waitForPortMs: row("wait-for-port", duration(0), "takes seconds (60, 60s) or minutes (2m), at most 24 h", "0"),
  lock: row("lock", v.picklist(lockModes), listed(lockModes), "job"),
  lockTimeoutMs: row("lock-timeout", duration(0), "takes seconds (60, 60s) or minutes (30m), at most 24 h", "60m"),
  lockDir: row("lock-dir", optional(folder), "takes the whole path of a folder", ""),
  powerCycle: {
    ...row(
      "power-cycle",
      optional(command),
      "takes a program and its arguments; it is run without a shell, so nothing that only a shell knows may stand outside quotes",
      "",
    ),
    isSecret: true,
  },
  chip: row("chip", chip, listed(["auto", ...chipNames]), "auto"),
  firmwareUrl: row(
    "firmware-url",
    optional(oneLine),
    "takes an http, https or file URL, github-release:owner/repo@tag/asset, or a path",
    "",
  ),
  offset: row("offset", optional(address), "takes a hex (0x10000) or decimal (65536) address", ""),
  sha256: row("sha256", optional(sha256), "takes 64 hex digits", ""),
  files: { ...row("files", files, fileLineForm, ""), check: fileLineProblems },
  firmwareMap: {
    ...row("firmware-map", v.pipe(v.string(), v.transform(parseFirmwareMap)), firmwareMapForm, ""),
    check: firmwareMapProblems,
  },
  token: { ...row("token", optional(oneLine), "takes a GitHub token", ""), isSecret: true },
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
  bootCheck: row("boot-check", v.picklist(switches), listed(switches), "on"),
  consolePort: {
    ...row("console-port", optional(oneLine), "takes what `port` takes, except for mac:", ""),
    check: (text) => (text === "" ? [] : portProblems(text)),
  },
  consoleBaud: row("console-baud", wholeNumber(300, 5_000_000), "takes a number from 300 to 5000000", "115200"),
  expect: row("expect", patterns, patternForm, ""),
  failOn: row("fail-on", patterns, patternForm, ""),
  bootTimeoutMs: row("boot-timeout", duration(1), "takes seconds (15, 15s) or minutes (1m), at least 1 s", "15"),
  settleMs: row("settle", duration(0), "takes seconds (3, 3s) or minutes (1m)", "3"),
  elf: row("elf", optional(oneLine), "takes the path of an ELF file", ""),
  when: row("when", v.picklist(flashTimes), listed(flashTimes), "always"),
  rewrite: row("rewrite", boolean, "takes true or false", "false"),
  allow: row("allow", allow, `takes a list of ${allowances.join(", ")}`, ""),
  dryRun: row("dry-run", boolean, "takes true or false", "false"),
  junit: row("junit", optional(oneLine), "takes the path of a file", ""),
  regions: { ...row("regions", v.pipe(v.string(), v.transform(parseRegions)), regionForm), check: regionProblems },
  partition: row("partition", optional(partitionName), "takes the name of a partition", ""),
  lengthBytes: row("length", optional(address), "takes a number of bytes, hex (0x6000) or decimal (24576)", ""),
  file: row("file", oneLine, "takes a path, relative to the workspace"),
  method: row("method", v.picklist(resetMethods), listed(resetMethods), "rts"),
  reset: row("reset", boolean, "takes true or false", "false"),
  send: row("send", lines, "takes lines of text", ""),
  listenMs: row(
    "listen-timeout",
    duration(1),
    "takes seconds (60, 60s) or minutes (10m), at least 1 s, at most 24 h",
    "60",
  ),
  skip: row("skip", words(v.picklist(boardStates)), `takes a list of ${boardStates.join(", ")}`, ""),
};
