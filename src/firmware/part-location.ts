import { realpath } from "node:fs/promises";
import { posix, resolve } from "node:path";
import { FlashError } from "../base/errors.js";
import { isWithin } from "../files/links.js";
import { objectionTo, withoutCredentials } from "./redirect.js";
import type { FileRequest, LayoutBase } from "./source.js";

/**
 * The location of a part that a layout names: below the layout's folder, at an http or https URL, or an asset of the
 * same release. `request` is what led to the layout; its credentials go along within one origin. Throws
 * `firmware/layout-path` for every other place.
 */
export async function partLocation(
  layout: { readonly name: string; readonly base: LayoutBase },
  path: string,
  request: FileRequest,
): Promise<string> {
  const { name, base } = layout;
  if (base.kind === "url") return urlOf(name, new URL(base.url), path, request);
  if (/^https?:\/\//i.test(path)) {
    // A release came over https, and so must what it names.
    return urlOf(name, base.kind === "folder" ? "workspace" : new URL(request.github.apiUrl), path, request);
  }
  if (base.kind === "folder") return await pathInFolder(name, base.path, path);
  const asset = relativePath(name, "", path);
  if (asset.includes("/") || asset.includes("#")) {
    throw pathError(name, path, "which is not the name of an asset of the same release");
  }
  return base.prefix + asset;
}

/**
 * `path` seen from `folder`, where both are of the kind that archives and build systems write: with `/`, not absolute.
 * Throws `firmware/layout-path` if it leaves the place that `folder` starts from.
 */
export function relativePath(layoutName: string, folder: string, path: string): string {
  if (path === "") throw pathError(layoutName, path, "which is empty");
  if (path.startsWith("/") || /^[a-z][a-z0-9+.-]*:/i.test(path) || /[\\\p{Cc}]/u.test(path)) {
    throw pathError(layoutName, path, "which is not a plain relative path");
  }
  const joined = posix.join(folder, path);
  if (joined === ".." || joined.startsWith("../")) throw pathError(layoutName, path, "which leads out of its place");
  return joined;
}

function pathError(layoutName: string, path: string, why: string): FlashError {
  return new FlashError("firmware/layout-path", `${layoutName} names ${JSON.stringify(path)}, ${why}`, {
    name: layoutName,
    path,
  });
}

async function pathInFolder(layoutName: string, folder: string, path: string): Promise<string> {
  const wanted = resolve(folder, relativePath(layoutName, "", path));
  const [realFolder, realWanted] = await Promise.all([realOf(folder), realOf(wanted)]);
  if (realFolder !== undefined && realWanted !== undefined && !isWithin(realFolder, realWanted)) {
    throw pathError(layoutName, path, "a link that leads out of its folder");
  }
  return wanted;
}

/** Undefined for what is not there: reading it will tell better. */
function realOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}

function urlOf(layoutName: string, from: URL | "workspace", path: string, request: FileRequest): string {
  const base = from === "workspace" ? undefined : from;
  if (!URL.canParse(path, base?.href)) throw pathError(layoutName, path, "which is not a URL");
  const target = withoutCredentials(new URL(path, base));
  const objection = objectionTo(from, target);
  if (objection !== undefined) throw pathError(layoutName, path, `which leads ${objection}`);
  const asked = URL.canParse(request.location) ? new URL(request.location) : undefined;
  if (asked?.origin === target.origin) {
    target.username = asked.username;
    target.password = asked.password;
  }
  return target.href;
}
