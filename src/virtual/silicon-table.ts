import type { ChipName } from "../chips/definition.js";
import { esp32Silicon } from "./esp32-silicon.js";
import type { Silicon } from "./silicon.js";

/** Every chip that there is a virtual board for. */
export const silicons: Readonly<Record<ChipName, Silicon>> = { esp32: esp32Silicon };

export const siliconNames = Object.keys(silicons) as ChipName[];
