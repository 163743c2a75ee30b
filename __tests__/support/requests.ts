import { FlashError } from "../../src/base/errors.js";
import type { ErrorCode } from "../../src/base/errors.js";
import { planFlash } from "../../src/flash/plan.js";
import type { PlanPart, PlanRequest } from "../../src/flash/plan.js";
import type { JobBench, JobEnd, RunChanges } from "./job-bench.js";
import { flashImage } from "./jobs.js";

/** A part at an address, in a partition, or where it proves to belong. */
export function part(name: string, place: number | string | undefined, bytes: Uint8Array): PlanPart {
  const { sha256 } = flashImage(name, 0, bytes);
  if (place === undefined) return { name, bytes, sha256 };
  const where =
    typeof place === "number"
      ? ({ kind: "offset", offset: place } as const)
      : ({ kind: "partition", name: place } as const);
  return { name, bytes, sha256, place: where };
}

/** What a person asks for, with everything else as the action's defaults have it. */
export function flashRequest(parts: readonly PlanPart[], changes: Partial<PlanRequest> = {}): PlanRequest {
  return {
    chip: "auto",
    parts,
    settings: {},
    erase: "all",
    preserve: [],
    keepGaps: false,
    before: "default-reset",
    after: "hard-reset",
    baud: "auto",
    stub: true,
    compress: true,
    connectAttempts: 7,
    allow: new Set(),
    dryRun: false,
    ...changes,
  };
}

/** Plans and flashes. `end` is missing where the plan was refused, and the port never opened. */
export async function runRequest(
  bench: JobBench,
  request: PlanRequest,
  changes: RunChanges = {},
): Promise<{ readonly code: ErrorCode | "success"; readonly message: string; readonly end?: JobEnd }> {
  try {
    const end = await bench.run(planFlash(request), changes);
    return { code: end.code, message: end.error?.message ?? "", end };
  } catch (error) {
    if (error instanceof FlashError) return { code: error.code, message: error.message };
    throw error;
  }
}
