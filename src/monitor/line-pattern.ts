import { createContext, Script } from "node:vm";
import { FlashError } from "../base/errors.js";

/** What is looked for in a line. */
export interface LinePattern {
  /** As it was written. */
  readonly source: string;
  /** Where the first match at or behind `from` ends, or -1. Throws input/invalid if that takes too long. */
  endOf(text: string, from: number): number;
}

/** Flags that change what matches; `g` and `y` would only change where the search begins. */
const written = /^\/(.+)\/([imsu]*)$/;
/** A usual match takes microseconds; nested repeats can take longer than any job. */
const LONGEST_MATCH_MS = 1000;

/** Runs `regex` at its `lastIndex`. A regular expression cannot be interrupted but by the end of its script's time. */
function boundedTest(source: string, regex: RegExp): (text: string) => boolean {
  const scope: { regex: RegExp; text: string } = { regex, text: "" };
  const context = createContext(scope);
  const script = new Script("regex.test(text)");
  return (text) => {
    scope.text = text;
    try {
      return script.runInContext(context, { timeout: LONGEST_MATCH_MS }) as boolean;
    } catch (error) {
      const message = `${source} takes more than ${LONGEST_MATCH_MS} ms on a line of ${text.length} characters: it repeats what repeats.`;
      throw new FlashError("input/invalid", message, { value: source }, error);
    }
  };
}

function regexPattern(source: string, body: string, flags: string): LinePattern {
  let regex: RegExp;
  try {
    regex = new RegExp(body, `${flags}g`);
  } catch (error) {
    throw new FlashError("input/invalid", `${source} is no regular expression.`, { value: source }, error);
  }
  const test = boundedTest(source, regex);
  return {
    source,
    endOf(text, from) {
      regex.lastIndex = from;
      return test(text) ? regex.lastIndex : -1;
    },
  };
}

/** A pattern from an input: text as it stands, or `/regex/` with the flags i, m, s and u. Throws input/invalid. */
export function parseLinePattern(source: string): LinePattern {
  const [, body, flags = ""] = written.exec(source) ?? [];
  if (body !== undefined) return regexPattern(source, body, flags);
  return {
    source,
    endOf(text, from) {
      const at = text.indexOf(source, from);
      return at < 0 ? -1 : at + source.length;
    },
  };
}

/** Patterns that have to come in order; several may be met in one line, one behind the other. */
export interface Expected {
  readonly patterns: readonly LinePattern[];
  /** How many were met. */
  readonly met: number;
  /** Where in the current line the search for the next one begins. */
  readonly from: number;
}

/** Looks through a line, or through more of the line looked at last if that has not ended. */
export function meet(expected: Expected, text: string, ended: boolean): Expected {
  let { met, from } = expected;
  for (let next = expected.patterns[met]; next !== undefined; next = expected.patterns[met]) {
    const end = next.endOf(text, from);
    if (end < 0) break;
    met++;
    from = end;
  }
  return { ...expected, met, from: ended ? 0 : from };
}
