import { openCache } from "./cache.js";
import type { FirmwareCache } from "./cache.js";
import { checkContent, checkNotEmpty } from "./check.js";
import { sha256Of } from "./digest.js";
import { download } from "./download.js";
import type { KnownCopy } from "./download.js";
import type { Firmware, FirmwareDeps, FirmwareRequest } from "./source.js";
import { parseHttpUrl, redactUrl } from "./url.js";

type Copy = Pick<Firmware, "sha256" | "bytes">;

/**
 * Firmware at an http or https URL. With `sha256` a cached copy needs no request; without, the server is asked
 * whether the copy is still current.
 */
export async function loadUrl(request: FirmwareRequest, deps: FirmwareDeps): Promise<Firmware> {
  const url = parseHttpUrl(request.location);
  const name = redactUrl(url.href);
  const cache = openCache(deps);
  const expected = request.sha256?.toLowerCase();

  const fromCache = ({ sha256, bytes }: Copy): Firmware => {
    checkContent({ name, bytes, sha256 }, { source: "url", contentType: "" }, request);
    return { name, bytes, sha256, source: "url", fromCache: true, downloadedBytes: 0 };
  };

  if (expected !== undefined) {
    const pinned = await cache.find(expected);
    if (pinned !== undefined) return fromCache({ sha256: expected, bytes: pinned });
  }
  // A pinned digest that is not cached cannot be what the URL delivered last.
  const known = expected === undefined ? await findKnownCopy(cache, url) : undefined;
  const answer = await download(url, known, deps);
  if (answer.kind === "unchanged") return fromCache(answer.copy);

  const { bytes, wireBytes, contentType, validator } = answer;
  checkNotEmpty(name, bytes);
  const sha256 = await sha256Of(bytes, deps.clock);
  checkContent({ name, bytes, sha256 }, { source: "url", contentType }, request);
  await cache.enter(sha256, bytes);
  if (validator !== undefined) await cache.remember(url, { sha256, validator });
  return { name, bytes, sha256, source: "url", fromCache: false, downloadedBytes: wireBytes };
}

async function findKnownCopy(cache: FirmwareCache, url: URL): Promise<KnownCopy | undefined> {
  const record = await cache.recall(url);
  const bytes = record === undefined ? undefined : await cache.find(record.sha256);
  return record === undefined || bytes === undefined ? undefined : { ...record, bytes };
}
