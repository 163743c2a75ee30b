import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { FlashError } from "../base/errors.js";
import { isContainer } from "./container.js";

/** Makes the folder for all users. Throws `lock/unavailable`. */
export function prepareLockDir(lockDir: string): void {
  try {
    if (!existsSync(lockDir) && mkdirSync(lockDir, { recursive: true }) !== undefined) {
      // Not sticky: whoever takes a board over must be able to replace what another user's killed job left.
      chmodSync(lockDir, 0o777);
    }
    accessSync(lockDir, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!statSync(lockDir).isDirectory()) throw new Error("it is not a folder");
  } catch (thrown) {
    throw lockDirError(lockDir, thrown);
  }
}

/** Such as a disk that is full. */
export function lockDirError(lockDir: string, thrown: unknown): FlashError {
  const message = `\`lock-dir\` ${lockDir} cannot be used: ${String(thrown)}`;
  return new FlashError("lock/unavailable", message, { path: lockDir }, thrown);
}

const FOLDER = "esp32-flash-action";

/**
 * The folder that all users of this machine share: `/run/lock` where everybody may write it (Debian and its kin), else
 * `/tmp`; on Windows the one for all users' data. `root` is `/` but for tests.
 */
export function defaultLockDir(env: Readonly<Record<string, string | undefined>>, root = "/"): string {
  if (process.platform === "win32") return path.join(env.ProgramData ?? "C:\\ProgramData", FOLDER, "locks");
  const common = path.join(root, "run", "lock");
  const mode = statSync(common, { throwIfNoEntry: false })?.mode ?? 0;
  return path.join((mode & 0o002) !== 0 ? common : path.join(root, "tmp"), FOLDER);
}

/**
 * Why jobs outside would not meet this one in `lockDir`: it lies in the container's own file system, or in a /tmp that
 * systemd made for one service. `undefined` if nothing speaks against it. `root` is `/` but for tests.
 */
export function privateLockDir(lockDir: string, root = "/"): string | undefined {
  const mount = mountOf(path.resolve(lockDir), root);
  if (mount === undefined) return undefined;
  if (mount.source.includes("/systemd-private-"))
    return "systemd gives this service a folder of its own there (PrivateTmp)";
  if (!isContainer(root) || !OWN_FILE_SYSTEMS.has(mount.type)) return undefined;
  return "it lies in the container's own file system: mount the host's folder there";
}

/** What a container's own folders lie in, unlike those that are mounted from the host. */
const OWN_FILE_SYSTEMS = new Set(["overlay", "tmpfs", "aufs", "fuse.fuse-overlayfs"]);

interface Mount {
  /** Which folder of the file system is mounted. */
  readonly source: string;
  readonly point: string;
  readonly type: string;
}

/** Two ids, a device, what is mounted where, options; behind the dash the file system's type. */
const MOUNT_LINE = /^\S+ \S+ \S+ (\S+) (\S+) .*? - (\S+) /gm;

/** The mount that `folder` lies in, as proc(5) lists them in mountinfo. */
function mountOf(folder: string, root: string): Mount | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(root, "proc/self/mountinfo"), "utf8");
  } catch {
    // Not Linux: there is nothing to tell.
    return undefined;
  }
  const mounts = [...text.matchAll(MOUNT_LINE)].map(([, source = "", point = "", type = ""]) => ({
    source,
    point,
    type,
  }));
  const isAbove = ({ point }: Mount): boolean => point === "/" || folder === point || folder.startsWith(`${point}/`);
  // A later mount covers an earlier one at the same place.
  return mounts
    .filter(isAbove)
    .reduce<Mount | undefined>(
      (best, mount) => (best === undefined || mount.point.length >= best.point.length ? mount : best),
      undefined,
    );
}
