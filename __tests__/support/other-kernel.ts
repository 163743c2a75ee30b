import path from "node:path";
import { pathToFileURL } from "node:url";

/** What a process shall find that only somebody who may mount could give it otherwise. */
export interface KernelOrders {
  /** Folders by where they really are; `/sys` that lies where nothing is looks like a kernel without it. */
  readonly moved?: Readonly<Record<string, string>>;
  /** Folders in which all that writes ends with this error. */
  readonly failing?: Readonly<Record<string, "ENOSPC" | "EROFS">>;
  /** No connection can be made. */
  readonly offline?: boolean;
}

/** Variables that put a Node process before such a kernel. */
export function otherKernel(orders: KernelOrders): Readonly<Record<string, string>> {
  const hook = pathToFileURL(path.join(import.meta.dirname, "kernel-hook.mjs"));
  return { NODE_OPTIONS: `--import ${hook.href}`, OTHER_KERNEL: JSON.stringify(orders) };
}
