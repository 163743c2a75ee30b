import { FlashError } from "../base/errors.js";
import { hex32, toHex } from "../base/bytes.js";
import { parseAppDescription } from "./app-description.js";
import { parseBootloaderDescription } from "./bootloader-description.js";
import { needsFlashMapping } from "./chip-memory.js";
import { sha256 } from "./digest.js";
import type { EspImage } from "./esp-image.js";
import { isEsp8266Image, parseEsp8266Image } from "./esp8266-image.js";
import { IMAGE_HEADER_BYTES, parseHeader, truncated } from "./header.js";
import { checkChecksum, checksumOffset, DIGEST_BYTES, imageLength, parseSegments, segmentBytes } from "./segments.js";
import type { ImageSegment } from "./segments.js";

export type { EspImage } from "./esp-image.js";

const addressesOf = (segments: readonly ImageSegment[]): number[] => segments.map((segment) => segment.address);

function checkDigest(image: Uint8Array, at: number, start: number): string {
  const stored = toHex(image.subarray(at, at + DIGEST_BYTES));
  const offset = hex32(start + at);
  if (stored.length < DIGEST_BYTES * 2) {
    throw truncated(`The image ends before its SHA-256 at ${offset} is complete.`, { offset });
  }
  const computed = toHex(sha256(image.subarray(0, at)));
  if (computed !== stored) {
    throw new FlashError(
      "image/digest",
      `The image says that its SHA-256 is ${stored} (at ${offset}), but its bytes give ${computed}.`,
      { stored, computed, offset },
    );
  }
  return stored;
}

/**
 * Reads and checks the image that begins at `offset`; what follows it is ignored. Throws image/malformed,
 * image/truncated, image/checksum or image/digest.
 */
export function parseImage(bytes: Uint8Array, offset = 0): EspImage {
  if (isEsp8266Image(bytes, offset)) return parseEsp8266Image(bytes, offset);
  const { segmentCount, hasDigest, ...header } = parseHeader(bytes, offset);
  const at = offset + IMAGE_HEADER_BYTES;
  const { segments, dataEnd } = parseSegments(bytes, { start: offset, at, count: segmentCount });
  const image = bytes.subarray(offset);
  const checksumAt = checksumOffset(dataEnd - offset);
  checkChecksum(image, segments, { at: checksumAt, start: offset });
  const digest = hasDigest ? checkDigest(image, checksumAt + 1, offset) : undefined;
  const first = segments[0] === undefined ? new Uint8Array(0) : segmentBytes(image, segments[0]);
  const app = parseAppDescription(first);
  const isApp = app !== undefined || needsFlashMapping(header.chipId, addressesOf(segments));
  const bootloader = isApp ? undefined : parseBootloaderDescription(first);
  return {
    kind: isApp ? "app" : "bootloader",
    ...header,
    segments,
    lengthBytes: imageLength(dataEnd - offset, hasDigest),
    ...(digest === undefined ? {} : { digest }),
    ...(app === undefined ? {} : { app }),
    ...(bootloader === undefined ? {} : { bootloader }),
  };
}
