import { esp32Log } from "./boot-log.js";
import { esp32Uart } from "./esp32-uart.js";
import { knownStubs } from "./known-stubs.js";
import { esp32Rom } from "./rom-traits.js";
import type { Silicon, SiliconSettings } from "./silicon.js";
import { esp32Spi, SHORT_ADDRESSES_BYTES } from "./spi-layout.js";

const EFUSE_BASE = 0x3ff5a000;
const EFUSE_END = 0x3ff5a200;
const ROM_MAGIC = 0x40001000;
const spi = esp32Spi(0x3ff42000);

/** The bits of the major revision, in the order in which they were burnt over the years. */
const REVISION_BITS: Readonly<Record<number, number>> = { 0: 0b000, 1: 0b001, 2: 0b011, 3: 0b111 };

/** The eFuse's check of the MAC: CRC-8 with the polynomial 0x31, lowest bit first (ESP-IDF `esp_crc8`). */
function macCrc(mac: Uint8Array): number {
  let crc = 0;
  for (const byte of mac) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x8c : crc >>> 1;
  }
  return crc;
}

/** CK8M_FREQ in steps of 62.5 kHz: 8.5 MHz, its nominal rate. Assumed. */
const CLOCK_8M_STEPS = 136;
/**
 * How many cycles of the crystal the ROM counts in 160 of that clock, where TIMG0's RTCCALICFG1 has it (esptool
 * `targets/esp32.py` get_rom_cal_crystal_freq at bb72741 has the formula, ESP-IDF `soc/esp32` the fields).
 */
const calibrationOf = (crystalMhz: number): number => Math.round((crystalMhz * 160) / (CLOCK_8M_STEPS * 0.0625)) << 7;

function registers({ mac, revision, security, crystalMhz }: SiliconSettings): ReadonlyMap<number, number> {
  const at = (index: number): number => mac[index] ?? 0;
  const major = REVISION_BITS[Math.floor(revision / 100)] ?? 0;
  // Values where no other source is named: what the ROM answered in the recorded conversations (ESP32 revision 3).
  return new Map([
    // FLASH_CRYPT_CNT: an odd number of bits encrypts (ESP-IDF `efuse/esp32/esp_efuse_table.csv` at 1021229).
    [EFUSE_BASE, security.has("flash-encryption") ? 1 << 20 : 0],
    [EFUSE_BASE + 0x04, ((at(2) << 24) | (at(3) << 16) | (at(4) << 8) | at(5)) >>> 0],
    [EFUSE_BASE + 0x08, (macCrc(mac) << 16) | (at(0) << 8) | at(1)],
    [EFUSE_BASE + 0x0c, 0x00000200 | ((major & 1) << 15)],
    [EFUSE_BASE + 0x10, security.has("clock-calibration") ? CLOCK_8M_STEPS : 0],
    [0x3ff5f06c, calibrationOf(crystalMhz)],
    [EFUSE_BASE + 0x14, (((major >> 1) & 1) << 20) | ((revision % 100) << 24)],
    // ABS_DONE_0, ABS_DONE_1, DISABLE_DL_ENCRYPT.
    [
      EFUSE_BASE + 0x18,
      (security.has("secure-boot-v1") ? 1 << 4 : 0) |
        (security.has("secure-boot") ? 1 << 5 : 0) |
        (security.has("encrypt-off") ? 1 << 7 : 0),
    ],
    [0x3ff6607c, 0x16042000 + (major >> 2) * 2 ** 31],
    [ROM_MAGIC, 0x00f01d83],
    [spi.usr, 0x80000040],
    // 24 address bits and 8 dummy cycles (esp-stub-lib `target/esp32/src/flash.c`).
    [spi.usr1, 0x5c000007],
    [spi.usr2, 0x70000000],
  ]);
}

/** ESP32 with a 40 MHz crystal. */
export const esp32Silicon: Silicon = {
  label: "ESP32",
  chipId: 0,
  boot: { headerBytes: 24, offset: 0x1000, checksChipId: false, comparesDigest: false },
  rom: esp32Rom,
  spi,
  log: esp32Log,
  cpu: "xtensa",
  crystalsMhz: [40, 26],
  uartClockFactor: 1,
  // ESP32 Technical Reference Manual, "System and Memory": SRAM 2, 1 and 0, then RTC memory.
  ramRanges: [
    { start: 0x3ffae000, end: 0x40000000 },
    { start: 0x40070000, end: 0x400a0000 },
    // SRAM 1 again, as instructions.
    { start: 0x400a0000, end: 0x400c0000 },
    { start: 0x400c0000, end: 0x400c2000 },
    { start: 0x50000000, end: 0x50002000 },
    { start: 0x3ff80000, end: 0x3ff82000 },
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
  // The peripherals on the AHB bus (ESP-IDF `soc/esp32/register/soc/uart_reg.h` REG_UART_AHB_BASE at 1021229).
  registerAlias: { start: 0x60000000, end: 0x60040000, of: 0x3ff40000 },
  efuses: { start: EFUSE_BASE, end: EFUSE_END },
  registers,
  uartDivider: 0x3ff40014,
  strapRegister: 0x3ff44038,
  strapValues: { download: 0x0f, run: 0x12 },
  // Assumed: no source says where the ROM's measurement ends.
  autoBaudLimits: { min: 1200, max: 1_500_000 },
  defaultFlashBytes: 2 * 0x100000,
  romUart: esp32Uart,
  stubs: knownStubs("esp32"),
  stubReachBytes: SHORT_ADDRESSES_BYTES,
  startsStub: () => true,
  defaultRevision: 300,
  securitySettings: ["secure-boot", "secure-boot-v1", "flash-encryption", "encrypt-off", "clock-calibration"],
  usb: { serialJtag: false },
};
