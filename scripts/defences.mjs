/**
 * Takes away one defence at a time, in a copy, and runs the tests of the attacks that it stops: `npm run defences -- [words of
 * a name]`. Ends non-zero where no test misses one; with all of them, `docs/defences.md` is written.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defences } from "./defences/table.mjs";

/** @typedef {{ numFailedTests: number, numRuntimeErrorTestSuites: number }} TestReport What Jest tells as JSON. */

const root = path.join(import.meta.dirname, "..");
const left = new Set(["node_modules", ".git", "coverage"]);

/** @returns {string} A copy of the project, with what it was built to. */
function makeCopy() {
  const copy = mkdtempSync(path.join(tmpdir(), "defences-"));
  cpSync(root, copy, { recursive: true, filter: (file) => !left.has(path.relative(root, file)) });
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
  return copy;
}

/** @param {string} copy @param {string} script @param {readonly string[]} args */
function npm(copy, script, ...args) {
  return spawnSync("npm", ["run", "--silent", script, "--", ...args], { cwd: copy, encoding: "utf8" });
}

/** @param {string} copy @param {import("./defences/table.mjs").Defence} defence @returns {number} Tests that fail without it. */
function missedBy(copy, { file, text, without, tests, only, runs }) {
  const place = path.join(copy, file);
  const source = readFileSync(place, "utf8");
  if (!source.includes(text)) throw new Error(`${file} has no ${text}`);
  writeFileSync(
    place,
    source.replace(text, () => without),
  );
  try {
    if (runs === "built" && npm(copy, "build").status !== 0) throw new Error("it cannot be built without that");
    const report = path.join(copy, "report.json");
    const names = only === undefined ? [] : ["--testNamePattern", only];
    npm(copy, "test", `__tests__/attacks/${tests}.test`, ...names, "--json", `--outputFile=${report}`);
    /** @type {unknown} */
    const found = JSON.parse(readFileSync(report, "utf8"));
    const told = /** @type {TestReport} */ (found);
    if (told.numRuntimeErrorTestSuites > 0) throw new Error(`${tests} cannot be run`);
    return told.numFailedTests;
  } finally {
    writeFileSync(place, source);
  }
}

const wanted = process.argv[2] ?? "";
const chosen = defences.filter(({ name }) => name.includes(wanted));
const copy = makeCopy();
const rows = [];
try {
  for (const defence of chosen) {
    const missed = missedBy(copy, defence);
    console.log(`${missed === 0 ? "NOT MISSED" : `${missed} tests fail`} without: ${defence.name}`);
    rows.push(`| ${defence.name} | \`${defence.file}\` | \`${defence.tests}\` | ${missed} |`);
    if (missed === 0) process.exitCode = 1;
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
if (chosen.length === defences.length && process.exitCode !== 1) {
  const head = ["| Defence | In | Tests | Fail without it |", "| --- | --- | --- | ---: |"];
  const text = [
    "# Defences, taken away one at a time",
    "`npm run defences` takes each out of a copy and runs tests of `__tests__/attacks`.",
    [...head, ...rows].join("\n"),
  ];
  writeFileSync(path.join(root, "docs", "defences.md"), `${text.join("\n\n")}\n`);
  spawnSync("npx", ["prettier", "--write", "docs/defences.md"], { cwd: root, stdio: "ignore" });
}
