import type { AppDescription } from "./app-description.js";
import type { BootloaderDescription } from "./bootloader-description.js";
import type { ImageSegment } from "./segments.js";

/** An image that would start: header, segments, checksum and, where it has one, digest have been checked. */
export interface EspImage {
  /** A bootloader has its segments in RAM only, an app also in mapped flash. */
  readonly kind: "bootloader" | "app";
  /** Absent: ESP8266, whose images have no such field. */
  readonly chipId?: number;
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
  readonly bootloader?: BootloaderDescription;
}
