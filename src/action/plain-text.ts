/**
 * Characters that would move the cursor, break the line or reorder it: C0, DEL, C1, the two Unicode line ends and the
 * bidirectional marks and controls.
 */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/**
 * Text from outside as one line of the log, in which the runner finds no workflow command. It takes `::` at the start
 * of a line and `##[` anywhere in it for one (actions/runner, ActionCommand.cs at 079cdb1).
 */
export function plainLine(text: string): string {
  return text
    .replace(UNPRINTABLE, escaped)
    .replace(/^(\s*):(?=:)/, "$1: ")
    .replaceAll("##[", "## [");
}

/** As `plainLine`, but line ends stay line ends. */
export function plainLines(text: string): string[] {
  return text.split(/\r\n|[\r\n]/).map(plainLine);
}

/**
 * What GitHub makes something of without any mark: mentions, formulas, and addresses of pages and people. It looks for
 * them in each text by itself, so an element of its own takes the sign out of its text.
 */
const ACTIVE = /[@$]|:(?=\/\/)|(?<=\bwww)\./gi;

/** Text as it stands, in Markdown: no mark in it makes a heading, a list, a link, a mention, a table cell or HTML. */
export function markdownText(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_{}[\]#~|>]/g, "\\$&")
    .replace(/^\s*([-+=]|\d+(?=[.)]))/, (start) => (/\d$/.test(start) ? `${start}\\` : `\\${start.trim()}`))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replace(ACTIVE, "<span>$&</span>");
}

/** Text as it stands, in HTML. */
export function htmlText(text: string): string {
  return plainLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(ACTIVE, "<span>$&</span>");
}
