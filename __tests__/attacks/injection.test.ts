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
import { commandIn, outsideCode, strangeCommands } from "../support/runner-parser.js";
import { linesWrittenBy } from "../support/stdout.js";

const log = { info, warning, error: annotate, debug, isDebug, startGroup, endGroup };

interface Payload {
  readonly name: string;
  readonly text: string;
  /** What may not stand anywhere in a summary like this. */
  readonly raw?: RegExp;
  /** As `raw`, but where HTML is read it means nothing. */
  readonly mark?: RegExp;
}

/** What firmware, a board, a file name or a server could say; `pwned` is in all of them. */
const payloads: readonly Payload[] = [
  { name: "a command", text: "::set-output name=mac::pwned" },
  { name: "a command behind blanks of Unicode", text: "\u00a0\u3000::error::pwned" },
  { name: "a command behind a byte order mark", text: "\ufeff::error::pwned" },
  { name: "a command after a line end", text: "I (31) boot:\n::error::pwned" },
  { name: "a command after a carriage return", text: "50 %\r::add-mask::pwned" },
  { name: "a command after a line end of Unicode", text: "boot\u2028::error::pwned\u2029::error::pwned" },
  { name: "a command after NEL", text: "boot\u0085::error::pwned" },
  { name: "an escaped line end", text: "boot%0A::error::pwned%0D::error::pwned" },
  { name: "a command in the old form", text: "boot ##[error]pwned ##[group]x" },
  { name: "the end of all commands", text: "::stop-commands::pwned" },
  { name: "a new path", text: "::add-path::/tmp/pwned" },
  { name: "a new variable", text: "::set-env name=NODE_OPTIONS::--require /tmp/pwned" },
  { name: "a matcher of problems", text: "::add-matcher::/tmp/pwned.json" },
  { name: "a cursor that moves up", text: "\x1b[1A\x1b[2Kpwned\x1b]0;title\x07" },
  { name: "text that runs backwards", text: "\u202epwned\u2066\u200f", raw: /[\u200f\u202e\u2066]/ },
  { name: "an output of its own", text: "pwned\nghadelimiter_0\nmac=pwned\nverified<<x\ntrue\nx" },
  { name: "an image", text: `<img src=x onerror="pwned">`, raw: /<img/i },
  { name: "a comment", text: "<!-- pwned", raw: /<!--/ },
  { name: "an entity", text: "&lt;script&gt;pwned", raw: /&lt;script&gt;/ },
  { name: "the end of what is folded", text: "</details></summary><h1>pwned", raw: /<h1>/ },
  { name: "a picture of Markdown", text: "![pwned](https://evil.example/p.png)", mark: /(?<!\\)!?\[pwned/ },
  { name: "a link", text: "[pwned](https://evil.example)", mark: /(?<!\\)\[pwned/ },
  { name: "an address", text: "https://evil.example/pwned www.evil.example", raw: /https:\/\/|www\./ },
  { name: "a mention", text: "@pwned @org/team pwned@evil.example", raw: /@(pwned|org|evil)/ },
  { name: "another cell", text: "pwned | ✅ | verified |", mark: /(?<!\\)\| ✅ \| verified/ },
  { name: "a heading", text: "# pwned", mark: /^# /m },
  { name: "a rule", text: "---\npwned", mark: /^---$/m },
  { name: "code that ends", text: "```\npwned\n```", mark: /^```/m },
  { name: "code in a line", text: "`pwned`", mark: /(?<!\\)`pwned/ },
  { name: "a formula", text: "$\\color{green}{\\textsf{pwned}}$", raw: /(?<!>)\$/ },
  { name: "bold text", text: "**pwned** __pwned__", mark: /(?<!\\)[*_](?=[*_]pwned)/ },
  { name: "the end of a document of XML", text: `]]></system-out><testcase name="pwned"/>` },
];

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
