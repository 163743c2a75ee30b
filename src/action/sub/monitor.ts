import { info } from "@actions/core";
import { FlashError } from "../../base/errors.js";
import { resetByLines } from "../../device/reset.js";
import { watchUntil } from "../../monitor/watch-until.js";
import type { WatchResult } from "../../monitor/watch-until.js";
import type { Transport } from "../../transport/transport.js";
import { openBootLog } from "../boot-log.js";
import type { InputValues } from "../input-values.js";
import { plainLine } from "../plain-text.js";
import type { Surroundings } from "../step-frame.js";
import { factSummary } from "./board-outputs.js";
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

type MonitorInputs = Pick<InputValues, (typeof inputs)[number]>;

/** If the step is cut short, the board goes on as it was. */
const LEAVING = { before: "no-reset", after: "no-reset", resetSequence: undefined } as const;

/** Consoles end a command at CR (ESP-IDF, MicroPython) or LF (Arduino sketches); what follows is an empty one. */
const LINE_END = "\r\n";

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

/** Resets and speaks as the inputs say, each at its time; what fails ends the listening. */
async function listen(
  asked: MonitorInputs,
  transport: Transport,
  logFile: ReturnType<typeof openBootLog>,
  surroundings: Surroundings,
): Promise<WatchResult> {
  const { clock, signal } = surroundings;
  const { chip, consoleBaud, expect, failOn, listenMs, reset, send } = asked;
  const failed = new AbortController();
  const doing: Promise<void>[] = [];
  const also = (work: Promise<void>): void => {
    doing.push(work.catch((thrown: unknown) => failed.abort(thrown)));
  };
  const speak = (): Promise<void> =>
    send.length === 0 ? Promise.resolve() : transport.write(Buffer.from(send.map((line) => line + LINE_END).join("")));
  // After a reset the app has to be up before it can listen, and the first pattern says so.
  const waits = reset && expect.length > 0;
  const request = {
    patterns: expect,
    failOn,
    timeoutMs: listenMs,
    consoleBaud,
    ...(chip !== "auto" && { chip }),
  };
  const heard = await watchUntil(transport, request, {
    clock,
    signal: AbortSignal.any([signal, failed.signal]),
    onLine(line) {
      logFile.add(line);
      info(plainLine(line.text));
    },
    onListening() {
      if (reset) also(resetByLines(transport, "rts", clock, signal));
      if (!waits) also(speak());
    },
    onMatched(count) {
      if (waits && count === 1) also(speak());
    },
  });
  await Promise.all(doing);
  failed.signal.throwIfAborted();
  return heard;
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
