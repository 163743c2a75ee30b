import { spawnSync } from "node:child_process";
import { linkSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { lockNameOfRemote } from "../../src/action/claim-board.js";
import type { StepResult } from "../../scripts/runner.mjs";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { writeShared } from "../../src/ports/shared-file.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";
import { startHttpServer } from "../support/http-server.js";
import { commandNames } from "../support/runner-parser.js";

const MAC = "4c11aeb99054";

/** What other jobs and users leave where a step keeps its notes; the built action meets it. */
let action: BuiltAction;
let notes: string;
beforeEach(() => {
  action = installBuiltAction();
  notes = path.join(path.dirname(action.lockDir), "tools", "esp32-flash-action");
  writeFileSync(path.join(action.workspace, "demo.bin"), buildDemoFirmware(esp32));
});
afterEach(() => action.end());

const posixTest = process.platform === "win32" ? test.skip : test;
const firmware = { "firmware-url": "demo.bin" };

const port = (): string => `virtual:esp32?flash=${path.join(action.workspace, "board.flash")}`;
/** Where notes about that board lie. */
const boardNotes = (): string => path.join(notes, "boards", lockNameOfRemote(port()) ?? "");

function pipeAt(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { recursive: true, force: true });
  expect(spawnSync("mkfifo", [file]).status).toBe(0);
}

/** A step that has to come to its end; one that waits in a system call for ever is killed, and then has no exit code. */
async function runToItsEnd(inputs: Readonly<Record<string, string>>): Promise<StepResult> {
  const { child, finished } = action.onRunner("bench", { RUNNER_TOOL_CACHE: path.dirname(notes) }).start(inputs);
  const killing = setTimeout(() => child.kill("SIGKILL"), 90_000);
  return finished.finally(() => clearTimeout(killing));
}

posixTest.each([
  ["the work that was begun on the board", `${MAC}.json`, "job/state"],
  ["the rate that the board takes", `${MAC}.baud`, ""],
])("a pipe in place of the note about %s keeps no step waiting", async (_, name, code) => {
  pipeAt(path.join(boardNotes(), name));
  const end = await runToItsEnd({ port: port(), ...firmware });
  expect(end).toMatchObject({ exitCode: code === "" ? 0 : 1, outputs: { "error-code": code } });
});

posixTest("a pipe in place of what the cache notes about a URL keeps no step waiting", async () => {
  const server = await startHttpServer((_, response) =>
    response.writeHead(200, { etag: '"v1"' }).end(buildDemoFirmware(esp32)),
  );
  const inputs = { port: "virtual:esp32", "firmware-url": `${server.origin}/fw.bin` };
  await runToItsEnd(inputs);
  const records = path.join(path.dirname(notes), "esp32-firmware", "urls");
  for (const name of readdirSync(records)) pipeAt(path.join(records, name));
  const end = await runToItsEnd(inputs);
  await server.close();
  expect(end).toMatchObject({ exitCode: 0, outputs: { verified: "true" } });
  expect(end.log).toContain("The firmware cache cannot be used");
});

posixTest("a pipe in place of what was deflated keeps no step waiting", async () => {
  await runToItsEnd({ port: "virtual:esp32", ...firmware });
  const kept = readdirSync(path.join(notes, "deflated"));
  expect(kept.length).toBeGreaterThan(0);
  for (const name of kept) pipeAt(path.join(notes, "deflated", name));
  expect(await runToItsEnd({ port: "virtual:esp32", ...firmware })).toMatchObject({
    exitCode: 0,
    outputs: { verified: "true" },
  });
});

posixTest(
  "beside the lock of a board that another job has, no note keeps a step waiting, says a command or fills the log",
  async () => {
    const port = `virtual:esp32?flash=${path.join(action.workspace, "board.flash")}`;
    const holder = action.onRunner("holder");
    const held = await holder.run({ port, ...firmware });
    const [name = ""] = readdirSync(action.lockDir).filter((file) => file.endsWith(".owner.json"));
    const note = path.join(action.lockDir, name);
    const commands = "\n::error::pwned\r##[error]pwned\u2028::add-mask::pwned";
    const owner = (title: string): string => JSON.stringify({ jobId: "other", title, since: title });
    for (const put of [
      () => writeFileSync(note, owner("x".repeat(5 * 0x100000))),
      () => writeFileSync(note, owner(commands)),
      () => pipeAt(note),
    ]) {
      put();
      const end = await runToItsEnd({ port, "lock-timeout": "1", ...firmware });
      expect(end).toMatchObject({ exitCode: 1, outputs: { "error-code": "lock/timeout" } });
      expect(commandNames(end.log, "other than groups")).toEqual(["error"]);
      expect(end.log.length).toBeLessThan(10_000);
    }
    await holder.post(held);
  },
);

posixTest("a file of this user that another has given a second name in the shared folder is not written", () => {
  const mine = path.join(action.workspace, "mine");
  writeFileSync(mine, "my words");
  const note = path.join(action.workspace, "board.owner.json");
  linkSync(mine, note);
  expect(() => writeShared(note, "{}")).toThrow(/second name/);
  expect(readFileSync(mine, "utf8")).toBe("my words");
});

describe("a state that the step has not saved so", () => {
  const posted = (state: Readonly<Record<string, string>>): Promise<StepResult> =>
    action.onRunner("bench").post({ state } as StepResult);

  test.each([
    ["no JSON", "::error::pwned"],
    ["nothing", "[null]"],
    ["no list", "{}"],
    ["numbers", '[{"port":{"path":1},"lockDir":2,"lockNames":[3],"name":4,"token":5}]'],
  ])("ends the post step with a warning, and fails no job: %s", async (_, text) => {
    const end = await posted({ "kept-boards": text, "boards-at-work": text });
    expect(end.exitCode).toBe(0);
    expect(commandNames(end.log, "other than groups")).toEqual(["warning", "warning"]);
    expect(end.log).not.toMatch(/\bat .*\.js/);
  });

  test("deletes no file by a name that leads out of the lock folder", async () => {
    const victim = path.join(action.workspace, "x.token.kept");
    writeFileSync(victim, "");
    const board = {
      lockDir: action.lockDir,
      name: path.relative(action.lockDir, action.workspace) + "/x",
      token: "token",
    };
    const end = await posted({ "kept-boards": JSON.stringify([board]) });
    expect(end.exitCode).toBe(0);
    expect(readFileSync(victim, "utf8")).toBe("");
  });

  test("tells what it names as text", async () => {
    const names = { lockDir: action.lockDir, name: "b\n::error::pwned", token: "0\r##[error]pwned" };
    const work = {
      port: { path: "/dev/x\n::add-mask::pwned" },
      lockDir: action.lockDir,
      lockNames: ["a"],
      after: "hard-reset",
    };
    const end = await posted({ "kept-boards": JSON.stringify([names]), "boards-at-work": JSON.stringify([work]) });
    expect(end.exitCode).toBe(0);
    expect(commandNames(end.log, "other than groups")).toEqual(["warning", "warning"]);
  });
});

posixTest("a note of a gigabyte is not read", async () => {
  const file = path.join(boardNotes(), `${MAC}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, "");
  truncateSync(file, 2 ** 30);
  const end = await runToItsEnd({ port: port(), ...firmware });
  expect(end).toMatchObject({ exitCode: 1, outputs: { "error-code": "job/state" } });
  expect(end.log).toContain("too much");
});
