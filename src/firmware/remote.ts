import { FlashError } from "../base/errors.js";
import { openCache } from "./cache.js";
import type { FirmwareCache } from "./cache.js";
import { checkContent, checkNotEmpty } from "./check.js";
import { sha256Of } from "./digest.js";
import { download } from "./download.js";
import type { KnownCopy } from "./answer.js";
import type { FileRequest, FirmwareDeps, FirmwareFile } from "./source.js";
import { parseHttpUrl, redactUrl } from "./url.js";

type Copy = Pick<FirmwareFile, "sha256" | "bytes">;

/** A file on a server. */
export interface RemoteFile {
  /** For people. */
  readonly name: string;
  readonly url: URL;
  /** Goes to the URL's own origin only. */
  readonly authorization?: string | undefined;
  /** What the server says that the file's SHA-256 is; 64 lower-case hex digits. */
  readonly announcedSha256?: string | undefined;
}

/** The file at an http or https URL. */
export function loadUrl(request: FileRequest, deps: FirmwareDeps): Promise<FirmwareFile> {
  const url = parseHttpUrl(request.location, request.input);
  return loadRemote({ url, name: redactUrl(url.href) }, request, deps);
}

/**
 * Gets a file from its server, or from the cache: where the digest is known beforehand, a cached copy needs no
 * request; else the server is asked whether the copy is still current.
 */
export async function loadRemote(file: RemoteFile, request: FileRequest, deps: FirmwareDeps): Promise<FirmwareFile> {
  const { name, url, authorization, announcedSha256 } = file;
  const cache = openCache(deps);
  const expected = request.sha256?.toLowerCase() ?? announcedSha256;

  if (expected !== undefined) {
    const bytes = await cache.find(expected);
    if (bytes !== undefined) return fromCache({ sha256: expected, bytes }, name, redactUrl(url.href), request);
  }
  // A digest that is not cached cannot be what the URL delivered last.
  const known = expected === undefined ? await findKnownCopy(cache, url) : undefined;
  const answer = await download({ url, authorization }, known, deps);
  if (answer.kind === "unchanged") return fromCache(answer.copy, name, answer.copy.validator.finalUrl, request);

  const { bytes, wireBytes, contentType, validator, finalUrl } = answer;
  checkNotEmpty(name, bytes);
  const sha256 = await sha256Of(bytes, deps.clock);
  checkContent({ name, bytes, sha256 }, { source: "url", contentType }, request);
  checkAnnounced(file, sha256);
  await cache.enter(sha256, bytes);
  if (validator !== undefined) await cache.remember(url, { sha256, validator });
  const base = { kind: "url", url: finalUrl } as const;
  return { name, bytes, sha256, source: "url", fromCache: false, downloadedBytes: wireBytes, base };
}

/** The file that `sha256` names, if an earlier run has left it in the cache. No request is made. */
export async function findPinned(
  file: { readonly name: string; readonly url: string },
  request: FileRequest,
  deps: FirmwareDeps,
): Promise<FirmwareFile | undefined> {
  const sha256 = request.sha256?.toLowerCase();
  const bytes = sha256 === undefined ? undefined : await openCache(deps).find(sha256);
  return sha256 === undefined || bytes === undefined
    ? undefined
    : fromCache({ sha256, bytes }, file.name, file.url, request);
}

function fromCache({ sha256, bytes }: Copy, name: string, finalUrl: string, request: FileRequest): FirmwareFile {
  checkContent({ name, bytes, sha256 }, { source: "url", contentType: "" }, request);
  const base = { kind: "url", url: finalUrl } as const;
  return { name, bytes, sha256, source: "url", fromCache: true, downloadedBytes: 0, base };
}

function checkAnnounced({ name, announcedSha256 }: RemoteFile, sha256: string): void {
  if (announcedSha256 === undefined || announcedSha256 === sha256) return;
  throw new FlashError("firmware/sha256", `${name} has the SHA-256 ${sha256}, but its server says ${announcedSha256}`, {
    name,
    sha256,
    expectedSha256: announcedSha256,
  });
}

async function findKnownCopy(cache: FirmwareCache, url: URL): Promise<KnownCopy | undefined> {
  const record = await cache.recall(url);
  const bytes = record === undefined ? undefined : await cache.find(record.sha256);
  return record === undefined || bytes === undefined ? undefined : { ...record, bytes };
}
