/**
 * Lets Node load the project's TypeScript as it is; `register` it. Imports then take a moment each, so nothing on the
 * virtual clock may wait for one.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transformSync } from "@swc/core";

/** @param {string} path */
function transpile(path) {
  const jsc = { parser: { syntax: /** @type {const} */ ("typescript") }, target: /** @type {const} */ ("es2022") };
  const { code } = transformSync(readFileSync(path, "utf8"), { jsc, module: { type: "es6" }, filename: path });
  return code;
}

/** @type {import("node:module").ResolveHook} */
export async function resolve(specifier, context, next) {
  const parent = context.parentURL;
  if (!specifier.startsWith(".") || parent?.includes("/node_modules/") !== false) return next(specifier, context);
  const url = new URL(specifier, parent);
  const typescript = new URL(url.href.replace(/\.js$/, ".ts"));
  if (!existsSync(fileURLToPath(typescript))) return next(specifier, context);
  return { url: typescript.href, format: "module", shortCircuit: true };
}

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  return { format: "module", source: transpile(fileURLToPath(url)), shortCircuit: true };
}
