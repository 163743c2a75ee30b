import { createBitReader, needsInput } from "./bit-reader.js";
import { buildHuffmanTable, fixedTables } from "./huffman.js";
import type { HuffmanTable } from "./huffman.js";

// RFC 1950 and RFC 1951. The chips inflate in pieces into a window of 32 KiB, and what they do at the end of a piece
// decides their answers; Node's zlib shows no such pieces to synchronous code.
const WINDOW_BYTES = 0x8000;
const END_OF_BLOCK = 256;
const ADLER_MODULUS = 65521;
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export type InflateStatus =
  | "needs-input"
  /** All output is there; only the stream's checksum is still to come. */
  | "needs-trailer"
  | "output-full"
  | "done"
  | "failed"
  | "bad-checksum";

/** Inflates one zlib stream that comes in pieces. */
export interface Inflater {
  feed(input: Uint8Array): void;
  /** At most `maxBytes` more of the output, and why it ended there. */
  read(maxBytes: number): { readonly output: Uint8Array; readonly status: InflateStatus };
  /** Input bytes that no step has touched. */
  readonly unreadBytes: number;
}

type Step = "zlib-header" | "block-header" | "stored" | "codes" | "trailer" | "done" | "failed" | "bad-checksum";

class InflateError extends Error {}

export function createInflater(): Inflater {
  const reader = createBitReader();
  const window = new Uint8Array(WINDOW_BYTES);
  let produced = 0;
  let step: Step = "zlib-header";
  let lastBlock = false;
  let storedLeft = 0;
  let copyLeft = 0;
  let copyDistance = 0;
  let literal: number | undefined;
  let literals: HuffmanTable = fixedTables.literals;
  let distances: HuffmanTable = fixedTables.distances;
  let adlerA = 1;
  let adlerB = 0;
  let output = new Uint8Array(0);
  let outputLength = 0;

  const emit = (byte: number): void => {
    window[produced++ % WINDOW_BYTES] = byte;
    output[outputLength++] = byte;
    adlerA = (adlerA + byte) % ADLER_MODULUS;
    adlerB = (adlerB + adlerA) % ADLER_MODULUS;
  };

  const table = (lengths: Uint8Array): HuffmanTable => {
    const built = buildHuffmanTable(lengths);
    if (built === undefined) throw new InflateError("oversubscribed code");
    return built;
  };

  const readZlibHeader = (): Step => {
    const header = (reader.bits(8) << 8) | reader.bits(8);
    if (((header >>> 8) & 0x0f) !== 8 || header % 31 !== 0 || (header & 0x20) !== 0) return "failed";
    return "block-header";
  };

  const readCodes = (): void => {
    const literalCount = reader.bits(5) + 257;
    const distanceCount = reader.bits(5) + 1;
    const codeCount = reader.bits(4) + 4;
    const codeLengths = new Uint8Array(19);
    for (let index = 0; index < codeCount; index++) codeLengths[CODE_LENGTH_ORDER[index] ?? 0] = reader.bits(3);
    const codes = table(codeLengths);
    const lengths: number[] = [];
    while (lengths.length < literalCount + distanceCount) {
      const symbol = reader.symbol(codes);
      if (symbol === undefined) throw new InflateError("code without a symbol");
      if (symbol < 16) lengths.push(symbol);
      else if (symbol === 16) {
        const previous = lengths.at(-1);
        if (previous === undefined) throw new InflateError("nothing to repeat");
        lengths.push(...new Array<number>(reader.bits(2) + 3).fill(previous));
      } else {
        lengths.push(...new Array<number>(symbol === 17 ? reader.bits(3) + 3 : reader.bits(7) + 11).fill(0));
      }
    }
    if (lengths.length > literalCount + distanceCount) throw new InflateError("too many code lengths");
    literals = table(Uint8Array.from(lengths.slice(0, literalCount)));
    distances = table(Uint8Array.from(lengths.slice(literalCount)));
  };

  const readBlockHeader = (): Step => {
    const isLast = reader.bits(1) === 1;
    const type = reader.bits(2);
    if (type === 3) return "failed";
    if (type === 0) {
      reader.alignToByte();
      const length = reader.bits(16);
      if ((length ^ reader.bits(16)) !== 0xffff) return "failed";
      storedLeft = length;
    } else if (type === 1) {
      ({ literals, distances } = fixedTables);
    } else {
      readCodes();
    }
    lastBlock = isLast;
    return type === 0 ? "stored" : "codes";
  };

  const blockEnded = (): Step => (lastBlock ? "trailer" : "block-header");

  const readCode = (): Step => {
    const symbol = reader.symbol(literals);
    if (symbol === undefined) return "failed";
    if (symbol < END_OF_BLOCK) {
      literal = symbol;
      return "codes";
    }
    if (symbol === END_OF_BLOCK) return blockEnded();
    const base = LENGTH_BASE[symbol - 257];
    if (base === undefined) return "failed";
    const length = base + reader.bits(LENGTH_EXTRA[symbol - 257] ?? 0);
    const code = reader.symbol(distances);
    const distanceBase = code === undefined ? undefined : DISTANCE_BASE[code];
    if (code === undefined || distanceBase === undefined) return "failed";
    const distance = distanceBase + reader.bits(DISTANCE_EXTRA[code] ?? 0);
    if (distance > Math.min(produced, WINDOW_BYTES)) return "failed";
    copyLeft = length;
    copyDistance = distance;
    return "codes";
  };

  const readTrailer = (): Step => {
    reader.alignToByte();
    const b = (reader.bits(8) << 8) | reader.bits(8);
    const a = (reader.bits(8) << 8) | reader.bits(8);
    return a === adlerA && b === adlerB ? "done" : "bad-checksum";
  };

  /** The next byte is known: what is left is to put it out. */
  const knowsNext = (): boolean => copyLeft > 0 || literal !== undefined || (step === "stored" && storedLeft > 0);

  /** One step that either happens as a whole or not at all. */
  const advance = (): Step => {
    if (literal !== undefined) {
      emit(literal);
      literal = undefined;
      return step;
    }
    if (copyLeft > 0) {
      copyLeft--;
      emit(window[(produced - copyDistance) % WINDOW_BYTES] ?? 0);
      return step;
    }
    switch (step) {
      case "zlib-header":
        return readZlibHeader();
      case "block-header":
        return readBlockHeader();
      case "stored":
        if (storedLeft === 0) return blockEnded();
        emit(reader.bits(8));
        storedLeft--;
        return "stored";
      case "codes":
        return readCode();
      case "trailer":
        return readTrailer();
      case "done":
      case "failed":
      case "bad-checksum":
        return step;
    }
  };

  return {
    feed: (input) => reader.feed(input),
    get unreadBytes() {
      return reader.unreadBytes;
    },
    read(maxBytes) {
      output = new Uint8Array(maxBytes);
      outputLength = 0;
      let status: InflateStatus | undefined;
      while (status === undefined) {
        if (step === "done" || step === "failed" || step === "bad-checksum") {
          status = step;
        } else if (outputLength >= maxBytes && knowsNext()) {
          // Noticed no sooner, so the next code is read before (legacy stub's `miniz.c`, the ROMs' inflater).
          status = "output-full";
        } else {
          reader.mark();
          try {
            step = advance();
          } catch (thrown) {
            if (thrown === needsInput) {
              reader.rewind();
              status = step === "trailer" ? "needs-trailer" : "needs-input";
            } else if (thrown instanceof InflateError) {
              step = "failed";
            } else {
              throw thrown;
            }
          }
        }
      }
      return { output: output.subarray(0, outputLength), status };
    },
  };
}
