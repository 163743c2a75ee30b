/**
 * Feeds mutated files to every parser: `node scripts/fuzz-parsers.mjs [runs for each] [seed]`. Prints a row for each and
 * ends non-zero where one crashed, took over a second for a file, or the process went over 256 MiB.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";

const LONGEST_MS = 1000;
const MOST_MEMORY_MIB = 256;

const [runs = 100_000, seed = 1] = process.argv.slice(2).map(Number);

async function loadTargets() {
  const folder = await mkdtemp(path.join(tmpdir(), "fuzz-parsers-"));
  try {
    const bundle = await rolldown({
      input: path.join(import.meta.dirname, "../__tests__/support/fuzz-parsers.ts"),
      platform: "node",
    });
    await bundle.write({ dir: folder, format: "esm", entryFileNames: "fuzz.mjs" });
    await bundle.close();
    /** @type {unknown} */
    const targets = await import(pathToFileURL(path.join(folder, "fuzz.mjs")).href);
    return /** @type {typeof import("../__tests__/support/fuzz-parsers.js")} */ (targets);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const { fuzz, imageTargets } = await loadTargets();
let failed = false;
for (const target of imageTargets) {
  const outcome = fuzz(target, runs, seed);
  const memoryMiB = process.resourceUsage().maxRSS / 1024;
  const bad = outcome.surprises.length > 0 || outcome.longestMs > LONGEST_MS || memoryMiB > MOST_MEMORY_MIB;
  failed ||= bad;
  console.log(
    `${bad ? "FAILED" : "ok    "} ${target.name.padEnd(18)} ${runs} files: ${outcome.accepted} taken, ${outcome.refused} refused, ` +
      `longest ${outcome.longestMs.toFixed(1)} ms, process at most ${memoryMiB.toFixed(0)} MiB`,
  );
  for (const surprise of outcome.surprises.slice(0, 5)) console.log(`       ${surprise}`);
}
if (failed) process.exitCode = 1;
