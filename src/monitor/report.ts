/** What a board does after a reset, in the order of the README's table. */
export const bootVerdicts = ["running", "boot-loop", "panic", "download-mode", "wrong-app", "silent"] as const;
export type BootVerdict = (typeof bootVerdicts)[number];

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
