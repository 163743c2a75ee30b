/**
 * Mutation testing with Stryker: `npm run mutation -- <protocol|image|flash|lock> [file.ts …]`. Changes one thing at a time in a
 * folder of `src/`, runs the tests that reach it, and lists the changes that no test noticed. Stryker is fetched by npx:
 * it is as large as all other development tools together.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const STRYKER = "@stryker-mutator/core@9.0.1";
const root = path.join(import.meta.dirname, "..");

/** What is changed, and the tests that know it: what they do not notice, few others would. */
const targets = {
  protocol: { sources: "src/protocol/*.ts", tests: ["protocol", "golden"] },
  image: { sources: "src/image/*.ts", tests: ["image"] },
  flash: { sources: "src/flash/*.ts", tests: ["flash", "e2e/(guards-board|baud)"] },
  lock: { sources: "src/ports/{lock*,kernel-lock,shared-file}.ts", tests: ["ports/(kernel-lock|lock-|shared-file)"] },
};
/** Thousands of files each, so too slow to run once for each change. */
const leftOut = "fuzz.test.ts";

/** @typedef {{ line: number, column: number }} Place */
/** @typedef {{ id: string, replacement?: string, status: string, location: { start: Place, end: Place } }} Mutant */
/** @typedef {{ files: Record<string, { source: string, mutants: Mutant[] }> }} Report */

const [folder = "", ...files] = process.argv.slice(2);
const target = Object.entries(targets).find(([name]) => name === folder)?.[1];
if (target === undefined) throw new Error(`Usage: npm run mutation -- <${Object.keys(targets).join("|")}> [file …]`);

const wanted = new RegExp(`^(${target.tests.join("|")})`);
const tests = readdirSync(path.join(root, "__tests__"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && wanted.test(file) && !file.endsWith(leftOut))
  .map((file) => `__tests__/${file}`);
const work = mkdtempSync(path.join(tmpdir(), "mutation-"));
const report = path.join(work, "report.json");
const config = path.join(work, "stryker.config.json");
writeFileSync(
  config,
  JSON.stringify({
    mutate: files.length === 0 ? [target.sources] : files.map((file) => path.join(path.dirname(target.sources), file)),
    plugins: [path.join(root, "scripts/mutation/test-runner.mjs")],
    testRunner: "in-process",
    coverageAnalysis: "perTest",
    concurrency: 1,
    // Whatever the tests would take together: for one change only some seconds' worth of them is run.
    timeoutMS: 20_000,
    timeoutFactor: 0,
    // A table at the top of a module asks for all modules to be loaded anew, and for all tests.
    ignoreStatic: folder !== "protocol",
    reporters: ["json", "progress-append-only"],
    jsonReporter: { fileName: report },
    tempDirName: path.join(work, "sandbox"),
    // It would rewrite paths of a file that only the compiler reads.
    tsconfigFile: "none.json",
    ignorePatterns: ["dist", "docs", "coverage"],
  }),
);
try {
  const { status } = spawnSync("npx", ["--yes", "--package", STRYKER, "stryker", "run", config], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, MUTATION_TESTS: tests.join(",") },
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status}`);
  /** @type {unknown} */
  const found = JSON.parse(readFileSync(report, "utf8"));
  print(/** @type {Report} */ (found));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** @param {Report} found */
function print({ files: byFile }) {
  let allKilled = 0;
  let all = 0;
  let ignored = 0;
  for (const [file, { source, mutants }] of Object.entries(byFile)) {
    const counted = mutants.filter(({ status }) => status !== "Ignored");
    ignored += mutants.length - counted.length;
    if (counted.length === 0) continue;
    const survivors = counted.filter(({ status }) => status === "Survived" || status === "NoCoverage");
    const killed = counted.length - survivors.length;
    allKilled += killed;
    all += counted.length;
    console.log(`${file}: ${killed} of ${counted.length} (${((killed / counted.length) * 100).toFixed(1)} %)`);
    for (const { location, replacement = "", status } of survivors) {
      const { line, column } = location.start;
      const reached = status === "NoCoverage" ? " (no test comes here)" : "";
      console.log(`  ${line}:${column} ${clip(textOf(source, location))} → ${clip(replacement)}${reached}`);
    }
  }
  const share = ((allKilled / all) * 100).toFixed(1);
  console.log(`${folder}: ${allKilled} of ${all} changes noticed (${share} %); ${ignored} to tables were not tried`);
}

/** The code that was changed. @param {string} source @param {Mutant["location"]} location */
function textOf(source, { start, end }) {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  // Cut at the end first: start and end may lie in one line.
  lines.push((lines.pop() ?? "").slice(0, end.column - 1));
  return [(lines.shift() ?? "").slice(start.column - 1), ...lines].join("\n");
}

/** On one line, and no longer than one. @param {string} text */
function clip(text) {
  const flat = text.replaceAll(/\s+/g, " ").trim();
  return flat.length <= 60 ? flat : `${flat.slice(0, 59)}…`;
}
