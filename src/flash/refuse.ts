import { FlashError } from "../base/errors.js";
import type { ErrorDetails } from "../base/errors.js";
import { guards } from "./job.js";
import type { Allowance, FlashJob } from "./job.js";

/** Stops the job with the guard's own error, unless the job allows it by name. */
export function refuse(
  job: Pick<FlashJob, "allow">,
  guard: Allowance,
  message: string,
  details: ErrorDetails = {},
): void {
  if (!job.allow.has(guard)) throw new FlashError(guards[guard], message, { ...details, allow: guard });
}
