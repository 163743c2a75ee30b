import { pipeline } from "node:stream/promises";
import type { Duplex } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { formatBytes } from "../base/bytes.js";
import type { Clock } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import { checkSize } from "./check.js";
import { joinChunks } from "./digest.js";
import type { HttpAnswer } from "./http.js";
import { systemCodeOf } from "./system-code.js";

export interface Body {
  readonly bytes: Uint8Array;
  /** Before any Content-Encoding was undone. */
  readonly wireBytes: number;
}

interface BodyDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Is called whenever some bytes have come. */
  readonly onBytes: () => void;
  /** What came before, where this body is the rest of it. */
  readonly before: readonly Buffer[];
  /** Gets all that has come, `before` too, when the body breaks off. */
  readonly onBroken: (chunks: readonly Buffer[]) => void;
}

/** We ask for none, but objects that were stored compressed are sent so all the same. */
const decoders: Readonly<Record<string, () => Duplex>> = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/**
 * Reads the whole body. `name` is for messages.
 * Throws `firmware/too-large` as soon as that is known, `firmware/truncated`, `firmware/encoding`, or the reason of an
 * aborted `signal`.
 */
export async function readBody(answer: HttpAnswer, name: string, deps: BodyDeps): Promise<Body> {
  const chunks = [...deps.before];
  let bodyBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  let wireBytes = bodyBytes;
  const announcedBytes = announcedLength(answer, bodyBytes);

  async function* count(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      deps.onBytes();
      wireBytes += chunk.length;
      // Compressed data may go on for ever without a byte coming out of it.
      checkSize(name, wireBytes);
      yield chunk;
    }
  }
  async function collect(source: AsyncIterable<Buffer>): Promise<void> {
    for await (const chunk of source) {
      bodyBytes += chunk.length;
      checkSize(name, bodyBytes);
      chunks.push(chunk);
    }
  }

  try {
    checkSize(name, announcedBytes ?? 0);
    const decoder = decoderOf(answer, name);
    await (decoder === undefined
      ? pipeline(answer.body, count, collect)
      : pipeline(answer.body, count, decoder, collect));
  } catch (error) {
    if (!(error instanceof FlashError)) deps.onBroken(chunks);
    deps.signal.throwIfAborted();
    throw error instanceof FlashError ? error : bodyFailure(error, name, { announcedBytes, wireBytes });
  } finally {
    answer.body.destroy();
  }
  return { bytes: await joinChunks(chunks, deps.clock), wireBytes };
}

function announcedLength(answer: HttpAnswer, beforeBytes: number): number | undefined {
  const header = answer.headers["content-length"];
  return header === undefined ? undefined : beforeBytes + Number(header);
}

function decoderOf(answer: HttpAnswer, name: string): Duplex | undefined {
  const encoding = (answer.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "") return undefined;
  const create = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined;
  if (create === undefined) {
    const known = Object.keys(decoders);
    throw new FlashError(
      "firmware/encoding",
      `${name} comes with the Content-Encoding "${encoding}"; known are ${known.join(", ")}`,
      { name, encoding },
    );
  }
  return create();
}

function bodyFailure(
  error: unknown,
  name: string,
  seen: { readonly announcedBytes: number | undefined; readonly wireBytes: number },
): FlashError {
  const systemCode = systemCodeOf(error);
  // Z_BUF_ERROR is zlib's word for an end in the middle.
  if (/^(Z_|ERR__ERROR|ERR_BROTLI)/.test(systemCode) && systemCode !== "Z_BUF_ERROR") {
    return new FlashError("firmware/encoding", `${name} cannot be decompressed: ${systemCode}`, { name, systemCode });
  }
  const of = seen.announcedBytes === undefined ? "" : ` of ${formatBytes(seen.announcedBytes)}`;
  return new FlashError(
    "firmware/truncated",
    `${name} broke off after ${formatBytes(seen.wireBytes)}${of} (${systemCode})`,
    { name, systemCode, receivedBytes: seen.wireBytes },
  );
}
