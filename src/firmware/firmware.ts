import { FlashError } from "../base/errors.js";
import type { Firmware, FirmwareDeps, FirmwareRequest } from "./source.js";
import { firmwareSources } from "./sources.js";
import { redactUrl, schemeOf } from "./url.js";

export type { Firmware, FirmwareDeps, FirmwareRequest } from "./source.js";

/**
 * Gets the firmware that a job flashes. Only what the user wrote leads to a file; no server does.
 * Throws `firmware/…`, `input/invalid`, or the signal's reason as soon as it aborts.
 */
export async function resolveFirmware(request: FirmwareRequest, deps: FirmwareDeps): Promise<Firmware> {
  deps.signal.throwIfAborted();
  const { location } = request;
  const scheme = schemeOf(location);
  const source = Object.hasOwn(firmwareSources, scheme) ? firmwareSources[scheme] : undefined;
  if (source === undefined || location.trim() === "") {
    throw new FlashError(
      "input/invalid",
      `firmware-url does not take "${redactUrl(location)}"; it takes an http:// or https:// URL, ` +
        "a file:/// URL, or a path (with ./ in front if its name has a colon)",
      { input: "firmware-url" },
    );
  }
  return source(request, deps);
}
