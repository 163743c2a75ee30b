import type { JobEvent } from "../../src/base/events.js";

/** What breaks the order that `JobEvent` promises; empty where it is kept. `ended`: how the job ended. */
export function orderFaults(events: readonly JobEvent[], ended: "success" | "failure"): string[] {
  const faults: string[] = [];
  let open: string | undefined;
  let share = -1;
  let verifiedPhase = false;
  for (const event of events) {
    if (event.kind === "started") {
      if (open !== undefined && ended === "success" && open === event.phase) faults.push(`${open} started twice`);
      open = event.phase;
      if (event.phase === "verify" || event.phase === "compare") verifiedPhase = true;
    } else if (event.kind === "finished") {
      if (open !== event.phase) faults.push(`${event.phase} finished while ${open ?? "nothing"} was open`);
      open = undefined;
    } else if (event.kind === "progress") {
      if (event.doneBytes < share) faults.push(`progress fell to ${event.doneBytes}`);
      share = event.doneBytes;
      const full = event.doneBytes >= event.totalBytes;
      if (full && !verifiedPhase) faults.push("100 % before anything was verified");
      if (full && ended === "failure") faults.push("100 % of a job that failed");
    }
  }
  if (ended === "success" && open !== undefined) faults.push(`${open} never finished`);
  return faults;
}
