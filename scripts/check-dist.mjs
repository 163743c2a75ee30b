/**
 * Builds twice, the second time from another working directory, and compares both byte for byte with the committed `dist/`:
 * what runs on a runner is what these sources say.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");

/** @param {string} folder @returns {Map<string, Buffer>} Contents by relative path. */
function readTree(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(folder, file), readFileSync(file)];
    }),
  );
}

/** @param {Map<string, Buffer>} left @param {Map<string, Buffer>} right @returns {string[]} Paths that differ. */
function differences(left, right) {
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].filter((name) => !left.get(name)?.equals(right.get(name) ?? Buffer.of())).sort();
}

/** @param {string} outputFolder @param {string} cwd */
function build(outputFolder, cwd) {
  const { status } = spawnSync(process.execPath, [path.join(root, "scripts", "build.mjs"), outputFolder], {
    cwd,
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the build failed");
  return readTree(outputFolder);
}

/** @param {string} question @param {string[]} different */
function report(question, different) {
  console.log(`${question}: ${different.length === 0 ? "yes" : `no, ${different.join(", ")}`}`);
  if (different.length > 0) process.exitCode = 1;
}

const temp = mkdtempSync(path.join(tmpdir(), "check-dist-"));
try {
  const first = build(path.join(temp, "first"), root);
  const second = build(path.join(temp, "second"), temp);
  report("two builds are equal", differences(first, second));
  report("dist/ is what the sources build", differences(first, readTree(path.join(root, "dist"))));
  const local = [...first].filter(([, bytes]) => [root, temp].some((folder) => bytes.includes(folder)));
  report(
    "no path of this machine is in it",
    local.map(([name]) => name),
  );
} finally {
  rmSync(temp, { recursive: true });
}
