import type { Dialect } from "../protocol/command.js";
import type { SpiRegisters, SuperWatchdog } from "./definition.js";

/** Addresses of more than 24 bits no ROM sends (esptool `__init__.py` `check_flash_size` at bb72741). */
export const ROM_MAX_FLASH_BYTES = 16 * 0x100000;
/** Largest flash that an image header can name. */
export const HEADER_MAX_FLASH_BYTES = 128 * 0x100000;

/** ROM loaders since ESP32-S2: as the ESP32's, with a fifth BEGIN word. */
export const laterRomDialect: Dialect = {
  statusBytes: 4,
  spiAttachBytes: 8,
  setsFlashSize: true,
  md5Reply: "ascii",
  inflates: true,
  beginWords: 5,
  blockBytes: 0x400,
  namesOldBaud: false,
};

/** SPI controller since ESP32-S2 (esptool `targets/esp32s2.py` at bb72741; esp-serial-flasher `esp_targets.c` at 82897f4). */
export function laterSpi(base: number): SpiRegisters {
  const dataLengths = { mosi: 0x24, miso: 0x28 };
  return { base, usr: 0x18, usr1: 0x1c, usr2: 0x20, dataLengths, w0: 0x58, addressBits: "lower" };
}

/** Size codes of image headers, ESP32 and later (esptool `targets/esp32.py` FLASH_SIZES at bb72741). */
export const flashSizeCodes: Readonly<Record<string, number>> = {
  "1MB": 0x00,
  "2MB": 0x10,
  "4MB": 0x20,
  "8MB": 0x30,
  "16MB": 0x40,
  "32MB": 0x50,
  "64MB": 0x60,
  "128MB": 0x70,
};

// Frequency codes: FLASH_FREQUENCY of esptool `targets/*.py` at bb72741; espflash `target/mod.rs` at ab24ed3.
export const frequencies80 = { "80m": 0xf, "40m": 0x0, "26m": 0x1, "20m": 0x2 } as const;
/** Chips whose flash clock has no third step. */
export const frequencies80Without26 = { "80m": 0xf, "40m": 0x0, "20m": 0x2 } as const;
export const frequencies48 = { "48m": 0xf, "24m": 0x0, "16m": 0x1, "12m": 0x2 } as const;

/** Makers of flash in the package (esptool `targets/esp32c3.py` at bb72741). */
export const flashVendors: Readonly<Record<number, string>> = { 1: "XMC", 2: "GD", 3: "FM", 4: "TT", 5: "ZBIT" };

/** Key of every RTC watchdog (esptool `targets/*.py` RTC_CNTL_WDT_WKEY at bb72741; espflash `target/mod.rs` WDT_WKEY). */
export const RTC_WATCHDOG_KEY = 0x50d83aa1;

/** Super watchdog of chips with LP_WDT: bit 18 feeds it, and its key is that of the RTC watchdog. */
export function lpSuperWatchdog(config: number, protect: number): SuperWatchdog {
  return { config, protect, autoFeedBit: 18, key: RTC_WATCHDOG_KEY };
}
/** Super watchdog of chips with RTC_CNTL: bit 31 feeds it. */
export function rtcSuperWatchdog(config: number, protect: number): SuperWatchdog {
  return { config, protect, autoFeedBit: 31, key: 0x8f1d312a };
}
