import { existsSync } from "node:fs";
import { sleep, systemClock } from "../base/clock.js";

// Started by `keepForJob`, with the locked file as an inherited descriptor: the lock lasts as long as this process.

const POLL_MS = 200;
const [tokenPath = "", jobProcessId = "0"] = process.argv.slice(2);

while (existsSync(tokenPath) && jobIsAlive(Number(jobProcessId))) {
  await sleep(systemClock, POLL_MS);
}

function jobIsAlive(processId: number): boolean {
  if (processId <= 1) return true;
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    // Another user's process is alive, too.
    return (thrown as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
