import type { ErrorCode } from "../base/errors.js";
import { isLayoutJson } from "./layout.js";
import type { FileRequest } from "./source.js";

/** Where bytes came from, as far as it says what they may be. `contentType` is empty for files. */
export interface Origin {
  readonly source: "file" | "url";
  readonly contentType: string;
}

/** Something that plainly is not the file that was meant. */
export interface Impostor {
  readonly code: ErrorCode;
  /** Completes "… is". */
  readonly what: string;
}

/** Error pages, API answers and pointers are small; a large JSON file is data. */
const maxTextBytes = 256 * 1024;

/** Byte order mark, blanks, comments, XML declaration. */
const preamble = /^(?:\uFEFF|\s|<!--[^]*?-->|<\?xml[^]*?\?>)*/;
const htmlStart = /^<(?:!doctype\s+html|html|head|body|title|script|h1)[\s>]/i;
/** What S3, Azure and their kin say instead of an object. */
const storageErrorStart = /^<(?:Error|ListBucketResult|EnumerationResults)[\s>]/;
/** The current and the two earlier names of the format (git-lfs docs/spec.md; lfs/pointer.go `v1Aliases`). */
const lfsStart = /^version https?:\/\/(?:git-lfs\.github\.com|hawser\.github\.com|git-media\.io)\//;

/** Keys by which JSON shows itself as an answer of an API and not as data: errors, and GitHub's asset metadata. */
const apiKeys = new Set([
  "message",
  "error",
  "errors",
  "detail",
  "statusCode",
  "documentation_url",
  "browser_download_url",
  "download_url",
]);

/**
 * What the bytes are instead of firmware; undefined if they may be what was meant. A local HTML or JSON file may be
 * meant for a file system at an explicit offset. From a server the same page is a login page, and a Git LFS pointer
 * is never meant.
 */
export function findImpostor(bytes: Uint8Array, origin: Origin, purpose: FileRequest["purpose"]): Impostor | undefined {
  const text = leadingText(bytes);
  if (text === undefined) return undefined;
  if (lfsStart.test(text)) return { code: "firmware/lfs-pointer", what: describePointer(text) };
  if (purpose === "data" && origin.source === "file") return undefined;

  const start = text.replace(preamble, "");
  if (htmlStart.test(start)) return { code: "firmware/html", what: "an HTML page" };
  if (storageErrorStart.test(start)) return { code: "firmware/html", what: "an XML answer of a storage service" };
  const json = parseJson(start, bytes.length);
  if (json !== undefined && !isLayoutJson(json) && (purpose === "image" || isApiAnswer(json, origin))) {
    return { code: "firmware/json", what: "a JSON document" };
  }
  // Bytes that are no UTF-8 may be data without control characters, such as erased flash.
  const isUtf8 = !text.slice(0, 128).includes("\uFFFD");
  if (json === undefined && isUtf8 && /^text\/html\b/i.test(origin.contentType)) {
    return { code: "firmware/html", what: "text that the server calls an HTML page" };
  }
  return undefined;
}

/** The first characters; undefined for binary data, which has control characters early on. */
function leadingText(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, maxTextBytes);
  const isText = head.subarray(0, 512).every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  if (!isText) return undefined;
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(head);
}

function describePointer(text: string): string {
  const sizeBytes = /^size (\d+)$/m.exec(text)?.[1];
  return `a Git LFS pointer${sizeBytes === undefined ? "" : ` to a file of ${sizeBytes} bytes`}`;
}

function parseJson(text: string, lengthBytes: number): object | undefined {
  if (lengthBytes > maxTextBytes || !/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

function isApiAnswer(json: object, origin: Origin): boolean {
  return /^application\/problem\+json\b/i.test(origin.contentType) || Object.keys(json).some((key) => apiKeys.has(key));
}
