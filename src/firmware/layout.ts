import { FlashError } from "../base/errors.js";
import type { FirmwareSettings } from "./part.js";

/** A file that says which parts go where. */
export interface Layout {
  readonly parts: readonly LayoutPart[];
  readonly settings: FirmwareSettings;
  /** As the input `chip` names it. */
  readonly chip?: string | undefined;
}

export interface LayoutPart {
  /** As it stands in the layout. */
  readonly path: string;
  readonly offset: number;
  readonly encrypted: boolean;
}

/** A layout's text, and what is known beside it. */
export interface LayoutSource {
  /** For people. */
  readonly name: string;
  readonly text: string;
  /** The chip that is wanted, where the input `chip` says it. */
  readonly chip: string | undefined;
}

/** `offset` counts the characters of the layout up to what is wrong. */
export function layoutError(name: string, what: string, offset: number): FlashError {
  return new FlashError("firmware/layout", `${name} ${what} (at character ${offset})`, { name, offset });
}

/** What only a layout has; other JSON documents are no firmware. */
export function isLayoutJson(json: object): boolean {
  return "flash_files" in json || "builds" in json;
}

/** A flash address in hex or decimal; undefined for any other text. */
export function parseAddress(text: string): number | undefined {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
  const address = Number(text);
  return address <= 0xffffffff ? address : undefined;
}
