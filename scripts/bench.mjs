/**
 * Measures the engine on virtual boards and writes `docs/benchmarks.md` and `docs/benchmarks.json`:
 * `npm run bench [firmware.bin]`. Without a file it flashes made bytes that deflate as firmware does.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeRunnerFolder, runStep, startStep, workspaceOf } from "./runner.mjs";

const root = path.join(import.meta.dirname, "..");
const docs = path.join(root, "docs");
const firmware = process.argv[2] === undefined ? undefined : path.resolve(process.argv[2]);
const MAX_OUTPUT_BYTES = 0x1000000;

/** @typedef {import("./bench/modelled.js").Row} Row */
/** @typedef {{ name: string, ms: number }} ProcessRow */

/** @param {string} folder @returns {Row[]} */
function modelledRows(folder) {
  const cli = path.join(root, "node_modules/rolldown/bin/cli.mjs");
  const script = path.join(folder, "modelled.mjs");
  const names = ["--entry-file-names", "[name].mjs", "--chunk-file-names", "[name]-chunk.mjs"];
  const bundle = [cli, "scripts/bench/modelled.ts", "--dir", folder, "--format", "esm", "--platform", "node", ...names];
  execFileSync(process.execPath, bundle, { cwd: root, stdio: "pipe" });
  const args = firmware === undefined ? [script] : [script, firmware];
  const text = execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: MAX_OUTPUT_BYTES });
  /** @type {unknown} */
  const rows = JSON.parse(text);
  return /** @type {Row[]} */ (rows);
}

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** The built action as a runner starts it, in real time. @param {string} folder @returns {Promise<ProcessRow[]>} */
async function processRows(folder) {
  execFileSync(process.execPath, [path.join(root, "scripts/build.mjs"), path.join(folder, "dist")], { stdio: "pipe" });
  copyFileSync(path.join(root, "action.yml"), path.join(folder, "action.yml"));
  const runnerFolder = makeRunnerFolder();
  try {
    const workspace = workspaceOf(runnerFolder);
    mkdirSync(workspace, { recursive: true });
    const image = path.join(workspace, "firmware.bin");
    if (firmware === undefined) execFileSync(process.execPath, [path.join(folder, "dist/demo-firmware.js"), image]);
    else copyFileSync(firmware, image);
    const flash = encodeURIComponent(path.join(runnerFolder, "board.bin"));
    const port = `virtual:esp32?timing=modelled&flash=${flash}`;
    const inputs = { port, "firmware-url": "firmware.bin", "boot-check": "off" };
    const first = [];
    for (let run = 0; run < 15; run++) {
      let firstAtMs = Number.NaN;
      const { child, startedMs, finished } = startStep({
        actionFolder: folder,
        runnerFolder,
        inputs: { ...inputs, port: "virtual:esp32" },
        onOutput() {
          if (Number.isNaN(firstAtMs)) firstAtMs = performance.now();
          child.kill("SIGKILL");
        },
      });
      await finished;
      first.push(firstAtMs - startedMs);
    }
    const rows = [{ name: "process start to the first line of the log", ms: median(first) }];
    for (const name of ["whole step, blank board", "whole step, nothing changed"]) {
      const step = await runStep({ actionFolder: folder, runnerFolder, inputs });
      if (step.exitCode !== 0) throw new Error(step.log);
      rows.push({ name, ms: step.durationMs });
    }
    return rows;
  } finally {
    rmSync(runnerFolder, { recursive: true, force: true });
  }
}

/** @param {number} ms */
const seconds = (ms) => (ms / 1000).toFixed(2);
/** @param {readonly (string | number)[]} cells */
const line = (cells) => `| ${cells.join(" | ")} |`;

/** @param {Row} row */
function cellsOf(row) {
  const { name, baud, bytesSent, totalMs, limitMs, writeMs, phases } = row;
  const start = ["connect", "identify", "stub", "baud"].reduce((sum, phase) => sum + (phases[phase] ?? 0), 0);
  const { compare = 0, erase = 0, verify = 0 } = phases;
  const times = [totalMs, limitMs, totalMs - limitMs, start, compare, erase, writeMs, verify].map(seconds);
  return [name, baud, bytesSent.toLocaleString("en-US"), ...times];
}

/** @param {Row[]} rows */
function chart(rows) {
  const names = rows.map(({ name }) => JSON.stringify(name.replaceAll("`", "")));
  const longest = Math.ceil(Math.max(...rows.map(({ totalMs }) => totalMs)) / 1000);
  return [
    "```mermaid",
    "xychart-beta horizontal",
    `  x-axis [${names.join(", ")}]`,
    `  y-axis "seconds: whole job, and in front of it the limit" 0 --> ${longest}`,
    `  bar [${rows.map(({ totalMs }) => seconds(totalMs)).join(", ")}]`,
    `  bar [${rows.map(({ limitMs }) => seconds(limitMs)).join(", ")}]`,
    "```",
  ];
}

/** @param {Row[]} rows @param {ProcessRow[]} processes */
function markdown(rows, processes) {
  const what = firmware === undefined ? "Made bytes that deflate as firmware does" : path.basename(firmware);
  const head = ["Case", "Baud", "Bytes sent", "Job", "Limit", "Above it"];
  const phases = ["Start", "Compare", "Erase", "Write", "Verify"];
  const usual = rows.filter(({ name }) => !/MiB|115200/.test(name));
  return [
    "# Benchmarks",
    "",
    "**All of this is simulated.** The boards are virtual ones, and their times are those of `src/virtual/timing.ts`:",
    "assumptions and figures of data sheets, not measurements of a board. `npm run bench` makes this page anew.",
    "",
    "## One job, in seconds of modelled time",
    "",
    `${what}, to 0x1000 of a flash of 4 MiB unless a case says otherwise. ESP32 unless it says otherwise. The limit is`,
    "what no engine can be faster than: the bytes that were sent at ten bits each, or the time that the flash is busy,",
    "whichever is more; where nothing or little is written, the chip's MD5 over what the job decides. _Start_ is reset,",
    "identification, stub and baud rate. Computing takes no modelled time.",
    "",
    line([...head, ...phases]),
    line([":-", ...[...head.slice(1), ...phases].map(() => "-:")]),
    ...rows.map((row) => line(cellsOf(row))),
    "",
    ...chart(usual),
    "",
    "## The whole process, in seconds of real time",
    "",
    `The built action as a runner starts it (Node ${process.versions.node}); the board runs in the same process.`,
    "",
    line(["Case", "Seconds"]),
    line([":-", "-:"]),
    ...processes.map(({ name, ms }) => line([name, seconds(ms)])),
    "",
  ].join("\n");
}

const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
try {
  const rows = modelledRows(folder);
  const processes = await processRows(folder);
  mkdirSync(docs, { recursive: true });
  writeFileSync(path.join(docs, "benchmarks.json"), `${JSON.stringify({ modelled: rows, processes }, undefined, 2)}\n`);
  writeFileSync(path.join(docs, "benchmarks.md"), markdown(rows, processes));
  const prettier = path.join(root, "node_modules/prettier/bin/prettier.cjs");
  const files = ["benchmarks.md", "benchmarks.json"].map((name) => path.join(docs, name));
  execFileSync(process.execPath, [prettier, "--write", ...files]);
  for (const { name, totalMs, limitMs } of rows)
    console.log(`${name}: ${seconds(totalMs)} s, limit ${seconds(limitMs)} s`);
  for (const { name, ms } of processes) console.log(`${name}: ${seconds(ms)} s`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
