import type { ChipIdentity } from "../chips/definition.js";
import type { ChipName } from "../chips/index.js";
import type { FlashSettingWords } from "../image/flash-settings.js";
import type { ResetStep } from "../device/reset-sequence.js";
import type { Phase } from "../base/events.js";
import type { ErrorCode } from "../base/errors.js";

/** Bytes that shall stand at an address of the flash. */
export interface FlashImage {
  /** For people: a file name, or a URL without credentials and query. */
  readonly name: string;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** An image for a partition of a table that only the board has. */
export interface UnplacedImage extends Omit<FlashImage, "offset"> {
  readonly partition: string;
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

/** Guards that a job may switch off, each by its own name, and the error that each one stops a job with. */
export const guards = {
  "data-loss": "plan/data-loss",
  "would-not-boot": "plan/would-not-boot",
  "image-mismatch": "chip/image-mismatch",
  "chip-revision": "chip/revision",
  "bootloader-offset": "plan/bootloader-offset",
  "app-offset": "plan/app-offset",
  "app-too-large": "plan/app-too-large",
  "table-overlap": "plan/table-overlap",
  "table-beyond-flash": "plan/table-beyond-flash",
  overlap: "plan/overlap",
  "out-of-range": "plan/out-of-range",
  "declared-size": "plan/declared-size",
  "flash-size": "plan/flash-size",
  "above-16mib": "plan/above-16mib",
  preserve: "plan/preserve",
  "secure-boot-v1": "security/secure-boot-v1",
  "secure-boot-v2": "security/secure-boot-v2",
  "flash-encryption": "security/flash-encryption",
  "key-manager": "security/key-manager",
  unverified: "plan/unverified",
} as const satisfies Readonly<Record<string, ErrorCode>>;

export type Allowance = keyof typeof guards;

export const allowances = Object.keys(guards) as Allowance[];

/** What the board shall hold afterwards, and how to get there. Made before any port is opened. */
export interface FlashJob {
  readonly chip: ChipName | "auto";
  /** Lower case, colons: the only board that the job may touch. */
  readonly expectMac?: string;
  readonly images: readonly FlashImage[];
  /** Images whose address the board's partition table has to tell. */
  readonly unplaced: readonly UnplacedImage[];
  /** Names of partitions of the board's table that shall be blank. */
  readonly blankPartitions?: readonly string[];
  /** What the bootloader's header shall say of the flash; a signed image keeps its own. */
  readonly settings: FlashSettingWords;
  readonly erase: EraseMode;
  /** Names of partitions that stay as they are, whatever `erase` and the images say. */
  readonly preserve: readonly string[];
  /** Whether partitions that a merged image only covers with FF, and its other gaps, stay as they are. */
  readonly keepGaps: boolean;
  readonly before: BeforeMode;
  /** Steps of the lines into the loader, instead of the usual ones. */
  readonly resetSequence?: readonly ResetStep[];
  readonly after: AfterMode;
  /** `auto`: the highest of the usual rates that carries real data. */
  readonly baud: number | "auto";
  readonly stub: boolean;
  readonly compress: boolean;
  readonly connectAttempts: number;
  readonly allow: ReadonlySet<Allowance>;
  /** Stop after the difference is known. */
  readonly dryRun: boolean;
  /** Erase and write what is in place, too: for a flash that reads right and is not trusted. */
  readonly rewrite?: boolean;
}

/** A piece of flash: `lengthBytes` from `offset` on. */
export interface FlashRange {
  readonly offset: number;
  readonly lengthBytes: number;
}

/** A job of which nothing is open: every image has its place and its final bytes. Made when the board is known. */
export interface SettledJob extends FlashJob {
  readonly unplaced: readonly [];
  /** Whole sectors that are neither erased nor written nor verified. */
  readonly keep: readonly FlashRange[];
}

/** The app that a job flashed, as it describes itself. */
export interface FlashedApp {
  /** The image that it came in. */
  readonly image: string;
  readonly offset: number;
  readonly version: string;
  readonly project: string;
  /** SHA-256 of its ELF file in hex. */
  readonly elfSha256: string;
}

export interface ImageResult extends FlashRange {
  readonly name: string;
  readonly sha256: string;
  /**
   * The chip's own MD5 of the image at the end, with `erase: all` to the end of its last sector; none in a dry run, nor
   * where parts of it were left out.
   */
  readonly md5?: string;
  /** Bytes of it that had to be written; 0 means that all was in place. */
  readonly writtenBytes: number;
  /** Bytes of it that were left out, as the board keeps what it has there. */
  readonly leftOutBytes: number;
}

/** What a job did and learnt. Every number was measured on this run. */
export interface FlashResult {
  /** As the input `chip` names it. */
  readonly chip: string;
  readonly identity: ChipIdentity;
  /** JEDEC id as six hex digits, vendor first. */
  readonly flashId: string;
  readonly flashSizeBytes: number;
  readonly baud: number;
  readonly images: readonly ImageResult[];
  /** With several apps, the one at the lowest address; absent where the job has none that describes itself. */
  readonly app?: FlashedApp;
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
  /** Partitions that were kept because the job says so. */
  readonly preservedPartitions: readonly string[];
  /** A note of an earlier run that did not end: its sectors were erased anew. */
  readonly resumed: boolean;
  /** Times that trouble made the job begin again from what was in place. */
  readonly retries: number;
  readonly phases: readonly { readonly phase: Phase; readonly durationMs: number }[];
}
