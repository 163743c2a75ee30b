import { commandWords } from "../../src/action/command-line.js";

test.each([
  ["uhubctl -l 1-1 -p 2 -a cycle", ["uhubctl", "-l", "1-1", "-p", "2", "-a", "cycle"]],
  ["  /opt/power/switch   3 ", ["/opt/power/switch", "3"]],
  [`switch "port 3" 'and "4"'`, ["switch", "port 3", `and "4"`]],
  [`switch --to="port 3"`, ["switch", "--to=port 3"]],
  [`switch "a;b|c"`, ["switch", "a;b|c"]],
  [`switch ""`, ["switch", ""]],
])("%s", (text, expected) => {
  expect(commandWords(text)).toEqual(expected);
});

test.each([
  "",
  `""`,
  `switch "open`,
  `${"a".repeat(10_000)}"`,
  "switch it's",
  "off; on",
  "off && on",
  "off | tee log",
  "switch $PORT",
  "switch `port`",
  "switch > log",
  "switch port\\ 3",
  "switch *",
  "off\non",
])("nothing is run for %j", (text) => {
  expect(commandWords(text)).toBeUndefined();
});
