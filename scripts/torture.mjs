/**
 * The fault campaign: `npm run torture -- [--runs 2000] [--large 200] [--seed 1] [--kind name …]`. Flashes virtual boards
 * under every kind of fault on a virtual clock, compares each board's flash with what was reported, and prints tables.
 * Ends non-zero where anything is not as it must be. The same seed gives the same runs.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const folder = mkdtempSync(path.join(tmpdir(), "torture-"));
try {
  const cli = path.join(root, "node_modules/rolldown/bin/cli.mjs");
  const names = ["--entry-file-names", "[name].mjs", "--chunk-file-names", "[name]-chunk.mjs"];
  const args = [cli, "scripts/torture/main.ts", "--dir", folder, "--format", "esm", "--platform", "node", ...names];
  execFileSync(process.execPath, args, { cwd: root, stdio: "pipe" });
  const script = path.join(folder, "main.mjs");
  const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
