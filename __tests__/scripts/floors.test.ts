import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const script = path.resolve("scripts/floors.mjs");
let project = "";

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), "floors-"));
  mkdirSync(path.join(project, "src"));
});

afterEach(() => rmSync(project, { recursive: true }));

function writeSource(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
  writeFileSync(path.join(project, file), text);
}

function checkFloors(): Promise<{ failed: boolean; text: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, project], (error, stdout, stderr) =>
      resolve({ failed: error !== null, text: stdout + stderr }),
    );
  });
}

/** One deliberate violation a row: the rule that must name it, the file, its text. */
const violations: readonly (readonly [rule: string, file: string, text: string])[] = [
  ["base-imports-down", "src/base/up.ts", 'export * from "../flash/top.js";'],
  ["device-imports-down", "src/device/type-only.ts", 'export type { Top } from "../flash/top.js";'],
  ["transport-imports-down", "src/transport/neighbour.ts", 'export const lazy = () => import("../chips/one.js");'],
  ["firmware-imports-down", "src/firmware/hidden.ts", 'export * from "../transport/neighbour.js";'],
  ["monitor-imports-down", "src/monitor/opener.ts", 'export * from "../open-transport.js";'],
  ["main-stands-beside", "src/main.ts", 'export * from "./flash/top.js";'],
  ["lib-stands-beside", "src/lib.ts", 'export * from "./action/run.js";'],
  ["file-beside-is-listed", "src/stray.ts", 'export * from "./chips/one.js";'],
  ["folder-has-a-floor", "src/odd/stray.ts", 'export * from "../chips/one.js";'],
  ["no-cycle", "src/image/a.ts", 'export * from "./b.js";'],
  ["pure-folders-do-no-io", "src/protocol/io.ts", 'export * from "node:fs";'],
  ["@actions/core-has-one-home", "src/flash/core.ts", 'export * from "@actions/core";'],
  ["serialport-has-one-home", "src/transport/tcp.ts", 'export * from "serialport";'],
  ["valibot-has-one-home", "src/action/run.ts", 'export * from "valibot";'],
  ["package-is-listed", "src/base/package.ts", 'export * from "lodash";'],
  ["resolves", "src/base/missing.ts", 'export * from "./not-there.js";'],
];

test("every rule of the floors can fail", async () => {
  writeSource("src/flash/top.ts", "export type Top = number; export const top = 1;");
  writeSource("src/chips/one.ts", "export const one = 1;");
  writeSource("src/open-transport.ts", "export const open = 1;");
  writeSource("src/image/b.ts", 'export * from "./a.js";');
  for (const [, file, text] of violations) writeSource(file, text);

  const { failed, text } = await checkFloors();

  expect(failed).toBe(true);
  for (const [rule, file] of violations) expect(text).toContain(`${rule}: ${file} ->`);
});

test("imports that only go down pass", async () => {
  writeSource("src/base/bottom.ts", "export const bottom = 1;");
  writeSource("src/flash/top.ts", 'export * from "../base/bottom.js";');

  expect(await checkFloors()).toEqual({ failed: false, text: "2 modules read, 0 violations\n" });
});

test("having read nothing is a failure", async () => {
  const { failed, text } = await checkFloors();

  expect(failed).toBe(true);
  expect(text).toContain("no modules were read");
});
