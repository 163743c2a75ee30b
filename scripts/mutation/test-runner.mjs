/**
 * A test runner for Stryker that stays in one process: Jest sets up a world for each file, which for some thousand mutants
 * takes hours. Which test files it runs stands in the variable MUTATION_TESTS.
 */
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { endSuites, loadTests, runTest } from "./harness.mjs";
import { transpileInto } from "./transpile.mjs";

/**
 * What Stryker and its instrumented code tell each other.
 * @typedef {object} Namespace
 * @property {string} [activeMutant]
 * @property {string | undefined} [currentTestId]
 * @property {number | undefined} [hitCount]
 * @property {number | undefined} [hitLimit]
 * @property {{ static: Record<string, number>, perTest: Record<string, Record<string, number>> }} [mutantCoverage]
 */
/** @type {Namespace} */
const stryker = {};
Object.assign(globalThis, { __stryker__: stryker });

/** @typedef {import("./harness.mjs").Test} Test */
/**
 * @typedef {object} MutantRun
 * @property {{ id: string }} activeMutant
 * @property {readonly string[]} [testFilter]
 * @property {boolean} reloadEnvironment
 * @property {number} [hitLimit]
 */

/** Tests that take more processor time are left out: with them, the score could only be better. */
const QUICK_MS = 400;
/** For one change no more tests are begun than take this time: code that all jobs on a board run is reached by hundreds. */
const CHANGE_MS = 4000;

const files = (process.env.MUTATION_TESTS ?? "").split(",");
/** Recordings and files of real tools, which stand beside the project; without them, some tests do nothing. */
const shared = path.join(import.meta.dirname, "../../../shared");
/** What each test takes is measured once, also where Stryker starts this anew. */
const COSTS = "test-costs.json";
let version = 0;

/** The quick ones, the quickest first. @param {readonly Test[]} tests @param {Readonly<Record<string, number>>} costsMs */
function quickTests(tests, costsMs) {
  const costOf = (/** @type {Test} */ { id }) => costsMs[id] ?? 0;
  return tests.filter((test) => costOf(test) <= QUICK_MS).sort((a, b) => costOf(a) - costOf(b));
}

async function load() {
  version++;
  const folder = path.resolve(`loaded-${version}`);
  transpileInto(folder);
  if (existsSync(shared) && !existsSync("shared")) symlinkSync(shared, "shared");
  /** @param {string} file */
  const urlOf = (file) => pathToFileURL(path.join(folder, file.replace(/ts$/, "js"))).href;
  /** @type {unknown} */
  const loaded = await import(urlOf("src/chips/index.ts"));
  const { chips } = /** @type {typeof import("../../src/chips/index.js")} */ (loaded);
  // A file that is read while a job runs on the virtual clock takes no time there, and would never come.
  for (const chip of Object.values(chips)) if ("loadStub" in chip) await chip.loadStub(0);
  return loadTests(files.map(urlOf));
}

class InProcessRunner {
  static inject = /** @type {const} */ ([]);
  /** Those that noticed a change last come first. @type {readonly Test[]} */
  tests = [];

  capabilities() {
    return { reloadEnvironment: true };
  }

  /** @type {Readonly<Record<string, number>>} */
  costsMs = {};

  async init() {
    // A mutant may let go of a promise; the test that notices is what counts.
    process.on("unhandledRejection", () => undefined);
    stryker.mutantCoverage = { static: {}, perTest: {} };
    this.tests = await load();
    if (existsSync(COSTS)) this.setCosts(readFileSync(COSTS, "utf8"));
  }

  /** @param {string} text */
  setCosts(text) {
    /** @type {unknown} */
    const costsMs = JSON.parse(text);
    this.costsMs = /** @type {Readonly<Record<string, number>>} */ (costsMs);
    this.tests = quickTests(this.tests, this.costsMs);
  }

  async dryRun() {
    const results = [];
    /** @type {Record<string, number>} */
    const costsMs = {};
    for (const test of this.tests) {
      stryker.currentTestId = test.id;
      const [startMs, startedAt] = [performance.now(), process.cpuUsage()];
      const failureMessage = await runTest(test);
      const timeSpentMs = Math.round(performance.now() - startMs);
      costsMs[test.id] = process.cpuUsage(startedAt).user / 1000;
      const one = { id: test.id, name: test.id, timeSpentMs };
      results.push(failureMessage === undefined ? { ...one, status: 0 } : { ...one, status: 1, failureMessage });
    }
    stryker.currentTestId = undefined;
    await endSuites(this.tests);
    writeFileSync(COSTS, JSON.stringify(costsMs));
    this.setCosts(JSON.stringify(costsMs));
    return { status: "complete", tests: results, mutantCoverage: stryker.mutantCoverage };
  }

  /** @param {MutantRun} options */
  async mutantRun({ activeMutant, testFilter, reloadEnvironment, hitLimit }) {
    stryker.activeMutant = activeMutant.id;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    stryker.hitLimit = hitLimit;
    /** @type {Test[]} */
    const ran = [];
    try {
      if (reloadEnvironment) this.tests = quickTests(await load(), this.costsMs);
      let costMs = 0;
      for (const test of this.tests) {
        if (testFilter?.includes(test.id) === false) continue;
        if (costMs > CHANGE_MS) break;
        costMs += this.costsMs[test.id] ?? 0;
        ran.push(test);
        const failureMessage = await runTest(test);
        if (hitLimit !== undefined && (stryker.hitCount ?? 0) > hitLimit) return { status: "timeout" };
        if (failureMessage !== undefined) {
          this.tests = [test, ...this.tests.filter((other) => other !== test)];
          return { status: "killed", killedBy: [test.id], failureMessage, nrOfTests: ran.length };
        }
      }
      return { status: "survived", nrOfTests: ran.length };
    } catch (error) {
      // A module that does not load any more fails every test.
      return { status: "killed", killedBy: [this.tests[0]?.id ?? ""], failureMessage: String(error), nrOfTests: 1 };
    } finally {
      await endSuites(ran).catch(() => undefined);
    }
  }
}

export const strykerPlugins = [{ kind: "TestRunner", name: "in-process", injectableClass: InProcessRunner }];
