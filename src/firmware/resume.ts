import type { OutgoingHttpHeaders } from "node:http";
import type { HttpAnswer } from "./http.js";

/** What had come of a file when its download broke off, and what tells that the rest belongs to it. */
export interface PartialBody {
  readonly chunks: readonly Buffer[];
  readonly lengthBytes: number;
  /** Without credentials and query: another file may have the same ETag. */
  readonly finalUrl: string;
  /** Strong, so that it stands for these bytes exactly. */
  readonly etag: string;
}

/** The part that can be gone on with; undefined where the server gives no strong ETag, or sent the file encoded. */
export function resumable(answer: HttpAnswer, finalUrl: string, chunks: readonly Buffer[]): PartialBody | undefined {
  const { etag, "content-encoding": encoding } = answer.headers;
  const lengthBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (lengthBytes === 0 || encoding !== undefined || etag?.startsWith('"') !== true) return undefined;
  return { chunks, lengthBytes, finalUrl, etag };
}

/** The same part, grown: `chunks` has what came before, too. */
export function resumed(partial: PartialBody, chunks: readonly Buffer[]): PartialBody {
  return { ...partial, chunks, lengthBytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0) };
}

/** Asks for the rest, or for all if the file is another one by now (RFC 9110, 13.1.5 and 14.2). */
export function rangeHeaders(partial: PartialBody): OutgoingHttpHeaders {
  return { range: `bytes=${partial.lengthBytes}-`, "if-range": partial.etag };
}

/** Whether a 206 is the rest that was asked for: a server may answer with any range that it likes. */
export function continues(answer: HttpAnswer, partial: PartialBody): boolean {
  const { etag, "content-range": range, "content-encoding": encoding } = answer.headers;
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(range ?? "") ?? [];
  return (
    Number(first) === partial.lengthBytes &&
    Number(last) === Number(total) - 1 &&
    (etag === undefined || etag === partial.etag) &&
    encoding === undefined
  );
}
