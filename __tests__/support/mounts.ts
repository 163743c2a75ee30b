import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function run(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}

/** Whether tests may mount and take things away from a process. A container often forbids both, and no package changes that. */
export function canConfine(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), "mount-"));
  const isAllowed = mountTmpfs(folder, 64 * 1024) && run("unshare", "--net", "--mount", "true");
  run("umount", "--lazy", folder);
  rmSync(folder, { recursive: true });
  return isAllowed;
}

/** A file system in memory at `folder`, which is made. Tells whether it is there. */
export function mountTmpfs(folder: string, sizeBytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  return run("mount", "-t", "tmpfs", "-o", `size=${sizeBytes},mode=777`, "tmpfs", folder);
}

/** Makes what is mounted at `folder` read-only, even for root. */
export function makeReadOnly(folder: string): void {
  if (!run("mount", "-o", "remount,ro", folder)) throw new Error(`${folder} stays writable`);
}

export function unmount(folder: string): void {
  if (!run("umount", "--lazy", folder)) throw new Error(`${folder} stays mounted`);
}

/** `test`, or `test.skip` with the reason in its name where nothing can be mounted. */
export function testWithMounts(name: string, work: () => Promise<void>): void {
  if (canConfine()) test(name, work);
  else test.skip(`${name} (skipped: needs Linux, and root who may mount)`, () => undefined);
}
