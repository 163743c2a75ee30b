import { payloads } from "../support/payloads.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { createRig } from "../support/made-rig.js";
import type { MadeRig } from "../support/made-rig.js";
import { otherKernel } from "../support/other-kernel.js";
import { commandNames, outsideCode } from "../support/runner-parser.js";

/** USB devices whose strings say things; the built action looks at them. */
let action: BuiltAction;
let rig: MadeRig;
beforeEach(() => {
  action = installBuiltAction();
  rig = createRig();
  for (const [index, { text }] of payloads.entries()) {
    const board = { tty: `ttyUSB${index}`, location: `1-1.${index + 1}`, ids: "10c4:ea60" };
    rig.plug({ ...board, serial: text, product: text });
  }
});
afterEach(() => {
  action.end();
  rig.end();
});

const linuxTest = process.platform === "linux" ? test : test.skip;

function bench() {
  return action.onRunner("bench", otherKernel({ moved: { "/sys": rig.sysRoot, "/dev": rig.devRoot } }));
}

linuxTest("a list of boards whose USB strings say things", async () => {
  const end = await bench().sub("list").run({});
  expect(end).toMatchObject({ exitCode: 0, outputs: { count: String(payloads.length) } });
  expect(JSON.stringify(end.outputs)).toContain("pwned");
  expect(commandNames(end.log, "other than groups")).toEqual([]);
  expect(end.log).not.toMatch(/[^\n\P{Cc}]|[\u2028\u2029\u202e\u2066]/u);
  for (const { raw } of payloads) if (raw !== undefined) expect(outsideCode(end.summary)).not.toMatch(raw);
});

linuxTest("a choice among such boards that cannot be made", async () => {
  const end = await bench().run({ port: "usb:10c4:ea60", "firmware-url": "fw.bin", "dry-run": "true" });
  expect(end.exitCode).toBe(1);
  expect(commandNames(end.log, "other than groups")).toEqual(["error"]);
  expect(end.log).not.toMatch(/[^\n\P{Cc}]|[\u2028\u2029\u202e\u2066]/u);
});
