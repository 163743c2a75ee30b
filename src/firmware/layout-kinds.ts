import { FlashError } from "../base/errors.js";
import { parseFlashArgs } from "./flash-args.js";
import { parseFlasherArgs } from "./flasher-args.js";
import { layoutError } from "./layout.js";
import type { Layout, LayoutSource } from "./layout.js";
import { parseManifest } from "./web-manifest.js";

/** One way to say which parts go where. */
export interface LayoutKind {
  /** What build systems call it. */
  readonly fileName: string;
  readonly isMeant: (text: string) => boolean;
  readonly parse: (source: LayoutSource) => Layout;
}

const controlSign = /[^\P{Cc}\t\r\n]/u;
/** Far more than a layout needs. */
const maxTextBytes = 256 * 1024;
/** A partition table has room for 95 partitions; a layout adds bootloader and table. */
const maxParts = 128;

/** In the order in which an archive is searched for them: the one that says most comes first. */
export const layoutKinds: readonly LayoutKind[] = [
  { fileName: "flasher_args.json", isMeant: (text) => hasKey(text, "flash_files"), parse: parseFlasherArgs },
  {
    fileName: "flash_args",
    isMeant: (text) => /^\s*(--flash[-_]|0x[0-9a-f]+[ \t]+\S)/i.test(text),
    parse: parseFlashArgs,
  },
  { fileName: "manifest.json", isMeant: (text) => hasKey(text, "builds"), parse: parseManifest },
];

/** The kind of layout that bears this name; undefined for all other files. */
export function layoutKindByName(path: string): LayoutKind | undefined {
  const fileName = path.slice(path.lastIndexOf("/") + 1);
  return layoutKinds.find((kind) => kind.fileName === fileName);
}

/** The kind of layout that these bytes are; undefined for all others. */
export function layoutKindByContent(bytes: Uint8Array): LayoutKind | undefined {
  const text = textOf(bytes);
  return text === undefined ? undefined : layoutKinds.find((kind) => kind.isMeant(text));
}

/**
 * The layout in a file, with at least one part. Throws `firmware/layout`, or `firmware/chip` where it is not for
 * `chip`.
 */
export function readLayout(
  kind: LayoutKind,
  file: { readonly name: string; readonly bytes: Uint8Array },
  chip: string | undefined,
): Layout {
  const { name } = file;
  if (file.bytes.length > maxTextBytes) throw layoutError(name, `is longer than ${maxTextBytes} bytes`, maxTextBytes);
  const text = new TextDecoder().decode(file.bytes);
  const strangeAt = text.search(controlSign);
  if (strangeAt >= 0) throw layoutError(name, "is not a text", strangeAt);
  const layout = kind.parse({ name, text, chip });
  if (layout.parts.length === 0) throw layoutError(name, "names no file to flash", 0);
  if (layout.parts.length > maxParts) {
    throw layoutError(name, `names ${layout.parts.length} files; at most ${maxParts} are taken`, 0);
  }
  if (chip !== undefined && layout.chip !== undefined && layout.chip !== chip) {
    throw new FlashError("firmware/chip", `${name} is for ${layout.chip}, but \`chip\` says ${chip}`, {
      name,
      layoutChip: layout.chip,
      chip,
    });
  }
  return layout;
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > maxTextBytes) return undefined;
  const text = new TextDecoder().decode(bytes);
  return controlSign.test(text) ? undefined : text;
}

function hasKey(text: string, key: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    return Object.hasOwn(JSON.parse(text) as object, key);
  } catch {
    return false;
  }
}
