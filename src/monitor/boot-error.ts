import type { ErrorCode } from "../base/errors.js";
import { FlashError } from "../base/errors.js";
import type { BootReport, BootVerdict } from "./report.js";

const codes = {
  "boot-loop": "boot/loop",
  panic: "boot/panic",
  "download-mode": "boot/download-mode",
  "wrong-app": "boot/wrong-app",
} as const satisfies Partial<Record<BootVerdict, ErrorCode>>;

function codeOf({ verdict, missing }: BootReport): ErrorCode | undefined {
  if (verdict === "silent") return missing.length > 0 ? "boot/silent" : undefined;
  if (verdict === "running") return missing.length > 0 ? "boot/expect" : undefined;
  return codes[verdict];
}

/**
 * What a step has to fail with, or `undefined` where the board is well. Silence alone is no error, as an app may log
 * nothing; with patterns that were expected it is one.
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
