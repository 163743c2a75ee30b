import type { Clock } from "../base/clock.js";

/** Where the parts start that a layout names. */
export type LayoutBase =
  | { readonly kind: "folder"; readonly path: string }
  /** Without credentials and query. */
  | { readonly kind: "url"; readonly url: string }
  /** All of `github-release:owner/repo@tag/` that comes before the asset. */
  | { readonly kind: "release"; readonly prefix: string };

/** One file as it lies somewhere, checked as far as it can be without knowing what it holds. */
export interface FirmwareFile {
  /** For people: a file's base name, or a URL without credentials, query and fragment. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  readonly source: "file" | "url";
  /** The bytes come from an earlier run; at most a question whether they are still current went over the network. */
  readonly fromCache: boolean;
  /** Body bytes of the answer that the file came with, as they were on the wire; 0 for files and from the cache. */
  readonly downloadedBytes: number;
  readonly base: LayoutBase;
}

/** How GitHub is asked for releases. */
export interface GithubAccess {
  /** Without a slash at the end. */
  readonly apiUrl: string;
  /** Goes to `apiUrl` and to nowhere else. */
  readonly token?: string | undefined;
}

/** What every file of a job is asked for with. */
export interface FileContext {
  /** The input that leads to the file, for messages. */
  readonly input: "firmware-url" | "files";
  /** Absolute path that relative ones start from. */
  readonly workspace: string;
  readonly github: GithubAccess;
}

export interface FileRequest extends FileContext {
  /** As the user wrote it: an http, https, file or github-release URL, or a path. */
  readonly location: string;
  /** 64 hex digits in either case; bytes with another digest are refused. */
  readonly sha256?: string | undefined;
  /** `image`: has to prove itself, so text is refused. `data`: has an explicit place, so any data may be meant. */
  readonly purpose: "image" | "data";
}

/** What fetching needs from outside. `onMessage` gets warnings and retries as sentences without secrets. */
export interface FirmwareDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onMessage: (level: "info" | "warning", text: string) => void;
}

/** Gets a file from one kind of place. Throws `firmware/…`, `input/invalid`, or the reason of an aborted signal. */
export type FirmwareSource = (request: FileRequest, deps: FirmwareDeps) => Promise<FirmwareFile>;
