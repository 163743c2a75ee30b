/**
 * The soak: `npm run soak -- [--flashes 1000] [--processes 300]`. Runs steps one after the other on one virtual board whose
 * flash is a file, first all in this process, then each in a process of its own, and prints what grows. Ends non-zero
 * where memory, descriptors or files grow, or a step ends otherwise than the first one of its kind.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { makeRunnerFolder, runStep, workspaceOf } from "./runner.mjs";

register("./typescript-loader.mjs", import.meta.url);
const { createStage } = await import("../__tests__/support/step.js");
const { pseudoCode } = await import("../src/image/pseudo-code.js");
setFlagsFromString("--expose-gc");
/** @type {unknown} */
const exposed = runInNewContext("gc");
const collectGarbage = /** @type {() => void} */ (exposed);

const { values } = parseArgs({
  options: { flashes: { type: "string", default: "1000" }, processes: { type: "string", default: "300" } },
});
const root = path.join(import.meta.dirname, "..");
const IMAGE_BYTES = 8192;
const SAMPLES = 10;
const MEBIBYTE = 2 ** 20;
/** More than that between the second and the last sample is growth; the first has what is loaded but once. */
const MOST_GROWTH = { heapMiB: 2, rssMiB: 32, descriptors: 0, resources: 0 };

/** @typedef {Record<string, string>} Outputs */
/** @typedef {{ heapMiB: number, rssMiB: number, descriptors: number, resources: number }} Sample */

/** What differs each time. */
const PASSING = ["duration", "boards", "result"];
/** Depends on how busy the machine is: what is not answered in time is asked again. */
const LOAD_DEPENDENT = "bytes-sent";

/** @param {string} workspace @param {string} board @returns {readonly Outputs[]} Inputs of steps that take turns. */
function makeTurns(workspace, board) {
  mkdirSync(workspace, { recursive: true });
  return ["a", "b"].map((name, index) => {
    writeFileSync(path.join(workspace, `${name}.bin`), pseudoCode(IMAGE_BYTES, index));
    const port = `virtual:esp32?flash=${encodeURIComponent(board)}`;
    return { port, "firmware-url": `${name}.bin`, offset: "0x200000", erase: "touched", allow: "would-not-boot" };
  });
}

/** Compares each step with the first one of its kind. */
function sameAsBefore() {
  /** @type {Map<number, Outputs>} */
  const first = new Map();
  /** @type {Map<string, number>} */
  const others = new Map();
  return {
    /** @param {number} kind @param {Outputs} outputs */
    take(kind, outputs) {
      const known = first.get(kind) ?? outputs;
      first.set(kind, known);
      const names = Object.keys(outputs).filter((name) => !PASSING.includes(name) && outputs[name] !== known[name]);
      if (outputs.verified !== "true") names.push("verified");
      for (const name of names) others.set(name, (others.get(name) ?? 0) + 1);
    },
    /** Fails the process where the results were not the same. */
    report() {
      if ([...others.keys()].some((name) => name !== LOAD_DEPENDENT)) process.exitCode = 1;
      if (others.size === 0) return "all with the same result";
      return `with another ${[...others].map(([name, count]) => `${name} (${count})`).join(", ")}`;
    },
  };
}

/** @returns {Sample} */
function takeSample() {
  collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  return {
    heapMiB: heapUsed / MEBIBYTE,
    rssMiB: rss / MEBIBYTE,
    descriptors: readdirSync("/proc/self/fd").length,
    resources: process.getActiveResourcesInfo().length,
  };
}

/** @param {number} flashes */
async function inOneProcess(flashes) {
  const stage = createStage();
  const turns = makeTurns(stage.workspace, path.join(stage.workspace, "board.bin"));
  const same = sameAsBefore();
  /** @type {Sample[]} */
  const samples = [];
  // The first board is blank, so that its step does something else.
  for (const inputs of turns) await stage.runStep(inputs);
  console.log("| Flashes | Heap, MiB | RSS, MiB | Descriptors | Resources |\n| -: | -: | -: | -: | -: |");
  for (let done = 0; done < flashes; done++) {
    const kind = done % turns.length;
    same.take(kind, (await stage.runStep(turns[kind] ?? {})).outputs);
    if ((done + 1) % Math.ceil(flashes / SAMPLES) > 0) continue;
    const sample = takeSample();
    samples.push(sample);
    const { heapMiB, rssMiB, descriptors, resources } = sample;
    console.log(`| ${done + 1} | ${heapMiB.toFixed(2)} | ${rssMiB.toFixed(1)} | ${descriptors} | ${resources} |`);
  }
  stage.end();
  console.log(`${flashes} flashes in one process: ${same.report()}`);
  const [from, to] = [samples[1], samples.at(-1)];
  for (const key of /** @type {(keyof Sample)[]} */ (Object.keys(MOST_GROWTH))) {
    if ((to?.[key] ?? 0) - (from?.[key] ?? 0) <= MOST_GROWTH[key]) continue;
    console.log(`GROWS: ${key}`);
    process.exitCode = 1;
  }
}

/** @param {readonly number[]} durations */
const median = (durations) => [...durations].sort((a, b) => a - b)[Math.floor(durations.length / 2)] ?? 0;

/** @param {number} processes */
async function inFreshProcesses(processes) {
  const actionFolder = mkdtempSync(path.join(tmpdir(), "soak-action-"));
  const runnerFolder = makeRunnerFolder();
  spawnSync(process.execPath, [path.join(root, "scripts/build.mjs"), path.join(actionFolder, "dist")]);
  copyFileSync(path.join(root, "action.yml"), path.join(actionFolder, "action.yml"));
  const turns = makeTurns(workspaceOf(runnerFolder), path.join(runnerFolder, "board.bin"));
  const same = sameAsBefore();
  const files = () => readdirSync(runnerFolder, { recursive: true }).length;
  /** @type {number[]} */
  const durations = [];
  let filesAtFirst = 0;
  const lockDir = path.join(runnerFolder, "locks");
  for (let done = -turns.length; done < processes; done++) {
    const kind = Math.abs(done % turns.length);
    const inputs = { ...turns[kind], lock: "step", "lock-dir": lockDir };
    const { outputs, durationMs } = await runStep({ actionFolder, runnerFolder, inputs });
    if (done < 0) continue;
    same.take(kind, outputs);
    durations.push(durationMs);
    if (done === 0) filesAtFirst = files();
  }
  const third = Math.ceil(processes / 3);
  const [early, late] = [median(durations.slice(0, third)), median(durations.slice(-third))];
  console.log(
    `${processes} processes: ${same.report()}; files ${filesAtFirst} → ${files()}; ` +
      `median of the first third ${(early / 1000).toFixed(2)} s, of the last ${(late / 1000).toFixed(2)} s`,
  );
  if (files() > filesAtFirst) process.exitCode = 1;
  rmSync(runnerFolder, { recursive: true, force: true });
  rmSync(actionFolder, { recursive: true, force: true });
}

if (Number(values.flashes) > 0) await inOneProcess(Number(values.flashes));
if (Number(values.processes) > 0) await inFreshProcesses(Number(values.processes));
