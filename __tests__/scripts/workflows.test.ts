import { readFileSync } from "node:fs";
import { readActionFile } from "../../scripts/action-file.mjs";

const workflow = readFileSync(".github/workflows/self-test.yml", "utf8");
const action = readActionFile(".");

test("the self-test sets only inputs that the action has", () => {
  const blocks = [...workflow.matchAll(/uses: \.\/\n +with:\n((?: {10}.*\n)+)/g)].map(([, block = ""]) => block);
  const names = blocks.flatMap((block) => [...block.matchAll(/^ {10}([\w-]+):/gm)].map(([, name]) => name));

  expect(blocks.length).toBe(workflow.split("uses: ./").length - 1);
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(names));
});

test("the self-test reads only outputs that the action has", () => {
  const names = [...workflow.matchAll(/\.outputs\.([\w-]+)/g)].map(([, name]) => name);

  expect(names.length).toBeGreaterThan(0);
  expect(action.outputs).toEqual(expect.arrayContaining(names));
});

test.each(["ci", "check-dist", "self-test", "release"])("%s names other actions by commit", (name) => {
  const text = readFileSync(`.github/workflows/${name}.yml`, "utf8");
  const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, reference]) => reference);

  for (const reference of uses) expect(reference).toMatch(/^\.\/$|@[0-9a-f]{40}$/);
});
