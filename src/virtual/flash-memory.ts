import { noise } from "./noise.js";

export const SECTOR_BYTES = 0x1000;
export const BLOCK_BYTES = 0x10000;
export const PAGE_BYTES = 0x100;

/** Where the flash is kept beyond the process; each call is done when it returns. */
export interface FlashStore {
  write(offset: number, bytes: Uint8Array): void;
  /** An erase of this range begins; until `eraseEnded` a killed process leaves it weak. */
  eraseBegins(offset: number, lengthBytes: number): void;
  eraseEnded(weakSectors: ReadonlySet<number>): void;
  close(): void;
}

/** What a new flash begins with. */
export interface FlashContent {
  readonly bytes: Uint8Array;
  readonly weakSectors: readonly number[];
}

/**
 * A NOR flash: programming only clears bits, erasing sets whole sectors. Addresses beyond the end wrap, as the part
 * ignores address bits that it does not have.
 */
export interface FlashMemory {
  readonly sizeBytes: number;
  /** The cells as they are, for comparison; no access of the chip. */
  readonly bytes: Uint8Array;
  /** What was done to the part so far. */
  readonly counters: { readonly erasedSectors: number; readonly programmedBytes: number };
  /** Numbers of the sectors whose last erase was cut short, in order. */
  readonly weakSectors: readonly number[];
  read(offset: number, lengthBytes: number): Uint8Array;
  /** Begins to erase whole sectors; `finish` completes it, `interrupt` cuts it short. */
  beginErase(offset: number, lengthBytes: number): void;
  /** Begins to program; `finish` completes it, `interrupt` leaves the first bytes programmed. */
  beginProgram(offset: number, bytes: Uint8Array): void;
  finish(): void;
  interrupt(): void;
  /** Hands the store back; whatever was going on is cut short. */
  close(): void;
}

/** Defects that a test gives a flash. */
export interface FlashDefects {
  /** The sector keeps what it holds. */
  staysUnerased(sector: number): boolean;
  /** The lowest bit of the sector's first byte stays 0. */
  isWorn(sector: number): boolean;
  /** What really reaches the cells. */
  programmed(offset: number, bytes: Uint8Array): Uint8Array;
}

type Operation =
  | { readonly kind: "erase"; readonly offset: number; readonly lengthBytes: number }
  | { readonly kind: "program"; readonly offset: number; readonly bytes: Uint8Array };

/** `seed` decides what weak sectors read as, and how far an interrupted program operation came. */
export function createFlashMemory(
  content: FlashContent,
  seed: number,
  defects: FlashDefects,
  store?: FlashStore,
): FlashMemory {
  const cells = content.bytes;
  const sizeBytes = cells.length;
  const weak = new Set(content.weakSectors);
  const readsOfWeak = new Map<number, number>();
  const counters = { erasedSectors: 0, programmedBytes: 0 };
  let running: Operation | undefined;

  /** Calls `part` for each piece that does not wrap: its address, and where it lies in the whole. */
  const unwrapped = (
    offset: number,
    lengthBytes: number,
    part: (at: number, from: number, to: number) => void,
  ): void => {
    let done = 0;
    while (done < lengthBytes) {
      const at = (offset + done) % sizeBytes;
      const step = Math.min(lengthBytes - done, sizeBytes - at);
      part(at, done, done + step);
      done += step;
    }
  };

  const sectorsOf = (at: number, lengthBytes: number): number[] => {
    const first = Math.floor(at / SECTOR_BYTES);
    const last = Math.floor((at + lengthBytes - 1) / SECTOR_BYTES);
    return lengthBytes === 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
  };

  /** A weak sector shows its cells once; from then on one bit or another reads wrong. */
  const disturb = (copy: Uint8Array, at: number): void => {
    for (const sector of sectorsOf(at, copy.length)) {
      if (!weak.has(sector)) continue;
      const reads = (readsOfWeak.get(sector) ?? 0) + 1;
      readsOfWeak.set(sector, reads);
      if (reads === 1) continue;
      const from = Math.max(sector * SECTOR_BYTES - at, 0);
      const to = Math.min((sector + 1) * SECTOR_BYTES - at, copy.length);
      const place = noise(seed, sector, reads);
      const index = from + (place % (to - from));
      copy[index] = (copy[index] ?? 0) ^ (1 << ((place >>> 28) % 8));
    }
  };

  const program = (offset: number, bytes: Uint8Array): void => {
    counters.programmedBytes += bytes.length;
    unwrapped(offset, bytes.length, (at, from, to) => {
      for (let index = from; index < to; index++) {
        const cell = at + index - from;
        cells[cell] = (cells[cell] ?? 0) & (bytes[index] ?? 0);
      }
      store?.write(at, cells.subarray(at, at + to - from));
    });
  };

  const erase = (offset: number, lengthBytes: number): void => {
    unwrapped(offset, lengthBytes, (at, from, to) => {
      for (const sector of sectorsOf(at, to - from)) {
        weak.delete(sector);
        readsOfWeak.delete(sector);
        if (defects.staysUnerased(sector)) continue;
        cells.fill(0xff, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES);
        if (defects.isWorn(sector)) cells[sector * SECTOR_BYTES] = 0xfe;
      }
      store?.write(at, cells.subarray(at, at + to - from));
    });
    store?.eraseEnded(weak);
  };

  const memory: FlashMemory = {
    sizeBytes,
    bytes: cells,
    counters,
    get weakSectors() {
      return [...weak].sort((a, b) => a - b);
    },
    read(offset, lengthBytes) {
      const copy = new Uint8Array(lengthBytes);
      unwrapped(offset, lengthBytes, (at, from, to) => {
        const part = cells.slice(at, at + to - from);
        disturb(part, at);
        copy.set(part, from);
      });
      return copy;
    },
    beginErase(offset, lengthBytes) {
      memory.finish();
      running = { kind: "erase", offset, lengthBytes };
      counters.erasedSectors += lengthBytes / SECTOR_BYTES;
      store?.eraseBegins(offset % sizeBytes, lengthBytes);
    },
    beginProgram(offset, bytes) {
      memory.finish();
      running = { kind: "program", offset, bytes: defects.programmed(offset, bytes) };
    },
    finish() {
      const operation = running;
      running = undefined;
      if (operation?.kind === "erase") erase(operation.offset, operation.lengthBytes);
      else if (operation?.kind === "program") program(operation.offset, operation.bytes);
    },
    interrupt() {
      const operation = running;
      running = undefined;
      if (operation?.kind === "erase") {
        unwrapped(operation.offset, operation.lengthBytes, (at, from, to) => {
          cells.fill(0xff, at, at + to - from);
          store?.write(at, cells.subarray(at, at + to - from));
          for (const sector of sectorsOf(at, to - from)) {
            weak.add(sector);
            readsOfWeak.delete(sector);
          }
        });
        store?.eraseEnded(weak);
      } else if (operation?.kind === "program") {
        const { offset, bytes } = operation;
        program(offset, bytes.subarray(0, noise(seed, offset, bytes.length) % bytes.length));
      }
    },
    close() {
      memory.interrupt();
      store?.close();
    },
  };
  return memory;
}
