/**
 * Measures the engine on virtual boards and writes `docs/benchmarks.md` and `docs/benchmarks.json`:
 * `npm run bench [firmware.bin]`. Without a file it flashes made bytes that deflate as firmware does. Modelled rows are the
 * same on every machine; those of whole processes need one that does nothing else. BENCH_NODE names the runner's Node, to run
 * the action with; BENCH_PRIORITY says how it was run (say `chrt -r 5`), BENCH_ONLY=modelled leaves the processes as they were measured last.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { bundle } from "./bench/bundle.mjs";
import { boardsRow, nodes, sizeRow, startRow, stepRows, versionOf, withinRows } from "./bench/processes.mjs";
import { markdown } from "./bench/report.mjs";

const root = path.join(import.meta.dirname, "..");
const docs = path.join(root, "docs");
const firmware = process.argv[2] === undefined ? undefined : path.resolve(process.argv[2]);
const MAX_OUTPUT_BYTES = 0x1000000;

/** @typedef {import("./bench/modelled.js").Row} Row */
/** @typedef {import("./bench/report.mjs").Processes} Processes */

/** @param {string} folder @returns {Row[]} */
function modelledRows(folder) {
  const script = bundle("modelled", folder);
  const args = firmware === undefined ? [script] : [script, firmware];
  const text = execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: MAX_OUTPUT_BYTES });
  /** @type {unknown} */
  const rows = JSON.parse(text);
  return /** @type {Row[]} */ (rows);
}

/** The built action as a runner starts it. @param {string} folder @param {Row[]} modelled @returns {Promise<Processes>} */
async function processRows(folder, modelled) {
  execFileSync(process.execPath, [path.join(root, "scripts/build.mjs"), path.join(folder, "dist")], { stdio: "pipe" });
  // What a runner has of the repository besides: without package.json, Node has to find out what kind of modules these are.
  for (const name of ["action.yml", "package.json"]) copyFileSync(path.join(root, name), path.join(folder, name));
  const image = path.join(folder, "firmware.bin");
  if (firmware === undefined) execFileSync(process.execPath, [path.join(folder, "dist/demo-firmware.js"), image]);
  else copyFileSync(firmware, image);
  const node = nodes().at(-1) ?? process.execPath;
  const rig = { node, actionFolder: folder, serve: bundle("serve-boards", folder), image };
  const bytesSent = modelled.find(({ name }) => name === "blank board, 921600 baud")?.bytesSent ?? Number.NaN;
  const starts = [];
  for (const each of nodes()) starts.push(await startRow({ ...rig, node: each }));
  const steps = await stepRows(rig, folder, bytesSent);
  const within = await withinRows(rig, folder, bytesSent);
  const made = path.join(folder, "image.bin");
  /** @param {number} mebibytes */
  const makeBytes = (mebibytes) =>
    execFileSync(process.execPath, [bundle("made-bytes", folder), made, String(mebibytes)]);
  makeBytes(4);
  const boards = [];
  for (const count of [1, 4, 16, 32]) boards.push(await boardsRow(rig, count, made));
  const sizes = [];
  for (const mebibytes of [1, 2, 4, 8, 16]) {
    makeBytes(mebibytes);
    sizes.push(await sizeRow(rig, made, mebibytes));
  }
  const load = loadavg()[0] ?? 0;
  const priority = process.env.BENCH_PRIORITY ?? `at a load of ${load.toFixed(1)}`;
  return { node: versionOf(node), cores: cpus().length, priority, starts, steps, within, boards, sizes };
}

const folder = mkdtempSync(path.join(tmpdir(), "bench-"));
try {
  const json = path.join(docs, "benchmarks.json");
  const rows = modelledRows(folder);
  /** @type {unknown} */
  const before = process.env.BENCH_ONLY === "modelled" ? JSON.parse(readFileSync(json, "utf8")) : undefined;
  const kept = /** @type {{ processes: Processes } | undefined} */ (before)?.processes;
  const processes = kept ?? (await processRows(folder, rows));
  mkdirSync(docs, { recursive: true });
  writeFileSync(json, `${JSON.stringify({ modelled: rows, processes }, undefined, 2)}\n`);
  const what = firmware === undefined ? "Made bytes that deflate as firmware does" : path.basename(firmware);
  writeFileSync(path.join(docs, "benchmarks.md"), markdown(what, rows, processes));
  const prettier = path.join(root, "node_modules/prettier/bin/prettier.cjs");
  const files = ["benchmarks.md", "benchmarks.json"].map((name) => path.join(docs, name));
  execFileSync(process.execPath, [prettier, "--write", ...files]);
  console.log(readFileSync(path.join(docs, "benchmarks.md"), "utf8"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
