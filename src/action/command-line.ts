/** What only a shell would do something with. */
const SHELL_ONLY = /[|&;<>()$`\\*?[\]{}~#!]/;

/**
 * The words of a command that is run without a shell: parted by blanks, single or double quotes keep blanks together.
 * `undefined` for an open quote, several lines, and characters outside quotes that only a shell would understand.
 */
export function commandWords(text: string): readonly [string, ...string[]] | undefined {
  const words: string[] = [];
  let rest = text.trim();
  if (/\p{Cc}/u.test(rest)) return undefined;
  while (rest !== "") {
    const [word = ""] = /^(?:"[^"]*"|'[^']*'|[^\s"'])+(?=\s|$)/.exec(rest) ?? [];
    const isPlain = !SHELL_ONLY.test(word.replaceAll(/"[^"]*"|'[^']*'/g, ""));
    if (word === "" || !isPlain) return undefined;
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
    rest = rest.slice(word.length).trimStart();
  }
  const [program, ...args] = words;
  return program === undefined || program === "" ? undefined : [program, ...args];
}
