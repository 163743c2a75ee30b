/**
 * Lets Node load the project's TypeScript as it is; `register` it. A module is loaded once more for each `?v=` of the file
 * that imports it: a mutant in a table at the top of a module shows only where that was loaded after it was chosen.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "@swc/core";

/** @type {Map<string, string>} */
const transpiled = new Map();

/** @param {string} path */
function transpile(path) {
  const ready = transpiled.get(path);
  if (ready !== undefined) return ready;
  const jsc = { parser: { syntax: /** @type {const} */ ("typescript") }, target: /** @type {const} */ ("es2022") };
  const { code } = transformSync(readFileSync(path, "utf8"), { jsc, module: { type: "es6" }, filename: path });
  transpiled.set(path, code);
  return code;
}

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const parent = context.parentURL;
  if (!specifier.startsWith(".") || parent?.includes("/node_modules/") !== false) return next(specifier, context);
  const url = new URL(specifier, parent);
  const typescript = new URL(url.href.replace(/\.js$/, ".ts"));
  if (!existsSync(fileURLToPath(typescript))) return next(specifier, context);
  typescript.search = new URL(parent).search;
  return { url: typescript.href, format: "module", shortCircuit: true };
}

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  const path = url.split("?")[0] ?? url;
  if (!path.endsWith(".ts")) return next(url, context);
  return { format: "module", source: transpile(fileURLToPath(path)), shortCircuit: true };
}
