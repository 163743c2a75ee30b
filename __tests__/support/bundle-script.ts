import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** TypeScript files of the project made into scripts that processes of their own can run. */
interface Scripts {
  /** The path of the script made of an entry, by the entry's file name without its ending. */
  pathOf(name: string): string;
  remove(): void;
}

/** Makes a script of each entry (paths from the project's folder), in a temporary folder. */
export function bundleScripts(...entries: readonly string[]): Scripts {
  const root = path.resolve(import.meta.dirname, "../..");
  const dir = mkdtempSync(path.join(tmpdir(), "flash-scripts-"));
  // As a process: inside Jest's realm, rolldown does not know its own values.
  const cli = path.join(root, "node_modules/rolldown/bin/cli.mjs");
  const names = ["--entry-file-names", "[name].mjs", "--chunk-file-names", "[name]-chunk.mjs"];
  const args = [cli, ...entries, "--dir", dir, "--format", "esm", "--platform", "node", ...names];
  execFileSync(process.execPath, args, { cwd: root, stdio: "pipe" });
  return {
    pathOf: (name) => path.join(dir, `${name}.mjs`),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
