import { tryInspect } from "../image/inspect.js";
import type { FirmwareContent } from "../image/inspect.js";

const known = new WeakMap<Uint8Array, FirmwareContent>();

/** What a file is; damaged images count as data. Each file is looked at once, as hashing megabytes takes a while. */
export function contentOf(file: { readonly bytes: Uint8Array }): FirmwareContent {
  const content = known.get(file.bytes) ?? tryInspect(file.bytes);
  known.set(file.bytes, content);
  return content;
}
