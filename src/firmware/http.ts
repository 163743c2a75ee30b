import { STATUS_CODES } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, RequestOptions } from "node:http";
import { HttpClient } from "@actions/http-client";
import { FlashError } from "../base/errors.js";
import { httpLimits } from "./limits.js";
import { systemCodeOf } from "./system-code.js";
import { redactUrl } from "./url.js";

/** An answer whose body waits to be read; destroying `body` closes the connection. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/**
 * One GET, without redirects and without retries, through the proxy that the environment names. The answer's body
 * ends with an error when `signal` aborts. Throws `firmware/unreachable`, `firmware/certificate`, or the signal's reason.
 */
export async function httpGet(url: URL, headers: OutgoingHttpHeaders, signal: AbortSignal): Promise<HttpAnswer> {
  signal.throwIfAborted();
  const client = new HttpClient("esp32-flash-action", [requestSettings(signal)], {
    allowRedirects: false,
    allowRetries: false,
    // Its own watch must never be the first to bark: it would name the query in its message.
    socketTimeout: httpLimits.totalTimeoutMs + 60_000,
  });
  const pending = client.get(url.href, headers);
  try {
    const { message } = await untilAborted(pending, signal);
    return { status: message.statusCode ?? 0, headers: message.headers, body: message };
  } catch (error) {
    // A proxy may deliver the answer after all.
    pending.then(
      ({ message }) => message.destroy(),
      () => undefined,
    );
    signal.throwIfAborted();
    throw connectionFailure(url, error);
  }
}

/** `404 Not Found`, in the standard's words and not in the server's, which could be anything. */
export function statusText(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ""}`.trim();
}

/** What a failed connection means, by the system's or the TLS library's code. The cause's own text may hold secrets. */
export function connectionFailure(url: URL, error: unknown): FlashError {
  const systemCode = systemCodeOf(error);
  const details = { url: redactUrl(url.href), systemCode };
  if (/CERT|ISSUER|LEAF_SIGNATURE|HOSTNAME_MISMATCH/.test(systemCode)) {
    return new FlashError("firmware/certificate", `the certificate of ${url.host} is refused: ${systemCode}`, details);
  }
  const reason = connectionTroubles[systemCode] ?? "the connection failed";
  return new FlashError("firmware/unreachable", `${url.host} cannot be reached: ${reason} (${systemCode})`, details);
}

const connectionTroubles: Readonly<Record<string, string>> = {
  ENOTFOUND: "no name server knows the host",
  EAI_AGAIN: "no name server answers",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the server or a proxy closed the connection",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
  ETIMEDOUT: "the host does not answer",
  EPROTO: "the server does not speak TLS there",
};

/** A request handler in the client's terms: its only way to reach the options of node's request. */
function requestSettings(signal: AbortSignal): NonNullable<HttpClient["handlers"]>[number] {
  return {
    prepareRequest(options: RequestOptions): void {
      options.signal = signal;
      // The client keeps the brackets of an IPv6 address, and the resolver takes them for a part of a name.
      if (options.host?.startsWith("[")) options.host = options.host.slice(1, -1);
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error("not offered")),
  };
}

/** A request that waits for a proxy's tunnel does not hear its signal, so the wait for it has to. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
