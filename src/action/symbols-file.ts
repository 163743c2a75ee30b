import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { FlashError, toFlashError } from "../base/errors.js";
import { readSymbols } from "../monitor/symbols.js";
import type { Symbolize } from "../monitor/symbols.js";
import type { Host } from "./host.js";

/** The symbols of the ELF file that the input `elf` names. Throws `firmware/unreadable`, `image/elf`. */
export async function loadSymbols(elf: string, host: Host, signal: AbortSignal): Promise<Symbolize> {
  const path = resolve(host.env.GITHUB_WORKSPACE ?? host.cwd(), elf);
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
