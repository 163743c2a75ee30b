/**
 * Feeds mutated files to every parser: `node scripts/fuzz-parsers.mjs [runs for each] [seed]`. Prints a row for each and
 * ends non-zero where one crashed, took over a second for a file, or the process went over 256 MiB.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const LONGEST_MS = 1000;
const MOST_MEMORY_MIB = 256;
/** Names the folder of the bundle to a second process, which has the parsers in its memory and not the bundler. */
const FOLDER_VARIABLE = "FUZZ_PARSERS_BUNDLE";

/** Makes files that Node can load of the harness and its tables, and runs this script on them. */
async function runInNewProcess() {
  const { rolldown } = await import("rolldown");
  const folder = await mkdtemp(path.join(tmpdir(), "fuzz-parsers-"));
  const support = path.join(import.meta.dirname, "../__tests__/support");
  try {
    const bundle = await rolldown({
      input: { fuzz: `${support}/fuzz.ts`, image: `${support}/fuzz-image.ts`, firmware: `${support}/fuzz-firmware.ts` },
      platform: "node",
    });
    await bundle.write({ dir: folder, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name]-part.mjs" });
    await bundle.close();
    const { status } = spawnSync(process.execPath, process.argv.slice(1), {
      env: { ...process.env, [FOLDER_VARIABLE]: folder },
      stdio: "inherit",
    });
    return status ?? 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param {string} folder */
async function loadBundle(folder) {
  /** @param {string} name @returns {Promise<unknown>} */
  const load = (name) => import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);
  const { fuzz } = /** @type {typeof import("../__tests__/support/fuzz.js")} */ (await load("fuzz"));
  const { imageTargets } = /** @type {typeof import("../__tests__/support/fuzz-image.js")} */ (await load("image"));
  const { firmwareTargets } = /** @type {typeof import("../__tests__/support/fuzz-firmware.js")} */ (
    await load("firmware")
  );
  return { fuzz, targets: [...imageTargets, ...firmwareTargets] };
}

/** @param {string} folder */
async function runBundle(folder) {
  const [runs = 100_000, seed = 1] = process.argv.slice(2).map(Number);
  const { fuzz, targets } = await loadBundle(folder);
  let status = 0;
  for (const target of targets) {
    const outcome = await fuzz(target, runs, seed);
    const memoryMiB = process.resourceUsage().maxRSS / 1024;
    const bad = outcome.surprises.length > 0 || outcome.longestMs > LONGEST_MS || memoryMiB > MOST_MEMORY_MIB;
    if (bad) status = 1;
    console.log(
      `${bad ? "FAILED" : "ok    "} ${target.name.padEnd(18)} ${runs} files: ${outcome.accepted} taken, ${outcome.refused} refused, ` +
        `longest ${outcome.longestMs.toFixed(1)} ms, process at most ${memoryMiB.toFixed(0)} MiB`,
    );
    for (const surprise of outcome.surprises.slice(0, 5)) console.log(`       ${surprise}`);
  }
  return status;
}

const folder = process.env[FOLDER_VARIABLE];
process.exitCode = folder === undefined ? await runInNewProcess() : await runBundle(folder);
