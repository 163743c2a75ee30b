import { sleep } from "../base/clock.js";
import { FlashError } from "../base/errors.js";
import type { ErrorCode } from "../base/errors.js";
import { httpLimits } from "./limits.js";
import type { FirmwareDeps } from "./source.js";

/** Answers that another try may turn into a better one. */
const temporaryStatus = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Runs `attempt` until it succeeds, up to three times, as long as its errors may pass by themselves.
 * Throws the last error.
 */
export async function withRetries<T>(attempt: () => Promise<T>, deps: FirmwareDeps): Promise<T> {
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      return await attempt();
    } catch (error) {
      const backoffMs = httpLimits.backoffMs[tryNumber - 1];
      if (!isTemporary(error) || backoffMs === undefined) throw error;
      const askedMs = Math.min(Number(error.details.retryAfterMs ?? 0), httpLimits.maxRetryAfterMs);
      const waitMs = Math.max(backoffMs, askedMs);
      deps.onMessage(
        "info",
        `${error.message}; try ${tryNumber + 1} of ${httpLimits.tries} follows in ${Math.round(waitMs / 1000)} s`,
      );
      await sleep(deps.clock, waitMs, deps.signal);
    }
  }
}

/** Which errors may pass by themselves. A name that does not resolve may, too: laboratory networks come up late. */
const temporary: Partial<Record<ErrorCode, (error: FlashError) => boolean>> = {
  "firmware/unreachable": () => true,
  "firmware/truncated": () => true,
  "firmware/timeout": (error) => error.details.limit === "idle",
  "firmware/http-status": (error) => temporaryStatus.has(Number(error.details.status)),
};

function isTemporary(error: unknown): error is FlashError {
  return error instanceof FlashError && temporary[error.code]?.(error) === true;
}
