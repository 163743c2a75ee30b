/**
 * Modelled times in milliseconds. They are assumptions about boards, not measurements of one; each row has its source.
 */
export const timing = {
  /** From EN rising to the ROM's first character. Assumed. */
  romStartMs: 40,
  /**
   * EN's RC element: 10 kΩ and 0.1 µF reach three quarters of the supply after 1.4 ms. Assumed; boards differ between
   * 0.1 µF and 1 µF. Kept in every mode, because a reset that moves one line after the other depends on it.
   */
  enRiseMs: 1.4,
  /** One 4 KiB sector: typical value of W25Q32JV and GD25Q32C data sheets. */
  sectorEraseMs: 45,
  /** One 64 KiB block: typical value of the same data sheets. */
  blockEraseMs: 150,
  /** One 256-byte page: typical value of the same data sheets. */
  pageProgramMs: 0.4,
  /** One KiB of a deflated block in the stub, some 25 cycles for each byte of what comes out. Assumed. */
  stubInflateMsPerKibibyte: 0.2,
  /** MD5 over one MiB in the stub. Assumed. */
  stubMd5MsPerMebibyte: 250,
  /** MD5 over one MiB in the ROM, which runs at the crystal's speed. Assumed. */
  romMd5MsPerMebibyte: 1500,
  /** The stub lets the ROM's last reply leave before it takes the UART over (esp-flasher-stub `transport.c` at fc713a4). */
  stubStartMs: 10,
  /** Bridge's latency to the host, set by `usb-latency-ms`; FTDI's default is 16. Assumed. */
  usbLatencyMs: 1,
  /** A loop of resets without anything to boot. Assumed from the ROM's watchdog; kept in every mode. */
  bootLoopMs: 320,
  /** The RTC watchdog as ESP-IDF's bootloader leaves it (`CONFIG_BOOTLOADER_WDT_TIME_MS`); kept in every mode. */
  rtcWatchdogMs: 9000,
  /** The super watchdog where nobody feeds it. Assumed; kept in every mode. */
  superWatchdogMs: 4000,
  /** From the chip's start to the second stage's first line, as its log counts. Assumed. */
  bootloaderStartMs: 24,
  /** From an app's last word to its reset. Assumed; kept in every mode, else a loop would have no end. */
  restartMs: 100,
  /** The chip's own USB port from a reset until the host can open it again. Assumed; kept in every mode. */
  usbEnumerationMs: 200,
  /** The second-stage loader up to its first error line. Assumed; kept in every mode, else a loop would have no end. */
  secondStageMs: 400,
} as const;

/** Start bit, eight data bits, stop bit. */
export const BITS_PER_BYTE = 10;

/** `none`: all work takes no time. `modelled`: as the table says, divided by `speed`. */
export type TimingMode = "none" | "modelled";

export interface TimingOptions {
  readonly mode: TimingMode;
  readonly usbLatencyMs: number;
  /** Divides every modelled time. */
  readonly speed: number;
}
