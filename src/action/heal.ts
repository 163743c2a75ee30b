import { hardReset } from "../device/reset.js";
import { onlyApp } from "../flash/flashed-app.js";
import { plannedChip } from "../flash/plan.js";
import { differs } from "../monitor/app-identity.js";
import type { SeenApp } from "../monitor/report.js";
import type { Transport } from "../transport/transport.js";
import type { BootCheck, BootWish } from "./boot-check.js";
import type { BoardNotes } from "./outcome.js";
import type { BoardPlan } from "./plans.js";
import type { Surroundings } from "./step-frame.js";

/**
 * Whether the board runs the right app already: resets it once, without its loader, and watches. What was seen is noted.
 * `plans` are those that it may get.
 */
export async function isHealthy(
  transport: Transport,
  notes: BoardNotes,
  plans: readonly Pick<BoardPlan, "job">[],
  check: { readonly boot: BootCheck; readonly wish: BootWish },
  { clock, signal, reporter }: Pick<Surroundings, "clock" | "signal" | "reporter">,
): Promise<boolean> {
  const say = (level: "info" | "warning", text: string): void => reporter.listener({ kind: "message", level, text });
  if (!transport.capabilities.controlLines) {
    say("warning", `${transport.name} has no reset lines, so how the board boots cannot be seen: it is flashed.`);
    return false;
  }
  const apps = plans.map(({ job }) => onlyApp(job));
  const [app] = apps;
  // The rate of the ROM's console depends on the chip, which has not been asked.
  const [chip, ...others] = new Set(plans.map(({ job }) => plannedChip(job.chip, job.images)?.name));
  const owner = chip === undefined || others.length > 0 ? {} : { chip };
  await check.boot.begin({ ...check.wish, ...(apps.length === 1 && app && { app }) }, owner);
  await hardReset(transport, clock, signal);
  const seen = await check.boot.finish();
  if (seen === undefined) return false;
  const { report, logFile } = seen;
  notes.boot = report;
  notes.bootLog = logFile;
  if (report.verdict !== "running" || report.missing.length > 0) {
    say("info", "The board does not run as it should: it is flashed.");
    return false;
  }
  if (apps.length > 1 && !apps.some((each) => isSame(report.app, each))) {
    say("info", "The log does not show that this is the app for this board: it is flashed.");
    return false;
  }
  const isTold = report.app !== undefined && app !== undefined;
  if (!isTold && check.wish.expect.length === 0) {
    say("info", "The log does not tell which app runs, and no `expect` says what it prints: the board is flashed.");
    return false;
  }
  say("info", `The board ${isTold ? "runs the right app" : "prints what is expected"}: it is left alone.`);
  return true;
}

function isSame(seen: SeenApp | undefined, wanted: SeenApp | undefined): boolean {
  return seen !== undefined && wanted !== undefined && differs(seen, wanted) === undefined;
}
