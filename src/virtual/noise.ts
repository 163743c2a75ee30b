/** A 32-bit number that looks like chance and is the same for the same numbers, so that every run can be repeated. */
export function noise(...numbers: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const number of numbers) {
    state = Math.imul(state ^ number, 0x85ebca6b);
    state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
    state ^= state >>> 16;
  }
  return state >>> 0;
}

/** `lengthBytes` of noise; `turn` makes each call's bytes its own. */
export function noiseBytes(lengthBytes: number, seed: number, turn: number): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, (_, index) => noise(seed, turn, index) & 0xff);
}
