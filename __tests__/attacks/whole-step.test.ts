import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { StepResult } from "../../scripts/runner.mjs";
import { readActionYml } from "../support/action-yml.js";
import { makeZip } from "../support/archives.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { hostileParts } from "../support/hostile-firmware.js";
import { payloads } from "../support/payloads.js";
import { commandNames, outsideCode } from "../support/runner-parser.js";

/** Boards, firmware and archives that say things, and what the runner takes from the built action then. */
let action: BuiltAction;
beforeEach(() => {
  action = installBuiltAction();
});
afterEach(() => action.end());

const file = (name: string): string => path.join(action.workspace, name);
const debugLog = { RUNNER_DEBUG: "1" };
const hostile = {
  version: "##[group]::error::pwned",
  project: "##[error]pwned <img src=x>",
  partitions: ["::error::pwned", "<h1>##[x]@pwned"],
  appPartition: "::add-mask::pwn",
} as const;
/** Everything that the board prints once its app runs. */
const script = ["app *", ...payloads.map(({ text }) => `print ${JSON.stringify(text)}`), 'print "that is all"'].join(
  "\n",
);
const watched = { "boot-check": "on", "boot-timeout": "5", settle: "0" };

/** Puts an ESP-IDF build into an archive, all names of which say something as well. */
function putArchive(name: string, members: readonly string[] = [], version: string = hostile.version): void {
  const parts = Array.from(hostileParts({ ...hostile, version }), ([offset, bytes], index) => {
    return { offset, path: `##[error]pwned ${index}/::error::pwned <img>.bin`, bytes };
  });
  const flashFiles = Object.fromEntries(parts.map((part) => [`0x${part.offset.toString(16)}`, part.path]));
  const layout = { flash_files: flashFiles, extra_esptool_args: { chip: "esp32" } };
  const bytes = Buffer.from(JSON.stringify(layout));
  const extra = members.map((member) => ({ path: member, bytes: new Uint8Array(1) }));
  writeFileSync(file(name), makeZip([{ path: "flasher_args.json", bytes }, ...parts, ...extra]));
}

/** Nothing may come of what was said but the commands of the step itself, its own outputs and its own state. */
function expectOnlyOwn(end: StepResult, folder: string, commands: readonly string[]): void {
  expect(commandNames(end.log, "other than groups")).toEqual(commands);
  const opened = commandNames(end.log, "all").filter((name) => name === "group").length;
  expect(commandNames(end.log, "all").filter((name) => name === "endgroup")).toHaveLength(opened);
  // Commands end at the line's end, and the runner decodes only %25, %0D and %0A in their text.
  const lines = end.log.split("\n").filter((line) => !line.startsWith("::"));
  expect(lines.join("\n")).not.toMatch(/[^\n\P{Cc}]|[\u2028\u2029\u202e\u2066]/u);
  expect(Object.keys(end.outputs)).toEqual(Object.keys(readActionYml(folder).outputs));
  expect(Object.keys(end.state).filter((name) => !["kept-boards", "boards-at-work"].includes(name))).toEqual([]);
  expect(end.environment).toBe("");
  const markdown = outsideCode(end.summary);
  for (const { raw } of payloads) if (raw !== undefined) expect(markdown).not.toMatch(raw);
}

test("a flash that goes well, of an archive, firmware and a board that say things", async () => {
  const name = "##[error]pwned \u202e <h1>.zip";
  putArchive(name);
  writeFileSync(file("script"), script);
  const port = `virtual:esp32?flash=${file("board.flash")}&script=${file("script")}`;
  const job = action.onRunner("bench", debugLog);
  const end = await job.run({ port, "firmware-url": name, junit: "flash.xml", expect: "that is all", ...watched });
  expect(end).toMatchObject({ exitCode: 0, outputs: { verified: "true", "boot-verdict": "running" } });
  expectOnlyOwn(end, ".", []);
  expect(end.outputs["app-version"]).not.toMatch(/[\r\n]/);
  expect(end.log).toContain("pwned");
  expect(end.summary).toContain("pwned");
  expect(readFileSync(end.outputs["boot-log"] ?? "", "utf8")).toContain("::set-output name=mac::pwned");
  expect(readFileSync(file("flash.xml"), "utf8").match(/<testcase/g)).toHaveLength(1);

  const info = await job.sub("info").run({ port });
  expectOnlyOwn(info, "info", []);
  const nowhere = await job.sub("read").run({ port, partition: "nowhere", file: "x.bin" });
  expectOnlyOwn(nowhere, "read", ["error"]);
  expect(nowhere.log).toContain("pwned");
  const post = await job.post(end);
  expect(commandNames(post.log, "all")).toEqual([]);
});

/** What a board can say in one line that is looked at. */
const inOneLine = payloads.filter(({ text }) => (text.split(/[\r\n]/)[0] ?? "").includes("pwned"));
const failing = { "firmware-url": "fw.zip", "fail-on": "pwned", junit: "flash.xml", ...watched };

function boardThatSays(text: string, index = 0): string {
  writeFileSync(file(`script-${index}`), `app *\nprint ${JSON.stringify(text)}\nhang`);
  return `virtual:esp32?script=${file(`script-${index}`)}&mac=4c:11:ae:b9:90:${(0x10 + index).toString(16)}`;
}

test.each(inOneLine.filter(({ name }) => name.startsWith("a command in")))(
  "a flash that fails for a line of the board: $name",
  async ({ text }) => {
    putArchive("fw.zip");
    const end = await action.run({ port: boardThatSays(text), ...failing });
    expect(end).toMatchObject({ exitCode: 1, outputs: { "error-code": "boot/panic" } });
    expectOnlyOwn(end, ".", ["error"]);
    expect(readFileSync(file("flash.xml"), "utf8").match(/<testcase/g)).toHaveLength(1);
  },
);

test("a flash of several boards, each of which fails for a line of its own", async () => {
  putArchive("fw.zip");
  // A third of them is enough of a load for one step.
  const some = inOneLine.filter((_, index) => index % 3 === 0);
  const ports = some.map(({ text }, index) => boardThatSays(text, index));
  const end = await action.run({ port: ports.join("\n"), ...failing });
  expect(end).toMatchObject({ exitCode: 1, outputs: { "error-code": "boot/panic" } });
  // They fail with one message, so one annotation names them all.
  expectOnlyOwn(end, ".", ["error"]);
  expect(end.log).toMatch(new RegExp(`^::error .*::${ports.length} boards: `, "m"));
  expect(readFileSync(file("flash.xml"), "utf8").match(/<testcase/g)).toHaveLength(ports.length);
});

test("an app whose version has lines of its own", async () => {
  putArchive("fw.zip", [], "1\n::error::pwned\rmac=pwned");
  const end = await action.run({ port: "virtual:esp32", "firmware-url": "fw.zip" });
  expectOnlyOwn(end, ".", []);
  expect(end.outputs["app-version"]).toContain("pwned");
  expect(end.outputs["app-version"]).not.toMatch(/[\r\n]/);
});

test("what `monitor` hears", async () => {
  putArchive("fw.zip");
  writeFileSync(file("script"), script);
  const port = `virtual:esp32?flash=${file("board.flash")}&script=${file("script")}`;
  await action.run({ port, "firmware-url": "fw.zip" });
  const monitor = action.sub("monitor");
  const heard = await monitor.run({
    port,
    reset: "true",
    "fail-on": "/^.*a matcher|formula|testcase/",
    "listen-timeout": "5",
  });
  expect(heard.outputs.verdict).toBe("bad-line");
  expectOnlyOwn(heard, "monitor", ["error"]);
});

test.each([
  ["leads out of it", "../../\n::error::pwned\u2028##[error]pwned"],
  ["is not one of a file", "/##[error]pwned/<img src=x>"],
  ["has no end", `::error::pwned ${"pwned ".repeat(4000)}`],
])("an archive with a name that %s", async (_, member) => {
  putArchive("fw.zip", [member]);
  const end = await action.run({ port: "virtual:esp32", "firmware-url": "fw.zip", junit: "flash.xml" });
  expectOnlyOwn(end, ".", end.exitCode === 0 ? [] : ["error"]);
});

test.each<[string, unknown]>([
  ["that names what is not there", { flash_files: { "0x1000": "##[error]pwned\u2028::error::pwned" } }],
  ["for a chip of another name", { flash_files: {}, extra_esptool_args: { chip: "##[error]pwned <img>" } }],
  ["with an offset of its own kind", { flash_files: { "::error::pwned\n##[error]pwned": "a.bin" } }],
  [
    "that would change what all objects are",
    JSON.parse('{"__proto__":{"flash_files":{"0x0":"a.bin"}},"flash_files":{}}'),
  ],
  ["with offsets that are no whole numbers", { flash_files: { "1.5": "a.bin", NaN: "a.bin", "-1": "a.bin" } }],
  ["with an offset beyond what a number can tell apart", { flash_files: { "0x20000000000001": "a.bin" } }],
])("a layout %s", async (_, layout) => {
  mkdirSync(file("build"));
  writeFileSync(file("build/flasher_args.json"), JSON.stringify(layout));
  writeFileSync(file("build/a.bin"), "x");
  const end = await action.run({ port: "virtual:esp32", "firmware-url": "build/flasher_args.json" });
  expect(end.exitCode).toBe(1);
  expect(end.outputs["error-code"]).toMatch(/^firmware\//);
  expectOnlyOwn(end, ".", ["error"]);
});
