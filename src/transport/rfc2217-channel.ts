import type { Socket } from "node:net";
import type { Clock } from "../base/clock.js";
import { scheduleDeadline } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { Rfc2217Address } from "./rfc2217-url.js";
import { connectSocket } from "./tcp-socket.js";
import { createTelnetDecoder, telnetOptions } from "./telnet.js";
import type { TelnetEvent } from "./telnet.js";
import { createOptionAccount } from "./telnet-options.js";
import { TIMING_MARK } from "./timing-marks.js";

/** What the server sends once it has agreed to RFC 2217. */
export interface ChannelListener {
  data(bytes: Uint8Array): void;
  /** A COM port answer or notice: its number and its value. */
  comPort(code: number, value: Uint8Array): void;
  /** The server has answered a timing mark. */
  marked(): void;
  closed(why: string, cause?: unknown): void;
}

/** A telnet connection on which both sides have agreed to RFC 2217. */
export interface Channel {
  /** Sends bytes of the telnet stream; one call is one segment, as far as it fits. Resolves when the system has them. */
  send(bytes: Uint8Array): Promise<void>;
  /** Sends the last bytes and closes. Never rejects. */
  close(last: Uint8Array): Promise<void>;
}

/** How long `close` waits for the server to close as well; cut off earlier, a reset could overtake the last bytes. */
const CLOSE_TIMEOUT_MS = 500;
/** Enough for the sentence that a server says before it hangs up. */
const MAX_SAID_BYTES = 200;

/**
 * Connects and agrees on RFC 2217. Rejects with `port/busy` or `port/open-failed` where the server does not, or with the
 * signal's reason.
 */
export async function openChannel(
  url: string,
  address: Rfc2217Address,
  listener: ChannelListener,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<Channel> {
  const socket = await connectSocket(url, address, { clock, signal, timeoutMs: address.timeoutMs });
  const decoder = createTelnetDecoder();
  const account = createOptionAccount();
  /** Set while there is no agreement yet; ends the wait for it. */
  let settle: ((error?: Error) => void) | undefined;
  let said = "";

  const handle = (event: TelnetEvent): void => {
    switch (event.kind) {
      case "data":
        if (settle === undefined) listener.data(event.bytes);
        else said = (said + Buffer.from(event.bytes).toString("latin1")).slice(0, MAX_SAID_BYTES);
        break;
      case "option": {
        if (event.option === TIMING_MARK && (event.verb === "will" || event.verb === "wont")) {
          listener.marked();
          break;
        }
        const answer = account.answer(event.verb, event.option);
        if (answer) socket.write(answer);
        if (event.option !== telnetOptions.comPort) break;
        if (event.verb === "dont") settle?.(refusal(url, "refuses RFC 2217"));
        else if (event.verb === "do" || event.verb === "will") settle?.();
        break;
      }
      case "subnegotiation":
        if (event.option === telnetOptions.comPort) listener.comPort(event.payload[0] ?? 0, event.payload.subarray(1));
    }
  };
  const ended = (why: string, cause?: unknown): void => {
    if (settle) settle(hangUpError(url, said, why));
    else listener.closed(why, cause);
  };
  socket.on("data", (chunk) => decoder.push(chunk).forEach(handle));
  socket.on("error", (error) => ended(error.message, error));
  socket.on("close", () => ended("the server closed the connection"));

  const seconds = address.timeoutMs / 1000;
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => settle?.(signal.reason as Error);
    const stopTimer = scheduleDeadline(clock, address.timeoutMs, () =>
      settle?.(refusal(url, `did not agree to RFC 2217 within ${seconds} s${quoted(said)}`)),
    );
    settle = (error) => {
      settle = undefined;
      stopTimer();
      signal.removeEventListener("abort", onAbort);
      if (error === undefined) {
        resolve();
        return;
      }
      socket.destroy();
      reject(error);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    socket.write(account.requests);
  });
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (!error) resolve();
          else reject(new FlashError("port/lost", `${url} was lost: ${error.message}`, { port: url }, error));
        });
      }),
    close: (last) => endSocket(socket, last, clock),
  };
}

function endSocket(socket: Socket, last: Uint8Array, clock: Clock): Promise<void> {
  if (socket.closed) return Promise.resolve();
  return new Promise((resolve) => {
    const stopTimer = clock.schedule(CLOSE_TIMEOUT_MS, () => socket.destroy());
    socket.once("close", () => {
      stopTimer();
      resolve();
    });
    if (socket.writable) socket.end(last);
    else socket.destroy();
  });
}

/** ser2net says “Port already in use” and hangs up; others hang up on a second client without a word. */
function hangUpError(url: string, said: string, why: string): FlashError {
  const details = { port: url };
  if (/\b(in use|busy)\b/i.test(said)) {
    return new FlashError("port/busy", `${url} is in use by another client${quoted(said)}`, details);
  }
  const reason = said === "" ? "; another client may be using it" : quoted(said);
  return new FlashError("port/open-failed", `${url} hung up before it agreed to RFC 2217 (${why})${reason}`, details);
}

function refusal(url: string, problem: string): FlashError {
  return new FlashError(
    "port/open-failed",
    `the server at ${url} ${problem}; use tcp:// for a port that carries raw bytes`,
    { port: url },
  );
}

/** What a server said instead, as one printable line. */
function quoted(said: string): string {
  const text = said.replace(/[^\x20-\x7e]+/g, " ").trim();
  return text === "" ? "" : `; it said “${text}”`;
}
