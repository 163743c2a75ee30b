import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readActionFile } from "../../scripts/action-file.mjs";
import { runStep, startStep, workspaceOf } from "../../scripts/runner.mjs";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "runner-test-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** An action with two inputs and the given code. */
function writeAction(code: string): { actionFolder: string; runnerFolder: string } {
  const actionFolder = path.join(folder, "action");
  mkdirSync(actionFolder);
  writeFileSync(
    path.join(actionFolder, "action.yml"),
    `name: "Test"
inputs:
  flash-mode:
    description: "With a default: \\"dio\\""
    default: "dio"
  other:
    description: "Without"
outputs:
  answer:
    description: "One"
runs:
  using: "node24"
  main: "main.mjs"
  post: "post.mjs"
`,
  );
  writeFileSync(path.join(actionFolder, "main.mjs"), code);
  return { actionFolder, runnerFolder: path.join(folder, "runner") };
}

test("the action's file gives defaults, outputs and entry", () => {
  const { actionFolder } = writeAction("");

  expect(readActionFile(actionFolder)).toEqual({
    inputs: { "flash-mode": "dio", other: "" },
    outputs: ["answer"],
    using: "node24",
    main: "main.mjs",
    post: "post.mjs",
  });
});

test.each([
  ["a list", "inputs:\n  - port\n"],
  ["a block of text", "description: >-\n  two\n"],
  ["odd indentation", "inputs:\n   port:\n"],
])("a file with %s is refused rather than misread", (_, text) => {
  writeFileSync(path.join(folder, "action.yml"), text);

  expect(() => readActionFile(folder)).toThrow(/^action\.yml:\d/);
});

test("a step gets its inputs and gives its outputs, state, summary and exit code", async () => {
  const options = writeAction(`
    import { appendFileSync } from "node:fs";
    appendFileSync(process.env.GITHUB_OUTPUT, "answer<<END\\ntwo\\nlines\\nEND\\nmode=" + process.env["INPUT_FLASH-MODE"] + "\\n");
    appendFileSync(process.env.GITHUB_STATE, "kept=1\\n");
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, "# Done\\n");
    console.log(process.cwd(), process.env.INPUT_OTHER);
    process.exitCode = 3;
  `);
  const result = await runStep({ ...options, inputs: { other: "given" } });

  expect(result).toMatchObject({
    exitCode: 3,
    outputs: { answer: "two\nlines", mode: "dio" },
    state: { kept: "1" },
    summary: "# Done\n",
  });
  expect(result.log).toContain(path.basename(workspaceOf(options.runnerFolder)));
  expect(result.log).toContain("given");
});

test("a post step gets the state that its step has saved", async () => {
  const options = writeAction("");
  writeFileSync(path.join(options.actionFolder, "post.mjs"), `console.log("kept:" + process.env.STATE_kept);`);

  expect((await runStep({ ...options, postOf: { kept: "1" } })).log).toBe("kept:1\n");
});

test("a step does not inherit how this process was told to run Node", async () => {
  const options = writeAction(`console.log("options:" + (process.env.NODE_OPTIONS ?? "none"));`);

  expect((await runStep(options)).log).toBe("options:none\n");
});

test("a step can be sent a signal", async () => {
  const options = writeAction(`console.log("up"); setInterval(() => {}, 1000);`);
  const { child, finished } = startStep({ ...options, onOutput: () => child.kill("SIGINT") });

  expect(await finished).toMatchObject({ exitCode: null, signal: "SIGINT" });
});
