import { spawnSync } from "node:child_process";
import path from "node:path";
import { parse } from "yaml";
import { ownAction } from "../../scripts/own-actions.mjs";
import type { StepResult } from "../../scripts/runner.mjs";
import type { subFolders } from "./action-yml.js";
import type { BuiltAction } from "./built-action.js";

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean;
}

interface Job {
  readonly outputs?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: unknown };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

type Values = Readonly<Record<string, unknown>>;

/** How a workflow is run without its rig. */
export interface WorkflowSetup {
  readonly action: BuiltAction;
  /** Texts of its inputs, and what stands for each of them: a virtual board for a port, a local file for a release. */
  readonly replace?: Readonly<Record<string, string>>;
  /** One value of a job's matrix, instead of those that the workflow finds out. */
  readonly matrix?: readonly Values[];
  /** The only job to run. */
  readonly only?: string;
  /** Whether its commands are run, by bash in the workspace; else they must only have values for their expressions. */
  readonly commands?: "run" | "skip";
}

/** `${{ steps.board.outputs.mac }}` and such; anything but a path of names is refused. */
function evaluated(text: string, contexts: Values): string {
  return text.replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    if (!/^[\w-]+(\.[\w-]+)+$/.test(expression)) throw new Error(`${expression} is not understood here`);
    const value = expression.split(".").reduce<unknown>((at, name) => (at as Values | undefined)?.[name], contexts);
    if (typeof value !== "string") throw new Error(`nothing is known of ${expression}`);
    return value;
  });
}

function evaluatedAll(texts: Readonly<Record<string, unknown>>, contexts: Values): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, evaluated(String(text), contexts)]));
}

function withReplaced(
  inputs: Record<string, string>,
  replace: Readonly<Record<string, string>>,
): Record<string, string> {
  const replaced = (text: string): string =>
    Object.entries(replace).reduce((all, [from, to]) => all.replaceAll(from, to), text);
  return Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, replaced(text)]));
}

function runCommand(text: string, env: Record<string, string>, folder: string): void {
  const { status, stderr } = spawnSync("bash", ["-e", "-c", text], {
    cwd: folder,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${text} failed: ${stderr}`);
}

/**
 * Runs the steps of a workflow that use our actions, job by job, and stops at the first that fails. Actions of others are
 * not run: what they would bring has to be in the workspace.
 */
export async function runWorkflow(workflow: string, setup: WorkflowSetup): Promise<StepResult[]> {
  const { action, replace = {}, matrix = [{}], only, commands = "skip" } = setup;
  const { jobs } = parse(workflow) as Workflow;
  const results: StepResult[] = [];
  const needs: Record<string, { outputs: Values }> = {};
  for (const [jobName, job] of Object.entries(jobs).filter(([name]) => name === (only ?? name))) {
    for (const values of job.strategy === undefined ? [{}] : matrix) {
      const steps: Record<string, { outputs: Values; outcome: string }> = {};
      const contexts = {
        steps,
        needs,
        matrix: values,
        github: { token: "" },
        runner: { temp: path.dirname(action.lockDir) },
      };
      for (const step of job.steps) {
        const env = evaluatedAll(step.env ?? {}, contexts);
        const command = evaluated(step.run ?? "", contexts);
        if (command !== "" && commands === "run") runCommand(command, env, action.workspace);
        const own = step.uses === undefined ? undefined : ownAction(step.uses);
        if (own === undefined) continue;
        const inputs = withReplaced(evaluatedAll(step.with ?? {}, contexts), replace);
        const runner = own === "" ? action : action.sub(own as (typeof subFolders)[number]);
        // An app that starts is believed at once, so that no test waits seconds for it to fall over.
        const result = await runner.run({ "boot-check": "on", settle: "0", ...inputs });
        results.push(result);
        const outcome = result.exitCode === 0 ? "success" : "failure";
        if (outcome === "failure" && step["continue-on-error"] !== true) return results;
        if (step.id !== undefined) steps[step.id] = { outputs: result.outputs, outcome };
      }
      needs[jobName] = { outputs: evaluatedAll(job.outputs ?? {}, contexts) };
    }
  }
  return results;
}
