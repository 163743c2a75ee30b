import type { ChipDefinition, ChipName } from "./definition.js";
import { esp32 } from "./esp32.js";

/** Every chip that the step knows; a new one is a row here. */
export const chips: Readonly<Record<ChipName, ChipDefinition>> = { esp32 };

export const chipNames = Object.keys(chips) as ChipName[];

export function chipByMagic(magic: number): ChipDefinition | undefined {
  return Object.values(chips).find((chip) => chip.magic === magic);
}

export function chipByImageId(imageChipId: number): ChipDefinition | undefined {
  return Object.values(chips).find((chip) => chip.imageChipId === imageChipId);
}
