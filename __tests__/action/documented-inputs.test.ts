import { parse } from "yaml";
import { ownAction } from "../../scripts/own-actions.mjs";
import { workflowSources } from "../../scripts/workflow-sources.mjs";
import { readRows } from "../../src/action/input-rows.js";
import { inputTable } from "../../src/action/input-table.js";
import type { InputValues } from "../../src/action/input-values.js";
import { readInputs } from "../../src/action/inputs.js";

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** What stands for an expression, by the last word of its path. */
const samples: Readonly<Record<string, string>> = {
  chip: "esp32",
  file: "saved/nvs.bin",
  mac: "4c:11:ae:b9:90:54",
  port: "/dev/ttyUSB0",
  sha256: "ab".repeat(32),
  temp: "/tmp",
  token: "secret",
};

function sampled(text: unknown): string {
  return String(text).replaceAll(/\$\{\{.*?(\w+)[\s'"]*\}\}/g, (expression, name: string) => {
    const sample = samples[name];
    if (sample === undefined) throw new Error(`nothing stands for ${expression}`);
    return sample;
  });
}

/** Every step of ours in the workflows of documents and examples, with its place. */
const steps = workflowSources(".")
  .filter(({ file }) => !file.startsWith(".github"))
  .flatMap(({ file, firstLine, text }) => {
    const { jobs } = parse(text) as { jobs: Readonly<Record<string, { steps: readonly Step[] }>> };
    return Object.values(jobs)
      .flatMap((job) => job.steps)
      .map((step, index) => ({ place: `${file}:${firstLine + 1}, step ${index + 1}`, step }));
  })
  .flatMap(({ place, step }) => {
    const action = ownAction(step.uses ?? "");
    return action === undefined ? [] : [{ place, action, inputs: step.with ?? {} }];
  });

test.each(steps)("$place has values that its inputs take", ({ action, inputs }) => {
  const read = (name: string): string => sampled(inputs[name] ?? "");
  if (action === "") {
    readInputs(read);
    return;
  }
  // The sub-actions take one board.
  const keys = (Object.keys(inputTable) as (keyof InputValues)[]).filter((key) => key !== "ports");
  readRows(
    keys.filter((key) => Object.keys(inputs).includes(inputTable[key].name)),
    read,
  );
});

test("there are such steps, of several actions", () => {
  expect(new Set(steps.map(({ action }) => action)).size).toBeGreaterThan(2);
});
