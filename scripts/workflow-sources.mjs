/** Finds every workflow of this repository: files, and the code blocks of its documents. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/**
 * @typedef {object} WorkflowSource
 * @property {string} file Relative to the root.
 * @property {number} firstLine The line of the file, from 0, that the text's first line is.
 * @property {string} text A whole workflow.
 */

/** What is put before a code block to make a workflow of it, by what it begins with. */
const frames = [
  { begins: /^(name|on):/, head: [], indent: 0 },
  { begins: /^jobs:/, head: ["on: [push, pull_request]"], indent: 0 },
  {
    begins: /^- /,
    head: ["on: [push, pull_request]", "jobs:", "  job:", "    runs-on: self-hosted", "    steps:"],
    indent: 6,
  },
];

/** @param {string} folder Relative to the root. @param {RegExp} ending @param {string} root @returns {string[]} */
function filesIn(root, folder, ending) {
  if (!existsSync(path.join(root, folder))) return [];
  const names = readdirSync(path.join(root, folder)).filter((name) => ending.test(name));
  return names.map((name) => path.join(folder, name));
}

/** @param {string} file @param {number} at The fence's line, from 0. @param {string} block @returns {WorkflowSource} */
function framed(file, at, block) {
  const frame = frames.find(({ begins }) => begins.test(block));
  if (!frame) throw new Error(`${file}:${at + 2}: neither a workflow nor jobs nor steps; give the block a file name`);
  const body = block.replaceAll(/^(?=.)/gm, " ".repeat(frame.indent));
  return { file, firstLine: at + 1 - frame.head.length, text: [...frame.head, body].join("\n") };
}

/**
 * The workflows in the YAML blocks of a document. A block whose fence names a file (```yaml ser2net.yaml) is that file,
 * and no workflow.
 * @param {string} file @param {string} text @returns {WorkflowSource[]}
 */
export function workflowsInDocument(file, text) {
  const blocks = text.replaceAll("\r\n", "\n").matchAll(/^```yaml\n([\s\S]*?)^```$/gm);
  return Array.from(blocks, ({ index, 1: block = "" }) => {
    return framed(file, text.slice(0, index).split("\n").length - 1, block);
  });
}

/** @param {string} root @returns {WorkflowSource[]} */
export function workflowSources(root) {
  const read = (/** @type {string} */ file) => readFileSync(path.join(root, file), "utf8");
  const files = [...filesIn(root, ".github/workflows", /\.ya?ml$/), ...filesIn(root, "examples", /\.ya?ml$/)];
  const documents = [...filesIn(root, ".", /\.md$/), ...filesIn(root, "docs", /\.md$/)];
  return [
    ...files.map((file) => ({ file, firstLine: 0, text: read(file) })),
    ...documents.flatMap((file) => workflowsInDocument(file, read(file))),
  ];
}
