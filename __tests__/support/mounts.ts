import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function runAsRoot(command: string, ...args: readonly string[]): boolean {
  const asRoot = process.getuid?.() === 0 ? [command, ...args] : ["sudo", "-n", command, ...args];
  return spawnSync(asRoot[0] ?? "", asRoot.slice(1), { stdio: "ignore" }).status === 0;
}

/** Whether this machine lets the tests mount; a CI on Linux that does not would show too little. */
function canMount(): boolean {
  if (process.platform !== "linux") return false;
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  const isMounted = mountTmpfs(folder, 64 * 1024);
  if (isMounted) unmount(folder);
  rmSync(folder, { recursive: true });
  if (!isMounted && process.env.CI) throw new Error("this machine does not let the tests mount file systems");
  return isMounted;
}

/** A file system in memory at `folder`, which is made. Tells whether it is there. */
export function mountTmpfs(folder: string, sizeBytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  return runAsRoot("mount", "-t", "tmpfs", "-o", `size=${sizeBytes},mode=777`, "tmpfs", folder);
}

/** Makes what is mounted at `folder` read-only, even for root. */
export function makeReadOnly(folder: string): void {
  if (!runAsRoot("mount", "-o", "remount,ro", folder)) throw new Error(`${folder} stays writable`);
}

export function unmount(folder: string): void {
  if (!runAsRoot("umount", "--lazy", folder)) throw new Error(`${folder} stays mounted`);
}

/** `test`, or `test.skip` with the reason in its name where nothing can be mounted. */
export function testWithMounts(name: string, run: () => Promise<void>): void {
  if (canMount()) test(name, run);
  else test.skip(`${name} (skipped: needs Linux and the right to mount)`, () => undefined);
}
