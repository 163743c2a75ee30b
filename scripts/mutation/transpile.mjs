import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { transformSync } from "@swc/core";

/** @type {Map<string, string>} */
const ready = new Map();

/** @param {string} file */
function javascriptOf(file) {
  const known = ready.get(file);
  if (known !== undefined) return known;
  const jsc = { parser: { syntax: /** @type {const} */ ("typescript") }, target: /** @type {const} */ ("es2022") };
  const { code } = transformSync(readFileSync(file, "utf8"), { jsc, module: { type: "es6" }, filename: file });
  ready.set(file, code);
  return code;
}

/**
 * Sources and tests of the working directory as JavaScript in `target`, which is made: modules that were never loaded
 * before, so that what stands at the top of one is done anew.
 * @param {string} target
 */
export function transpileInto(target) {
  for (const folder of ["src", "__tests__"]) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const from = path.join(entry.parentPath, entry.name);
      const to = path.join(target, from);
      mkdirSync(path.dirname(to), { recursive: true });
      if (from.endsWith(".ts")) writeFileSync(to.replace(/ts$/, "js"), javascriptOf(from));
      else copyFileSync(from, to);
    }
  }
}
