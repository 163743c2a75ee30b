import { FlashError } from "../../base/errors.js";
import type { WatchResult } from "../../monitor/watch-until.js";
import { openBootLog } from "../boot-log.js";
import { factSummary } from "./board-outputs.js";
import { listen } from "./listen.js";
import { boardInputs, onBoard } from "./on-board.js";
import type { Notes, SubAction } from "./sub-action.js";

interface MonitorFacts {
  readonly port: string;
  readonly heard: WatchResult;
  readonly log: string;
}

const inputs = [
  ...boardInputs,
  "chip",
  "consoleBaud",
  "reset",
  "send",
  "expect",
  "failOn",
  "listenMs",
  "timeoutMs",
] as const;

/** If the step is cut short, the board goes on as it was. */
const LEAVING = { before: "no-reset", after: "no-reset", resetSequence: undefined } as const;

type Verdict = "matched" | "missing" | "bad-line" | "listened" | "";

function verdictOf({ heard }: Notes<MonitorFacts>): Verdict {
  if (heard === undefined) return "";
  if (heard.bad !== undefined) return "bad-line";
  if (heard.missing.length > 0) return "missing";
  return heard.matched.length > 0 ? "matched" : "listened";
}

function heardError({ bad, missing, matched, lines, durationMs }: WatchResult): FlashError | undefined {
  const seconds = `${Math.round(durationMs / 1000)} s`;
  if (bad !== undefined) return new FlashError("boot/panic", `The board said: ${bad}`, { line: bad });
  if (missing.length === 0) return undefined;
  const what = missing.length === 1 ? "a pattern" : `${missing.length} patterns`;
  const message = `In ${seconds} and ${lines} lines ${what} of \`expect\` did not come: ${missing.join(", ")}`;
  return new FlashError("boot/expect", message, { matched, missing });
}

/** `monitor/`: reads what a board says until the last pattern came, or a bad line, or the time is up. */
export const monitorAction: SubAction<(typeof inputs)[number], MonitorFacts> = {
  inputs,
  check({ listenMs, timeoutMs }) {
    if (listenMs < timeoutMs) return;
    const message = "`listen-timeout` has to end before `timeout` does, which would cut the whole step short.";
    throw new FlashError("input/conflict", message, { inputs: ["listen-timeout", "timeout"] });
  },
  firstLine: (text) => `Listen to the board at ${text("port")}`,
  async work(asked, facts, surroundings) {
    await onBoard(asked, LEAVING, facts, surroundings, async (transport) => {
      const logFile = openBootLog(surroundings.host.env, asked.port);
      facts.log = logFile.path;
      surroundings.reporter.openGroup("What the board says");
      try {
        facts.heard = await listen(asked, transport, logFile, surroundings);
      } finally {
        surroundings.reporter.closeGroup();
        await logFile.close();
      }
    });
    const error = facts.heard && heardError(facts.heard);
    if (error !== undefined) throw error;
  },
  outputs: {
    port: ({ port = "" }) => port,
    verdict: verdictOf,
    matched: ({ heard }) => JSON.stringify(heard?.matched ?? []),
    missing: ({ heard }) => JSON.stringify(heard?.missing ?? []),
    "bad-line": ({ heard }) => heard?.bad ?? "",
    lines: ({ heard }) => String(heard?.lines ?? 0),
    log: ({ log = "" }) => log,
  },
  closingLine: (facts) => `Heard ${facts.heard?.lines ?? 0} lines: ${verdictOf(facts)}`,
  summary: ({ port = "", heard, log = "" }, error) =>
    factSummary(
      "ESP32 monitor",
      [
        ["Port", port],
        ["Lines", String(heard?.lines ?? 0)],
        ["Came", heard?.matched.join(", ") ?? ""],
        ["Did not come", heard?.missing.join(", ") ?? ""],
        ["Last line", heard?.tail.at(-1) ?? ""],
        ["Log", log],
      ],
      error,
    ),
};
