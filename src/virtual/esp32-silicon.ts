import { esp32 } from "../chips/esp32.js";
import { esp32Stubs } from "./known-stubs.js";
import type { Silicon, SiliconSettings } from "./silicon.js";

const EFUSE_BASE = 0x3ff5a000;
const EFUSE_END = 0x3ff5a200;
const ROM_MAGIC = 0x40001000;

/** The eFuse's check of the MAC: CRC-8 with the polynomial 0x31, lowest bit first (ESP-IDF `esp_crc8`). */
function macCrc(mac: Uint8Array): number {
  let crc = 0;
  for (const byte of mac) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x8c : crc >>> 1;
  }
  return crc;
}

function registers({ mac }: SiliconSettings): ReadonlyMap<number, number> {
  const at = (index: number): number => mac[index] ?? 0;
  // Values where no other source is named: what the ROM answered in the recorded conversations (ESP32 revision 3).
  return new Map([
    [EFUSE_BASE + 0x04, ((at(2) << 24) | (at(3) << 16) | (at(4) << 8) | at(5)) >>> 0],
    [EFUSE_BASE + 0x08, (macCrc(mac) << 16) | (at(0) << 8) | at(1)],
    [EFUSE_BASE + 0x0c, 0x00008200],
    [EFUSE_BASE + 0x14, 0x00100000],
    [0x3ff6607c, 0x96042000],
    [ROM_MAGIC, 0x00f01d83],
    [esp32.spi.base + esp32.spi.usr, 0x80000040],
    // 24 address bits and 8 dummy cycles (esp-stub-lib `target/esp32/src/flash.c`).
    [esp32.spi.base + esp32.spi.usr1, 0x5c000007],
    [esp32.spi.base + esp32.spi.usr2, 0x70000000],
  ]);
}

/** ESP32 revision 3 with a 40 MHz crystal. */
export const esp32Silicon: Silicon = {
  definition: esp32,
  romBanner: "ets Jul 29 2019 12:21:46",
  bootModeTexts: { download: "boot:0xf (UART_BOOT(UART0))", run: "boot:0x12 (SPI_FAST_FLASH_BOOT)" },
  crystalHz: 40_000_000,
  // ESP32 Technical Reference Manual, "System and Memory": SRAM 2, 1 and 0, then RTC memory.
  ramRanges: [
    { start: 0x3ffae000, end: 0x40000000 },
    { start: 0x40070000, end: 0x400a0000 },
    // SRAM 1 again, as instructions.
    { start: 0x400a0000, end: 0x400c0000 },
    { start: 0x400c0000, end: 0x400c2000 },
    { start: 0x50000000, end: 0x50002000 },
  ],
  // The same chapter, "External Memory": data, then instructions.
  mappedRanges: [
    { start: 0x3f400000, end: 0x3f800000 },
    { start: 0x400d0000, end: 0x40400000 },
  ],
  readOnlyRanges: [
    { start: 0x40000000, end: 0x40070000 },
    { start: EFUSE_BASE, end: EFUSE_END },
  ],
  registers,
  uartDivider: 0x3ff40014,
  strapRegister: 0x3ff44038,
  strapValues: { download: 0x0f, run: 0x12 },
  // Assumed: no source says where the ROM's measurement ends.
  autoBaudLimits: { min: 1200, max: 1_500_000 },
  defaultFlashBytes: 2 * 0x100000,
  stubs: esp32Stubs,
};
