import { fileURLToPath } from "node:url";
import { FlashError } from "../base/errors.js";

/** A scheme of one letter is a Windows drive. */
const schemePattern = /^([a-z][a-z0-9+.-]+):/i;

/** A URL in the midst of a text. */
const embeddedUrl = /[a-z][a-z0-9+.-]+:\/\/[^\s"'<>]+/gi;

/** Masking a shorter text would blacken half of the log. */
const minMaskedLength = 4;
const minMaskedValueLength = 8;

/** `http`, `https`, `file`, …; `path` where there is no scheme. */
export function schemeOf(location: string): string {
  return schemePattern.exec(location)?.[1]?.toLowerCase() ?? "path";
}

/** Throws `input/invalid` without repeating what may hold a password. */
export function parseHttpUrl(location: string, input: string): URL {
  if (!/^https?:\/\//i.test(location) || !URL.canParse(location)) {
    throw new FlashError("input/invalid", `${input} is not a valid URL: ${redactUrl(location)}`, { input });
  }
  const url = new URL(location);
  url.hash = "";
  return url;
}

/** Throws `input/invalid` for a relative file URL, and for one of another host where paths have no hosts. */
export function parseFileUrl(location: string, input: string): string {
  try {
    if (!/^file:\//i.test(location)) throw new Error("a file URL needs an absolute path");
    return fileURLToPath(location);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FlashError("input/invalid", `${input} is not a usable file URL: ${reason}`, { input });
  }
}

/** A URL without credentials, query and fragment, for people to read; in a text, each of its URLs is made so. */
export function redactUrl(text: string): string {
  const scheme = schemePattern.exec(text)?.[1];
  if (scheme === undefined) return text.replace(embeddedUrl, redactUrl);
  // A release is named in plain words, without anything secret.
  if (scheme === "github-release") return text;
  if (!URL.canParse(text)) return `${scheme}:…`;
  const url = new URL(text);
  return url.host === "" && url.protocol !== "file:"
    ? `${url.protocol}…`
    : `${url.protocol}//${url.host}${url.pathname}`;
}

/** The parts of a location that no log may show; of a text, those of each URL in it. */
export function secretsOf(location: string): string[] {
  if (schemeOf(location) === "path") return (location.match(embeddedUrl) ?? []).flatMap(secretsOf);
  if (!URL.canParse(location)) return [];
  const url = new URL(location);
  const credentials = [url.password, url.password === "" ? url.username : ""];
  const values = [...url.searchParams.values()].filter((value) => value.length >= minMaskedValueLength);
  const secrets = [
    ...[...credentials, ...credentials.map(decoded)].filter((part) => part.length >= minMaskedLength),
    ...values,
    ...values.map(encodeURIComponent),
    url.search.slice(1),
    decoded(url.search.slice(1)),
    basicCredentials(url) ?? "",
    url.password === "" ? "" : `${url.username}:${url.password}`,
  ];
  return [...new Set(secrets)].filter((secret) => secret !== "");
}

/** What follows `Basic ` in the Authorization header of a URL with credentials. */
export function basicCredentials(url: URL): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  return Buffer.from(`${decoded(url.username)}:${decoded(url.password)}`).toString("base64");
}

/** A stray `%` is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
