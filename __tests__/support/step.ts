import { EventEmitter } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/action/run.js";
import type { Host } from "../../src/action/host.js";
import { checkResultOutput } from "./json-schema.js";
import { linesWrittenBy } from "./stdout.js";

/** What a step left behind. */
interface StepEnd {
  readonly exitCode: Host["exitCode"];
  /** Set if the step ended the process itself instead of coming to its end. */
  readonly forcedExit: number | undefined;
  readonly lines: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface Stage {
  /** An empty folder, the workspace of the steps. */
  readonly workspace: string;
  /** Gives the step's process a signal. */
  signal(name: "SIGINT" | "SIGTERM"): void;
  runStep(inputs: Readonly<Record<string, string>>): Promise<StepEnd>;
  end(): void;
}

/** Values are written as `name<<delimiter`, the value's lines, `delimiter`. */
function parseOutputs(text: string): Record<string, string> {
  const matches = text.matchAll(/^([^\n<]+)<<(\S+)\r?\n([\s\S]*?)\r?\n?^\2$/gm);
  return Object.fromEntries(Array.from(matches, ([, name = "", , value = ""]) => [name, value]));
}

/** `@actions/core` looks for the summary's file once a process, so all steps here have the same one. */
const summaryFile = join(tmpdir(), `flash-step-summary-${process.pid}`);

/** Runs steps in this process with the files and variables that the runner gives them. */
export function createStage(): Stage {
  const root = mkdtempSync(join(tmpdir(), "flash-step-"));
  const workspace = join(root, "workspace");
  mkdirSync(workspace);
  const files = { GITHUB_OUTPUT: join(root, "output"), GITHUB_STEP_SUMMARY: summaryFile };
  const signals = new EventEmitter();

  async function runStep(inputs: Readonly<Record<string, string>>): Promise<StepEnd> {
    const given = Object.entries(inputs).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text] as const);
    const variables: Record<string, string> = {
      ...files,
      "INPUT_LOCK-DIR": join(root, "locks"),
      // Watching takes seconds; tests of what the console says turn it on.
      "INPUT_BOOT-CHECK": "off",
      ...Object.fromEntries(given),
      // No runner would run the `post` step that gives a kept board back.
      GITHUB_RUN_ID: "",
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: join(root, "temp"),
      RUNNER_TOOL_CACHE: join(root, "tools"),
    };
    const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, variables);
    for (const file of Object.values(files)) writeFileSync(file, "");
    let forcedExit: number | undefined;
    const host: Host = {
      env: process.env,
      exitCode: undefined,
      cwd: () => workspace,
      exit: (code) => {
        forcedExit = code;
      },
      on: (name, listener) => signals.on(name, listener),
      off: (name, listener) => signals.off(name, listener),
    };
    const lines = await linesWrittenBy(() => run(host));
    for (const [name, text] of before) {
      if (text === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = text;
    }
    const outputs = parseOutputs(readFileSync(files.GITHUB_OUTPUT, "utf8"));
    if (outputs.result !== undefined) checkResultOutput(outputs.result);
    return {
      exitCode: host.exitCode,
      forcedExit,
      lines,
      outputs,
      summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
    };
  }
  return {
    workspace,
    signal: (name) => signals.emit(name),
    runStep,
    end() {
      rmSync(root, { recursive: true, force: true });
      rmSync(summaryFile, { force: true });
    },
  };
}
