import type { ErrorCode } from "../base/errors.js";
import { FlashError } from "../base/errors.js";
import { verdictTable } from "./report.js";
import type { BootReport } from "./report.js";

function codeOf({ verdict, missing }: BootReport): ErrorCode | undefined {
  const { code } = verdictTable[verdict];
  if (code !== undefined || missing.length === 0) return code;
  return verdict === "silent" ? "boot/silent" : "boot/expect";
}

/**
 * What a step has to fail with, or `undefined` where the board is well. Silence alone is no error, as an app may log
 * nothing; with lines that were expected it is one.
 */
export function bootError(report: BootReport): FlashError | undefined {
  const code = codeOf(report);
  if (code === undefined) return undefined;
  const { verdict, reason, panic, missing } = report;
  return new FlashError(code, reason, {
    verdict,
    ...(panic.length > 0 ? { panic } : {}),
    ...(missing.length > 0 ? { missing } : {}),
  });
}
