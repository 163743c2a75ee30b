import fc from "fast-check";
import { concatBytes } from "../../src/base/bytes.js";
import type { BootReport, TimedLine } from "../../src/monitor/report.js";
import { brokenBoards } from "../support/boots-broken.js";
import { boardsThatAreWell } from "../support/boots-well.js";
import { at, once } from "../support/made-boots.js";
import { esp32Boot, lines } from "../support/made-logs.js";
import { bootOf } from "../support/scripted-console.js";
import type { ScriptStep } from "../support/scripted-console.js";
import { readTrace, tracesAreHere } from "../support/traces.js";

const asBytes = ({ send = "" }: ScriptStep): Uint8Array => (typeof send === "string" ? Buffer.from(send) : send);

/** The same bytes at the same times, in pieces that end at `cuts` (fractions of each step). */
function inPieces(steps: readonly ScriptStep[], cuts: readonly number[]): ScriptStep[] {
  return steps.flatMap((step) => {
    if (step.send === undefined) return [step];
    const bytes = asBytes(step);
    const ends = [...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length].sort((a, b) => a - b);
    return ends.map((end, index) => ({ ...step, send: bytes.subarray(ends[index - 1] ?? 0, end) }));
  });
}

// At two rates, the pieces decide how much is lost before the other rate is found.
const boots = [...boardsThatAreWell, ...brokenBoards].filter(({ steps }) =>
  steps.every((step) => step.baud === undefined),
);

test("the report does not depend on the pieces in which bytes come", async () => {
  const reports = new Map<string, BootReport>();
  for (const { name, steps, options } of boots) reports.set(name, await bootOf(steps, options));
  const cut = fc.double({ min: 0, max: 1, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...boots), fc.array(cut, { maxLength: 60 }), async (boot, cuts) => {
      expect(await bootOf(inPieces(boot.steps, cuts), boot.options)).toEqual(reports.get(boot.name));
    }),
    { numRuns: 300 },
  );
});

test("nor where each byte comes alone", async () => {
  const alone = Array.from({ length: 2000 }, (_, index) => index / 2000);
  expect(await bootOf(inPieces(once(esp32Boot), alone))).toEqual(await bootOf(once(esp32Boot)));
});

test("a log of 5 MB, with a crash at its end", async () => {
  const chatter = Buffer.from(lines("I (500) app: the temperature is 21 degrees and nothing else happens here"));
  const flood = concatBytes(...new Array<Uint8Array>(Math.ceil(5e6 / chatter.length)).fill(chatter));
  const pieces = Array.from({ length: 80 }, (_, index) =>
    at(300 + index, flood.subarray(index * 65536, (index + 1) * 65536)),
  );
  let heard = 0;
  const report = await bootOf(
    [...once(esp32Boot), ...pieces, at(400, lines("abort() was called at PC 0x400d1234 on core 0"))],
    {},
    () => heard++,
  );
  expect([report.verdict, report.tail.length]).toEqual(["panic", 40]);
  expect(heard).toBe(report.lines);
  expect(heard).toBeGreaterThan(flood.length / chatter.length);
});

test("5 MB without a line end are cut into lines", async () => {
  const endless = Array.from({ length: 80 }, (_, index) => at(300 + index, Buffer.alloc(65536, "x")));
  const heard: TimedLine[] = [];
  const report = await bootOf([...once(esp32Boot), ...endless], {}, (line) => heard.push(line));
  expect(report.verdict).toBe("running");
  expect(Math.max(...heard.map(({ text }) => text.length))).toBe(2048);
});

const recorded = tracesAreHere ? test : test.skip;
recorded.each([
  ["esp32-boot-micropython", "running", /stays up/],
  ["esp32-boot-blank", "boot-loop", /watchdog of timer group 0 \(1×\)\. The flash holds no bootloader\./],
  ["esp32-boot-corrupt-app", "boot-loop", /The app in the flash is damaged\./],
] as const)("recorded: %s", async (name, verdict, reason) => {
  const steps = readTrace(name).map(({ seconds, bytes }) => at(seconds * 1000, bytes));
  const report = await bootOf(steps, { chip: "esp32" });
  expect([report.verdict, report.reason]).toEqual([verdict, expect.stringMatching(reason)]);
});
