const MAX_BITS = 15;

/** A code as a table over the next 15 bits: symbol << 4 | length, 0 where no symbol has these bits. */
export type HuffmanTable = Uint16Array;

const reversed = (code: number, length: number): number => {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >>> bit) & 1) << (length - 1 - bit);
  return result;
};

/** Canonical code of RFC 1951, 3.2.2. `undefined` if more codes are asked for than there are. */
export function buildHuffmanTable(lengths: Uint8Array): HuffmanTable | undefined {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) if (length > 0) counts[length] = (counts[length] ?? 0) + 1;
  const next = new Uint16Array(MAX_BITS + 2);
  let code = 0;
  for (let length = 1; length <= MAX_BITS; length++) {
    code = (code + (counts[length - 1] ?? 0)) << 1;
    if (code + (counts[length] ?? 0) > 1 << length) return undefined;
    next[length] = code;
  }
  const table = new Uint16Array(1 << MAX_BITS);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    const start = reversed(next[length] ?? 0, length);
    next[length] = (next[length] ?? 0) + 1;
    for (let index = start; index < table.length; index += 1 << length) table[index] = (symbol << 4) | length;
  });
  return table;
}

const fixedLiteralLengths = Uint8Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);

/** The fixed codes of RFC 1951, 3.2.6. */
export const fixedTables = {
  literals: buildHuffmanTable(fixedLiteralLengths) ?? new Uint16Array(0),
  distances: buildHuffmanTable(new Uint8Array(30).fill(5)) ?? new Uint16Array(0),
} as const;
