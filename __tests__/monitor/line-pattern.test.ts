import { meet, parseLinePattern } from "../../src/monitor/line-pattern.js";
import { codeOf } from "../support/code-of.js";

const matches = (source: string, text: string): boolean => parseLinePattern(source).endOf(text, 0) >= 0;

test("text is taken as it stands, what is between slashes as a regular expression", () => {
  expect(matches("a.c", "abc")).toBe(false);
  expect(matches("/a.c/", "abc")).toBe(true);
  expect(matches("/ABC/i", "xabcx")).toBe(true);
  expect(matches("/dev/null", "cat /dev/null")).toBe(true);
  expect(matches("/", "a/b")).toBe(true);
});

test("a broken expression is refused by name", () => {
  expect(codeOf(() => parseLinePattern("/(/"))).toBe("input/invalid");
});

test("an expression that would not end is given up by name", () => {
  const pattern = parseLinePattern("/(a+)+$/");
  expect(pattern.endOf("aaa", 0)).toBe(3);
  expect(codeOf(() => pattern.endOf(`${"a".repeat(2000)}!`, 0))).toBe("input/invalid");
});

test("patterns are met in order, each behind the one before, also within one line", () => {
  const expected = { patterns: ["tick", "tick", "/^tock$/"].map(parseLinePattern), met: 0, from: 0 };
  const one = meet(expected, "tick", true);
  expect(one.met).toBe(1);
  expect(meet(expected, "tick tick", true).met).toBe(2);
  expect(meet(meet(one, "tock tick", true), "tock", true).met).toBe(3);
});

test("a line that grows is not counted twice", () => {
  const expected = { patterns: ["ok", "ok"].map(parseLinePattern), met: 0, from: 0 };
  const open = meet(expected, "ok", false);
  expect(meet(open, "ok, done", true).met).toBe(1);
  expect(meet(open, "ok, all ok", true).met).toBe(2);
});
