import { FlashError } from "../base/errors.js";
import { formatBytes, hex32, toHex } from "../base/bytes.js";
import { parseAppDescription } from "./app-description.js";
import type { AppDescription } from "./app-description.js";
import { needsFlashMapping } from "./chip-memory.js";
import { sha256 } from "./digest.js";
import { IMAGE_HEADER_BYTES, parseHeader, truncated } from "./header.js";
import type { ImageHeader } from "./header.js";
import {
  checksumOffset,
  DIGEST_BYTES,
  imageLength,
  parseSegmentHeader,
  SEGMENT_HEADER_BYTES,
  segmentChecksum,
} from "./segments.js";
import type { ImageSegment } from "./segments.js";

/** An image that would start: header, segments, checksum and, where it has one, digest have been checked. */
export interface EspImage {
  /** A bootloader has its segments in RAM only, an app also in mapped flash. */
  readonly kind: "bootloader" | "app";
  readonly chipId: number;
  readonly entry: number;
  readonly flashModeByte: number;
  /** Upper nibble flash size, lower nibble flash frequency. */
  readonly sizeFreqByte: number;
  /** Lowest and highest chip revision, major · 100 + minor; without `maxRevision` there is no upper limit. */
  readonly minRevision: number;
  readonly maxRevision?: number;
  readonly segments: readonly ImageSegment[];
  /** With checksum and digest, without a signature or padding behind them. */
  readonly lengthBytes: number;
  /** The appended SHA-256 in hex, if there is one. */
  readonly digest?: string;
  readonly app?: AppDescription;
}

function parseSegments(
  image: Uint8Array,
  header: ImageHeader,
): { readonly segments: readonly ImageSegment[]; readonly dataEnd: number } {
  const segments: ImageSegment[] = [];
  let at = IMAGE_HEADER_BYTES;
  for (let index = 0; index < header.segmentCount; index++) {
    const which = `Segment ${index + 1} of ${header.segmentCount}`;
    const offset = at + SEGMENT_HEADER_BYTES;
    if (offset > image.length) throw truncated(`${which} should begin at ${hex32(at)}, behind the end of the bytes.`);
    const { address, lengthBytes } = parseSegmentHeader(image, at, index);
    at = offset + lengthBytes;
    if (at > image.length) {
      throw truncated(
        `${which} has ${formatBytes(lengthBytes)}, but only ${formatBytes(image.length - offset)} of them are there.`,
        { segment: index + 1, lengthBytes, presentBytes: image.length - offset },
      );
    }
    segments.push({ address, offset, lengthBytes });
  }
  return { segments, dataEnd: at };
}

const addressesOf = (segments: readonly ImageSegment[]): number[] => segments.map((segment) => segment.address);

function segmentBytes(image: Uint8Array, segment?: ImageSegment): Uint8Array {
  return segment === undefined
    ? new Uint8Array(0)
    : image.subarray(segment.offset, segment.offset + segment.lengthBytes);
}

function checkChecksum(image: Uint8Array, segments: readonly ImageSegment[], at: number): void {
  const stored = image[at];
  if (stored === undefined) throw truncated("The image ends before its checksum.", { checksumAt: hex32(at) });
  const computed = segmentChecksum(segments.map((segment) => segmentBytes(image, segment)));
  if (computed !== stored) {
    const byte = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
    throw new FlashError(
      "image/checksum",
      `The image says that its checksum is ${byte(stored)}, but its segments give ${byte(computed)}.`,
      { stored, computed },
    );
  }
}

function checkDigest(image: Uint8Array, at: number): string {
  const stored = toHex(image.subarray(at, at + DIGEST_BYTES));
  if (stored.length < DIGEST_BYTES * 2) {
    throw truncated("The image ends before its SHA-256 is complete.", { digestAt: hex32(at) });
  }
  const computed = toHex(sha256(image.subarray(0, at)));
  if (computed !== stored) {
    throw new FlashError(
      "image/digest",
      `The image says that its SHA-256 is ${stored}, but its bytes give ${computed}.`,
      { stored, computed },
    );
  }
  return stored;
}

/**
 * Reads and checks the image that begins at `offset`; what follows it is ignored. Throws image/malformed,
 * image/truncated, image/checksum or image/digest. Images of the ESP8266, which lack the longer header, are malformed.
 */
export function parseImage(bytes: Uint8Array, offset = 0): EspImage {
  const header = parseHeader(bytes, offset);
  const image = bytes.subarray(offset);
  const { segments, dataEnd } = parseSegments(image, header);
  const checksumAt = checksumOffset(dataEnd);
  checkChecksum(image, segments, checksumAt);
  const digest = header.hasDigest ? checkDigest(image, checksumAt + 1) : undefined;
  const app = parseAppDescription(segmentBytes(image, segments[0]));
  const { chipId, entry, flashModeByte, sizeFreqByte, minRevision, maxRevision } = header;
  return {
    kind: app !== undefined || needsFlashMapping(chipId, addressesOf(segments)) ? "app" : "bootloader",
    chipId,
    entry,
    flashModeByte,
    sizeFreqByte,
    minRevision,
    ...(maxRevision === undefined ? {} : { maxRevision }),
    segments,
    lengthBytes: imageLength(dataEnd, header.hasDigest),
    ...(digest === undefined ? {} : { digest }),
    ...(app === undefined ? {} : { app }),
  };
}
