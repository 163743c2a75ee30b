import { resolve } from "node:path";
import { linkedOutside } from "../files/links.js";

/** The whole path of a board's file. Throws an Error where a link in the workspace leads out of it. */
export function ownPath(file: string): string {
  const path = resolve(file);
  const elsewhere = linkedOutside(path);
  if (elsewhere !== undefined) throw new Error(`a link leads to ${elsewhere}, outside of the workspace`);
  return path;
}
