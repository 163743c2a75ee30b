import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runStep, startStep, workspaceOf } from "../../scripts/runner.mjs";
import type { StepOptions, StepResult } from "../../scripts/runner.mjs";
import { checkResultOutput } from "./json-schema.js";
import { subFolders } from "./action-yml.js";

const root = path.resolve(import.meta.dirname, "../..");

/** The built action in a folder without anything else, and a runner's folders beside it. */
export interface BuiltAction {
  readonly workspace: string;
  run(inputs: Readonly<Record<string, string>>): Promise<StepResult>;
  /** Starts the step; `pid` is there at once. */
  start(inputs: Readonly<Record<string, string>>): ReturnType<typeof startStep>;
  /** The same on another runner of this machine, in a job of its own; both share `lock-dir`. */
  onRunner(name: string, env?: Readonly<Record<string, string>>): JobOnRunner;
  /** The sub-action in that folder, on the same runner. */
  sub(folder: SubFolder): SubActionSteps;
  end(): void;
}

type SubFolder = (typeof subFolders)[number];
type SubActionSteps = Pick<BuiltAction, "run" | "start">;

/** One job on one runner: its steps, and their `post` steps. */
export interface JobOnRunner {
  start(inputs: Readonly<Record<string, string>>): ReturnType<typeof startStep>;
  run(inputs: Readonly<Record<string, string>>): Promise<StepResult>;
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
  mkdirSync(workspace, { recursive: true });
  const options = (inputs: Readonly<Record<string, string>>): StepOptions => ({
    actionFolder,
    runnerFolder,
    inputs: { "lock-dir": path.join(folder, "locks"), ...inputs },
  });
  return {
    workspace,
    run: (inputs) => runChecked(options(inputs)),
    start: (inputs) => startStep(options(inputs)),
    onRunner(name, env = {}) {
      const onRunner = (inputs: Readonly<Record<string, string>>): StepOptions => ({
        ...options(inputs),
        env: { GITHUB_RUN_ID: name, RUNNER_NAME: name, RUNNER_TRACKING_ID: `github_${name}`, ...env },
      });
      return {
        start: (inputs) => startStep(onRunner(inputs)),
        run: (inputs) => runChecked(onRunner(inputs)),
        post: ({ state }) => runStep({ ...onRunner({}), postOf: state }),
      };
    },
    sub(name) {
      const ofSub = (inputs: Readonly<Record<string, string>>): StepOptions => {
        const { actionFolder: main, ...rest } = options(inputs);
        return { ...rest, actionFolder: path.join(main, name) };
      };
      return { run: (inputs) => runStep(ofSub(inputs)), start: (inputs) => startStep(ofSub(inputs)) };
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
