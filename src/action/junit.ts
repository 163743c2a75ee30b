import type { FlashError } from "../base/errors.js";
import { boardVerdict } from "./board-verdict.js";
import { hasFailed } from "./outcome.js";
import type { BoardOutcome, StepOutcome } from "./outcome.js";

interface TestCase {
  readonly name: string;
  readonly durationMs: number;
  readonly kind: "passed" | "failure" | "error" | "skipped";
  /** Elements inside it. */
  readonly body: readonly string[];
}

/** What XML 1.0 has no way to write: control characters but tab and line ends, halves of surrogate pairs, U+FFFE, U+FFFF. */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function xmlText(text: string): string {
  return text
    .replace(UNWRITABLE, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** An attribute on one line: XML would make a blank of each line end anyway. */
function attribute(name: string, value: string | number): string {
  return ` ${name}="${xmlText(value.toString()).replaceAll(/[\t\n\r]+/g, " ")}"`;
}

const seconds = (durationMs: number): string => (durationMs / 1000).toFixed(3);

function problem(kind: "failure" | "error", { code, message, hint }: FlashError): string {
  const text = xmlText(`${message}\nWay out: ${hint}`);
  return `<${kind}${attribute("type", code)}${attribute("message", message)}>${text}</${kind}>`;
}

function boardCase(board: BoardOutcome): TestCase {
  const { name, durationMs, error, result, boot, leftAlone } = board;
  const told = [boardVerdict(board).text, ...(boot === undefined ? [] : [boot.reason, ...boot.tail])];
  const output = `<system-out>${xmlText(told.join("\n"))}</system-out>`;
  if (error !== undefined && !hasFailed(board)) {
    return { name, durationMs, kind: "skipped", body: [`<skipped${attribute("message", error.message)}/>`] };
  }
  if (error !== undefined) return { name, durationMs, kind: "failure", body: [problem("failure", error), output] };
  const reached = result !== undefined || leftAlone === true;
  return { name, durationMs, kind: reached ? "passed" : "skipped", body: reached ? [output] : ["<skipped/>"] };
}

function counts(cases: readonly TestCase[]): string {
  const count = (kind: TestCase["kind"]): number => cases.filter((one) => one.kind === kind).length;
  return [
    attribute("tests", cases.length),
    attribute("failures", count("failure")),
    attribute("errors", count("error")),
    attribute("skipped", count("skipped")),
  ].join("");
}

/**
 * The step as a JUnit report: a test case for each board, named as it was asked for, with the end of its console log; an
 * error of the step itself is a case of its own.
 */
export function junitXml({ boards, error, durationMs }: StepOutcome): string {
  const step: TestCase[] =
    error === undefined ? [] : [{ name: "step", durationMs, kind: "error", body: [problem("error", error)] }];
  const cases = [...boards.map(boardCase), ...step];
  const lines = cases.flatMap((one) => {
    const names = `${attribute("classname", "esp32-flash-action")}${attribute("name", one.name)}`;
    const body = one.body.map((element) => `      ${element}`);
    return [`    <testcase${names}${attribute("time", seconds(one.durationMs))}>`, ...body, "    </testcase>"];
  });
  const suite = `${attribute("name", "ESP32 boards")}${counts(cases)}${attribute("time", seconds(durationMs))}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${counts(cases)}${attribute("time", seconds(durationMs))}>`,
    `  <testsuite${suite}>`,
    ...lines,
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
