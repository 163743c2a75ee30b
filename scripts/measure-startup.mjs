/**
 * How long the action needs to its first own line, beside how long Node needs for nothing; medians of interleaved runs.
 * `node scripts/measure-startup.mjs [runs]`
 */
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { makeRunnerFolder, passedOn, startStep } from "./runner.mjs";

const root = path.join(import.meta.dirname, "..");
const runs = Number(process.argv[2] ?? 25);

/** @returns {Promise<number>} */
function measureNothing() {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["-e", "0"], { stdio: "ignore", env: passedOn() });
    child.on("close", () => resolve(performance.now() - startedMs));
  });
}

/** @param {string} runnerFolder @returns {Promise<number>} */
async function measureFirstLine(runnerFolder) {
  let firstAtMs = Number.NaN;
  const { child, startedMs, finished } = startStep({
    actionFolder: root,
    runnerFolder,
    inputs: { port: "virtual:esp32", "firmware-url": "firmware.bin" },
    onOutput() {
      if (Number.isNaN(firstAtMs)) firstAtMs = performance.now();
      child.kill("SIGKILL");
    },
  });
  await finished;
  return firstAtMs - startedMs;
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const runnerFolder = makeRunnerFolder();
try {
  const nothing = [];
  const firstLine = [];
  for (let run = 0; run < runs; run++) {
    nothing.push(await measureNothing());
    firstLine.push(await measureFirstLine(runnerFolder));
  }
  const [floor, start] = [median(nothing), median(firstLine)];
  console.log(`node -e 0: ${floor.toFixed(1)} ms, first line of the action: ${start.toFixed(1)} ms`);
  console.log(`ratio ${(start / floor).toFixed(2)} (median of ${runs}, Node ${process.versions.node})`);
} finally {
  rmSync(runnerFolder, { recursive: true, force: true });
}
