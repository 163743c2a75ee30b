/** One block of a write, and what of the flash it makes. */
export interface WriteBlock {
  readonly bytes: Uint8Array;
  /** Bytes that reach the flash from it: its own length, or what it inflates to. */
  readonly flashBytes: number;
}

/** What a loader erases behind a stream while it takes it. */
export interface EraseAhead {
  /** Where that ends. */
  readonly endOffset: number;
  /** Whole sectors from there on, whose erase is asked for and waited for; all before it is done by then. */
  readonly thenErase: { readonly offset: number; readonly lengthBytes: number };
}

/** Bytes for `lengthBytes` of flash from `offset` (a sector's start) on. */
export interface BlockStream {
  readonly offset: number;
  readonly lengthBytes: number;
  readonly encoding: "raw" | "deflate";
  readonly blocks: readonly WriteBlock[];
  /** Only where the loader `erasesAhead`, and for a deflated stream. */
  readonly ahead?: EraseAhead;
  /** Whole sectors to erase while the first block is on the wire; the stream's first sector is blank. Only where the loader `erasesBeside`. */
  readonly beside?: { readonly offset: number; readonly lengthBytes: number };
}

/** What a loader does with the flash, the same for ROM and stub. Offsets and lengths in bytes. */
export interface FlashAccess {
  /** Largest block that the loader takes. */
  readonly blockBytes: number;
  /** The loader computes MD5s. Without them nothing can be compared or verified, and `md5` rejects. */
  readonly verifies: boolean;
  /** The loader takes deflated streams. */
  readonly inflates: boolean;
  /** The flash is erased while a deflated stream is on the wire, as far as BEGIN says, and not before its first block. */
  readonly erasesAhead: boolean;
  /** The loader takes a block while it carries out an erase. */
  readonly erasesBeside: boolean;
  /** The flash can be read; without it `read` rejects. */
  readonly reads: boolean;
  /** MD5 of what the flash holds, by the chip, as lower-case hex. */
  md5(offset: number, lengthBytes: number): Promise<string>;
  /** Erases whole sectors, whether they are blank or not. */
  erase(offset: number, lengthBytes: number): Promise<void>;
  /**
   * Writes a stream; sectors that are not blank are erased ahead of it. `beforeBlock` is called before each block is
   * sent, with the flash bytes that are surely written and those that may be under way by then.
   */
  write(stream: BlockStream, beforeBlock: (doneBytes: number, underWayBytes: number) => void): Promise<void>;
  /** Slow: for tables and headers. */
  read(offset: number, lengthBytes: number): Promise<Uint8Array>;
}
