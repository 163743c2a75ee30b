import { concatBytes } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { scheduleDeadline } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import { createLink, guardSending } from "./link.js";
import { openChannel } from "./rfc2217-channel.js";
import { parseRfc2217Url } from "./rfc2217-url.js";
import { comPortAnswer, comPortControl, comPortRequests, encodeComPort, encodeTelnetData } from "./telnet.js";
import { createTimingMarks, firstTimingMarks, timingMark } from "./timing-marks.js";
import type { ControlLines, Transport } from "./transport.js";

/** A server that has not told the rate by now will not (some never do); real data decides whether it is right. */
const RATE_ANSWER_MS = 1000;
/** Longer than TCP needs to send a lost segment again, and than a server is busy with a reset or a full buffer. */
const MARK_ANSWER_MS = 10_000;
/** A divider is some percent off at most; the UARTs of both sides bear that. */
const MAX_RATE_ERROR = 0.03;

const PURGE = { received: 1, both: 3 } as const;
/** RFC 2217, section 3: no parity is 1, one stop bit is 1. */
const FRAMING = concatBytes(
  request(comPortRequests.setDataSize, 8),
  request(comPortRequests.setParity, 1),
  request(comPortRequests.setStopSize, 1),
  request(comPortRequests.setControl, comPortControl.noFlowControl),
);

/**
 * A serial port behind an RFC 2217 server such as ser2net. Requests for the lines are never waited for: many servers do
 * not answer them, and a reset sequence bears no round trip. Opening leaves the lines as the server has them.
 * Throws `input/invalid` for a bad URL, `port/busy` or `port/open-failed` with the reason.
 */
export async function openRfc2217(
  url: string,
  baud: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Transport> {
  const address = parseRfc2217Url(url);
  const link = createLink(url);
  let rate = baud;
  /** Unknown until they are set for the first time. */
  let lines: ControlLines | undefined;
  let onRate: ((answered: number) => void) | undefined;
  let marks = createTimingMarks({ clock, signal });
  let channel = await open();

  async function open(): Promise<Awaited<ReturnType<typeof openChannel>>> {
    marks = createTimingMarks({ clock, signal });
    const fresh = await openChannel(
      url,
      address,
      {
        data: (bytes) => link.data(bytes),
        comPort(code, value) {
          if (code === comPortAnswer + comPortRequests.setBaudRate) onRate?.(readRate(value));
        },
        marked: () => marks.answered(),
        closed: (why, cause) => link.lost(why, cause),
      },
      { clock, signal },
    );
    lines = undefined;
    link.opened();
    const settings = concatBytes(
      firstTimingMarks,
      FRAMING,
      rateRequest(rate),
      request(comPortRequests.purgeData, PURGE.both),
    );
    await link.guard(() => fresh.send(settings));
    return fresh;
  }

  /** Waits until the server says that it runs at `wanted`; else what it said last, or `undefined` for nothing. */
  function rateAnswer(wanted: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      let last: number | undefined;
      const settle = (): void => {
        stopTimer();
        if (onRate === hear) onRate = undefined;
        resolve(last);
      };
      const stopTimer = scheduleDeadline(clock, RATE_ANSWER_MS, settle);
      // The answer to an earlier request may still be on its way.
      const hear = (answered: number): void => {
        last = answered;
        if (isRate(answered, wanted)) settle();
      };
      onRate = hear;
    });
  }

  /** Lets go of the board also where the link counts as lost: a server that was only slow hears it in the end. */
  async function close(): Promise<void> {
    const release = lines ? lineRequests(lines, { dtr: false, rts: false }) : new Uint8Array(0);
    lines = undefined;
    link.ended();
    await channel.close(release);
  }

  return {
    name: url,
    capabilities: { controlLines: true, atomicLines: false, baudRate: true },
    write: (bytes) =>
      guardSending(link, clock, { lengthBytes: bytes.length, baud: rate }, () => channel.send(encodeTelnetData(bytes))),
    setSignals: (next) =>
      link.guard(() => {
        const changes = lineRequests(lines, next);
        lines = next;
        return changes.length > 0 ? channel.send(changes) : Promise.resolve();
      }),
    confirm: () =>
      link.guard(async () => {
        // A cancelled step still resets its board, and waits for nobody.
        if (!marks.areAnswered || signal.aborted) return;
        const [isAnswered] = await Promise.all([marks.next(MARK_ANSWER_MS), channel.send(timingMark)]);
        if (!isAnswered) link.lost(`the server has not answered for ${MARK_ANSWER_MS / 1000} s`);
      }),
    async setBaudRate(newBaud) {
      if (newBaud === rate) return;
      rate = newBaud;
      // What came meanwhile came at another rate.
      const change = concatBytes(rateRequest(rate), request(comPortRequests.purgeData, PURGE.received));
      const answered = await link.guard(async () => {
        const answer = rateAnswer(rate);
        await channel.send(change);
        return answer;
      });
      if (answered === undefined || isRate(answered, newBaud)) return;
      rate = answered;
      throw new FlashError("device/baud", `${url} runs at ${answered} baud, not at ${newBaud}`, { port: url });
    },
    subscribe: (listener) => link.subscribe(listener),
    async reopen() {
      await close();
      channel = await open();
    },
    close,
  };
}

/**
 * One segment for both lines, so that nothing comes between them. A line that stays released is not named again: for
 * esptool's server RTS off is the command to reset the board. DTR goes first, since that server takes RTS off behind
 * it as part of the same step. One that stays asserted is named, because a server on Windows tells USB devices DTR only
 * when it sets RTS.
 */
function lineRequests(before: ControlLines | undefined, next: ControlLines): Uint8Array {
  const { dtrOn, dtrOff, rtsOn, rtsOff } = comPortControl;
  const requests: Uint8Array[] = [];
  if (next.dtr || before?.dtr !== false) requests.push(request(comPortRequests.setControl, next.dtr ? dtrOn : dtrOff));
  if (next.rts || before?.rts !== false) requests.push(request(comPortRequests.setControl, next.rts ? rtsOn : rtsOff));
  return concatBytes(...requests);
}

function request(number: number, value: number): Uint8Array {
  return encodeComPort(number, Uint8Array.of(value));
}

function rateRequest(baud: number): Uint8Array {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, baud);
  return encodeComPort(comPortRequests.setBaudRate, value);
}

function readRate(value: Uint8Array): number {
  return value.length === 4 ? new DataView(value.buffer, value.byteOffset).getUint32(0) : 0;
}

function isRate(answered: number, wanted: number): boolean {
  return Math.abs(answered - wanted) <= wanted * MAX_RATE_ERROR;
}
