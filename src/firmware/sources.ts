import { loadFileUrl, loadPath } from "./local.js";
import type { FirmwareSource } from "./source.js";

/** A local file needs neither an HTTP client nor a cache, and they take 50 ms to load. */
const loadUrl: FirmwareSource = async (request, deps) => (await import("./remote.js")).loadUrl(request, deps);

/** Where firmware may come from, by the scheme that the user wrote. */
export const firmwareSources: Readonly<Record<string, FirmwareSource>> = {
  http: loadUrl,
  https: loadUrl,
  file: loadFileUrl,
  path: loadPath,
};
