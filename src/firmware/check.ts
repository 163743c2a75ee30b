import { formatBytes } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import type { ErrorDetails } from "../base/errors.js";
import { maxFirmwareBytes } from "./limits.js";
import { findImpostor } from "./sniff.js";
import type { Origin } from "./sniff.js";
import type { FileRequest } from "./source.js";

/**
 * Refuses bytes that are not what the request means. A matching `sha256` settles it, whatever the bytes look like.
 * Throws `firmware/html`, `firmware/json`, `firmware/lfs-pointer` or `firmware/sha256`.
 */
export function checkContent(
  content: { readonly name: string; readonly bytes: Uint8Array; readonly sha256: string },
  origin: Origin,
  request: Pick<FileRequest, "sha256" | "purpose">,
): void {
  const expected = request.sha256?.toLowerCase();
  if (content.sha256 === expected) return;
  const facts = { name: content.name, sizeBytes: content.bytes.length, sha256: content.sha256 };
  const impostor = findImpostor(content.bytes, origin, request.purpose);
  if (impostor !== undefined) {
    const wayOut = expected === undefined ? "; if it is meant, name its `sha256`" : "";
    throw new FlashError(
      impostor.code,
      `${content.name} (${formatBytes(content.bytes.length)}) is ${impostor.what}${wayOut}`,
      facts,
    );
  }
  if (expected !== undefined) {
    throw new FlashError(
      "firmware/sha256",
      `${content.name} (${formatBytes(content.bytes.length)}) has the SHA-256 ${content.sha256}, but sha256 says ${expected}`,
      { ...facts, expectedSha256: expected },
    );
  }
}

/** `sizeBytes` is what was found, announced, or read so far. */
export function checkSize(name: string, sizeBytes: number): void {
  if (sizeBytes > maxFirmwareBytes) throw tooLarge(name, sizeBytes);
}

/** `sizeBytes` is a size that it has at least. */
export function tooLarge(name: string, sizeBytes: number, details: ErrorDetails = {}): FlashError {
  return new FlashError(
    "firmware/too-large",
    `${name} has at least ${formatBytes(sizeBytes)}; the largest flash has ${formatBytes(maxFirmwareBytes)}`,
    { name, sizeBytes, maxBytes: maxFirmwareBytes, ...details },
  );
}

/** Throws `firmware/empty`. */
export function checkNotEmpty(name: string, bytes: Uint8Array): void {
  if (bytes.length === 0) throw new FlashError("firmware/empty", `${name} is empty`, { name });
}
