import { closingLine, stepOutputs } from "../../src/action/outputs.js";
import { FlashError } from "../../src/base/errors.js";
import { board, failure, flashed, success } from "../support/outcomes.js";

test("a success puts out all that was learnt", () => {
  const { result, boards, ...others } = stepOutputs(success);
  expect(others).toEqual({
    mac: "4c:11:ae:b9:90:54",
    duration: "11.2",
    chip: "esp32",
    "chip-revision": "v1.0",
    "flash-size": "4MB",
    port: "/dev/ttyUSB0",
    "bytes-written": "1247280",
    "bytes-sent": "803000",
    skipped: "false",
    verified: "true",
    "firmware-sha256": "ab".repeat(32),
    "app-version": "1.2.3",
    "app-project": "blink",
    "app-elf-sha256": "ef".repeat(32),
    "boot-verdict": "",
    "boot-log": "",
    "error-code": "",
  });
  expect(JSON.parse(result)).toMatchObject({ ok: true, boards: [{ ok: true, flash: { verified: true } }] });
  expect(JSON.parse(boards)).toMatchObject([{ ok: true, flash: { verified: true } }]);
});

test("a failure puts out what is known, and never that it was verified", () => {
  const { result, ...others } = stepOutputs(failure);
  expect(others).toMatchObject({
    mac: "4c:11:ae:b9:90:54",
    duration: "2.5",
    chip: "",
    verified: "false",
    skipped: "false",
    "bytes-written": "",
    "error-code": "chip/mismatch",
  });
  expect(JSON.parse(result)).toMatchObject({ ok: false, error: { code: "chip/mismatch" } });
});

test("a job that failed after its result is no success", () => {
  const outcome = { ...success, boards: [{ ...board, error: new FlashError("port/lost", "The link broke.") }] };
  expect(stepOutputs(outcome)["error-code"]).toBe("port/lost");
  expect(JSON.parse(stepOutputs(outcome).result)).toMatchObject({ ok: false, boards: [{ ok: false }] });
});

test.each([
  [{}, "Flashed 1,247,280 bytes in 11.2 s, verified"],
  [{ skipped: true }, "Nothing to do: the board already holds this firmware (verified, 11.2 s)"],
  [{ dryRun: true }, "Dry run: 1,247,280 bytes would have to change; nothing was changed (11.2 s)"],
  [{ dryRun: true, skipped: true }, "Dry run: the board already holds this firmware (11.2 s)"],
  [{ verified: false }, "Flashed 1,247,280 bytes in 11.2 s, not verified"],
])("%j ends with %j", (change, line) => {
  expect(closingLine({ ...flashed, ...change }, 11_234)).toBe(line);
});

test.each([
  [512 * 1024, "512KB"],
  [0x100000, "1MB"],
  [16 * 0x100000, "16MB"],
])("a flash of %d bytes is %s", (flashSizeBytes, text) => {
  const outputs = stepOutputs({ ...success, boards: [{ ...board, result: { ...flashed, flashSizeBytes } }] });
  expect(outputs["flash-size"]).toBe(text);
});

test("revisions keep their minor number", () => {
  const identity = { ...flashed.identity, revision: 301 };
  expect(stepOutputs({ ...success, boards: [{ ...board, result: { ...flashed, identity } }] })["chip-revision"]).toBe(
    "v3.1",
  );
});
