import { info } from "@actions/core";
import { resetByLines } from "../../device/reset.js";
import { watchUntil } from "../../monitor/watch-until.js";
import type { WatchResult } from "../../monitor/watch-until.js";
import type { Transport } from "../../transport/transport.js";
import type { BootLog } from "../boot-log.js";
import type { InputValues } from "../input-values.js";
import { plainLine } from "../plain-text.js";
import type { Surroundings } from "../step-frame.js";

/** Consoles end a command at CR (ESP-IDF, MicroPython) or LF (Arduino sketches); what follows is an empty one. */
const LINE_END = "\r\n";

/** The log of a job shall stay readable; the file has them all. */
const MOST_SHOWN_LINES = 10_000;

/** What to do, and what to listen for. */
type ListenWish = Pick<InputValues, "chip" | "consoleBaud" | "reset" | "send" | "expect" | "failOn" | "listenMs">;

/**
 * Listens, and resets the board and speaks to it as asked, each at its time; what fails ends the listening. `logFile`
 * gets every line, the log the first ten thousand. Rejects as `watchUntil`, and as the transport does.
 */
export async function listen(
  asked: ListenWish,
  transport: Transport,
  logFile: BootLog,
  { clock, signal }: Pick<Surroundings, "clock" | "signal">,
): Promise<WatchResult> {
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
  let shownLines = 0;
  const heard = await watchUntil(transport, request, {
    clock,
    signal: AbortSignal.any([signal, failed.signal]),
    onLine(line) {
      logFile.add(line);
      shownLines++;
      if (shownLines < MOST_SHOWN_LINES) info(plainLine(line.text));
      if (shownLines === MOST_SHOWN_LINES) info("… (the rest is in the file of the output `log`)");
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
