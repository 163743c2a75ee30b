import { failureText } from "../../src/action/failure.js";
import { junitXml } from "../../src/action/junit.js";
import { failuresOf } from "../../src/action/outcome.js";
import type { BoardOutcome } from "../../src/action/outcome.js";
import { countLine, stepOutputs } from "../../src/action/outputs.js";
import { summaryMarkdown } from "../../src/action/summary.js";
import { FlashError } from "../../src/base/errors.js";
import { board } from "../support/outcomes.js";

const failed = (port: string, error: FlashError): BoardOutcome => ({ name: "every", port, durationMs: 10, error });
const cancelled = (chip: string, mac: string): FlashError =>
  new FlashError("job/cancelled", "The step was cancelled (SIGINT).", { chip, mac });
const told = (boards: readonly BoardOutcome[], error?: FlashError): string[] =>
  failuresOf({ durationMs: 20, boards, ...(error && { error }) }).map(({ code, message }) => `${code} ${message}`);

test("boards that failed alike are told together, with what they have in common", () => {
  const boards = [
    failed("/dev/ttyUSB0", cancelled("esp32", "4c:11:ae:00:00:00")),
    failed("/dev/ttyUSB1", new FlashError("connect/silent", "Nothing came.")),
    failed("/dev/ttyUSB2", cancelled("esp32", "4c:11:ae:00:00:02")),
  ];
  expect(told(boards)).toEqual([
    "job/cancelled 2 boards: The step was cancelled (SIGINT).\n/dev/ttyUSB0, /dev/ttyUSB2",
    "connect/silent /dev/ttyUSB1: Nothing came.",
  ]);
  expect(failuresOf({ durationMs: 20, boards })[0]?.details).toEqual({ chip: "esp32" });
});

test("boards that are all dead are told together, though each error names its own", () => {
  const ports = ["/dev/ttyUSB1", "/dev/ttyUSB10"];
  const dead = (port: string): FlashError => {
    const message = `The board at ${port} sent nothing.`;
    return new FlashError("connect/silent", message, {}, new FlashError("connect/silent", message));
  };
  const boards = ports.map((port) => failed(port, dead(port)));
  expect(failuresOf({ durationMs: 20, boards }).map(failureText).join()).not.toContain("Cause:");
  expect(told(boards)).toEqual(["connect/silent 2 boards: The board at … sent nothing.\n/dev/ttyUSB1, /dev/ttyUSB10"]);
});

test("a step that is cut short also tells which boards had failed before", () => {
  const boards = [board, failed("/dev/ttyUSB1", new FlashError("connect/silent", "Nothing came."))];
  const error = new FlashError("job/timeout", "The step took longer than 3.0 s.");
  expect(told(boards, error)).toEqual([
    "job/timeout The step took longer than 3.0 s.",
    "connect/silent /dev/ttyUSB1: Nothing came.",
  ]);
  expect(told([{ ...board, error }], error)).toHaveLength(1);
});

test("with fail-fast, the board that failed comes before those that were left alone for it", () => {
  const boards = [
    failed("/dev/ttyUSB0", new FlashError("job/fail-fast", "/dev/ttyUSB1 failed, and `fail-fast` is on.")),
    failed("/dev/ttyUSB1", new FlashError("connect/silent", "Nothing came.")),
  ];
  expect(stepOutputs({ durationMs: 20, boards })["error-code"]).toBe("connect/silent");
  expect(told(boards).map((line) => line.split(" ")[0])).toEqual(["connect/silent", "job/fail-fast"]);
  expect(countLine(boards)).toBe("2 boards: 0 done, 1 failed, 1 not finished");
  expect(summaryMarkdown({ durationMs: 20, boards })).toContain("### ❌ ESP32: 1 of 2 boards failed\n");
  expect(summaryMarkdown({ durationMs: 20, boards })).toContain("| /dev/ttyUSB0 | ➖ as it was: job/fail-fast |");
  expect(junitXml({ durationMs: 20, boards })).toContain('<testsuites tests="2" failures="1" errors="0" skipped="1"');
});
