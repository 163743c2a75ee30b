import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

// Started by `keepForJob`, with the locked file as an inherited descriptor: the lock lasts as long as this process. It
// imports nothing of the action, so that the built one does not have to be split for it.

const POLL_MS = 200;
const [tokenPath = "", jobProcessId = "0"] = process.argv.slice(2);

while (existsSync(tokenPath) && jobIsAlive(Number(jobProcessId))) {
  await pause(POLL_MS);
}

function jobIsAlive(processId: number): boolean {
  // 0: the job's process is unknown, or lies outside of the container.
  if (processId <= 1) return true;
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    // Another user's process is alive, too.
    return (thrown as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
