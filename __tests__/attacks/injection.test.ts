import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endGroup, error as annotate, info, isDebug, debug, setOutput, startGroup, warning } from "@actions/core";
import { reportFailure } from "../../src/action/failure.js";
import { junitXml } from "../../src/action/junit.js";
import type { BoardOutcome, StepOutcome } from "../../src/action/outcome.js";
import { stepOutputs } from "../../src/action/outputs.js";
import { createReporter } from "../../src/action/reporter.js";
import { summaryMarkdown } from "../../src/action/summary.js";
import { systemClock } from "../../src/base/clock.js";
import { FlashError } from "../../src/base/errors.js";
import { board, boot, flashed } from "../support/outcomes.js";
import { payloads } from "../support/payloads.js";
import { commandIn, outsideCode, strangeCommands } from "../support/runner-parser.js";
import { linesWrittenBy } from "../support/stdout.js";

const log = { info, warning, error: annotate, debug, isDebug, startGroup, endGroup };

/** Control characters but the line end, the line ends of Unicode, and what turns its direction. */
const UNPRINTABLE = /[^\n\P{Cc}]|[\u2028\u2029\u202e]/u;

/** A step of which everything that comes from outside says the same. */
function outcomeOf(text: string): StepOutcome {
  const error = new FlashError(
    "verify/mismatch",
    `It says ${text}`,
    { port: text, names: [text, text] },
    new Error(text),
  );
  const image = { ...flashed.images[0], name: text } as (typeof flashed.images)[number];
  const app = { image: text, offset: 0, version: text, project: text, elfSha256: text };
  const one: BoardOutcome = {
    ...board,
    name: text,
    port: text,
    error,
    firmware: { ...board.firmware, name: text } as NonNullable<BoardOutcome["firmware"]>,
    result: { ...flashed, images: [image], app, lostPartitions: [text], preservedPartitions: [text] },
    boot: { ...boot, reason: text, panic: [text], tail: [text], resets: [{ cause: text, count: 1 }] },
    bootLog: text,
  };
  return { durationMs: 1, boards: [one, one], error };
}

describe.each(payloads)("$name", ({ text, raw, mark }) => {
  test("gives no command in the log", async () => {
    const error = new FlashError(
      "verify/mismatch",
      `It says:\n${text}`,
      { port: text, names: [text] },
      new Error(text),
    );
    const lines = await linesWrittenBy(() => {
      const reporter = createReporter(log, systemClock);
      reporter.openGroup(text);
      reporter.listener({ kind: "message", level: "info", text });
      reporter.closeGroup();
      reporter.listener({ kind: "message", level: "warning", text });
      reportFailure(log, error);
    });
    expect(strangeCommands(lines)).toEqual(["warning", "error"]);
    // Commands end at the line's end, and their text is not looked at again.
    const said = lines.filter((line) => commandIn(line) === undefined);
    expect(said.join("\n")).toContain("pwned");
    expect(said.join("\n")).not.toMatch(UNPRINTABLE);
  });

  test("is text and nothing else in the summary", () => {
    const markdown = summaryMarkdown(outcomeOf(text));
    expect(outsideCode(markdown)).toContain("pwned");
    expect(outsideCode(markdown)).not.toMatch(raw ?? UNPRINTABLE);
    expect(outsideCode(markdown).replaceAll(/<summary>.*<\/summary>/g, "")).not.toMatch(mark ?? UNPRINTABLE);
  });

  test("stays within its output and its test case", () => {
    const folder = mkdtempSync(join(tmpdir(), "outputs-"));
    const saved = process.env.GITHUB_OUTPUT;
    process.env.GITHUB_OUTPUT = join(folder, "output");
    writeFileSync(process.env.GITHUB_OUTPUT, "");
    const outcome = outcomeOf(text);
    const one = { ...outcome, boards: outcome.boards.slice(1) };
    try {
      const outputs = stepOutputs(one);
      for (const [name, value] of Object.entries(outputs)) setOutput(name, value);
      const heads = readFileSync(process.env.GITHUB_OUTPUT, "utf8").matchAll(/^(\S+)<<(ghadelimiter_[0-9a-f-]{36})$/gm);
      expect(Array.from(heads, ([, name]) => name)).toEqual(Object.keys(outputs));
      expect(outputs["app-version"]).not.toMatch(/[\r\n]/);
    } finally {
      if (saved === undefined) delete process.env.GITHUB_OUTPUT;
      else process.env.GITHUB_OUTPUT = saved;
      rmSync(folder, { recursive: true });
    }
    const xml = junitXml(one);
    expect(Array.from(xml.matchAll(/<testcase/g))).toHaveLength(2);
  });
});
