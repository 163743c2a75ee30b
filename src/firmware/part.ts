/** Where a part goes, as a layout or the user says it; a partition's name needs a table to become an address. */
export type PartPlace =
  { readonly kind: "offset"; readonly offset: number } | { readonly kind: "partition"; readonly name: string };

/** One piece of firmware, ready to be flashed. */
export interface FirmwarePart {
  /** For people: a file's base name, a URL without credentials and query, or an archive's member. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Of `bytes`, 64 lower-case hex digits. */
  readonly sha256: string;
  /** Without it the part has to prove where it belongs. */
  readonly place?: PartPlace;
  /** The layout wants it encrypted by the chip while it is written. */
  readonly encrypted?: boolean;
}

/** Flash settings that a layout names, in esptool's words (`dio`, `80m`, `4MB`, `keep`, `detect`). */
export interface FirmwareSettings {
  readonly mode?: string;
  readonly frequency?: string;
  readonly size?: string;
}

/** All that a job flashes, from one place or several. */
export interface FirmwareSet {
  /** For people: the file, archive or layout that was named; the first one of several. */
  readonly name: string;
  /** Of the one file that was fetched; undefined where several were. */
  readonly sha256: string | undefined;
  /** At least one. */
  readonly parts: readonly FirmwarePart[];
  readonly settings: FirmwareSettings;
  /** The chip that the layout is for, as the input `chip` names it. */
  readonly chip: string | undefined;
  readonly source: "file" | "url" | "mixed";
  /** Every byte comes from an earlier run. */
  readonly fromCache: boolean;
  /** Body bytes of all answers, as they were on the wire. */
  readonly downloadedBytes: number;
}
