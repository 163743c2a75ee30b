import { FlashError } from "../../src/base/errors.js";
import type { ErrorCode } from "../../src/base/errors.js";

/** The code of what `work` throws; fails the test if it throws nothing, or something without a code. */
export function codeOf(work: () => unknown): ErrorCode {
  try {
    work();
  } catch (error) {
    if (error instanceof FlashError) return error.code;
    throw error;
  }
  throw new Error("nothing was thrown");
}
