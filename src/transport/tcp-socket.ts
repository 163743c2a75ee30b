import { createConnection } from "node:net";
import type { Socket } from "node:net";
import type { Clock } from "../base/clock.js";
import { scheduleDeadline } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { TcpAddress } from "./tcp-url.js";

/** A peer that vanished without a word is noticed by the system's own probes from then on. */
const KEEP_ALIVE_MS = 10_000;

const CONNECT_PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
  ENOTFOUND: "no host has that name",
  ETIMEDOUT: "the host did not answer",
};

/** What bounds the wait for a connection. */
export interface ConnectLimits {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/**
 * A connection whose small writes leave at once. Rejects with `port/open-failed` and the reason, or with the signal's
 * reason. `url` is the port's name, for messages.
 */
export function connectSocket(
  url: string,
  address: TcpAddress,
  { clock, signal, timeoutMs }: ConnectLimits,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({
      host: address.host,
      port: address.port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
    });
    const settle = (error?: Error): void => {
      stopTimer();
      signal.removeEventListener("abort", onAbort);
      socket.off("error", settle);
      if (!error) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(error instanceof FlashError || signal.aborted ? error : connectError(url, error));
    };
    const onAbort = (): void => settle(signal.reason as Error);
    const stopTimer = scheduleDeadline(clock, timeoutMs, () =>
      settle(
        new FlashError("port/open-failed", `${url} did not answer within ${timeoutMs / 1000} s`, {
          port: url,
        }),
      ),
    );
    socket.once("connect", () => settle());
    socket.once("error", settle);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}

function connectError(url: string, error: NodeJS.ErrnoException): FlashError {
  const problem = CONNECT_PROBLEMS[error.code ?? ""];
  // A name with several addresses fails with an error of its own, which has a code and no message.
  const said = error.message || (error.code ?? error.name);
  const text = problem ? `${problem} (${said})` : said;
  return new FlashError("port/open-failed", `cannot connect to ${url}: ${text}`, { port: url }, error);
}
