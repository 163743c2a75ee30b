import { brokenBoards } from "../support/boots-broken.js";
import { boardsThatAreWell } from "../support/boots-well.js";
import { at, once, patterns } from "../support/made-boots.js";
import { esp32Boot, lines } from "../support/made-logs.js";
import { bootOf } from "../support/scripted-console.js";

test.each(boardsThatAreWell)("well: $name", async ({ steps, options, reason }) => {
  const report = await bootOf(steps, options);
  expect([report.verdict, report.missing, report.reason]).toEqual(["running", [], expect.stringMatching(reason)]);
});

test.each(brokenBoards)("$verdict: $name", async ({ steps, options, verdict, reason }) => {
  const report = await bootOf(steps, options);
  expect([report.verdict, report.reason]).toEqual([verdict, expect.stringMatching(reason)]);
});

test("an expected line that does not come, or not in its order, is told as missing", async () => {
  const steps = [...once(esp32Boot), at(400, lines("second")), at(500, lines("first"))];
  const report = await bootOf(steps, { expect: patterns("first", "second") });
  expect([report.verdict, report.matched, report.missing]).toEqual(["running", ["first"], ["second"]]);
  expect(report.reason).toContain('"second" did not come');
});
