import type { ResetCause } from "./boot-log.js";
import type { Step } from "./script.js";

/** A word of a line, or a text in quotes. */
export interface Token {
  readonly kind: "word" | "text";
  readonly value: string;
}

/** How a step is written; `read` gives `undefined` where its arguments do not fit. */
interface StepRow {
  readonly takes: string;
  readonly meaning: string;
  readonly read: (args: readonly Token[]) => Step | undefined;
  /** Nothing can follow in the same boot. */
  readonly ends?: true;
}

/** Words such as `toString` are no row. */
const ownRow = <Row>(table: Readonly<Record<string, Row>>, word: string): Row | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;

const MAX_NOISE_BYTES = 65_536;
const MAX_BAUD = 5_000_000;

/** How a script names what resets a chip. */
const resetCauses: Readonly<Record<string, ResetCause>> = {
  restart: "restart",
  "tg0-watchdog": "watchdog",
  "tg1-watchdog": "tg1-watchdog",
  "rtc-watchdog": "rtc-watchdog",
  brownout: "brownout",
};

function single(kind: Token["kind"], args: readonly Token[]): string | undefined {
  return args.length === 1 && args[0]?.kind === kind ? args[0].value : undefined;
}

function duration(args: readonly Token[]): number | undefined {
  const match = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s)$/.exec(single("word", args) ?? "");
  return match === null ? undefined : Number(match[1]) * (match[2] === "s" ? 1000 : 1);
}

function wholeNumber(args: readonly Token[], max: number): number | undefined {
  const text = single("word", args) ?? "";
  return /^[1-9]\d{0,8}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}

const withText = (args: readonly Token[], make: (text: string) => Step): Step | undefined => {
  const text = single("text", args);
  return text === undefined ? undefined : make(text);
};
const withDuration = (args: readonly Token[], make: (durationMs: number) => Step): Step | undefined => {
  const durationMs = duration(args);
  return durationMs === undefined ? undefined : make(durationMs);
};
const alone = (args: readonly Token[], step: Step): Step | undefined => (args.length === 0 ? step : undefined);

function onLine([line, word, ...args]: readonly Token[]): Step | undefined {
  if (line?.kind !== "text" || word?.kind !== "word" || word.value === "on" || word.value === "echo") return undefined;
  const step = stepRow(word.value)?.read(args);
  return step && { kind: "on", line: line.value, step };
}

/** The steps of a script by their first word; the README's table is made from them. */
export const steps: Readonly<Record<string, StepRow>> = {
  print: {
    takes: '"text"',
    meaning: "prints the text and an end of line",
    read: (args) => withText(args, (text) => ({ kind: "write", text: `${text}\r\n` })),
  },
  write: {
    takes: '"text"',
    meaning: "prints the text alone",
    read: (args) => withText(args, (text) => ({ kind: "write", text })),
  },
  wait: {
    takes: "500ms or 1.5s",
    meaning: "lets that time pass",
    read: (args) => withDuration(args, (durationMs) => ({ kind: "wait", durationMs })),
  },
  on: {
    takes: '"line" and a step',
    meaning: "takes that step whenever this line arrives from the host",
    read: onLine,
  },
  echo: {
    takes: "",
    meaning: "sends back every line that arrives",
    read: (args) => alone(args, { kind: "echo" }),
  },
  reset: {
    takes: Object.keys(resetCauses).join(", "),
    meaning: "the chip starts again, for this reason",
    read: (args) => {
      const cause = ownRow(resetCauses, single("word", args) ?? "");
      return cause && { kind: "reset", cause };
    },
    ends: true,
  },
  panic: {
    takes: '"LoadProhibited", or nothing',
    meaning: "prints a Guru Meditation Error with registers and backtrace, then restarts",
    read: (args) => {
      const reason = single("text", args);
      return args.length === 0 ? { kind: "panic" } : reason === undefined ? undefined : { kind: "panic", reason };
    },
    ends: true,
  },
  abort: {
    takes: "",
    meaning: "as `abort()` does: says so with a backtrace, then restarts",
    read: (args) => alone(args, { kind: "abort" }),
    ends: true,
  },
  brownout: {
    takes: "",
    meaning: "says that the brownout detector was triggered, then restarts",
    read: (args) => alone(args, { kind: "brownout" }),
    ends: true,
  },
  sleep: {
    takes: "2s",
    meaning: "sleeps deeply for that time, and boots as it wakes",
    read: (args) => withDuration(args, (durationMs) => ({ kind: "sleep", durationMs })),
    ends: true,
  },
  hang: {
    takes: "",
    meaning: "does nothing any more",
    read: (args) => alone(args, { kind: "hang" }),
    ends: true,
  },
  "usb-leave": {
    takes: "300ms",
    meaning: "the chip's own USB port goes away for that time (`usb=jtag` and `otg` only)",
    read: (args) => withDuration(args, (durationMs) => ({ kind: "usb-leave", durationMs })),
  },
  baud: {
    takes: "9600",
    meaning: "the console's rate from now on",
    read: (args) => {
      const baud = wholeNumber(args, MAX_BAUD);
      return baud === undefined ? undefined : { kind: "baud", baud };
    },
  },
  noise: {
    takes: "64",
    meaning: "sends that many unreadable bytes",
    read: (args) => {
      const lengthBytes = wholeNumber(args, MAX_NOISE_BYTES);
      return lengthBytes === undefined ? undefined : { kind: "noise", lengthBytes };
    },
  },
};

/** The row of a step's first word, if there is such a step. */
export const stepRow = (word: string): StepRow | undefined => ownRow(steps, word);
