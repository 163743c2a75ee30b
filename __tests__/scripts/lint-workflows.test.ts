import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { workflowsInDocument } from "../../scripts/workflow-sources.mjs";

/** Runs the check over a repository. */
function lint(root: string): { status: number | null; stdout: string; complaints: readonly string[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/lint-workflows.mjs", root], {
    encoding: "utf8",
  });
  return { status, stdout, complaints: stderr.split("\n").filter((line) => line !== "") };
}

let root = "";
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "workflows-"));
  cpSync("action.yml", path.join(root, "action.yml"));
});
afterEach(() => rmSync(root, { recursive: true }));

test("every workflow of this repository is valid, those in documents and examples too", () => {
  expect(lint(".")).toMatchObject({ status: 0, complaints: [] });
});

test("an input, output or action that does not exist is found, with its place", () => {
  const workflow = `on: push
jobs:
  a:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v1
      - id: board
        uses: org/esp32-flash-action@v1
        with:
          port: auto
          fimrware-url: app.bin
      - uses: org/esp32-flash-action/nothing@v1
      - run: echo "\${{ steps.board.outputs.mcu }}"
`;
  mkdirSync(path.join(root, "examples"));
  writeFileSync(path.join(root, "examples", "a.yml"), workflow);
  const { status, complaints } = lint(root);
  expect(status).toBe(1);
  expect(complaints.map((line) => line.replaceAll("\\", "/"))).toEqual([
    "examples/a.yml:11:11 Invalid action input 'fimrware-url'",
    expect.stringMatching(/^examples\/a\.yml:12:15 Unable to resolve action `org\/esp32-flash-action\/nothing@v1`/),
    "examples/a.yml:13:20 Context access might be invalid: mcu",
    "examples/a.yml: actions/checkout@v1 is not pinned by its commit",
  ]);
});

test("every block of a document is checked where it stands", () => {
  const block = (input: string): string =>
    `# Title\n\n\`\`\`yaml\n- uses: org/esp32-flash-action@v1\n  with:\n    ${input}: auto\n    firmware-url: a.bin\n\`\`\`\n`;
  writeFileSync(path.join(root, "README.md"), block("port") + block("prot") + block("trop"));
  expect(lint(root)).toMatchObject({
    status: 1,
    complaints: [
      "README.md:14:11 Invalid action input 'prot'",
      expect.stringMatching(/^README\.md:13:\d+ Missing required input `port`/),
      "README.md:22:11 Invalid action input 'trop'",
      expect.stringMatching(/^README\.md:21:\d+ Missing required input `port`/),
    ],
  });
});

test("a block that is no workflow has the name of its file", () => {
  expect(workflowsInDocument("a.md", "```yaml ser2net.yaml\nconnection: x\n```\n")).toEqual([]);
  expect(() => workflowsInDocument("a.md", "text\n\n```yaml\nconnection: x\n```\n")).toThrow("a.md:4");
});
