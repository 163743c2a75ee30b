import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { FlashError } from "../base/errors.js";
import { readBody } from "./body.js";
import { httpGet, statusText } from "./http.js";
import type { HttpAnswer } from "./http.js";
import { httpLimits } from "./limits.js";
import { isRedirect, redirectTarget, refused } from "./redirect.js";
import { withRetries } from "./retry.js";
import type { FirmwareDeps } from "./source.js";
import { basicCredentials, redactUrl } from "./url.js";
import { startWatchdog } from "./watchdog.js";

/** By what a server can tell that its file is still the one that we have. */
interface Validator {
  readonly header: "etag" | "last-modified";
  readonly value: string;
  /** The URL at the end of all redirects, without credentials and query: another file may have the same ETag. */
  readonly finalUrl: string;
}

/** The copy of an earlier run. */
export interface KnownCopy {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly validator: Validator;
}

interface Download {
  readonly kind: "new";
  readonly bytes: Uint8Array;
  readonly wireBytes: number;
  readonly contentType: string;
  readonly validator: Validator | undefined;
  /** As in `Validator`. */
  readonly finalUrl: string;
}

/** What is asked for. `authorization` goes to the URL's own origin only; without it, the URL's credentials do. */
export interface DownloadTarget {
  readonly url: URL;
  readonly authorization?: string | undefined;
  /** Media types that the server may choose from; without it, bytes rather than a description of them. */
  readonly accept?: string;
}

export type DownloadResult = Download | { readonly kind: "unchanged"; readonly copy: KnownCopy };

/**
 * Downloads a file, or learns that it is still the one that we have a copy of.
 * Throws `firmware/unreachable`, `-/certificate`, `-/http-status`, `-/redirect`, `-/timeout`, `-/truncated`,
 * `-/encoding`, `-/too-large`, or the signal's reason.
 */
export async function download(
  target: DownloadTarget,
  known: KnownCopy | undefined,
  deps: FirmwareDeps,
): Promise<DownloadResult> {
  const { url } = target;
  const total = startWatchdog(deps.clock, httpLimits.totalTimeoutMs, () => timeoutError(url, "total"));
  const signal = AbortSignal.any([deps.signal, total.signal]);
  try {
    return await withRetries(() => downloadOnce(target, known, { ...deps, signal }), { ...deps, signal });
  } finally {
    total.stop();
  }
}

async function downloadOnce(
  target: DownloadTarget,
  known: KnownCopy | undefined,
  deps: FirmwareDeps,
): Promise<DownloadResult> {
  const start = target.url;
  const idle = startWatchdog(deps.clock, httpLimits.idleTimeoutMs, () => timeoutError(start, "idle"));
  const signal = AbortSignal.any([deps.signal, idle.signal]);
  try {
    let url = start;
    for (let redirects = 0; redirects <= httpLimits.redirects; redirects++) {
      const asked = known?.validator.finalUrl === redactUrl(url.href) ? known : undefined;
      const answer = await httpGet(url, requestHeaders(url, target, asked?.validator), signal);
      idle.feed();
      if (!isRedirect(answer.status)) {
        return await readAnswer(answer, url, asked, { ...deps, signal, onBytes: () => idle.feed() });
      }
      answer.body.destroy();
      url = redirectTarget(url, answer.headers.location);
    }
    throw refused(start, `redirects more than ${httpLimits.redirects} times`);
  } finally {
    idle.stop();
  }
}

function authorizationOf(target: DownloadTarget): string | undefined {
  const basic = basicCredentials(target.url);
  return target.authorization ?? (basic === undefined ? undefined : `Basic ${basic}`);
}

function requestHeaders(url: URL, target: DownloadTarget, validator: Validator | undefined): OutgoingHttpHeaders {
  const authorization = url.origin === target.url.origin ? authorizationOf(target) : undefined;
  return {
    // Some APIs answer with a description of the file otherwise.
    accept: target.accept ?? "application/octet-stream, */*;q=0.5",
    "accept-encoding": "identity",
    ...(authorization === undefined ? {} : { authorization }),
    ...(validator?.header === "etag" ? { "if-none-match": validator.value } : {}),
    ...(validator?.header === "last-modified" ? { "if-modified-since": validator.value } : {}),
  };
}

async function readAnswer(
  answer: HttpAnswer,
  url: URL,
  asked: KnownCopy | undefined,
  deps: FirmwareDeps & { readonly onBytes: () => void },
): Promise<DownloadResult> {
  const shownUrl = redactUrl(url.href);
  if (answer.status === 304 && asked !== undefined) {
    answer.body.destroy();
    return { kind: "unchanged", copy: asked };
  }
  // 203 is a 200 that a proxy has passed on.
  if (answer.status !== 200 && answer.status !== 203) {
    answer.body.destroy();
    const retryAfterMs = retryAfter(answer.headers);
    throw new FlashError("firmware/http-status", `${shownUrl} answers ${statusText(answer.status)}`, {
      url: shownUrl,
      status: answer.status,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  const { bytes, wireBytes } = await readBody(answer, shownUrl, deps);
  const contentType = answer.headers["content-type"] ?? "";
  const validator = validatorOf(answer.headers, shownUrl);
  return { kind: "new", bytes, wireBytes, contentType, validator, finalUrl: shownUrl };
}

/** A file that changes twice in the second of its date keeps that date (RFC 9110, 8.8.2.2), so a fresh one is no proof. */
function validatorOf(headers: IncomingHttpHeaders, finalUrl: string): Validator | undefined {
  if (headers.etag !== undefined) return { header: "etag", value: headers.etag, finalUrl };
  const lastModified = headers["last-modified"];
  if (lastModified === undefined) return undefined;
  const ageMs = Date.parse(headers.date ?? "") - Date.parse(lastModified);
  return ageMs >= 2_000 ? { header: "last-modified", value: lastModified, finalUrl } : undefined;
}

/** Seconds, or a date, which only the server's own clock can measure. */
function retryAfter(headers: IncomingHttpHeaders): number | undefined {
  const text = headers["retry-after"];
  if (text === undefined) return undefined;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.parse(headers.date ?? "");
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : undefined;
}

function timeoutError(url: URL, limit: "idle" | "total"): FlashError {
  const shownUrl = redactUrl(url.href);
  const message = {
    idle: `${shownUrl} sent nothing for ${httpLimits.idleTimeoutMs / 1000} s`,
    total: `${shownUrl} took longer than ${httpLimits.totalTimeoutMs / 60_000} min`,
  }[limit];
  return new FlashError("firmware/timeout", message, { url: shownUrl, limit });
}
