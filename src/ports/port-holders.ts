import { readFile, readdir, readlink, realpath } from "node:fs/promises";
import path from "node:path";

/** A process that has a port open. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line, at most 120 characters. */
  readonly command: string;
}

/**
 * The processes of Linux that have `port` open, oldest number first. Those of other users cannot be looked into; only root
 * sees all. Empty where there is no `/proc`. `procRoot` differs in tests only.
 */
export async function findPortHolders(port: string, procRoot = "/proc"): Promise<readonly PortHolder[]> {
  const device = await realpath(port).catch(() => port);
  const names = await readdir(procRoot).catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const holders: PortHolder[] = [];
  for (const pid of pids.sort((a, b) => a - b)) {
    const folder = path.join(procRoot, String(pid));
    if (await hasOpen(path.join(folder, "fd"), device)) holders.push({ pid, command: await commandOf(folder) });
  }
  return holders;
}

/** `false` also for a process that ends meanwhile, or that is another user's. */
async function hasOpen(fdFolder: string, device: string): Promise<boolean> {
  const descriptors = await readdir(fdFolder).catch(() => []);
  for (const descriptor of descriptors) {
    if ((await readlink(path.join(fdFolder, descriptor)).catch(() => undefined)) === device) return true;
  }
  return false;
}

const MAX_COMMAND = 120;

/** The kernel parts arguments by NUL; threads of its own have none, but a name. */
async function commandOf(folder: string): Promise<string> {
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), "utf8").catch(() => "");
  const command = (await read("cmdline")).split("\0").join(" ").trim() || (await read("comm")).trim() || "unknown";
  return command.length > MAX_COMMAND ? `${command.slice(0, MAX_COMMAND)}…` : command;
}
