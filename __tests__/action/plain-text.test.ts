import fc from "fast-check";
import { markdownText, plainLine, plainLines } from "../../src/action/plain-text.js";

/** Whether the runner would take a line for a command: its two rules, in words of their own. */
function isCommand(line: string): boolean {
  return line.trimStart().startsWith("::") || line.includes("##[");
}

test.each([
  ["I (31) boot: ESP-IDF v5.1", "I (31) boot: ESP-IDF v5.1"],
  ["::set-output name=mac::1", ": :set-output name=mac::1"],
  [" \t::error::x", " \\x09::error::x"],
  ["   ::error::x", "   : :error::x"],
  ["boot ##[error]x", "boot ## [error]x"],
  ["\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"],
  ["50 %\r100 %", "50 %\\x0d100 %"],
  ["a\u2028::x", "a\\u2028::x"],
  ["a\u202ex", "a\\u202ex"],
  ["größe µ 🙂", "größe µ 🙂"],
])("%j becomes %j", (text, line) => {
  expect(plainLine(text)).toBe(line);
});

test("line ends of every system part lines, and each line is made plain", () => {
  expect(plainLines("a\r\n::b\n##[c]\rd")).toEqual(["a", ": :b", "## [c]", "d"]);
});

test("no text becomes a command, nor more than one line", () => {
  const pieces = fc.constantFrom("::", ":", "##[", "#", "[", " ", "\t", "\n", "\r", "\u00a0", "\u2028", "error", "]");
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))), (parts) => {
      const line = plainLine(parts.join(""));
      expect(isCommand(line)).toBe(false);
      expect(line).not.toMatch(/[\r\n\u2028\u2029]/);
    }),
  );
});

test.each([
  ["<script>", "&lt;script\\>"],
  ["a|b", "a\\|b"],
  ["[x](http://y)", "\\[x\\](http<span>:</span>//y)"],
  ["**b** _i_ `c`", "\\*\\*b\\*\\* \\_i\\_ \\`c\\`"],
  ["# head", "\\# head"],
  ["- item", "\\- item"],
  ["  = line", "\\= line"],
  ["1. item", "1\\. item"],
  ["2) item", "2\\) item"],
  ["&lt;", "&amp;lt;"],
  ["a\\|b", "a\\\\\\|b"],
  ["build/app-1.2.bin?", "build/app-1.2.bin?"],
])("%j in Markdown is %j", (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});
