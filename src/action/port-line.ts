import { toFlashError } from "../base/errors.js";
import { checkPort } from "../open-transport.js";
import { parsePortSelector } from "../ports/selector.js";
import { shown } from "./shown.js";

/** A line of the input `port`. */
export type PortLine =
  /** Leads to one board: a selector of this machine's ports, or the address of a board elsewhere. */
  | { readonly kind: "one"; readonly port: string }
  /** Leads to all boards that fit the selector. */
  | { readonly kind: "every"; readonly selector: string };

const EVERY = /^every:\s*/;

/** Lines of the input `port`; empty ones and comments (`#`) are left out. */
export function portLines(text: string): readonly PortLine[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) =>
      EVERY.test(line) ? { kind: "every", selector: line.replace(EVERY, "") } : { kind: "one", port: line },
    );
}

/** What is wrong with the lines of `port`, a sentence each. */
export function portLineProblems(text: string): readonly string[] {
  return portLines(text).flatMap((line) =>
    line.kind === "one" ? portProblems(line.port) : everyProblems(line.selector),
  );
}

/** What is wrong with the name of a board's port: neither a selector nor a kind of port that can be opened. */
export function portProblems(port: string): readonly string[] {
  return problemsOf(port, () => {
    if (parsePortSelector(port) === undefined) checkPort(port);
  });
}

function everyProblems(selector: string): readonly string[] {
  let kind: string | undefined;
  const problems = problemsOf(selector, () => {
    kind = parsePortSelector(selector)?.kind;
  });
  if (problems.length > 0 || (kind !== undefined && kind !== "mac")) return problems;
  return [`\`port\`: every: takes a selector that several ports of this machine can fit (it is ${shown(selector)})`];
}

function problemsOf(text: string, check: () => void): readonly string[] {
  try {
    if (/\p{Cc}/u.test(text)) return [`\`port\` has control characters (it is ${shown(text)})`];
    check();
    return [];
  } catch (thrown) {
    return [`${toFlashError(thrown).message} (it is ${shown(text)})`];
  }
}
