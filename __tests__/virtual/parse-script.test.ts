import { readFileSync } from "node:fs";
import { FlashError } from "../../src/base/errors.js";
import { parseScript } from "../../src/virtual/parse-script.js";
import { steps } from "../../src/virtual/script-steps.js";

test("reads apps, boots and steps; comments and blank lines are nothing", () => {
  const script = `# a board that fails twice
app sensor 1.4.*   # any build of 1.4
boot 1-2
  print "a # in a text, \\"quotes\\" and \\u001b[0m"
  wait 1.5s
  panic "LoadProhibited"
boot 3-
  on "version?" print "1.4.2"
  usb-leave 300ms

app elf:0123ABCD
  quiet
  hang
`;
  expect(parseScript(script, "board.txt", true)).toEqual([
    {
      selector: { project: "sensor", version: "1.4.*" },
      quiet: false,
      boots: [
        {
          from: 1,
          to: 2,
          steps: [
            { kind: "write", text: 'a # in a text, "quotes" and \u001b[0m\r\n' },
            { kind: "wait", durationMs: 1500 },
            { kind: "panic", reason: "LoadProhibited" },
          ],
        },
        {
          from: 3,
          to: Infinity,
          steps: [
            { kind: "on", line: "version?", step: { kind: "write", text: "1.4.2\r\n" } },
            { kind: "usb-leave", durationMs: 300 },
          ],
        },
      ],
    },
    { selector: { elf: "0123abcd" }, quiet: true, boots: [{ from: 1, to: Infinity, steps: [{ kind: "hang" }] }] },
  ]);
});

describe("a mistake is named with its line", () => {
  test.each<readonly [string, number, RegExp]>([
    ['print "x"', 1, /`app` comes first/],
    ["app", 1, /takes a project/],
    ["app one two three", 1, /takes a project/],
    ["app elf:12", 1, /8 to 64 hex digits/],
    ["app *\n  prnt", 2, /there is no "prnt"; known: app, quiet, boot, print/],
    ["app *\n\n  print hello", 3, /`print` takes "text"/],
    ['app *\n  print "hello', 2, /column 9 has no end/],
    ['app *\n  print "\\x"', 2, /no text as JSON writes it/],
    ["app *\n  wait 5", 2, /`wait` takes 500ms or 1.5s/],
    ["app *\n  wait -5ms", 2, /`wait` takes/],
    ["app *\n  reset please", 2, /`reset` takes restart, tg0-watchdog/],
    ["app *\n  echo twice", 2, /`echo` takes nothing/],
    ["app *\n  noise 0", 2, /`noise` takes 64/],
    ["app *\n  boot 0", 2, /`boot` takes a number from 1/],
    ["app *\n  boot 3-2", 2, /boot 3 comes before boot 2/],
    ["app *\n  boot 1-2\n  boot 2-", 3, /go on up to 2/],
    ["app *\n  boot 1-\n  boot 2", 3, /go on up to Infinity/],
    ['app *\n  print "x"\n  boot 2', 3, /go on up to/],
    ["app *\n  hang\n  wait 1s", 3, /the step before ends this boot/],
    ["app *\n  boot 1\n  quiet", 3, /`quiet` stands alone/],
    ['app *\n  on "a" on "b" hang', 2, /`on` takes/],
    ['app *\n  on "a" toString', 2, /`on` takes/],
    ["app *\n  toString", 2, /there is no "toString"/],
    ["app *\n  usb-leave 1s", 2, /needs the chip's own USB port/],
  ])("%j", (script, line, expected) => {
    let thrown: unknown;
    try {
      parseScript(script, "board.txt", false);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(FlashError);
    expect(thrown).toMatchObject({ code: "input/invalid", details: { line } });
    expect((thrown as FlashError).message).toMatch(expected);
    expect((thrown as FlashError).message).toContain(`board.txt, line ${line}: `);
  });
});

test("is read the same as some editors save it", () => {
  const script = 'app *\n  print "x"\n';
  const saved = `\uFEFF${script.replaceAll("\n", "\r\n")}`;
  expect(parseScript(saved, "board.txt", false)).toEqual(parseScript(script, "board.txt", false));
});

test("every step is told how to be written, and ends a boot only if it says so", () => {
  for (const [word, { takes, meaning }] of Object.entries(steps)) {
    expect([word, meaning]).not.toContain("");
    expect(`${takes}${meaning}`).not.toMatch(/\n/);
  }
});

test("the README's script is one", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const example = /```\n(# Two starts fail[^]*?)```/.exec(readme)?.[1] ?? "";
  const apps = parseScript(example, "README.md", false);
  expect(apps.map(({ boots }) => boots.length)).toEqual([2, 1]);
});
