import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { FlashError, toFlashError } from "../base/errors.js";
import { refuseLinkOut } from "../firmware/local.js";
import { readSymbols } from "../monitor/symbols.js";
import type { Symbolize } from "../monitor/symbols.js";
import type { Host } from "./host.js";

/** The symbols of the ELF file that the input `elf` names. Throws `firmware/unreadable`, `firmware/link`, `image/elf`. */
export async function loadSymbols(elf: string, host: Host, signal: AbortSignal): Promise<Symbolize> {
  const workspace = host.env.GITHUB_WORKSPACE ?? host.cwd();
  const path = resolve(workspace, elf);
  refuseLinkOut(path, workspace);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path, { signal });
  } catch (thrown) {
    signal.throwIfAborted();
    const { message } = toFlashError(thrown);
    throw new FlashError("firmware/unreadable", `\`elf\`: ${path} cannot be read: ${message}`, { path }, thrown);
  }
  return readSymbols(bytes);
}
