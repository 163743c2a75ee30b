import { spawnSync } from "node:child_process";
import { junitXml } from "../../src/action/junit.js";
import { FlashError } from "../../src/base/errors.js";
import { board, boot, failure, success } from "../support/outcomes.js";

test("each board is a test case, with the end of its console log", () => {
  const silent = { name: "/dev/ttyUSB2", durationMs: 0 };
  const boards = [{ ...board, boot }, ...failure.boards, silent];
  expect(junitXml({ durationMs: 12_345, boards })).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" skipped="1" time="12.345">
  <testsuite name="ESP32 boards" tests="3" failures="1" errors="0" skipped="1" time="12.345">
    <testcase classname="esp32-flash-action" name="/dev/ttyUSB0" time="11.234">
      <system-out>flashed, verified, running
The app started and ran for 3 s.
I (31) main_task: Calling app_main()
ready</system-out>
    </testcase>
    <testcase classname="esp32-flash-action" name="/dev/ttyUSB0" time="2.400">
      <failure type="chip/mismatch" message="The board has an ESP32-C3, not an ESP32.">The board has an ESP32-C3, not an ESP32.
Way out: ${failure.boards[0]?.error?.hint ?? ""}</failure>
      <system-out>failed: chip/mismatch</system-out>
    </testcase>
    <testcase classname="esp32-flash-action" name="/dev/ttyUSB2" time="0.000">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test("an error of the step itself is a case of its own", () => {
  const error = new FlashError("job/timeout", "The step took longer than 600 s.");
  const report = junitXml({ ...success, error });
  expect(report).toContain('<testsuites tests="2" failures="0" errors="1" skipped="0"');
  expect(report).toContain('name="step" time="11.234">\n      <error type="job/timeout"');
});

/** Python's XML parser, which is strict; skipped where there is no Python. */
const python = spawnSync("python3", ["-c", "import xml.dom.minidom"]).status === 0 ? "python3" : undefined;

(python === undefined ? test.skip : test)("whatever a board prints, the report is XML and says the same", () => {
  const evil = 'a\u0000\u001b[31m<b a="1">&amp;]]>\ud800 \uffff \u{1f600}\r\n</system-out><!-- --';
  const boards = [{ ...board, name: evil, boot: { ...boot, tail: [evil] } }];
  const report = junitXml({ durationMs: 1, boards, error: new FlashError("internal/unexpected", evil) });
  const script =
    "import sys, json, xml.etree.ElementTree as e; print(json.dumps([x.text for x in e.fromstring(sys.stdin.buffer.read()).iter('system-out')]))";
  const parsed = spawnSync(python ?? "", ["-c", script], { input: report, encoding: "utf8" });
  expect(parsed.status).toBe(0);
  const [text = ""] = JSON.parse(parsed.stdout) as string[];
  expect(text.split("\n").slice(-2)).toEqual(['a[31m<b a="1">&amp;]]>  \u{1f600}', "</system-out><!-- --"]);
});
