import type { Clock } from "../base/clock.js";
import { archiveError } from "./archive.js";
import type { Archive } from "./archive.js";
import { checkNotEmpty, tooLarge } from "./check.js";
import { inflateGzip } from "./inflate.js";
import { maxFirmwareBytes } from "./limits.js";
import { isTar, openTar } from "./tar.js";
import { isZip, openZip } from "./zip.js";

/** Bytes with the name that tells people where they are from. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const archiveEnding = /\.(zip|tgz|tar|tar\.gz)$/i;

/**
 * Whether a file with this name may be meant to be unpacked, and not flashed as it is. A name without an ending, as
 * many servers have for their downloads, says nothing against it.
 */
export function hasPackedName(name: string): boolean {
  return archiveEnding.test(name) || /\.gz$/i.test(name) || !/\.[^/]*$/.test(name.slice(name.lastIndexOf("/") + 1));
}

/** The parts of `archive.zip#app.bin`; without a member where the name before the `#` is no archive's. */
export function splitMember(location: string): { readonly location: string; readonly member?: string } {
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(location);
  const at = location.indexOf("#");
  const front = at < 0 ? location : location.slice(0, at);
  const member = at < 0 ? "" : location.slice(at + 1);
  if (member === "" || (!isUrl && !archiveEnding.test(front))) return { location };
  return { location: front, member: isUrl ? decoded(member) : member };
}

/** A stray `%` is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What gzip has packed; other bytes as they are. Throws `firmware/archive`, `-/empty` or `-/too-large`. */
export async function gunzipped(file: NamedBytes): Promise<NamedBytes> {
  if (file.bytes[0] !== 0x1f || file.bytes[1] !== 0x8b) return file;
  const inflated = await inflateGzip(file.bytes, maxFirmwareBytes);
  if (inflated.kind === "damaged") throw archiveError(file.name, `cannot be unpacked: ${inflated.systemCode}`, 0);
  if (inflated.kind === "too-long") throw tooLarge(`the content of ${file.name}`, maxFirmwareBytes + 1);
  checkNotEmpty(`the content of ${file.name}`, inflated.bytes);
  return { name: file.name.replace(/\.gz$/i, ""), bytes: inflated.bytes };
}

/**
 * Undefined for bytes that are no archive, and are not called one. Throws `firmware/archive` or `firmware/too-large`.
 */
export function openArchive({ name, bytes }: NamedBytes, clock: Clock): Archive | undefined {
  if (isZip(bytes)) return openZip(name, bytes, clock);
  if (isTar(bytes)) return openTar(name, bytes);
  if (archiveEnding.test(name)) throw archiveError(name, "is neither a zip nor a POSIX or GNU tar file", 0);
  return undefined;
}
