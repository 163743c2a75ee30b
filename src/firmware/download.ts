import type { OutgoingHttpHeaders } from "node:http";
import { FlashError } from "../base/errors.js";
import { readAnswer } from "./answer.js";
import type { Asked, DownloadResult, KnownCopy } from "./answer.js";
import { httpGet } from "./http.js";
import { httpLimits } from "./limits.js";
import { isRedirect, redirectTarget, refused } from "./redirect.js";
import { rangeHeaders } from "./resume.js";
import type { PartialBody } from "./resume.js";
import { withRetries } from "./retry.js";
import type { FirmwareDeps } from "./source.js";
import { basicCredentials, redactUrl } from "./url.js";
import { startWatchdog } from "./watchdog.js";

/**
 * What is asked for. `authorization` goes to the URL's own origin only, and no more once a redirect has left it; without
 * it, the URL's credentials do.
 */
export interface DownloadTarget {
  readonly url: URL;
  readonly authorization?: string | undefined;
  /** Media types that the server may choose from; without it, bytes rather than a description of them. */
  readonly accept?: string;
}

/**
 * Downloads a file, or learns that it is still the one that we have a copy of. Where a try breaks off, the next one goes
 * on from there if the server can tell that its file is still the same.
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
  let partial: PartialBody | undefined;
  const onPartial = (broken: PartialBody | undefined): void => {
    partial = broken;
  };
  try {
    return await withRetries(() => downloadOnce(target, { copy: known, partial }, { ...deps, signal, onPartial }), {
      ...deps,
      signal,
    });
  } finally {
    total.stop();
  }
}

async function downloadOnce(
  target: DownloadTarget,
  had: Asked,
  deps: FirmwareDeps & { readonly onPartial: (partial: PartialBody | undefined) => void },
): Promise<DownloadResult> {
  const start = target.url;
  const idle = startWatchdog(deps.clock, httpLimits.idleTimeoutMs, () => timeoutError(start, "idle"));
  const signal = AbortSignal.any([deps.signal, idle.signal]);
  try {
    let url = start;
    let authorization = authorizationOf(target);
    for (let redirects = 0; redirects <= httpLimits.redirects; redirects++) {
      // A place that another server chose gets no credentials, not even on the way back.
      if (url.origin !== start.origin) authorization = undefined;
      const asked = askedAt(url, had);
      const accept = target.accept ?? "application/octet-stream, */*;q=0.5";
      const answer = await httpGet(url, requestHeaders({ accept, authorization }, asked), signal);
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

/** What we have of the file at `url`. */
function askedAt(url: URL, { copy, partial }: Asked): Asked {
  const shownUrl = redactUrl(url.href);
  return {
    copy: copy?.validator.finalUrl === shownUrl ? copy : undefined,
    partial: partial?.finalUrl === shownUrl ? partial : undefined,
  };
}

/** `accept` asks for bytes: some APIs answer with a description of the file otherwise. */
function requestHeaders(
  { accept, authorization }: { readonly accept: string; readonly authorization: string | undefined },
  { copy, partial }: Asked,
): OutgoingHttpHeaders {
  const validator = copy?.validator;
  return {
    accept,
    "accept-encoding": "identity",
    ...(authorization === undefined ? {} : { authorization }),
    ...(validator?.header === "etag" ? { "if-none-match": validator.value } : {}),
    ...(validator?.header === "last-modified" ? { "if-modified-since": validator.value } : {}),
    ...(partial === undefined ? {} : rangeHeaders(partial)),
  };
}

function timeoutError(url: URL, limit: "idle" | "total"): FlashError {
  const shownUrl = redactUrl(url.href);
  const message = {
    idle: `${shownUrl} sent nothing for ${httpLimits.idleTimeoutMs / 1000} s`,
    total: `${shownUrl} took longer than ${httpLimits.totalTimeoutMs / 60_000} min`,
  }[limit];
  return new FlashError("firmware/timeout", message, { url: shownUrl, limit });
}
