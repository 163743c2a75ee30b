import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** Whether `path` is `folder` or lies in it, by its words alone. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The workspace of the job, to which paths in inputs are relative. */
function workspaceFolder(): string {
  return process.env.GITHUB_WORKSPACE ?? process.cwd();
}

/**
 * Where `path` really lies, if it is in the workspace by its words and a link leads out of it; `undefined` where none
 * does. What was checked out there may be others' work: a link in it would pass off any file of this machine as firmware,
 * or let a report be written over it. The runner's folder for temporary files counts as inside. Files need not be there.
 */
export function linkedOutside(path: string, workspace = workspaceFolder()): string | undefined {
  if (!isWithin(workspace, path)) return undefined;
  const real = realPlace(path);
  const allowed = [workspace, process.env.RUNNER_TEMP ?? workspace].map(realPlace);
  return allowed.some((folder) => isWithin(folder, real)) ? undefined : real;
}

/** As realpath(3), but also for what is not there yet: writing to a link makes what it leads to. */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch (thrown) {
    const parent = dirname(path);
    // A link that leads in a circle cannot be opened either.
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT" || parent === path) return path;
    const target = linkTarget(path);
    return target === undefined
      ? join(realPlace(parent), basename(path))
      : realPlace(resolve(realPlace(parent), target));
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
