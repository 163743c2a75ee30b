import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runStep, startStep, workspaceOf } from "../../scripts/runner.mjs";
import type { StepOptions, StepResult } from "../../scripts/runner.mjs";
import { checkResultOutput } from "./json-schema.js";
import { subFolders } from "./action-yml.js";

const root = path.resolve(import.meta.dirname, "../..");

type Inputs = Readonly<Record<string, string>>;
type SubFolder = (typeof subFolders)[number];

/** One action's steps, each in a process of its own. */
interface Steps {
  run(inputs: Inputs): Promise<StepResult>;
  /** Starts the step; `pid` is there at once. */
  start(inputs: Inputs): ReturnType<typeof startStep>;
}

/** The built action in a folder without anything else, and a runner's folders beside it. */
export interface BuiltAction extends Steps {
  readonly workspace: string;
  readonly lockDir: string;
  /** The sub-action in that folder, on the same runner. */
  sub(folder: SubFolder): Steps;
  /** The same on another runner of this machine, in a job of its own; both share `lock-dir`. */
  onRunner(name: string, env?: Readonly<Record<string, string>>): JobOnRunner;
  end(): void;
}

/** One job on one runner: its steps, and their `post` steps. */
export interface JobOnRunner extends Steps {
  sub(folder: SubFolder): Steps;
  post(step: StepResult): Promise<StepResult>;
}

/** Runs a step, whose output `result` must have the published shape. */
async function runChecked(options: StepOptions): Promise<StepResult> {
  const step = await runStep(options);
  if (step.outputs.result !== undefined) checkResultOutput(step.outputs.result);
  return step;
}

/** Copies what a runner downloads, without `node_modules`: nothing may be found beside `dist/`. */
export function installBuiltAction(): BuiltAction {
  const folder = mkdtempSync(path.join(tmpdir(), "built-action-"));
  const actionFolder = path.join(folder, "action");
  const runnerFolder = path.join(folder, "runner");
  for (const name of ["action.yml", "package.json", "dist", ...subFolders]) {
    cpSync(path.join(root, name), path.join(actionFolder, name), { recursive: true });
  }
  const workspace = workspaceOf(runnerFolder);
  const lockDir = path.join(folder, "locks");
  mkdirSync(workspace, { recursive: true });
  type Env = Readonly<Record<string, string>>;
  const options = (inputs: Inputs, subFolder: string, env?: Env): StepOptions => ({
    actionFolder: path.join(actionFolder, subFolder),
    runnerFolder,
    // Watching takes seconds; tests of what the console says turn it on.
    inputs: { "lock-dir": lockDir, "boot-check": "off", ...inputs },
    ...(env && { env }),
  });
  const steps = (subFolder: string, env?: Env): Steps => ({
    run: (inputs) => runChecked(options(inputs, subFolder, env)),
    start: (inputs) => startStep(options(inputs, subFolder, env)),
  });
  return {
    workspace,
    lockDir,
    ...steps(""),
    sub: (name) => steps(name),
    onRunner(name, more = {}) {
      const env = { GITHUB_RUN_ID: name, RUNNER_NAME: name, RUNNER_TRACKING_ID: `github_${name}`, ...more };
      return {
        ...steps("", env),
        sub: (folder) => steps(folder, env),
        post: ({ state }) => runStep({ ...options({}, "", env), postOf: state }),
      };
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
