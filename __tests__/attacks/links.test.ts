import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { installBuiltAction } from "../support/built-action.js";
import type { BuiltAction } from "../support/built-action.js";

/** A checkout of strangers' work, in which links lie; the built action is run in it. */
let action: BuiltAction;
let outside: string;
beforeEach(() => {
  action = installBuiltAction();
  outside = path.join(path.dirname(action.lockDir), "home");
  mkdirSync(outside);
  writeFileSync(inside("demo.bin"), buildDemoFirmware(esp32));
  writeFileSync(path.join(outside, "victim"), "secret words");
});
afterEach(() => action.end());

const posixTest = process.platform === "win32" ? test.skip : test;
const inside = (name: string): string => path.join(action.workspace, name);
const link = (name: string, target: string): void =>
  symlinkSync(path.join(outside, target), inside(name), target === "" ? "junction" : "file");
/** Nothing may have been made outside, and nothing there may have been changed. */
function expectUntouched(): void {
  expect(readdirSync(outside)).toEqual(["victim"]);
  expect(readFileSync(path.join(outside, "victim"), "utf8")).toBe("secret words");
}

posixTest.each([
  ["the file", "flash.xml", "victim", "flash.xml"],
  ["a file that is not there yet", "flash.xml", "new", "flash.xml"],
  ["a folder above it", "reports", "", "reports/today/flash.xml"],
])("a JUnit report is not written through a link in place of %s", async (_, name, target, junit) => {
  link(name, target);
  const end = await action.run({ port: "virtual:esp32", "firmware-url": "demo.bin", junit });
  expectUntouched();
  expect(end).toMatchObject({ exitCode: 0, outputs: { verified: "true" } });
  expect(end.log).toMatch(/::warning.*JUnit report cannot be written: .* outside of the workspace/);
});

posixTest.each([
  ["a file that is not there yet", "saved.bin", "new", "saved.bin"],
  ["its folder", "saved", "", "saved/saved.bin"],
])("what `read` saves is not written through a link in place of %s", async (_, name, target, file) => {
  link(name, target);
  const end = await action.sub("read").run({ port: "virtual:esp32", offset: "0x1000", length: "0x1000", file });
  expectUntouched();
  expect(end).toMatchObject({ exitCode: 1, outputs: { "error-code": "job/file", file: "" } });
  expect(end.log).toContain("outside of the workspace");
});

posixTest.each(["/dev/zero", "secret"])("`elf` is not read through a link to %s", async (target) => {
  symlinkSync(target === "secret" ? path.join(outside, "victim") : target, inside("app.elf"));
  const end = await action.run({ port: "virtual:esp32", "firmware-url": "demo.bin", elf: "app.elf", timeout: "20" });
  expect(end).toMatchObject({ exitCode: 1, outputs: { "error-code": "firmware/link" } });
});

describe("the files of a virtual board are not reached through a link", () => {
  posixTest.each([
    ["the flash", "board.bin", "new", "flash=board.bin"],
    ["the folder of the flash", "boards", "", "flash=boards/board.bin"],
    ["its lock", "board.bin.lock", "new", "flash=board.bin"],
    ["the counters of its boots", "board.bin.boots.json.new", "victim", "flash=board.bin"],
    ["counters about to be replaced", "stats.json.new", "victim", "stats=stats.json"],
    ["its script", "script", "victim", "script=script"],
  ])("in place of %s", async (_, name, target, setting) => {
    link(name, target);
    const end = await action.run({ port: `virtual:esp32?${setting}`, "firmware-url": "demo.bin", "boot-check": "on" });
    expectUntouched();
    expect(end.exitCode).toBe(1);
    expect(end.log).toContain("outside of the workspace");
    expect(end.log).not.toContain("secret words");
  });
});

posixTest("a link that stays in the workspace is followed, and what the user names outside is written", async () => {
  mkdirSync(inside("real"));
  symlinkSync(inside("real"), inside("reports"));
  const inputs = { port: "virtual:esp32", "firmware-url": "demo.bin" };
  await action.run({ ...inputs, junit: "reports/flash.xml" });
  await action.run({ ...inputs, junit: path.join(outside, "flash.xml") });
  expect(existsSync(inside("real/flash.xml"))).toBe(true);
  expect(existsSync(path.join(outside, "flash.xml"))).toBe(true);
});
