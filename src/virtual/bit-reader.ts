import { concatBytes } from "../base/bytes.js";
import type { HuffmanTable } from "./huffman.js";

/** Thrown inside a step that the input does not reach for; the step is taken again when there is more. */
export const needsInput = new Error("the deflate stream goes on");

/** Bits of a deflate stream, lowest first, from input that comes in pieces. */
export interface BitReader {
  /** Appends input. */
  feed(input: Uint8Array): void;
  /** Bytes of which no bit has been read. */
  readonly unreadBytes: number;
  bits(count: number): number;
  symbol(table: HuffmanTable): number | undefined;
  alignToByte(): void;
  /** Remembers this place; `rewind` goes back to it. */
  mark(): void;
  rewind(): void;
}

export function createBitReader(): BitReader {
  let input: Uint8Array = new Uint8Array(0);
  let bitAt = 0;
  let markedAt = 0;

  const available = (): number => input.length * 8 - bitAt;
  /** Up to 24 bits from here on, with zeros behind the end. */
  const peek = (): number => {
    const at = bitAt >>> 3;
    const word =
      (input[at] ?? 0) | ((input[at + 1] ?? 0) << 8) | ((input[at + 2] ?? 0) << 16) | ((input[at + 3] ?? 0) << 24);
    return word >>> (bitAt & 7);
  };

  return {
    feed(more) {
      const from = bitAt >>> 3;
      input = concatBytes(input.subarray(from), more);
      bitAt -= from * 8;
      markedAt = bitAt;
    },
    get unreadBytes() {
      return Math.floor(available() / 8);
    },
    bits(count) {
      if (available() < count) throw needsInput;
      const value = peek() & ((1 << count) - 1);
      bitAt += count;
      return value;
    },
    symbol(table) {
      const entry = table[peek() & 0x7fff] ?? 0;
      const length = entry & 15;
      if (available() < Math.max(length, 1)) throw needsInput;
      if (length === 0) {
        // Zeros behind the end may hide a code that is there.
        if (available() < 15) throw needsInput;
        return undefined;
      }
      bitAt += length;
      return entry >>> 4;
    },
    alignToByte() {
      bitAt = (bitAt + 7) & ~7;
    },
    mark() {
      markedAt = bitAt;
    },
    rewind() {
      bitAt = markedAt;
    },
  };
}
