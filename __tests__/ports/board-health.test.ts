import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { boardHealth, describeWedged, noteJobEnd } from "../../src/ports/board-health.js";
import { codeOf } from "../support/code-of.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "flash-health-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stateDir = (): string => path.join(folder, "boards");
const fail = (code: string): string | undefined => describeWedged(noteJobEnd(stateDir(), "usb-1-2", code));

test("the third job in a row that fails on a board names it wedged; one that ends well clears it", () => {
  expect(fail("connect/silent")).toBeUndefined();
  expect(fail("port/lost")).toBeUndefined();
  expect(fail("device/timeout")).toMatch(/3 jobs in a row failed on it since 20\d\d-.*, the last with device\/timeout/);
  expect(describeWedged(boardHealth(stateDir(), "usb-1-2"))).toContain("wedged");
  expect(boardHealth(stateDir(), "usb-1-2.1")).toBeUndefined();
  expect(noteJobEnd(stateDir(), "usb-1-2", undefined)).toBeUndefined();
  expect(fail("connect/silent")).toBeUndefined();
});

test("what is not the board's fault does not count", () => {
  for (const code of [
    "input/invalid",
    "firmware/sha256",
    "lock/timeout",
    "port/busy",
    "job/cancelled",
    "chip/mismatch",
  ]) {
    expect(fail(code)).toBeUndefined();
  }
  expect(boardHealth(stateDir(), "usb-1-2")).toBeUndefined();
});

test("a damaged note is no note; a folder that cannot be written is an error", () => {
  fail("connect/silent");
  for (const text of ["", "null", '{"failures":"many","since":"x","lastCode":"y"}']) {
    writeFileSync(path.join(stateDir(), "usb-1-2.health.json"), text);
    expect(boardHealth(stateDir(), "usb-1-2")).toBeUndefined();
  }
  writeFileSync(path.join(folder, "file"), "");
  expect(codeOf(() => noteJobEnd(path.join(folder, "file"), "usb-1-2", "connect/silent"))).toBe("job/state");
});
