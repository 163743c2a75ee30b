import { lstat, mkdtemp, readFile, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFile, find } from "@actions/tool-cache";
import type { Clock } from "../base/clock.js";
import { sha256Of } from "./digest.js";
import { maxFirmwareBytes } from "./limits.js";

/**
 * The digest stands in the tool's name: tool-cache cuts a version down to what semver knows, so that all firmware
 * would share one slot. The bytes are the same for every architecture.
 */
const slot = { version: "1.0.0", arch: "any", file: "firmware.bin" } as const;

/** One firmware in the cache. `root` is the tool cache, `folder` the part of it that is ours. */
export interface EntryPlace {
  readonly root: string;
  readonly folder: string;
  readonly sha256: string;
}

/** Its bytes if they have the digest that they stand under. `damaged` is whatever else lies there. */
export async function readEntry(place: EntryPlace, clock: Clock): Promise<Uint8Array | "absent" | "damaged"> {
  const directory = find(toolName(place), slot.version, slot.arch);
  if (directory === "") return "absent";
  const bytes = await readPlainFile(place, join(directory, slot.file)).catch(() => undefined);
  if (bytes === undefined || (await sha256Of(bytes, clock)) !== place.sha256) return "damaged";
  // The time of its last use. A cache that others fill may be read-only here.
  const now = new Date();
  await utimes(`${directory}.complete`, now, now).catch(() => undefined);
  return bytes;
}

/** Throws what the file system throws. */
export async function discardEntry({ root, folder, sha256 }: EntryPlace): Promise<void> {
  await rm(join(root, folder, sha256), { recursive: true, force: true });
}

/** Throws what the file system throws, and then leaves nothing of the entry behind. */
export async function writeEntry(place: EntryPlace, bytes: Uint8Array): Promise<void> {
  const staging = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), "esp32-firmware-"));
  try {
    const staged = join(staging, slot.file);
    await writeFile(staged, bytes);
    // What another job has put there instead of a folder would lead the copy elsewhere.
    await discardEntry(place);
    await cacheFile(staged, slot.file, toolName(place), slot.version, slot.arch);
  } catch (error) {
    await discardEntry(place).catch(() => undefined);
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** When an entry was used last, and how much room it takes; undefined once it is gone. */
export async function describeEntry({
  root,
  folder,
  sha256,
}: EntryPlace): Promise<{ readonly usedMs: number; readonly lengthBytes: number } | undefined> {
  const directory = join(root, folder, sha256, slot.version, slot.arch);
  const [whole, file] = [`${directory}.complete`, join(directory, slot.file)];
  const [complete, content, entry] = await Promise.all(
    [whole, file, join(root, folder, sha256)].map((path) => lstat(path).catch(() => undefined)),
  );
  if (entry === undefined) return undefined;
  return { usedMs: (complete ?? entry).mtimeMs, lengthBytes: content?.size ?? 0 };
}

function toolName({ folder, sha256 }: EntryPlace): string {
  return join(folder, sha256);
}

/** Not over a link, from no pipe that would never end, and nothing that no firmware could be. */
async function readPlainFile({ root }: EntryPlace, path: string): Promise<Uint8Array> {
  const found = await lstat(path);
  const [realRoot, realPath] = await Promise.all([realpath(root), realpath(path)]);
  const isPlain =
    found.isFile() && found.size <= maxFirmwareBytes && realPath === join(realRoot, path.slice(root.length));
  if (!isPlain) throw new Error("not a plain file");
  return readFile(path);
}
