import { FlashError } from "../base/errors.js";
import { checkSize } from "./check.js";
import { expandFile } from "./expand.js";
import type { Expanded } from "./expand.js";
import type { FirmwareSet, PartPlace } from "./part.js";
import type { FileContext, FirmwareDeps } from "./source.js";
import { splitMember } from "./unpack.js";
import { redactUrl } from "./url.js";

export type { FirmwareSet } from "./part.js";
export type { FirmwareDeps } from "./source.js";

/** One thing to flash, as the user names it. */
export interface FirmwareItem {
  /** An http, https, file or github-release URL, or a path; behind a `#` the member of an archive. */
  readonly location: string;
  /** Of the file that is fetched, 64 hex digits in either case. */
  readonly sha256?: string | undefined;
  readonly place?: PartPlace | undefined;
}

export interface FirmwareRequest extends FileContext {
  /** At least one; several need a place each. */
  readonly items: readonly FirmwareItem[];
  /** The chip that the input `chip` names; undefined for `auto`. */
  readonly chip: string | undefined;
}

/**
 * Gets all that a job flashes. Only what the user wrote leads to a file; no server, redirect or manifest does. Throws
 * `firmware/…`, `image/…`, `input/invalid`, `input/conflict`, or the signal's reason as soon as it aborts.
 */
export async function resolveFirmware(request: FirmwareRequest, deps: FirmwareDeps): Promise<FirmwareSet> {
  const { items, ...context } = request;
  const found: Expanded[] = [];
  for (const { location: written, sha256, place } of items) {
    const { location, member } = splitMember(written);
    const purpose = place === undefined ? "image" : "data";
    found.push(await expandFile({ ...context, location, member, sha256, place, purpose }, deps));
    checkSize("the firmware as a whole", sizeOf(found));
  }
  return joined(found, request);
}

function sizeOf(found: readonly Expanded[]): number {
  return found.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.bytes.length, 0);
}

function joined(found: readonly Expanded[], request: FirmwareRequest): FirmwareSet {
  const files = found.flatMap((each) => each.files);
  const [first] = files;
  if (first === undefined) throw new FlashError("input/required", "No firmware is named.", { inputs: [request.input] });
  const sources = new Set(files.map(({ source }) => source));
  return {
    name: request.items.length === 1 ? first.name : request.items.map(({ location }) => shownName(location)).join(", "),
    sha256: files.length === 1 ? first.sha256 : undefined,
    parts: found.flatMap(({ parts }) => parts),
    settings: Object.assign({}, ...found.map(({ settings }) => settings)) as FirmwareSet["settings"],
    chip: found.map(({ chip }) => chip).find((chip) => chip !== undefined),
    source: sources.size > 1 ? "mixed" : first.source,
    fromCache: files.every(({ fromCache }) => fromCache),
    downloadedBytes: files.reduce((sum, { downloadedBytes }) => sum + downloadedBytes, 0),
  };
}

/** The last part of a location, for people. */
function shownName(location: string): string {
  return redactUrl(location).split(/[\\/]/).at(-1) ?? "";
}
