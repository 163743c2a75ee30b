import type { ChipIdentity, ChipName } from "../chips/definition.js";
import type { Phase } from "../base/events.js";

/** Bytes that shall stand at an address of the flash. */
export interface FlashImage {
  /** For people: a file name, or a URL without credentials and query. */
  readonly name: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/**
 * What shall hold outside the images. `all`: blank. `touched`: what was there, but for the rest of the sectors that an
 * image ends or begins in. `none`: as `touched`, and no sector is erased at all.
 */
export const eraseModes = ["all", "touched", "none"] as const;
export type EraseMode = (typeof eraseModes)[number];

export const beforeModes = ["default-reset", "usb-reset", "no-reset", "no-reset-no-sync"] as const;
export type BeforeMode = (typeof beforeModes)[number];

export const afterModes = ["hard-reset", "soft-reset", "no-reset", "no-reset-stub", "watchdog-reset"] as const;
export type AfterMode = (typeof afterModes)[number];

/** Guards that a job may switch off by name. */
export const allowances = ["data-loss", "would-not-boot", "image-mismatch", "chip-revision"] as const;
export type Allowance = (typeof allowances)[number];

/** What the board shall hold afterwards, and how to get there. Made before any port is opened. */
export interface FlashJob {
  readonly chip: ChipName | "auto";
  readonly images: readonly FlashImage[];
  readonly erase: EraseMode;
  readonly before: BeforeMode;
  readonly after: AfterMode;
  /** `auto`: the highest of the usual rates that carries real data. */
  readonly baud: number | "auto";
  readonly stub: boolean;
  readonly compress: boolean;
  readonly connectAttempts: number;
  readonly allow: ReadonlySet<Allowance>;
  /** Stop after the difference is known. */
  readonly dryRun: boolean;
}

/** A piece of flash: `lengthBytes` from `offset` on. */
export interface FlashRange {
  readonly offset: number;
  readonly lengthBytes: number;
}

export interface ImageResult extends FlashRange {
  readonly name: string;
  readonly sha256: string;
  /** The chip's own MD5 of the image at the end, with `erase: all` to the end of its last sector; none in a dry run. */
  readonly md5?: string;
  /** Bytes of it that had to be written; 0 means that all was in place. */
  readonly writtenBytes: number;
}

/** What a job did and learnt. Every number was measured on this run. */
export interface FlashResult {
  readonly chip: ChipName;
  readonly identity: ChipIdentity;
  /** JEDEC id as six hex digits, vendor first. */
  readonly flashId: string;
  readonly flashSizeBytes: number;
  readonly baud: number;
  readonly images: readonly ImageResult[];
  /** Data bytes programmed, before compression. */
  readonly bytesWritten: number;
  /** Bytes erased on request; what the loader erases by itself ahead of a write is not counted. */
  readonly bytesErased: number;
  /** All bytes that went to the board, frames and all. */
  readonly bytesSent: number;
  /** Planned bytes that were right when the job began, by the chip's MD5s. */
  readonly bytesInPlace: number;
  /** Planned bytes that were not, in pieces of up to 64 KiB. */
  readonly bytesToChange: number;
  /** Nothing had to be changed. */
  readonly skipped: boolean;
  /** The chip's own MD5s equal the plan's, for every planned range, after the last change. */
  readonly verified: boolean;
  readonly dryRun: boolean;
  /** Partitions of the board's old table that lost data. */
  readonly lostPartitions: readonly string[];
  /** A note of an earlier run that did not end: its sectors were erased anew. */
  readonly resumed: boolean;
  /** Times that trouble made the job begin again from what was in place. */
  readonly retries: number;
  readonly phases: readonly { readonly phase: Phase; readonly durationMs: number }[];
}
