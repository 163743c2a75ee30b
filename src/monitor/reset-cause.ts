import type { ChipName } from "../chips/index.js";

/**
 * What a reset says about the board: `external` somebody pressed or switched, `wake` the app went to sleep and is back,
 * `software` the app or bootloader asked for it, `fault` nobody did.
 */
export type ResetKind = "external" | "software" | "wake" | "fault";

/** Why a chip started. */
export interface ResetCause {
  readonly kind: ResetKind;
  readonly words: string;
}

/** What the ROM says first after a reset. */
export interface Banner {
  readonly cause: ResetCause;
  /** By its strapping pins, the chip waits for a download. */
  readonly download: boolean;
}

type Causes = Readonly<Record<number, ResetCause>>;
const cause = (kind: ResetKind, words: string): ResetCause => ({ kind, words });

export const brownout = cause("fault", "brownout: the supply voltage fell too low");
/** The port of a chip with USB of its own went away, which such chips show instead of a banner. */
export const usbGone = cause("fault", "the USB port went away");
/** The ROM was seen at work after an app, but not its first lines. */
export const unseen = cause("fault", "a cause that could not be read");

const usbReset = cause("external", "reset through USB");

/** ESP-IDF `esp_rom/<chip>/include/<chip>/rom/rtc.h` at 1021229: numbers mean the same on all chips, where they exist. */
const causes: Causes = {
  1: cause("external", "power-on or EN"),
  3: cause("software", "software"),
  4: cause("fault", "old watchdog"),
  5: cause("wake", "wake-up from deep sleep"),
  6: cause("external", "SDIO"),
  7: cause("fault", "watchdog of timer group 0"),
  8: cause("fault", "watchdog of timer group 1"),
  9: cause("fault", "RTC watchdog"),
  10: cause("fault", "intrusion test"),
  11: cause("fault", "watchdog of timer group 0 (CPU)"),
  12: cause("software", "software (CPU)"),
  13: cause("fault", "RTC watchdog (CPU)"),
  14: cause("software", "the other CPU"),
  15: brownout,
  16: cause("fault", "RTC watchdog (whole chip)"),
  17: cause("fault", "watchdog of timer group 1 (CPU)"),
  18: cause("fault", "super watchdog"),
  19: cause("fault", "clock glitch"),
  20: cause("fault", "eFuse error"),
  21: usbReset,
  22: cause("external", "reset through USB-JTAG"),
  23: cause("fault", "power glitch"),
  24: cause("external", "reset through JTAG"),
  25: cause("fault", "power glitch"),
  26: cause("fault", "CPU lockup"),
};

/** But for these. */
const exceptions: Partial<Record<ChipName, Causes>> = {
  esp32p4: { 23: usbReset },
  esp32s31: { 6: cause("wake", "wake-up of the CPU's power domain"), 23: usbReset },
};

/** Espressif, "ESP8266 Boot Log": EN and a wake-up, which is wired to EN, are the same to it. */
const esp8266Causes: Causes = {
  1: cause("external", "power-on"),
  2: cause("external", "EN, or wake-up from deep sleep"),
  3: cause("software", "software"),
  4: cause("fault", "hardware watchdog"),
};
/** The lower three bits of its first number: the ROM waits for a download over UART. */
const ESP8266_UART_MODE = 1;

const rtcBanner = /^rst:0x([0-9a-f]+) \((\w*)\),boot:0x[0-9a-f]+ \((.*)\)/i;
const esp8266Banner = /^\s*ets Jan +8 2013,rst cause:(\d+), boot mode:\((\d+),\d+\)/;
const downloadMode = /DOWNLOAD|UART0?_BOOT|USB_BOOT/;

/** The banner in a line, or `undefined` where it is none. */
export function readBanner(text: string, chip?: ChipName): Banner | undefined {
  const rtc = rtcBanner.exec(text);
  if (rtc !== null) {
    const [, digits = "", name = "", mode = ""] = rtc;
    const code = parseInt(digits, 16);
    const named = chip === undefined && name.includes("USB") ? usbReset : undefined;
    const known = (chip === undefined ? undefined : exceptions[chip]?.[code]) ?? named ?? causes[code];
    return { cause: known ?? cause("fault", `0x${digits} (${name})`), download: downloadMode.test(mode) };
  }
  const old = esp8266Banner.exec(text);
  if (old === null) return undefined;
  const code = Number(old[1]);
  return {
    cause: esp8266Causes[code] ?? cause("fault", `cause ${code}`),
    download: (Number(old[2]) & 7) === ESP8266_UART_MODE,
  };
}
