import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createStage } from "../support/step.js";
import type { Stage } from "../support/step.js";

let stage: Stage;
beforeEach(() => {
  stage = createStage();
});
afterEach(() => stage.end());

const missingPort = process.platform === "win32" ? "COM99" : "/dev/no-such-board";
const annotations = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith("::error"));

test("a bad input fails the step with one annotation, outputs and a summary", async () => {
  const end = await stage.runStep({ port: missingPort, "firmware-url": "a.bin", offset: "64k" });
  expect(end.exitCode).toBe(1);
  expect(end.outputs).toMatchObject({ "error-code": "input/invalid", verified: "false", skipped: "false", mac: "" });
  expect(annotations(end.lines)).toHaveLength(1);
  expect(annotations(end.lines)[0]).toContain('`offset` is "64k"');
  expect(end.summary).toContain("### ❌ ESP32 failed: input/invalid");
});

test("without any input the required ones are named", async () => {
  const end = await stage.runStep({});
  expect(end.outputs["error-code"]).toBe("input/required");
  expect(annotations(end.lines).join()).toMatch(/`port`.*`firmware-url`/);
});

test("firmware that is not there fails before the port is looked at", async () => {
  const end = await stage.runStep({ port: missingPort, "firmware-url": "build/none.bin" });
  expect(end.exitCode).toBe(1);
  expect(end.outputs).toMatchObject({ "error-code": "firmware/not-found", port: missingPort });
});

test("a plan that cannot work fails before the port is looked at, and knows the firmware", async () => {
  writeFileSync(join(stage.workspace, "data.bin"), "some data that is no image");
  const end = await stage.runStep({ port: missingPort, "firmware-url": "data.bin" });
  expect(end.outputs["error-code"]).toBe("plan/no-offset");
  expect(end.outputs["firmware-sha256"]).toMatch(/^[0-9a-f]{64}$/);
});

test("the JUnit report says what failed, and one that cannot be written is a warning", async () => {
  const inputs = { port: missingPort, "firmware-url": "build/none.bin" };
  await stage.runStep({ ...inputs, junit: "reports/flash.xml" });
  const report = readFileSync(join(stage.workspace, "reports", "flash.xml"), "utf8");
  expect(report).toMatch(/ type="firmware\/not-found"/);
  const end = await stage.runStep({ ...inputs, junit: "reports/flash.xml/below-a-file.xml" });
  expect(end.outputs["error-code"]).toBe("firmware/not-found");
  expect(end.lines.join("\n")).toMatch(/^::warning title=ESP32 flash::The JUnit report cannot be written: /m);
});

test("the options of a virtual board are no secrets: masked, they would blacken the log", async () => {
  const end = await stage.runStep({ port: "virtual:esp32?flash=board.bin", "firmware-url": "build/none.bin" });
  expect(end.lines.filter((line) => line.startsWith("::add-mask::"))).toEqual([]);
});

test("secrets are masked before anything else is written, and are in no output", async () => {
  const end = await stage.runStep({
    port: missingPort,
    "firmware-url": "http://me:s3cret-pass@127.0.0.1:1/a.bin?token=abcdefgh12345",
    offset: "64k",
  });
  const firstOther = end.lines.findIndex((line) => !line.startsWith("::add-mask::"));
  expect(end.lines.slice(0, firstOther)).toContain("::add-mask::s3cret-pass");
  expect(end.lines.slice(firstOther).join("\n")).not.toMatch(/s3cret|abcdefgh12345/);
  expect(JSON.stringify(end.outputs) + end.summary).not.toMatch(/s3cret|abcdefgh12345/);
});

test("the settings of a simulated board are no secrets", async () => {
  const port = "virtual:esp32?flash=none/board.bin&timing=modelled";
  const { lines } = await stage.runStep({ port, "firmware-url": "build/none.bin" });
  expect(lines.filter((line) => line.startsWith("::add-mask::"))).toEqual([]);
});

test("groups are balanced and every line stands alone", async () => {
  const end = await stage.runStep({ port: missingPort, "firmware-url": "build/none.bin" });
  const count = (text: string): number => end.lines.filter((line) => line.startsWith(text)).length;
  expect(count("::group::")).toBe(count("::endgroup::"));
  expect(end.lines.join("")).not.toContain("\r");
});
