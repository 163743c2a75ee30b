import { execFileSync } from "node:child_process";
import path from "node:path";

const root = path.join(import.meta.dirname, "../..");

/** Bundles a script of this folder into `folder` and returns its path. @param {string} name @param {string} folder */
export function bundle(name, folder) {
  const cli = path.join(root, "node_modules/rolldown/bin/cli.mjs");
  const names = ["--entry-file-names", "[name].mjs", "--chunk-file-names", `${name}-[name].mjs`];
  const options = ["--dir", folder, "--format", "esm", "--platform", "node", ...names];
  execFileSync(process.execPath, [cli, `scripts/bench/${name}.ts`, ...options], { cwd: root, stdio: "pipe" });
  return path.join(folder, `${name}.mjs`);
}
