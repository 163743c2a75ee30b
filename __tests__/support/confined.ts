import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otherKernel } from "./other-kernel.js";

/** What a process shall lack. It is taken away for real where tests may mount; else it is answered in the kernel's place. */
export interface Confinement {
  /** A command that takes something away from what it runs. */
  readonly behind?: readonly string[];
  /** A folder that is hidden behind that command. */
  readonly hidden?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Who the process is, and owns the runner's folders. */
  readonly owner?: number;
  readonly end?: () => void;
}

const NOBODY = 65534;
/** A full disk has no room left for one byte, but for the names of files. */
const SMALL_DISK_BYTES = 64 * 1024;

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** Whether tests may mount and take the network away. A container often forbids both, and no package changes that. */
const mayMount = ((): boolean => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  const isAllowed = mount(folder) && succeeds("unshare", "--net", "--mount", "true");
  succeeds("umount", "--lazy", folder);
  rmSync(folder, { recursive: true });
  return isAllowed;
})();

function mount(folder: string): boolean {
  return succeeds("mount", "-t", "tmpfs", "-o", `size=${SMALL_DISK_BYTES},mode=777`, "tmpfs", folder);
}

/** No room below `folder`, which is made. */
export function fullDisk(folder: string): Confinement {
  mkdirSync(folder, { recursive: true });
  if (!mayMount) return { env: otherKernel({ failing: { [folder]: "ENOSPC" } }) };
  if (!mount(folder)) throw new Error(`nothing is mounted at ${folder}`);
  spawnSync("dd", ["if=/dev/zero", `of=${folder}/filler`], { stdio: "ignore" });
  return {
    end() {
      if (!succeeds("umount", "--lazy", folder)) throw new Error(`${folder} stays mounted`);
    },
  };
}

/** No connection can be made, not even to this machine. */
export function noNetwork(): Confinement {
  return mayMount ? { behind: ["unshare", "--net"] } : { env: otherKernel({ offline: true }) };
}

/** The kernel shows no devices. */
export function noSys(): Confinement {
  return mayMount
    ? { behind: ["unshare", "--mount"], hidden: "/sys" }
    : { env: otherKernel({ moved: { "/sys": "/nonexistent" } }) };
}

/** A user whom the rights of files bind. */
export function noRights(): Confinement {
  if (process.getuid?.() !== 0) return {};
  const switches = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
  if (!succeeds("setpriv", ...switches, "true"))
    throw new Error("root may not become nobody here: run this as another user");
  return { behind: ["setpriv", ...switches], owner: NOBODY };
}

/** Takes the right to write below `folder`, which is made, away from everyone but root; `end` gives it back. */
export function readOnly(folder: string): Confinement {
  mkdirSync(folder, { recursive: true });
  const change = (mode: string): void => {
    if (!succeeds("chmod", "-R", mode, folder)) throw new Error(`${folder} stays as it is`);
  };
  change("a-w");
  return { end: () => change("u+w") };
}
