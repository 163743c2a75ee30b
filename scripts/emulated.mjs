/**
 * The built action against chips that QEMU emulates with their own mask ROMs: `npm run emulated -- [part of a case's name]`.
 * QEMU_XTENSA and QEMU_RISCV32 name the programs of Espressif's QEMU, QEMU_DATA the folder of its ROMs where they do not
 * lie beside them. After each step the flash file is compared byte by byte. Ends non-zero where a case differs.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { runStep, workspaceOf } from "./runner.mjs";

register("./typescript-loader.mjs", import.meta.url);
const { systemClock } = await import("../src/base/clock.js");
const { serveBoard } = await import("../src/virtual/serve.js");
const { emulatedCases, firmwares } = await import("./emulated/cases.js");
const { EMULATOR_LOG, emulatedChips, missingEmulator, openEmulatedBoard } =
  await import("./emulated/emulated-board.js");

const root = path.join(import.meta.dirname, "..");
const [wanted = ""] = process.argv.slice(2);

/** @typedef {import("./emulated/cases.js").EmulatedCase} EmulatedCase */

/** @param {EmulatedCase} each @param {string} folder @returns {Promise<{ problems: string[], seconds: number, log: string }>} */
async function runCase({ chip, before, after, sub = "", inputs, outputs = {} }, folder) {
  const flashFile = path.join(folder, "flash.bin");
  writeFileSync(flashFile, before);
  const board = await openEmulatedBoard({ chip, flashFile, folder }, systemClock);
  const server = await serveBoard(board.port, systemClock, { host: "127.0.0.1", rfc2217Port: 0 });
  const runnerFolder = path.join(folder, "runner");
  mkdirSync(workspaceOf(runnerFolder), { recursive: true });
  writeFileSync(path.join(workspaceOf(runnerFolder), "firmware.bin"), firmwares[chip]);
  const port = `rfc2217://127.0.0.1:${server.rfc2217Port}`;
  const step = await runStep({
    actionFolder: path.join(root, sub),
    runnerFolder,
    inputs: { port, "lock-dir": path.join(folder, "locks"), ...inputs },
  });
  await server.close();
  await board.end();
  const problems = [];
  const fails = outputs["error-code"] !== undefined;
  if ((step.exitCode === 0) === fails) problems.push(`exit code ${step.exitCode}`);
  for (const [name, value] of Object.entries(outputs)) {
    if (step.outputs[name] !== value) problems.push(`${name} is ${step.outputs[name]}, not ${value}`);
  }
  const flash = readFileSync(flashFile);
  if (!flash.equals(after)) {
    const differs = flash.findIndex((byte, offset) => byte !== after[offset]);
    problems.push(`the flash differs from 0x${differs.toString(16)} on`);
  }
  return {
    problems,
    seconds: step.durationMs / 1000,
    log: `${step.log}\n${readFileSync(path.join(folder, EMULATOR_LOG), "utf8")}`,
  };
}

const chips = /** @type {(keyof typeof emulatedChips)[]} */ (Object.keys(emulatedChips));
for (const chip of chips) {
  const missing = missingEmulator(chip);
  if (missing === undefined) continue;
  console.error(`Nothing was run: ${missing}. CONTRIBUTING.md says what is needed.`);
  process.exit(1);
}
const cases = emulatedCases.filter(({ chip, name }) => `${chip}: ${name}`.includes(wanted));
if (cases.length === 0) console.error(`No case has “${wanted}” in its name.`);
let failed = cases.length === 0 ? 1 : 0;
for (const each of cases) {
  const folder = mkdtempSync(path.join(tmpdir(), "emulated-"));
  const { problems, seconds, log } = await runCase(each, folder);
  rmSync(folder, { recursive: true, force: true });
  console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${each.chip}: ${each.name} (${seconds.toFixed(1)} s)`);
  if (problems.length === 0) continue;
  failed++;
  console.log(`${log}\n${problems.join("\n")}`);
}
console.log(`${cases.length - failed} of ${cases.length} cases are as they should be`);
process.exit(failed === 0 ? 0 : 1);
