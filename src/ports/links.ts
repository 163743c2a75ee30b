import { readdir, readlink, realpath } from "node:fs/promises";
import path from "node:path";

const LINK_FOLDERS = ["by-id", "by-path"];

/** The links below `<devRoot>/serial`, by the device that each leads to. */
export async function findLinks(devRoot: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const byDevice = new Map<string, string[]>();
  for (const kind of LINK_FOLDERS) {
    const folder = path.join(devRoot, "serial", kind);
    for (const name of (await readdir(folder).catch(() => [])).sort()) {
      const link = path.join(folder, name);
      const device = await nextOf(link);
      if (device !== undefined) byDevice.set(device, [...(byDevice.get(device) ?? []), link]);
    }
  }
  return byDevice;
}

/**
 * Follows `start` link by link to the first path that `isDevice` knows; else to the end. `undefined` if there is nothing. A
 * device that is itself a link, as to a pty, thus keeps its own name.
 */
export async function followLinks(start: string, isDevice: (path: string) => boolean): Promise<string | undefined> {
  let at = path.resolve(start);
  for (let step = 0; step < MAX_LINKS; step++) {
    if (isDevice(at)) return at;
    const next = await nextOf(at);
    if (next === undefined) break;
    at = next;
  }
  return realpath(start).catch(() => undefined);
}

/** As many as Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;

async function nextOf(link: string): Promise<string | undefined> {
  const target = await readlink(link).catch(() => undefined);
  return target === undefined ? undefined : path.resolve(path.dirname(link), target);
}
