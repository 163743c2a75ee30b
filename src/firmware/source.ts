import type { Clock } from "../base/clock.js";

/** Bytes to be flashed, checked as far as they can be without knowing what an image is. */
export interface Firmware {
  /** For people: a file's base name, or a URL without credentials, query and fragment. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly source: "file" | "url";
  /** The bytes come from an earlier run; at most a question whether they are still current went over the network. */
  readonly fromCache: boolean;
  /** Body bytes of the answer that the firmware came with, as they were on the wire; 0 for files and from the cache. */
  readonly downloadedBytes: number;
}

export interface FirmwareRequest {
  /** As the user wrote it: an http, https or file URL, or a path. */
  readonly location: string;
  /** 64 hex digits in either case; bytes with another digest are refused. */
  readonly sha256?: string | undefined;
  /** Absolute path that relative ones start from. */
  readonly workspace: string;
  /** `image`: has to prove itself, so text is refused. `data`: has an explicit offset, so any data may be meant. */
  readonly purpose: "image" | "data";
}

/** What fetching needs from outside. `onMessage` gets warnings and retries as sentences without secrets. */
export interface FirmwareDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onMessage: (text: string) => void;
}

/** Gets firmware from one kind of place. Throws `firmware/…`, `input/invalid`, or the reason of an aborted signal. */
export type FirmwareSource = (request: FirmwareRequest, deps: FirmwareDeps) => Promise<Firmware>;
