import type { IncomingHttpHeaders } from "node:http";
import { FlashError } from "../base/errors.js";
import { readBody } from "./body.js";
import { statusText } from "./http.js";
import type { HttpAnswer } from "./http.js";
import { continues, resumable, resumed } from "./resume.js";
import type { PartialBody } from "./resume.js";
import type { FirmwareDeps } from "./source.js";
import { redactUrl } from "./url.js";

/** By what a server can tell that its file is still the one that we have. */
export interface Validator {
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

export type DownloadResult = Download | { readonly kind: "unchanged"; readonly copy: KnownCopy };

/** What the server was told that we have: a whole copy, or the beginning of one. */
export interface Asked {
  readonly copy: KnownCopy | undefined;
  readonly partial: PartialBody | undefined;
}

interface AnswerDeps extends FirmwareDeps {
  readonly onBytes: () => void;
  /** Gets what has come when the body breaks off, if the next try can go on from there. */
  readonly onPartial: (partial: PartialBody | undefined) => void;
}

/** What an answer that is no redirect brings. Throws as `download` does. */
export async function readAnswer(
  answer: HttpAnswer,
  url: URL,
  asked: Asked,
  deps: AnswerDeps,
): Promise<DownloadResult> {
  const finalUrl = redactUrl(url.href);
  if (answer.status === 304 && asked.copy !== undefined) {
    answer.body.destroy();
    return { kind: "unchanged", copy: asked.copy };
  }
  const rest = restOf(answer, finalUrl, asked.partial, deps);
  // 203 is a 200 that a proxy has passed on.
  if (rest === undefined && answer.status !== 200 && answer.status !== 203) throw badStatus(answer, finalUrl);
  const { bytes, wireBytes } = await readBody(answer, finalUrl, {
    ...deps,
    before: rest?.chunks ?? [],
    onBroken: (chunks) => deps.onPartial(rest ? resumed(rest, chunks) : resumable(answer, finalUrl, chunks)),
  });
  const contentType = answer.headers["content-type"] ?? "";
  return { kind: "new", bytes, wireBytes, contentType, validator: validatorOf(answer.headers, finalUrl), finalUrl };
}

/** The part that this answer goes on from; undefined where it begins anew. Throws where it does neither. */
function restOf(
  answer: HttpAnswer,
  name: string,
  partial: PartialBody | undefined,
  deps: AnswerDeps,
): PartialBody | undefined {
  if (partial === undefined || (answer.status !== 206 && answer.status !== 416)) return undefined;
  if (answer.status === 206 && continues(answer, partial)) return partial;
  answer.body.destroy();
  deps.onPartial(undefined);
  throw new FlashError("firmware/truncated", `${name} broke off, and its server does not send the rest`, { name });
}

function badStatus(answer: HttpAnswer, url: string): FlashError {
  answer.body.destroy();
  const retryAfterMs = retryAfter(answer.headers);
  return new FlashError("firmware/http-status", `${url} answers ${statusText(answer.status)}`, {
    url,
    status: answer.status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
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
