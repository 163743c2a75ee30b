import type { Clock } from "../../src/base/clock.js";
import type { Dice } from "./dice.js";

/** What happens to one byte. */
export type Damage = "flip" | "drop" | "double" | "noise";
const RANDOM_DAMAGES: readonly Damage[] = ["flip", "flip", "drop", "double"];

/** One direction of a link that can be made bad. Bytes are counted from 1. */
export interface Direction {
  push(bytes: Uint8Array): void;
  damage(byte: number, damage: Damage): void;
  /** From now on, one byte in `spacing` is faulty on average. */
  damageOneIn(spacing: number): void;
  /** Calls `act` right before this byte passes. */
  before(byte: number, act: () => void): void;
  /** What comes within the next `durationMs` arrives after them. */
  hold(durationMs: number): void;
  /** Puts bytes in that nobody sent. */
  insert(bytes: Uint8Array): void;
  /** Passes everything on as it is from now on; what is held back is lost. */
  heal(): void;
  /** Bytes that were pushed so far. */
  readonly count: number;
}

/** `sink` takes what arrives. */
export function createDirection(clock: Clock, dice: Dice, sink: (bytes: Uint8Array) => void): Direction {
  const damages = new Map<number, Damage>();
  let acts: { readonly byte: number; readonly act: () => void }[] = [];
  let spacing = Infinity;
  let nextFaulty = Infinity;
  let count = 0;
  let held: Uint8Array[] = [];
  let cancelHold: (() => void) | undefined;

  const arrive = (bytes: Uint8Array): void => {
    if (bytes.length === 0) return;
    if (cancelHold === undefined) sink(bytes);
    else held.push(bytes);
  };

  const endHold = (): void => {
    cancelHold = undefined;
    const waiting = held;
    held = [];
    for (const bytes of waiting) arrive(bytes);
  };

  /** Turns what `damageOneIn` means for these bytes into single damages. */
  const rollFaults = (to: number): void => {
    while (nextFaulty <= to) {
      damages.set(nextFaulty, dice.pick(RANDOM_DAMAGES));
      nextFaulty += dice.gap(spacing);
    }
  };

  const damaged = (bytes: Uint8Array, from: number): Uint8Array => {
    const isHit = [...damages.keys()].some((byte) => byte > from && byte <= from + bytes.length);
    if (!isHit) return bytes;
    const result: number[] = [];
    bytes.forEach((byte, index) => {
      const damage = damages.get(from + index + 1);
      if (damage === "flip") result.push(byte ^ (1 << dice.below(8)));
      else if (damage === "noise") result.push(dice.below(256));
      else if (damage !== "drop") result.push(byte);
      if (damage === "double") result.push(byte);
    });
    return Uint8Array.from(result);
  };

  return {
    push(bytes) {
      const from = count;
      count += bytes.length;
      rollFaults(count);
      const due = acts.filter(({ byte }) => byte <= count);
      acts = acts.filter(({ byte }) => byte > count);
      let done = 0;
      for (const { byte, act } of due.sort((a, b) => a.byte - b.byte)) {
        const at = Math.max(done, byte - 1 - from);
        arrive(damaged(bytes.subarray(done, at), from + done));
        done = at;
        act();
      }
      arrive(damaged(bytes.subarray(done), from + done));
    },
    damage: (byte, damage) => void damages.set(byte, damage),
    damageOneIn(bytes) {
      spacing = bytes;
      nextFaulty = count + dice.gap(bytes);
    },
    before: (byte, act) => void acts.push({ byte, act }),
    hold(durationMs) {
      cancelHold?.();
      cancelHold = clock.schedule(durationMs, endHold);
    },
    insert: arrive,
    heal() {
      damages.clear();
      acts = [];
      nextFaulty = Infinity;
      cancelHold?.();
      cancelHold = undefined;
      held = [];
    },
    get count() {
      return count;
    },
  };
}
