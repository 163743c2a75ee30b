/** Mulberry32, so that a run can be repeated from its seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Values at which sizes, counts and addresses go wrong. */
const EDGES = [0, 1, 3, 4, 7, 0x10, 0x7f, 0x80, 0xff, 0xffff, 0x10000, 0xffffff, 0x7fffffff, 0x80000000, 0xffffffff];

type Random = () => number;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const pick = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)] as T;

/** A place in the file: half of the time near the start, where headers are. */
function place(random: Random, lengthBytes: number): number {
  return below(random, random() < 0.5 ? Math.min(lengthBytes, 256) : lengthBytes);
}

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array;

function put(bytes: Uint8Array, at: number, values: readonly number[]): Uint8Array {
  const changed = new Uint8Array(bytes);
  values.forEach((value, index) => {
    if (at + index < changed.length) changed[at + index] = value;
  });
  return changed;
}

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    const at = place(random, bytes.length);
    return put(bytes, at, [(bytes[at] ?? 0) ^ (1 << below(random, 8))]);
  },
  (bytes, random) => put(bytes, place(random, bytes.length), [pick(random, EDGES) & 0xff]),
  (bytes, random) => {
    const value = random() < 0.7 ? pick(random, EDGES) : below(random, bytes.length * 2);
    const at = place(random, bytes.length) & ~3;
    return put(bytes, at, [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24]);
  },
  (bytes, random) => bytes.slice(0, below(random, bytes.length + 1)),
  (bytes, random) => {
    const at = place(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(random, 64))]);
  },
  (bytes, random) => {
    const at = place(random, bytes.length);
    const from = place(random, bytes.length);
    const piece = bytes.subarray(from, from + below(random, 256));
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
  },
  (bytes, random) => {
    const noise = Array.from({ length: below(random, 16) }, () => below(random, 256));
    return put(bytes, place(random, bytes.length), noise);
  },
];

/** A copy of `seed` with one to six mutations. */
export function mutate(seed: Uint8Array, random: Random): Uint8Array {
  let bytes = seed;
  for (let left = 1 + below(random, 6); left > 0 && bytes.length > 0; left--) {
    bytes = pick(random, MUTATIONS)(bytes, random);
  }
  return bytes;
}
