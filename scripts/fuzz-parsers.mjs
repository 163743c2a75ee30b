/**
 * Feeds mutated files to every parser: `node scripts/fuzz-parsers.mjs [runs for each] [seed]`. Prints a row for each and
 * ends non-zero where one crashed, took over a second for a file, or the process went over 256 MiB.
 */
import { register } from "node:module";

register("./typescript-loader.mjs", import.meta.url);
const { fuzz } = await import("../__tests__/support/fuzz.js");
const { firmwareTargets } = await import("../__tests__/support/fuzz-firmware.js");
const { imageTargets } = await import("../__tests__/support/fuzz-image.js");
const { noteTargets } = await import("../__tests__/support/fuzz-notes.js");
const { wireTargets } = await import("../__tests__/support/fuzz-wire.js");

const LONGEST_MS = 1000;
const MOST_MEMORY_MIB = 256;

const [runs = 100_000, seed = 1] = process.argv.slice(2).map(Number);
for (const target of [...imageTargets, ...firmwareTargets, ...wireTargets, ...noteTargets]) {
  const outcome = await fuzz(target, runs, seed);
  const memoryMiB = process.resourceUsage().maxRSS / 1024;
  const bad = outcome.surprises.length > 0 || outcome.longestMs > LONGEST_MS || memoryMiB > MOST_MEMORY_MIB;
  if (bad) process.exitCode = 1;
  console.log(
    `${bad ? "FAILED" : "ok    "} ${target.name.padEnd(18)} ${runs} files: ${outcome.accepted} taken, ${outcome.refused} refused, ` +
      `longest ${outcome.longestMs.toFixed(1)} ms, process at most ${memoryMiB.toFixed(0)} MiB`,
  );
  for (const surprise of outcome.surprises.slice(0, 5)) console.log(`       ${surprise}`);
}
