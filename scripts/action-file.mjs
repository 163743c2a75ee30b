/**
 * Reads what starting an action needs from its `action.yml`, with built-ins only, so that a bare clone can do it. It takes
 * the plain form that our own file has, and refuses any other instead of guessing.
 */
import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * @typedef {object} ActionFile
 * @property {Record<string, string>} inputs Every declared input with its default, or "" where it has none.
 * @property {string[]} outputs
 * @property {string} using
 * @property {string} main Relative to the action's folder.
 * @property {string} post The same; "" where there is none.
 */

const LINE = /^( *)([\w-]+):(?: (.*))?$/;

/** @param {string} text @param {number} at @returns {string} */
function scalar(text, at) {
  if (/^"([^"\\]|\\.)*"$/.test(text)) return String(JSON.parse(text));
  if (/^[\w./-]+$/.test(text)) return text;
  throw new Error(`action.yml:${at}: write ${text} as a word or in double quotes`);
}

/** @param {string} actionFolder @returns {ActionFile} */
export function readActionFile(actionFolder) {
  /** @type {Map<string, string>} Values by their path, such as `inputs.port.default`. */
  const values = new Map();
  /** @type {string[]} */
  let parents = [];
  const lines = readFileSync(path.join(actionFolder, "action.yml"), "utf8").split(/\r?\n/);
  lines.forEach((line, index) => {
    if (/^\s*(#.*)?$/.test(line)) return;
    const match = LINE.exec(line);
    if (!match) throw new Error(`action.yml:${index + 1}: not of the form “key: value”`);
    const [, indent = "", key = "", value = ""] = match;
    const depth = indent.length / 2;
    if (!Number.isInteger(depth) || depth > parents.length) throw new Error(`action.yml:${index + 1}: odd indentation`);
    parents = [...parents.slice(0, depth), key];
    values.set(parents.join("."), value === "" ? "" : scalar(value, index + 1));
  });
  const names = (/** @type {string} */ section) =>
    [...values.keys()].filter((key) => key.startsWith(`${section}.`)).flatMap((key) => key.split(".").slice(1, 2));
  return {
    inputs: Object.fromEntries(names("inputs").map((name) => [name, values.get(`inputs.${name}.default`) ?? ""])),
    outputs: [...new Set(names("outputs"))],
    using: values.get("runs.using") ?? "",
    main: values.get("runs.main") ?? "",
    post: values.get("runs.post") ?? "",
  };
}
