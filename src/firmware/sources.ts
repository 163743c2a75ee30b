import { FlashError } from "../base/errors.js";
import { loadFileUrl, loadPath } from "./local.js";
import type { FileRequest, FirmwareDeps, FirmwareFile, FirmwareSource } from "./source.js";
import { redactUrl, schemeOf } from "./url.js";

/** A local file needs neither an HTTP client nor a cache, and they take 50 ms to load. */
const loadUrl: FirmwareSource = async (request, deps) => (await import("./remote.js")).loadUrl(request, deps);
const loadAsset: FirmwareSource = async (request, deps) =>
  (await import("./github-release.js")).loadAsset(request, deps);

/** Where firmware may come from, by the scheme that the user wrote. */
const firmwareSources: Readonly<Record<string, FirmwareSource>> = {
  http: loadUrl,
  https: loadUrl,
  file: loadFileUrl,
  path: loadPath,
  "github-release": loadAsset,
};

/**
 * Gets one file. Only what the user wrote leads to a local one; no server does. Throws `firmware/…`, `input/invalid`,
 * or the signal's reason as soon as it aborts.
 */
export async function loadFile(request: FileRequest, deps: FirmwareDeps): Promise<FirmwareFile> {
  deps.signal.throwIfAborted();
  const { input, location } = request;
  const scheme = schemeOf(location);
  const source = Object.hasOwn(firmwareSources, scheme) ? firmwareSources[scheme] : undefined;
  // A URL behind a stray quote is no path, and no error about files may show what is in it.
  const isMistaken = location.trim() === "" || (scheme === "path" && location.includes("://"));
  if (source === undefined || isMistaken) {
    throw new FlashError(
      "input/invalid",
      `${input} does not take "${redactUrl(location)}"; it takes an http:// or https:// URL, a file:/// URL, ` +
        "github-release:owner/repo@tag/asset, or a path (with ./ in front if its name has a colon)",
      { input },
    );
  }
  return source(request, deps);
}
