/**
 * Loaded into a process by `node --import`, with its orders in OTHER_KERNEL as JSON (see `other-kernel.ts`): answers file
 * operations and connections in the kernel's place.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import path from "node:path";
import process from "node:process";

/** @typedef {"ENOSPC" | "EROFS"} Code */
/** @typedef {(...args: unknown[]) => unknown} Call */

/** @type {import("./other-kernel.js").KernelOrders} */
const { moved = {}, failing = {}, offline = false } = JSON.parse(process.env.OTHER_KERNEL ?? "{}");

/** @param {object} table @param {unknown} file */
function folderOf(table, file) {
  if (typeof file !== "string") return undefined;
  const whole = path.resolve(file);
  return Object.keys(table).find((folder) => whole === folder || whole.startsWith(folder + path.sep));
}

/** @param {unknown} file */
function placeOf(file) {
  const folder = folderOf(moved, file);
  return folder === undefined ? file : (moved[folder] ?? "") + path.resolve(String(file)).slice(folder.length);
}

/** Which calls write to a path, as each error meets them: what is full can still be emptied. @type {Record<Code, RegExp>} */
const writing = {
  ENOSPC: /^(append|writeFile|copyFile|mkdtemp|createWriteStream)/,
  EROFS: /^(append|writeFile|copyFile|mkdtemp|createWriteStream|mkdir|rename|rm|unlink|utimes|chmod|symlink|link)/,
};

/** @param {string} name @param {unknown} flags */
function opensToWrite(name, flags) {
  if (!/^open(Sync)?$/.test(name)) return false;
  const writable = fs.constants.O_WRONLY | fs.constants.O_RDWR;
  return typeof flags === "string" ? /[wa+]/.test(flags) : (Number(flags ?? 0) & writable) !== 0;
}

/** @param {string} name @param {unknown[]} args */
function failureOf(name, args) {
  for (const file of args.slice(0, 2)) {
    const code = failing[folderOf(failing, file) ?? ""];
    if (code === undefined || !(writing[code].test(name) || opensToWrite(name, args[1]))) continue;
    return Object.assign(new Error(`${code}: the kernel refuses ${name} '${String(file)}'`), { code, syscall: name });
  }
  return undefined;
}

/** @param {object} api @param {"throws" | "rejects"} manner */
function wrap(api, manner) {
  const calls = /** @type {Record<string, Call>} */ (api);
  for (const [name, call] of Object.entries(calls)) {
    if (typeof call !== "function" || /^[A-Z_]/.test(name)) continue;
    calls[name] = Object.assign((/** @type {unknown[]} */ ...args) => {
      const error = failureOf(name, args);
      if (error !== undefined && manner === "rejects") return Promise.reject(error);
      if (error !== undefined) throw error;
      return Reflect.apply(call, api, [placeOf(args[0]), ...args.slice(1)]);
    }, call);
  }
}

if (offline) {
  net.Socket.prototype.connect = function connect() {
    const code = "ENETUNREACH";
    const error = Object.assign(new Error(`connect ${code}`), { code, syscall: "connect" });
    process.nextTick(() => this.destroy(error));
    return this;
  };
}
wrap(fs.promises, "rejects");
wrap(fs, "throws");
syncBuiltinESMExports();
