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
/** For one change no more tests are begun after this time: code that all jobs on a board run is reached by hundreds. */
const CHANGE_MS = 700;
/** Longer than the slowest test on a busy machine: what has not ended by then never will. */
const HANGING_MS = 6000;

const files = (process.env.MUTATION_TESTS ?? "").split(",");
/** Recordings and files of real tools, which stand beside the project; without them, some tests do nothing. */
const shared = path.join(import.meta.dirname, "../../../shared");
/** Which tests are too slow is measured once, also where Stryker starts this anew. */
const SLOW = "slow-tests.json";
let version = 0;

/** @param {readonly Test[]} tests */
function withoutSlow(tests) {
  if (!existsSync(SLOW)) return [...tests];
  /** @type {unknown} */
  const ids = JSON.parse(readFileSync(SLOW, "utf8"));
  const slow = new Set(/** @type {string[]} */ (ids));
  return tests.filter(({ id }) => !slow.has(id));
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

/** @param {number} ms @returns {{ hanging: Promise<"hanging">, cancel: () => void }} */
function hangingAfter(ms) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const hanging = /** @type {Promise<"hanging">} */ (
    new Promise((resolve) => (timer = setTimeout(() => resolve("hanging"), ms)))
  );
  return { hanging, cancel: () => clearTimeout(timer) };
}

class InProcessRunner {
  static inject = /** @type {const} */ ([]);
  /** Those that noticed a change last come first. @type {Test[]} */
  tests = [];

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    // A mutant may let go of a promise; the test that notices is what counts.
    process.on("unhandledRejection", () => undefined);
    stryker.mutantCoverage = { static: {}, perTest: {} };
    this.tests = withoutSlow(await load());
  }

  async dryRun() {
    const results = [];
    /** @type {string[]} */
    const slow = [];
    for (const test of this.tests) {
      stryker.currentTestId = test.id;
      const [startMs, startedAt] = [performance.now(), process.cpuUsage()];
      const failureMessage = await runTest(test);
      const timeSpentMs = Math.round(performance.now() - startMs);
      if (process.cpuUsage(startedAt).user / 1000 > QUICK_MS) slow.push(test.id);
      const one = { id: test.id, name: test.id, timeSpentMs };
      results.push(failureMessage === undefined ? { ...one, status: 0 } : { ...one, status: 1, failureMessage });
    }
    stryker.currentTestId = undefined;
    await endSuites(this.tests);
    results.sort((a, b) => a.timeSpentMs - b.timeSpentMs);
    const order = new Map(results.map(({ id }, index) => [id, index]));
    this.tests.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
    writeFileSync(SLOW, JSON.stringify(slow));
    this.tests = withoutSlow(this.tests);
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
      if (reloadEnvironment) this.tests = withoutSlow(await load());
      const startedAt = process.cpuUsage();
      for (const test of this.tests) {
        if (testFilter?.includes(test.id) === false) continue;
        if (process.cpuUsage(startedAt).user / 1000 > CHANGE_MS) break;
        ran.push(test);
        const { hanging, cancel } = hangingAfter(HANGING_MS);
        const failureMessage = await Promise.race([runTest(test), hanging]);
        cancel();
        if (failureMessage === "hanging") return { status: "timeout" };
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
