import type { BaudMemory } from "./baud-memory.js";
import type { FlashRange } from "./job.js";

/**
 * The note about unfinished work on a board, kept on the runner under the board's MAC. A sector whose erase was cut
 * short can read all FF and still be unstable (linux-mtd 2009-07, 026466): MD5s cannot tell, so a note must.
 */
export interface Journal {
  /** Ranges that an earlier run may have left half done; empty if the last one ended in order. */
  suspects(mac: string): readonly FlashRange[];
  /** Work on `planned` begins; `underWay` are suspects of an earlier run. On disk before it returns, until `clear`. */
  open(mac: string, planned: readonly FlashRange[], underWay: readonly FlashRange[]): void;
  /** Of the planned ranges, these may be cut short from now on. */
  mark(mac: string, underWay: readonly FlashRange[]): void;
  /** The board is in order. */
  clear(mac: string): void;
  /** Rates that are remembered beside the notes; absent where nothing is remembered. */
  readonly bauds?: BaudMemory;
}

/** For a board that does not tell its MAC: a note about it could be taken for one about another board. */
export const noJournal: Journal = {
  suspects: () => [],
  open: () => undefined,
  mark: () => undefined,
  clear: () => undefined,
};
