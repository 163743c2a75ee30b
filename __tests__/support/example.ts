import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parse } from "yaml";
import { ownAction } from "../../scripts/own-actions.mjs";
import type { StepResult } from "../../scripts/runner.mjs";
import type { subFolders } from "./action-yml.js";
import type { BuiltAction } from "./built-action.js";

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Readonly<Record<string, string>>;
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

/** How an example is run without its rig. */
export interface ExampleSetup {
  readonly action: BuiltAction;
  /** Texts of its inputs, and what stands for each of them: a virtual board for a port, a local file for a release. */
  readonly replace: Readonly<Record<string, string>>;
  /** One value of a job's matrix, instead of those that the workflow finds out. */
  readonly matrix?: readonly Values[];
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

function withReplaced(inputs: Record<string, string>, replace: ExampleSetup["replace"]): Record<string, string> {
  const replaced = (text: string): string =>
    Object.entries(replace).reduce((all, [from, to]) => all.replaceAll(from, to), text);
  return Object.fromEntries(Object.entries(inputs).map(([name, text]) => [name, replaced(text)]));
}

/**
 * Runs the steps of an example that use our actions, job by job, and stops at the first that fails. Other actions and
 * commands are not run, but their expressions must have a value.
 */
export async function runExample(
  name: string,
  { action, replace, matrix = [{}] }: ExampleSetup,
): Promise<StepResult[]> {
  const { jobs } = parse(readFileSync(`examples/${name}.yml`, "utf8")) as Workflow;
  const results: StepResult[] = [];
  const needs: Record<string, { outputs: Values }> = {};
  for (const [jobName, job] of Object.entries(jobs)) {
    for (const values of job.strategy === undefined ? [{}] : matrix) {
      const steps: Record<string, { outputs: Values }> = {};
      const contexts = { steps, needs, matrix: values, github: { token: "" }, runner: { temp: tmpdir() } };
      for (const step of job.steps) {
        evaluatedAll(step.env ?? {}, contexts);
        const own = step.uses === undefined ? undefined : ownAction(step.uses);
        if (own === undefined) continue;
        const inputs = withReplaced(evaluatedAll(step.with ?? {}, contexts), replace);
        const result = await (own === "" ? action : action.sub(own as (typeof subFolders)[number])).run(inputs);
        results.push(result);
        if (result.exitCode !== 0) return results;
        if (step.id !== undefined) steps[step.id] = { outputs: result.outputs };
      }
      needs[jobName] = { outputs: evaluatedAll(job.outputs ?? {}, contexts) };
    }
  }
  return results;
}
