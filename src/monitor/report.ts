import type { ErrorCode } from "../base/errors.js";

/** What a board does after a reset, and what a step makes of it. The README's table is made from this one. */
export const verdictTable = {
  running: {
    meaning: "The app was seen to start, and no reset came for `settle`; at once with the last line of `expect`",
    code: undefined,
  },
  "boot-loop": {
    meaning: "Two resets came behind the first, or ROM or bootloader said that they start nothing",
    code: "boot/loop",
  },
  panic: {
    meaning: "The app crashed in the exact words of a panic handler, or a line of `fail-on` came",
    code: "boot/panic",
  },
  "download-mode": { meaning: "The chip waits for a download", code: "boot/download-mode" },
  "wrong-app": {
    meaning: "The app names another project, version or ELF SHA-256 than the one that was flashed",
    code: "boot/wrong-app",
  },
  silent: { meaning: "Nothing came that an app says, and no trouble either", code: undefined },
} as const satisfies Readonly<Record<string, { readonly meaning: string; readonly code: ErrorCode | undefined }>>;

export type BootVerdict = keyof typeof verdictTable;

/** In the order of the README's table. */
export const bootVerdicts = Object.keys(verdictTable) as BootVerdict[];

/** A line as the board sent it, without its end, escape sequences and control bytes. */
export interface TimedLine {
  /** Milliseconds since reading began, when the line's end came. */
  readonly atMs: number;
  readonly text: string;
}

/** What an app says of itself in its log; fields that it did not print are absent. */
export interface SeenApp {
  readonly project?: string;
  readonly version?: string;
  /** As many hex digits as the log shows, which are only the first ones. */
  readonly elfSha256?: string;
}

/** What a board did after a reset, as far as its console tells. */
export interface BootReport {
  readonly verdict: BootVerdict;
  /** One plain sentence. */
  readonly reason: string;
  readonly durationMs: number;
  /** Every reset that was seen, by cause, in the order of their first one; causes are in words. */
  readonly resets: readonly { readonly cause: string; readonly count: number }[];
  /** The app of the last start. */
  readonly app?: SeenApp;
  /** First lines of the panic, with the functions of its addresses where an ELF file was given. */
  readonly panic: readonly string[];
  /** Patterns of `expect` that came, in order, as they were written. */
  readonly matched: readonly string[];
  readonly missing: readonly string[];
  /** The last lines. */
  readonly tail: readonly string[];
  /** All lines that came. */
  readonly lines: number;
}
