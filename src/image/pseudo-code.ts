/** Number of different three-byte instructions in the text. */
const VOCABULARY = 512;
const INSTRUCTION_BYTES = 3;
/** Share of instructions that carry an operand of their own. */
const OPERAND_SHARE = 0.3;

/** Mulberry32: small, fast and the same everywhere; quality hardly matters here. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * Bytes that compress about as real code does (deflate to 0.6 to 0.7 of their size), from a few frequent and many rare
 * instructions. The same seed gives the same bytes.
 */
export function pseudoCode(lengthBytes: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const code = new Uint8Array(lengthBytes);
  for (let at = 0; at < lengthBytes; at += INSTRUCTION_BYTES) {
    // The power makes low numbers frequent, as moves, loads and calls are.
    const instruction = Math.floor(VOCABULARY * random() ** 4);
    code[at] = (instruction * 0x1d) & 0xff;
    code[at + 1] = (instruction >>> 3) ^ 0x50;
    code[at + 2] = random() < OPERAND_SHARE ? Math.floor(random() * 256) : 0;
  }
  return code;
}
