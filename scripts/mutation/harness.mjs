/**
 * Runs the project's test files within this process, a test in a millisecond or so: as much of Jest's interface as they
 * use, with Jest's own `expect`.
 */
import { expect } from "expect";

/** @typedef {() => unknown} Step */
/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {Suite | undefined} parent
 * @property {{ beforeAll: Step[], beforeEach: Step[], afterEach: Step[], afterAll: Step[] }} hooks
 * @property {boolean} hasBegun
 */
/** @typedef {{ id: string, suites: Suite[], run: Step }} Test */

/** @type {Test[]} */
let tests = [];
/** @type {Suite} */
let current = suite("", undefined);

/** @param {string} name @param {Suite | undefined} parent @returns {Suite} */
function suite(name, parent) {
  return { name, parent, hooks: { beforeAll: [], beforeEach: [], afterEach: [], afterAll: [] }, hasBegun: false };
}

/** From the outermost inwards. @param {Suite} inner */
function suitesOf(inner) {
  const suites = [];
  for (let at = /** @type {Suite | undefined} */ (inner); at !== undefined; at = at.parent) suites.unshift(at);
  return suites;
}

/** @param {string} name @param {() => void} define */
function describe(name, define) {
  const outer = current;
  current = suite(name, outer);
  define();
  current = outer;
}

/** @param {string} name @param {Step} run */
function test(name, run) {
  const suites = suitesOf(current);
  const path = [...suites.map((at) => at.name), name].join(" > ");
  tests.push({ id: `${tests.length} ${path}`, suites, run });
}

const skip = () => undefined;
/** @param {(name: string, run: (...args: unknown[]) => unknown) => void} define */
const eachOf =
  (define) =>
  /** @param {readonly unknown[]} rows */
  (rows) =>
  /** @param {string} name @param {(...args: unknown[]) => unknown} run */
  (name, run) =>
    rows.forEach((row, index) => {
      const args = /** @type {unknown[]} */ (Array.isArray(row) ? row : [row]);
      define(`${name} ${index}`, () => run(...args));
    });

/** @param {keyof Suite["hooks"]} kind */
const hook = (kind) => (/** @type {Step} */ step) => void current.hooks[kind].push(step);

Object.assign(globalThis, {
  expect,
  describe: Object.assign(describe, { skip, each: eachOf(describe) }),
  test: Object.assign(test, { skip, each: eachOf(test) }),
  beforeAll: hook("beforeAll"),
  beforeEach: hook("beforeEach"),
  afterEach: hook("afterEach"),
  afterAll: hook("afterAll"),
});

/** The tests of these files. @param {readonly string[]} urls @returns {Promise<readonly Test[]>} */
export async function loadTests(urls) {
  tests = [];
  for (const url of urls) {
    current = suite(new URL(url).pathname.split("/").at(-1) ?? "", undefined);
    await import(url);
  }
  return tests;
}

/** Runs one test; its error as text, or `undefined` if it passed. @param {Test} one */
export async function runTest({ suites, run }) {
  try {
    for (const at of suites.filter(({ hasBegun }) => !hasBegun)) {
      at.hasBegun = true;
      for (const step of at.hooks.beforeAll) await step();
    }
    for (const step of suites.flatMap(({ hooks }) => hooks.beforeEach)) await step();
    await run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    for (const step of suites.toReversed().flatMap(({ hooks }) => hooks.afterEach)) await step();
  }
}

/** What comes after the last test of a run. @param {readonly Test[]} ended */
export async function endSuites(ended) {
  const begun = new Set(ended.flatMap(({ suites }) => suites).filter(({ hasBegun }) => hasBegun));
  for (const at of begun) {
    at.hasBegun = false;
    for (const step of at.hooks.afterAll) await step();
  }
}
