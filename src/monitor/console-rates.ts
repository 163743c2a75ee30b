import type { ChipName } from "../chips/index.js";

/** What a console speaks unless it was told otherwise, with the crystal that ROM and apps reckon with. */
const USUAL_BAUD = 115_200;
const USUAL_CRYSTAL_MHZ = 40;

/** ROMs that do not measure their crystal: on a board with another one, their rate is off by as much. */
const fixedRoms: Partial<Record<ChipName, number>> = { esp8266: 26, esp32c2: USUAL_CRYSTAL_MHZ };

/** What is known of a console. */
export interface ConsoleHints {
  readonly chip?: ChipName;
  /** Of this board; 0 or absent: the chip's usual one. */
  readonly crystalMhz?: number;
  /** The app's rate, in bits a second. */
  readonly consoleBaud?: number;
}

/** At which rates a console speaks after a reset, in bits a second. */
export interface Rates {
  readonly romBaud: number;
  readonly appBaud: number;
}

/** With a crystal of 26 MHz the ROM of ESP8266 and ESP32-C2 speaks at 74880. */
export function consoleRates({ chip, crystalMhz = 0, consoleBaud = USUAL_BAUD }: ConsoleHints): Rates {
  const usualMhz = (chip === undefined ? undefined : fixedRoms[chip]) ?? USUAL_CRYSTAL_MHZ;
  const isFixed = chip !== undefined && chip in fixedRoms;
  const romBaud = isFixed ? (USUAL_BAUD * (crystalMhz || usualMhz)) / USUAL_CRYSTAL_MHZ : USUAL_BAUD;
  return { romBaud, appBaud: consoleBaud };
}

/** The ROM's last words before it starts what it loaded. */
const romEnds = /^(?:csum 0x|entry 0x)[0-9a-f]+/i;
/** Fewer unreadable bytes are a glitch on the line. */
const NOISE_BYTES = 16;

/**
 * Which rate to listen at after a line, given by its text and unreadable bytes: the app's behind the ROM's last words,
 * the other one when only noise comes.
 */
export function nextRate(
  { romBaud, appBaud }: Rates,
  current: number,
  line: { readonly text: string; readonly noiseBytes: number },
): number {
  if (romEnds.test(line.text)) return appBaud;
  if (line.text === "" && line.noiseBytes >= NOISE_BYTES) return current === romBaud ? appBaud : romBaud;
  return current;
}
