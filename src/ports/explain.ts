import { existsSync, readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import type { ErrorCode } from "../base/errors.js";
import { FlashError } from "../base/errors.js";
import { isContainer } from "./container.js";
import type { PortHolder } from "./port-holders.js";
import { findPortHolders } from "./port-holders.js";

/** Services that open each new serial port by themselves, and how they are kept off. */
const MEDDLERS: readonly (readonly [RegExp, string])[] = [
  [
    /ModemManager/,
    'ModemManager looks for modems on new ports: stop it (`sudo systemctl disable --now ModemManager`), or exempt the board with a udev rule that sets ENV{ID_MM_DEVICE_IGNORE}="1"',
  ],
  [/brltty/, "brltty takes USB bridges for Braille displays: remove it (`sudo apt-get remove brltty`)"],
];

type Explainer = (error: FlashError, port: string, root: string) => string | undefined | Promise<string | undefined>;

const explainers: Partial<Readonly<Record<ErrorCode, Explainer>>> = {
  "port/busy": async (_, port, root) => explainBusy(await findPortHolders(port, path.join(root, "proc"))),
  "port/permission": (_, port, root) => explainPermission(port, root),
  "port/not-found": (_, port, root) => (isContainer(root) ? containerHint(port) : undefined),
};

/**
 * What was said when a port of Linux could not be opened, with what this machine knows about it: who has it open, which
 * group is missing, what the container lacks. Any other error comes back as it is. `root` is `/` but for tests.
 */
export async function explainPortError(error: FlashError, port: string, root = "/"): Promise<FlashError> {
  if (process.platform !== "linux") return error;
  const more = await explainers[error.code]?.(error, port, root);
  return more === undefined ? error : new FlashError(error.code, `${error.message}; ${more}`, error.details, error);
}

function explainBusy(holders: readonly PortHolder[]): string {
  if (holders.length === 0) return "who has it open cannot be seen: it is a process of another user or container";
  const named = holders.map(({ pid, command }) => `process ${pid} (${command})`).join(", ");
  const hints = MEDDLERS.filter(([name]) => holders.some(({ command }) => name.test(command))).map(([, hint]) => hint);
  return [`it is open in ${named}`, ...hints].join("; ");
}

function explainPermission(port: string, root: string): string | undefined {
  const device = statSync(port, { throwIfNoEntry: false });
  if (device === undefined) return undefined;
  const group = groupName(device.gid, root);
  const isMember = process.getgroups?.().includes(device.gid) ?? false;
  const groupMay = (device.mode & 0o060) === 0o060;
  if (isContainer(root)) return `${containerHint(port)} --group-add ${device.gid}`;
  if (!groupMay) return `its mode is ${(device.mode & 0o777).toString(8)}, so that not even group ${group} may use it`;
  // Being in the group does not help: then something else forbids it, such as a sandbox of the service.
  if (isMember)
    return `the user is in group ${group} as it must be: does a sandbox of the runner's service forbid devices?`;
  const user = userInfo().username;
  return `it belongs to group ${group}: \`sudo usermod -aG ${group} ${user}\`, then start the runner's service again`;
}

function groupName(gid: number, root: string): string {
  const groups = readIfThere(path.join(root, "etc", "group")).split("\n");
  const entry = groups.map((line) => line.split(":")).find(([, , id]) => id === String(gid));
  return entry?.[0] ?? String(gid);
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

function containerHint(port: string): string {
  return (
    "this is a container: start it with `-v /dev:/dev --privileged`, which follows a board that gets a new number, or with " +
    `--device ${port}`
  );
}
