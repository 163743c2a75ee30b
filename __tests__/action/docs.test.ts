import { readFileSync, writeFileSync } from "node:fs";
import { mainInputs } from "../../src/action/inputs.js";
import { stepOutputs } from "../../src/action/outputs.js";
import { declaredInputs } from "../../src/action/input-rows.js";
import { readActionYml } from "../support/action-yml.js";
import { success } from "../support/outcomes.js";
import { withTables } from "../support/readme-tables.js";
import { ser2netConfig } from "../support/ser2net-peer.js";

const readme = readFileSync("README.md", "utf8").replaceAll("\r\n", "\n");
const action = readActionYml();

test("action.yml declares the inputs that the code reads, with the same defaults", () => {
  const declared = Object.entries(action.inputs).map(([name, input]) => {
    return { name, defaultText: input.default ?? "", required: input.required ?? false };
  });
  expect(declared).toEqual(declaredInputs(mainInputs));
});

test("action.yml declares the outputs that the code writes", () => {
  expect(Object.keys(action.outputs)).toEqual(Object.keys(stepOutputs(success)));
});

test("every input and output is described, and the runner's own Node runs it", () => {
  for (const { description } of [...Object.values(action.inputs), ...Object.values(action.outputs)]) {
    expect(description).toMatch(/^\S.{9,}$/);
  }
  expect(action.runs).toEqual({
    using: "node24",
    main: "dist/index.js",
    post: "dist/post.js",
    "post-if": "always()",
  });
});

test("the README's tables are those of action.yml and the error catalogue (UPDATE_README=1 rewrites them)", () => {
  const expected = withTables(readme);
  if (process.env.UPDATE_README === "1") writeFileSync("README.md", expected);
  else expect(readme).toBe(expected);
});

test("the ser2net of docs/farm.md is set up as the one of the tests", () => {
  expect(readFileSync("docs/farm.md", "utf8")).toContain(ser2netConfig("0.0.0.0,4000", "/dev/ttyUSB0"));
});

test("ARCHITECTURE.md gives every dependency a reason", () => {
  const architecture = readFileSync("ARCHITECTURE.md", "utf8");
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, object>;
  const named = [...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})];
  expect(named.filter((name) => !architecture.includes(`\`${name}\``))).toEqual([]);
});
