import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import type { Clock } from "../base/clock.js";
import { sleep } from "../base/clock.js";
import { readNote } from "../files/plain-file.js";
import { systemCodeOf } from "./system-code.js";

const pollMs = 50;
/** Copying the largest firmware takes seconds; an owner in another container shows no process to look for. */
const abandonedAfterMs = 60_000;

/**
 * Runs `work` while no other process does so under the same lock file. A lock whose owner has died, or that has been
 * held for a minute, is taken over. Throws what the file system throws, or the signal's reason.
 */
export async function withLock<T>(
  path: string,
  deps: { readonly clock: Clock; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const owner = `${hostname()} ${process.pid} ${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  let seen = { owner: "", sinceMs: deps.clock.nowMs() };
  while (!(await tryLock(path, owner))) {
    const holder = ownerOf(path);
    if (holder !== seen.owner) seen = { owner: holder, sinceMs: deps.clock.nowMs() };
    if (isDead(holder) || deps.clock.nowMs() - seen.sinceMs > abandonedAfterMs) {
      await breakLock(path, holder);
    } else {
      await sleep(deps.clock, pollMs, deps.signal);
    }
  }
  try {
    return await work();
  } finally {
    if (ownerOf(path) === owner) await rm(path, { force: true });
  }
}

async function tryLock(path: string, owner: string): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Empty if there is no lock, or its owner has not written its name yet. */
function ownerOf(path: string): string {
  try {
    return readNote(path);
  } catch {
    return "";
  }
}

function isDead(owner: string): boolean {
  const [host, pid] = owner.split(" ");
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return systemCodeOf(error) === "ESRCH";
  }
}

/** Moved away before it is removed, so that of two who break it only one can take away what was found. */
async function breakLock(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    if (ownerOf(path) === holder) await rename(path, aside);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
