import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { FlashError } from "../base/errors.js";
import { linkedOutside } from "../files/links.js";
import { checkContent, checkNotEmpty, checkSize } from "./check.js";
import { sha256Of } from "./digest.js";
import type { FileRequest, FirmwareDeps, FirmwareFile } from "./source.js";
import { systemCodeOf } from "./system-code.js";
import { parseFileUrl } from "./url.js";

/** Firmware at a path, relative to the workspace. */
export function loadPath(request: FileRequest, deps: FirmwareDeps): Promise<FirmwareFile> {
  return load(resolve(request.workspace, request.location), request, deps);
}

/** Firmware at a `file:` URL. */
export function loadFileUrl(request: FileRequest, deps: FirmwareDeps): Promise<FirmwareFile> {
  return load(parseFileUrl(request.location, request.input), request, deps);
}

async function load(path: string, request: FileRequest, deps: FirmwareDeps): Promise<FirmwareFile> {
  const name = basename(path);
  refuseLinkOut(path, request.workspace);
  const bytes = await read(path, request.input, deps.signal);
  checkNotEmpty(name, bytes);
  const sha256 = await sha256Of(bytes, deps.clock);
  checkContent({ name, bytes, sha256 }, { source: "file", contentType: "" }, request);
  const base = { kind: "folder", path: dirname(path) } as const;
  return { name, bytes, sha256, source: "file", fromCache: false, downloadedBytes: 0, base };
}

/** Throws `firmware/link` for what a link in the workspace leads out of it. */
export function refuseLinkOut(path: string, workspace: string): void {
  const realPath = linkedOutside(path, workspace);
  if (realPath === undefined) return;
  throw new FlashError("firmware/link", `${path} leads to ${realPath}, outside of the workspace`, { path, realPath });
}

async function read(path: string, input: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    // Before it is opened: opening a pipe would wait for its other end.
    const found = await stat(path);
    if (!found.isFile()) throw await notAFile(path, found.isDirectory());
    checkSize(basename(path), found.size);
    const bytes = await readFile(path, { signal });
    checkSize(basename(path), bytes.length);
    return bytes;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FlashError) throw error;
    throw await readFailure(path, input, error);
  }
}

async function notAFile(path: string, isDirectory: boolean): Promise<FlashError> {
  if (!isDirectory) return new FlashError("firmware/not-a-file", `${path} is a device, a pipe or a socket`, { path });
  const images = (await namesIn(path)).filter((name) => name.toLowerCase().endsWith(".bin")).slice(0, 5);
  const inside = images.length === 0 ? "" : `; in it: ${images.join(", ")}`;
  return new FlashError("firmware/not-a-file", `${path} is a directory${inside}`, { path, inside: images });
}

async function readFailure(path: string, input: string, error: unknown): Promise<FlashError> {
  const systemCode = systemCodeOf(error);
  if (systemCode === "ERR_INVALID_ARG_VALUE") {
    return new FlashError("input/invalid", `${input} has a path with a zero byte`, { input });
  }
  if (systemCode !== "ENOENT" && systemCode !== "ENOTDIR") {
    return new FlashError("firmware/unreadable", `${path} cannot be read: ${systemCode}`, { path, systemCode }, error);
  }
  const near = nearNames(basename(path), await namesIn(dirname(path)));
  const help = near.length > 0 ? `; near it: ${near.join(", ")}` : await missingParent(path);
  return new FlashError("firmware/not-found", `${path} does not exist${help}`, { path, near });
}

async function missingParent(path: string): Promise<string> {
  const parent = dirname(path);
  const exists = await stat(parent).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return exists ? "" : `; there is no directory ${parent} either`;
}

/** Empty where it cannot be listed: the names are only a help. */
function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).then(
    (names) => names.sort(),
    () => [],
  );
}

/** Up to three names that a slip of the pen away from `wanted` could be, best first. */
function nearNames(wanted: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, distance: editDistance(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.min(wanted.length, name.length) / 2)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of Array.from(from).entries()) {
    const current = [row + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      current.push(Math.min(replaced, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[to.length] ?? 0;
}
