import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
// src/ports/lock-keeper-main.ts
const POLL_MS = 200;
const [tokenPath = "", jobProcessId = "0"] = process.argv.slice(2);
while (existsSync(tokenPath) && jobIsAlive(Number(jobProcessId))) await setTimeout(POLL_MS);
function jobIsAlive(processId) {
	if (processId <= 1) return true;
	try {
		process.kill(processId, 0);
		return true;
	} catch (thrown) {
		return thrown.code !== "ESRCH";
	}
}
export {};
