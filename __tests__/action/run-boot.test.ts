import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.js";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { createBoard } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { serveBoard } from "../../src/virtual/serve.js";
import { createStage } from "../support/step.js";
import type { Stage } from "../support/step.js";
import { symbolFile } from "../support/symbol-file.js";

let stage: Stage;
beforeEach(() => {
  stage = createStage();
  writeFileSync(join(stage.workspace, "demo.bin"), buildDemoFirmware(chips.esp32));
});
afterEach(() => stage.end());

const inWorkspace = (name: string): string => join(stage.workspace, name);

/** A board whose app does what the lines say once it runs; it counts what happens to it. */
function scripted(...steps: readonly string[]): string {
  writeFileSync(inWorkspace("app.script"), `app *\n${steps.map((step) => `  ${step}\n`).join("")}`);
  return `virtual:esp32?flash=${inWorkspace("board.flash")}&stats=${inWorkspace("stats")}&script=${inWorkspace("app.script")}`;
}

const stats = (): Record<string, number> =>
  JSON.parse(readFileSync(inWorkspace("stats"), "utf8")) as Record<string, number>;

const checked = { "firmware-url": "demo.bin", "boot-check": "on", settle: "1", "boot-timeout": "5" };

test("a board that runs its app is told so, with all its lines in a file", async () => {
  const end = await stage.runStep({ ...checked, port: scripted('print "ready"'), expect: "Calling app_main\nready" });
  expect(end.exitCode).toBeUndefined();
  expect(end.outputs).toMatchObject({ "boot-verdict": "running", "error-code": "", verified: "true" });
  const log = readFileSync(end.outputs["boot-log"] ?? "", "utf8");
  expect(log).toMatch(/^ +\d+\.\d{3} ets Jul/m);
  expect(log).toMatch(/^ +\d+\.\d{3} ready$/m);
  expect(end.lines).toContain("::group::Watch the boot");
});

test.each<[string, readonly string[], Readonly<Record<string, string>>, string, RegExp]>([
  ["a panic", ['panic "LoadProhibited"'], {}, "boot/panic", /LoadProhibited/],
  ["an expected line that stays away", ['print "hello"'], { expect: "ready" }, "boot/expect", /ready/],
  ["a line of fail-on", ['print "no sensor"'], { "fail-on": "/no \\w+or/" }, "boot/panic", /no sensor|fail-on/],
])("%s fails the step, although all was flashed", async (_, steps, more, code, message) => {
  const end = await stage.runStep({ ...checked, "boot-timeout": "2", ...more, port: scripted(...steps) });
  expect(end.exitCode).toBe(1);
  expect(end.outputs).toMatchObject({ "error-code": code, verified: "true" });
  expect(end.lines.find((line) => line.startsWith("::error"))).toMatch(message);
});

test("the functions of a panic are named by the app's ELF file", async () => {
  writeFileSync(inWorkspace("app.elf"), symbolFile([["app_main", 0x40080000, 0x80000]]));
  const end = await stage.runStep({ ...checked, port: scripted("abort"), elf: "app.elf" });
  expect(end.outputs["error-code"]).toBe("boot/panic");
  expect(end.lines).toContainEqual(expect.stringMatching(/^ +0x400[0-9a-f]{5} app_main\+0x[0-9a-f]+$/));
});

test("an ELF file without symbols is told before the board is touched", async () => {
  writeFileSync(inWorkspace("app.elf"), "no ELF");
  const end = await stage.runStep({ ...checked, port: scripted("abort"), elf: "app.elf" });
  expect(end.outputs["error-code"]).toBe("image/elf");
  expect(existsSync(inWorkspace("stats"))).toBe(false);
});

test("nobody looks in a dry run, with no-reset, and where a board is allowed not to boot", async () => {
  const port = scripted('print "ready"');
  for (const more of [{ "dry-run": "true" }, { after: "no-reset" }, { allow: "would-not-boot" }]) {
    const end = await stage.runStep({ ...checked, ...more, port });
    expect(end.outputs).toMatchObject({ "boot-verdict": "", "boot-log": "", "error-code": "" });
  }
});

test("unhealthy: a board that runs the right app is reset once and left alone, another app is replaced", async () => {
  const port = scripted('print "ready"');
  await stage.runStep({ ...checked, "boot-check": "off", port });
  const before = stats();
  const healthy = await stage.runStep({ ...checked, when: "unhealthy", port });
  expect(JSON.parse(healthy.outputs.boards ?? "")).toMatchObject([{ ok: true, leftAlone: true }]);
  expect(stats().resets).toBe((before.resets ?? 0) + 1);
  expect(stats().loaderEntries).toBe(before.loaderEntries);

  writeFileSync(inWorkspace("demo.bin"), buildDemoFirmware(chips.esp32, 1));
  const other = await stage.runStep({ ...checked, when: "unhealthy", port });
  expect(JSON.parse(other.outputs.boards ?? "")).toMatchObject([{ ok: true, leftAlone: false }]);
  expect(other.outputs).toMatchObject({ verified: "true", skipped: "false", "boot-verdict": "running" });
});

test("rewrite: what is in place is erased and written once more", async () => {
  const port = scripted('print "ready"');
  const inputs = { "firmware-url": "demo.bin", erase: "touched", port };
  await stage.runStep(inputs);
  const before = stats();
  const again = await stage.runStep({ ...inputs, rewrite: "true" });
  expect(again.outputs).toMatchObject({ skipped: "false", verified: "true" });
  expect(Number(again.outputs["bytes-written"])).toBeGreaterThan(200_000);
  expect(stats().programmedBytes).toBeGreaterThan((before.programmedBytes ?? 0) + 200_000);
});

test("a console at a port of its own is read while the board is flashed and reset by the other", async () => {
  const served = createBoard(parseBoardOptions("virtual:esp32"), systemClock);
  const server = await serveBoard(served, systemClock, { host: "127.0.0.1", rawPort: 0, rfc2217Port: 0 });
  try {
    const end = await stage.runStep({
      ...checked,
      port: `rfc2217://127.0.0.1:${server.rfc2217Port ?? 0}`,
      "console-port": `tcp://127.0.0.1:${server.rawPort ?? 0}`,
      lock: "off",
    });
    expect(end.outputs).toMatchObject({ "boot-verdict": "running", "error-code": "" });
  } finally {
    await server.close();
    served.close();
  }
});
