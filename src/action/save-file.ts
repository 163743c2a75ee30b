import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { FlashError } from "../base/errors.js";
import { linkedOutside } from "../files/links.js";

/**
 * Writes a file that an input names, relative to the workspace, with the folders above it. Returns its path. Throws
 * `job/file`, also where a link in the workspace leads out of it.
 */
export async function saveFile(workspace: string, file: string, content: string | Uint8Array): Promise<string> {
  const path = resolve(workspace, file);
  try {
    const elsewhere = linkedOutside(path, workspace);
    if (elsewhere !== undefined) throw new Error(`a link leads to ${elsewhere}, outside of the workspace`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  } catch (thrown) {
    throw new FlashError("job/file", `${path} cannot be written: ${String(thrown)}`, { path }, thrown);
  }
}
