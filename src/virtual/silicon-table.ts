import { esp32Silicon } from "./esp32-silicon.js";
import { esp32c2Silicon } from "./esp32c2-silicon.js";
import { esp32c3Silicon } from "./esp32c3-silicon.js";
import { esp32c5Silicon } from "./esp32c5-silicon.js";
import { esp32c6Silicon } from "./esp32c6-silicon.js";
import { esp32c61Silicon } from "./esp32c61-silicon.js";
import { esp32e22Silicon } from "./esp32e22-silicon.js";
import { esp32h2Silicon } from "./esp32h2-silicon.js";
import { esp32h21Silicon } from "./esp32h21-silicon.js";
import { esp32h4Silicon } from "./esp32h4-silicon.js";
import { esp32p4Silicon } from "./esp32p4-silicon.js";
import { esp32s2Silicon } from "./esp32s2-silicon.js";
import { esp32s3Silicon } from "./esp32s3-silicon.js";
import { esp32s31Silicon } from "./esp32s31-silicon.js";
import { esp8266Silicon } from "./esp8266-silicon.js";
import type { Silicon } from "./silicon.js";

/** Every chip that there is a virtual board for. */
export const silicons = {
  esp8266: esp8266Silicon,
  esp32: esp32Silicon,
  esp32s2: esp32s2Silicon,
  esp32s3: esp32s3Silicon,
  esp32c2: esp32c2Silicon,
  esp32c3: esp32c3Silicon,
  esp32c5: esp32c5Silicon,
  esp32c6: esp32c6Silicon,
  esp32c61: esp32c61Silicon,
  esp32h2: esp32h2Silicon,
  esp32h21: esp32h21Silicon,
  esp32h4: esp32h4Silicon,
  esp32p4: esp32p4Silicon,
  esp32s31: esp32s31Silicon,
  esp32e22: esp32e22Silicon,
} as const satisfies Record<string, Silicon>;

export type SiliconName = keyof typeof silicons;

export const siliconNames = Object.keys(silicons) as SiliconName[];
