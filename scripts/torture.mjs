/**
 * The fault campaign: `npm run torture -- [--runs 2000] [--large 200] [--turns 20] [--seed 1] [--kind name …]`.
 * Flashes virtual boards under every kind of fault on a virtual clock, compares each board's flash with what was reported,
 * and prints tables; then lets jobs meet that want the same boards. Ends non-zero where anything is not as it must be. The same seed gives the same runs.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "torture-"));
try {
  const cli = path.join(root, "node_modules/rolldown/bin/cli.mjs");
  // The keeper of a job's locks is started by its name beside the action's code.
  const keeper = path.join(folder, "lock-keeper.js");
  const make = (/** @type {string[]} */ ...how) =>
    execFileSync(process.execPath, [cli, ...how, "--format", "esm", "--platform", "node"], {
      cwd: root,
      stdio: "pipe",
    });
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  // Native, and of no use to virtual boards.
  const external = ["koffi", "@serialport/bindings-cpp"].flatMap((name) => ["--external", name]);
  make("scripts/torture/main.ts", "--dir", folder, ...external);
  make("src/ports/lock-keeper-main.ts", "--file", keeper);
  const script = path.join(folder, "main.js");
  // The campaign hears it, too, and ends with what it has.
  process.on("SIGINT", () => undefined);
  const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
