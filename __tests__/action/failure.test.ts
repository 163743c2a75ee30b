import * as core from "@actions/core";
import { failureText, reportFailure } from "../../src/action/failure.js";
import { errorCatalogue } from "../../src/base/error-catalogue.js";
import { FlashError, toFlashError } from "../../src/base/errors.js";
import { linesWrittenBy } from "../support/stdout.js";

test("one annotation has the code, what happened, why, and the way out", async () => {
  const cause = new Error("write EIO", { cause: new FlashError("port/lost", "the cable was pulled") });
  const error = new FlashError("verify/mismatch", "Gave up after 2 tries.", {}, cause);
  const lines = await linesWrittenBy(() => reportFailure(core, error));
  expect(lines).toEqual([
    "::error title=ESP32 flash%3A verify/mismatch::Gave up after 2 tries.%0ACause: write EIO%0A" +
      `Cause: the cable was pulled%0AWay out: ${errorCatalogue["verify/mismatch"].hint}`,
  ]);
});

test("details fold in a group before it", async () => {
  const error = new FlashError("connect/no-sync", "No answer.", {
    attempts: 7,
    frames: ["-> c0 00", "::evil::"],
    near: [],
  });
  const lines = await linesWrittenBy(() => reportFailure(core, error));
  expect(lines.slice(0, -1)).toEqual([
    "::group::Details of the error",
    "attempts: 7",
    "frames:",
    "  -> c0 00",
    "  : :evil::",
    "::endgroup::",
  ]);
});

test("what nobody foresaw shows where it came from", async () => {
  const lines = await linesWrittenBy(() => reportFailure(core, toFlashError(new TypeError("x is not a function"))));
  expect(lines).toContain("TypeError: x is not a function");
  expect(lines.join("\n")).toMatch(/ {4}at .*failure\.test\.ts/);
  expect(lines.at(-1)).toMatch(/^::error title=ESP32 flash%3A internal\/unexpected::x is not a function%0AWay out: /);
});

test("a message without end leaves room for the way out", () => {
  const text = failureText(new FlashError("device/rejected", "x".repeat(10_000)));
  expect(text.length).toBeLessThan(4096);
  expect(text).toContain(errorCatalogue["device/rejected"].hint);
});
