import { seededRandom } from "../../__tests__/support/mutate.js";

/** Chance that is the same for the same seed. */
export interface Dice {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** A whole number, both ends included. */
  between(min: number, max: number): number;
  pick<Item>(list: readonly Item[]): Item;
  /** True in this share of the throws. */
  chance(share: number): boolean;
  /** How many bytes pass until the next faulty one, where one in `spacing` is. */
  gap(spacing: number): number;
}

export function createDice(seed: number): Dice {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  return {
    below,
    between: (min, max) => min + below(max - min + 1),
    pick: <Item>(list: readonly Item[]) => list[below(list.length)] as Item,
    chance: (share) => random() < share,
    gap: (spacing) => 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / spacing)),
  };
}
