/** Preloaded into a step: notes its CPU time (ms) and peak memory (MiB) at its end, in the file that BENCH_USAGE names. */
import { writeFileSync } from "node:fs";

const file = process.env.BENCH_USAGE;
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMib: maxRSS / 1024 }));
});
