import { FlashError } from "../base/errors.js";
import { nearbyPlace } from "./nearby.js";
import { redactUrl } from "./url.js";

const redirectStatus = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return redirectStatus.has(status);
}

/**
 * Where a redirect from `from` leads, without credentials of the server's choice.
 * Throws `firmware/redirect` for a place that no server may send us to.
 */
export function redirectTarget(from: URL, locationHeader: string | undefined): URL {
  if (locationHeader === undefined) throw refused(from, "redirects without saying where to");
  if (!URL.canParse(locationHeader, from.href)) throw refused(from, "redirects to something that is not a URL");
  const target = new URL(locationHeader, from.href);
  const objection = objectionTo(from, target);
  if (objection !== undefined) throw refused(from, `redirects ${objection}`);
  return withoutCredentials(target);
}

/**
 * Why what came from `from` may not send us to `target`; completes "redirects". Undefined if it may. What is written in
 * the workspace may name this machine, a server elsewhere may not: it would reach through us what it does not see itself.
 */
export function objectionTo(from: URL | "workspace", target: URL): string | undefined {
  const shown = redactUrl(target.href);
  if (target.protocol !== "http:" && target.protocol !== "https:") {
    return `to ${shown}, which is neither http nor https`;
  }
  const fromPlace = from === "workspace" ? "this machine" : nearbyPlace(from);
  const place = nearbyPlace(target);
  if (place !== undefined && place !== fromPlace) return `to ${shown}, which is ${place}`;
  return from !== "workspace" && from.protocol === "https:" && target.protocol === "http:"
    ? `from https to ${shown}, which is not encrypted`
    : undefined;
}

/** The same place without credentials of somebody else's choice, and without a fragment. */
export function withoutCredentials(target: URL): URL {
  const bare = new URL(target);
  bare.username = "";
  bare.password = "";
  bare.hash = "";
  return bare;
}

/** Also for a chain that is too long. */
export function refused(from: URL, what: string): FlashError {
  const url = redactUrl(from.href);
  return new FlashError("firmware/redirect", `${url} ${what}`, { url });
}
