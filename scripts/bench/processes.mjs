/** The built action as a runner starts it, in real time; the boards run in other processes. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { makeRunnerFolder, runStep, startStep, workspaceOf } from "../runner.mjs";
import { serveBoards, watchLines } from "./boards.mjs";

/**
 * @typedef {{ name: string, ms: number, cpuMs: number, peakMib: number, limitMs?: number, writeMs?: number }} StepRow
 * @typedef {{ node: string, firstLineMs: number, firstChangeMs: number }} StartRow
 * @typedef {{ boards: number, ms: number, cpuMsPerBoardAndSecond: number, peakMib: number, largePeakMib: { node: string, peakMib: number }[] }} BoardsRow
 * @typedef {{ mebibytes: number, cpuMs: number, peakMib: number }} SizeRow
 * @typedef {object} Rig
 * @property {string} node What runs the action.
 * @property {string} actionFolder Holds `action.yml` and `dist/`.
 * @property {string} serve `serve-boards`, bundled.
 * @property {string} image The firmware.
 */

const MEBIBYTE = 0x100000;
const OFFSET = 0x1000;
const SECTOR_BYTES = 0x1000;
const ESP32 = "virtual:esp32?timing=modelled";
const ESP32C3 = "virtual:esp32c3?timing=modelled";
/** Made bytes are no firmware. */
const MADE_BYTES = { allow: "would-not-boot bootloader-offset app-offset", offset: "0x0" };
const usageScript = path.join(import.meta.dirname, "usage.mjs");

/** @param {number[]} values */
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** @param {string} image @param {string} file @param {(flash: Buffer) => void} [change] */
function writeFlash(image, file, change) {
  const flash = Buffer.alloc(4 * MEBIBYTE, 0xff);
  readFileSync(image).copy(flash, OFFSET);
  change?.(flash);
  writeFileSync(file, flash);
}

/** @param {Rig} rig @param {string} runnerFolder @param {string[]} urls @param {Record<string, string>} [inputs] */
async function flash({ actionFolder, node }, runnerFolder, urls, inputs) {
  const usage = path.join(runnerFolder, "usage.json");
  const step = await runStep({
    actionFolder,
    runnerFolder,
    node,
    inputs: { port: urls.join("\n"), "firmware-url": "firmware.bin", erase: "touched", "boot-check": "off", ...inputs },
    env: { NODE_OPTIONS: `--import=${usageScript}`, BENCH_USAGE: usage },
  });
  if (step.exitCode !== 0) throw new Error(step.log);
  /** @type {unknown} */
  const used = JSON.parse(readFileSync(usage, "utf8"));
  const ofStep = { ms: step.durationMs, .../** @type {{ cpuMs: number, peakMib: number }} */ (used) };
  const writeMs = writePhaseMs(step.outputs.result);
  return writeMs === undefined ? ofStep : { ...ofStep, writeMs };
}

/** Of the first board. @param {string | undefined} result @returns {number | undefined} */
function writePhaseMs(result) {
  /** @type {unknown} */
  const parsed = JSON.parse(result ?? "{}");
  const { boards } = /** @type {{ boards?: { flash?: { phases: { phase: string, durationMs: number }[] } }[] }} */ (
    parsed
  );
  return boards?.[0]?.flash?.phases.find(({ phase }) => phase === "write")?.durationMs;
}

/** @template T @param {Rig} rig @param {(runnerFolder: string) => Promise<T>} work @returns {Promise<T>} */
async function onRunner(rig, work) {
  const runnerFolder = makeRunnerFolder();
  try {
    const workspace = workspaceOf(runnerFolder);
    mkdirSync(workspace, { recursive: true });
    copyFileSync(rig.image, path.join(workspace, "firmware.bin"));
    return await work(runnerFolder);
  } finally {
    rmSync(runnerFolder, { recursive: true, force: true });
  }
}

/** @param {string} board @param {string} [held] A file with what its flash holds. */
const holding = (board, held) => (held === undefined ? board : `${board}&flash=${encodeURIComponent(held)}`);

/** @param {Rig} rig @param {string} board @param {Record<string, string>} [inputs] @param {string} [held] */
async function flashOne(rig, board, inputs, held) {
  const served = await serveBoards(rig.serve, [holding(board, held)]);
  try {
    return await onRunner(rig, (runnerFolder) => flash(rig, runnerFolder, served.urls, inputs));
  } finally {
    served.close();
  }
}

/** The board in the action's own process, its flash in the workspace. @param {Rig} rig @param {string} board @param {Record<string, string>} [inputs] @param {string} [held] */
const flashWithin = (rig, board, inputs, held) =>
  onRunner(rig, (runnerFolder) => {
    const own = held && path.join(workspaceOf(runnerFolder), "held.bin");
    if (held !== undefined && own !== undefined) copyFileSync(held, own);
    return flash(rig, runnerFolder, [holding(board, own)], inputs);
  });

/** Blank boards, at each rate and as a C3; `way` is how they are reached. @param {Rig} rig @param {number} bytesSent @param {typeof flashOne} way @returns {Promise<StepRow[]>} */
async function blankRows(rig, bytesSent, way) {
  const rows = [];
  for (const baud of [115_200, 460_800, 921_600, 2_000_000]) {
    const limitMs = (bytesSent * 10_000) / baud;
    rows.push({ name: `blank board, ${baud} baud`, limitMs, ...(await way(rig, ESP32, { baud: String(baud) })) });
  }
  const limitMs = (bytesSent * 10_000) / 921_600;
  const blankC3 = await way(rig, ESP32C3, { allow: "image-mismatch would-not-boot bootloader-offset" });
  return [...rows, { name: "blank ESP32-C3, 921600 baud", limitMs, ...blankC3 }];
}

/** Boards that hold the firmware already, or all but. @param {Rig} rig @param {string} folder @param {number} bytesSent @param {typeof flashOne} way @returns {Promise<StepRow[]>} */
async function changedRows(rig, folder, bytesSent, way) {
  const held = path.join(folder, "held.bin");
  const imageBytes = statSync(rig.image).size;
  writeFlash(rig.image, held);
  const same = await way(rig, ESP32, {}, held);
  writeFlash(rig.image, held, (flash) => flash.writeUInt8(flash.readUInt8(0x81234) ^ 0x55, 0x81234));
  const one = await way(rig, ESP32, {}, held);
  writeFlash(rig.image, held, (flash) => {
    for (let at = OFFSET + 77; at < OFFSET + imageBytes; at += SECTOR_BYTES) {
      flash.writeUInt8(flash.readUInt8(at) ^ 0x55, at);
    }
  });
  const every = await way(rig, ESP32, {}, held);
  return [
    { name: "nothing changed", ...same },
    { name: "one sector changed", ...one },
    { name: "every sector changed", limitMs: (bytesSent * 10_000) / 921_600, ...every },
  ];
}

/** Boards in the action's own process, where no other one's turn is waited for. @param {Rig} rig @param {string} folder @param {number} bytesSent */
export async function withinRows(rig, folder, bytesSent) {
  const blank = await blankRows(rig, bytesSent, flashWithin);
  return [...blank, ...(await changedRows(rig, folder, bytesSent, flashWithin))];
}

/** Whole steps against the limit of the wire. @param {Rig} rig @param {string} folder @param {number} bytesSent @returns {Promise<StepRow[]>} */
export async function stepRows(rig, folder, bytesSent) {
  const blank = await blankRows(rig, bytesSent, flashOne);
  const late = await flashOne(rig, `${ESP32}&usb-latency-ms=16`);
  const limitMs = (bytesSent * 10_000) / 921_600;
  const lateRow = { name: "blank board, 921600 baud, bridge with 16 ms latency", limitMs, ...late };
  return [...blank, lateRow, ...(await changedRows(rig, folder, bytesSent, flashOne))];
}

/** @param {Rig} rig @returns {Promise<StartRow>} */
export async function startRow(rig) {
  const first = { line: /** @type {number[]} */ ([]), change: /** @type {number[]} */ ([]) };
  for (let run = 0; run < 11; run++) {
    const served = await serveBoards(rig.serve, ["virtual:esp32"]);
    await onRunner(rig, async (runnerFolder) => {
      let lineMs = Number.NaN;
      let changeMs = Number.NaN;
      const watched = await watchLines(served.urls[0] ?? "", () => {
        if (Number.isNaN(changeMs)) changeMs = performance.now();
      });
      const { startedMs, finished } = startStep({
        actionFolder: rig.actionFolder,
        runnerFolder,
        node: rig.node,
        inputs: { port: watched.url, "firmware-url": "firmware.bin", "boot-check": "off" },
        onOutput() {
          if (Number.isNaN(lineMs)) lineMs = performance.now();
        },
      });
      await finished;
      watched.close();
      first.line.push(lineMs - startedMs);
      first.change.push(changeMs - startedMs);
    });
    served.close();
  }
  return { node: versionOf(rig.node), firstLineMs: median(first.line), firstChangeMs: median(first.change) };
}

/** Blank boards in one step. @param {Rig} rig @param {number} count @param {Record<string, string>} [inputs] */
async function flashSeveral(rig, count, inputs) {
  const boards = Array.from({ length: count }, (_, index) => {
    const mac = `24:0a:c4:00:00:${index.toString(16).padStart(2, "0")}`;
    return `virtual:esp32?timing=modelled&mac=${mac}`;
  });
  const served = await serveBoards(rig.serve, boards);
  try {
    return await onRunner(rig, (folder) => flash(rig, folder, served.urls, inputs));
  } finally {
    served.close();
  }
}

/** Several boards in one step; `large` is a file of 4 MiB, flashed with each Node. @param {Rig} rig @param {number} count @param {string} large @returns {Promise<BoardsRow>} */
export async function boardsRow(rig, count, large) {
  const { ms, cpuMs, peakMib } = await flashSeveral(rig, count);
  const largePeakMib = [];
  for (const node of nodes()) {
    const row = await flashSeveral({ ...rig, node, image: large }, count, { ...MADE_BYTES, baud: "2000000" });
    largePeakMib.push({ node: versionOf(node), peakMib: row.peakMib });
  }
  const cpuMsPerBoardAndSecond = cpuMs / count / (ms / 1000);
  return { boards: count, ms, cpuMsPerBoardAndSecond, peakMib, largePeakMib };
}

/** What an image of that size takes of the machine; the board answers at once. @param {Rig} rig @param {string} bytes A file. @param {number} mebibytes @returns {Promise<SizeRow>} */
export async function sizeRow(rig, bytes, mebibytes) {
  const board = "virtual:esp32?flash-size=16MB";
  const { cpuMs, peakMib } = await flashOne({ ...rig, image: bytes }, board, MADE_BYTES);
  return { mebibytes, cpuMs, peakMib };
}

/** The one that runs this, and the one that BENCH_NODE names. @returns {string[]} */
export function nodes() {
  const other = process.env.BENCH_NODE;
  return other === undefined ? [process.execPath] : [process.execPath, other];
}

/** @param {string} node @returns {string} Such as `20.20.2`. */
export const versionOf = (node) => execFileSync(node, ["--version"], { encoding: "utf8" }).trim().slice(1);
