import type { ChipDefinition } from "./definition.js";
import { esp32 } from "./esp32.js";
import { esp32c2 } from "./esp32c2.js";
import { esp32c3 } from "./esp32c3.js";
import { esp32c5 } from "./esp32c5.js";
import { esp32c6 } from "./esp32c6.js";
import { esp32c61 } from "./esp32c61.js";
import { esp32e22 } from "./esp32e22.js";
import { esp32h2 } from "./esp32h2.js";
import { esp32h21 } from "./esp32h21.js";
import { esp32h4 } from "./esp32h4.js";
import { esp32p4 } from "./esp32p4.js";
import { esp32s2 } from "./esp32s2.js";
import { esp32s3 } from "./esp32s3.js";
import { esp32s31 } from "./esp32s31.js";
import { esp8266 } from "./esp8266.js";

/** Every chip that the step knows; a new one is a row here. */
const rows = {
  esp8266,
  esp32,
  esp32s2,
  esp32s3,
  esp32c2,
  esp32c3,
  esp32c5,
  esp32c6,
  esp32c61,
  esp32h2,
  esp32h21,
  esp32h4,
  esp32p4,
  esp32s31,
  esp32e22,
} as const satisfies Readonly<Record<string, ChipDefinition>>;

/** Names as the input `chip` takes them. */
export type ChipName = keyof typeof rows;

export const chips: Readonly<Record<ChipName, ChipDefinition>> = rows;

export const chipNames = Object.keys(chips) as ChipName[];

export function chipByMagic(magic: number): ChipDefinition | undefined {
  return Object.values(chips).find((chip) => chip.magic === magic);
}

export function chipByImageId(imageChipId: number): ChipDefinition | undefined {
  return Object.values(chips).find((chip) => chip.imageChipId === imageChipId);
}
