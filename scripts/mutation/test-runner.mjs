/**
 * A test runner for Stryker that stays in one process: Jest sets up a world for each file, which for some thousand mutants
 * takes hours. Which test files it runs stands in the variable MUTATION_TESTS.
 */
import { existsSync, symlinkSync } from "node:fs";
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
const QUICK_MS = 100;

const files = (process.env.MUTATION_TESTS ?? "").split(",");
/** Recordings and files of real tools, which stand beside the project; without them, some tests do nothing. */
const shared = path.join(import.meta.dirname, "../../../shared");
let version = 0;

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
  /** @type {readonly Test[]} */
  tests = [];
  /** @type {Set<string>} */
  slow = new Set();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    // A mutant may let go of a promise; the test that notices is what counts.
    process.on("unhandledRejection", () => undefined);
    stryker.mutantCoverage = { static: {}, perTest: {} };
    this.tests = await load();
  }

  async dryRun() {
    const results = [];
    for (const test of this.tests) {
      stryker.currentTestId = test.id;
      const [startMs, startedAt] = [performance.now(), process.cpuUsage()];
      const failureMessage = await runTest(test);
      const timeSpentMs = Math.round(performance.now() - startMs);
      if (process.cpuUsage(startedAt).user / 1000 > QUICK_MS) this.slow.add(test.id);
      const one = { id: test.id, name: test.id, timeSpentMs };
      results.push(failureMessage === undefined ? { ...one, status: 0 } : { ...one, status: 1, failureMessage });
    }
    stryker.currentTestId = undefined;
    await endSuites(this.tests);
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
      if (reloadEnvironment) this.tests = await load();
      for (const test of this.tests) {
        if (testFilter?.includes(test.id) === false || this.slow.has(test.id)) continue;
        ran.push(test);
        const failureMessage = await runTest(test);
        if (hitLimit !== undefined && (stryker.hitCount ?? 0) > hitLimit) return { status: "timeout" };
        if (failureMessage !== undefined) {
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
