import { errorCatalogue } from "./error-catalogue.js";
import type { ErrorCode } from "./error-catalogue.js";

export type { ErrorCode } from "./error-catalogue.js";

/** Facts beside the message: plain values only, never a secret. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The only error that leaves a module: what happened in its message, what to do about it from the catalogue. */
export class FlashError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "FlashError";
    this.code = code;
    this.details = details;
  }

  /** The way out, for the person who reads the log. */
  get hint(): string {
    return errorCatalogue[this.code].hint;
  }
}

/** Whatever was thrown, as a `FlashError`; what nobody foresaw becomes `internal/unexpected`. */
export function toFlashError(thrown: unknown): FlashError {
  if (thrown instanceof FlashError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new FlashError("internal/unexpected", message, {}, thrown);
}

export function hasCode(thrown: unknown, ...codes: readonly ErrorCode[]): thrown is FlashError {
  return thrown instanceof FlashError && codes.includes(thrown.code);
}
