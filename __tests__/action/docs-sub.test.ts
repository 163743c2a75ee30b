import { declaredInputs } from "../../src/action/input-rows.js";
import { eraseAction } from "../../src/action/sub/erase.js";
import { infoAction } from "../../src/action/sub/info.js";
import { listAction } from "../../src/action/sub/list.js";
import { monitorAction } from "../../src/action/sub/monitor.js";
import { readAction } from "../../src/action/sub/read.js";
import { resetAction } from "../../src/action/sub/reset.js";
import { outputNames } from "../../src/action/sub/sub-action.js";
import { readActionYml, subFolders } from "../support/action-yml.js";

const actions = {
  reset: resetAction,
  monitor: monitorAction,
  erase: eraseAction,
  read: readAction,
  info: infoAction,
  list: listAction,
};

test("every folder of a sub-action has its code", () => {
  expect(Object.keys(actions).sort()).toEqual([...subFolders].sort());
});

describe.each(subFolders)("%s/action.yml", (folder) => {
  const declared = readActionYml(folder);
  const main = readActionYml();

  test("declares the inputs that the code reads, with the same defaults", () => {
    const inputs = Object.entries(declared.inputs).map(([name, input]) => {
      return { name, defaultText: input.default ?? "", required: input.required ?? false };
    });
    expect(inputs).toEqual(declaredInputs(actions[folder].inputs));
  });

  test("declares the outputs that the code writes", () => {
    expect(Object.keys(declared.outputs)).toEqual(outputNames(actions[folder]));
  });

  test("describes each of them, and is run by the runner's own Node", () => {
    for (const { description } of [...Object.values(declared.inputs), ...Object.values(declared.outputs)]) {
      expect(description).toMatch(/^\S.{9,}$/);
    }
    expect(declared.runs).toMatchObject({ using: main.runs.using, main: `../dist/${folder}.js` });
    const locks = "lock" in declared.inputs;
    expect(declared.runs.post).toBe(locks ? "../dist/post.js" : undefined);
    expect(declared.runs["post-if"]).toBe(locks ? "always()" : undefined);
  });
});
