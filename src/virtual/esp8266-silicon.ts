import { esp8266Log } from "./boot-log.js";
import { knownStubs } from "./known-stubs.js";
import { esp8266Rom } from "./rom-traits.js";
import type { Silicon, SiliconSettings } from "./silicon.js";
import { esp8266Spi, SHORT_ADDRESSES_BYTES } from "./spi-layout.js";

const OTP_BASE = 0x3ff00050;
const OTP_END = 0x3ff00060;
const ROM_MAGIC = 0x40001000;
const spi = esp8266Spi(0x60000200);

/** Three words hold the MAC; its first half stands in the last of them (esptool `targets/esp8266.py` at bb72741). */
function registers({ mac }: SiliconSettings): ReadonlyMap<number, number> {
  const at = (index: number): number => mac[index] ?? 0;
  return new Map([
    [OTP_BASE, (at(5) << 24) >>> 0],
    [OTP_BASE + 0x04, (at(3) << 8) | at(4)],
    [OTP_BASE + 0x0c, (at(0) << 16) | (at(1) << 8) | at(2)],
    [ROM_MAGIC, 0xfff0c101],
    [spi.usr, 0x80000000],
    [spi.usr1, 0x5c000007],
    [spi.usr2, 0x70000000],
  ]);
}

/** ESP8266EX with the usual crystal of 26 MHz, of which its UART makes 52 MHz. */
export const esp8266Silicon: Silicon = {
  label: "ESP8266",
  boot: { headerBytes: 8, offset: 0, checksChipId: false, comparesDigest: false },
  rom: esp8266Rom,
  spi,
  log: esp8266Log,
  cpu: "xtensa",
  crystalsMhz: [26, 40],
  uartClockFactor: 2,
  // The ROM counts on 40 MHz, so that its log comes at 74880 baud.
  assumedCrystalMhz: 40,
  // esptool `targets/esp8266.py` MEMORY_MAP at bb72741; the stub lies in what is else the cache (esp-flasher-stub
  // `ld/esp8266.ld` at fc713a4).
  ramRanges: [
    { start: 0x3ffe8000, end: 0x40000000 },
    { start: 0x40100000, end: 0x40110000 },
  ],
  readOnlyRanges: [
    { start: 0x40000000, end: 0x40010000 },
    { start: OTP_BASE, end: OTP_END },
  ],
  efuses: { start: OTP_BASE, end: OTP_END },
  registers,
  uartDivider: 0x60000014,
  // GPIO_IN's upper half; nothing reads it.
  strapRegister: 0x60000318,
  strapValues: { download: 0x1_0000, run: 0x3_0000 },
  // Assumed: no source says where the ROM's measurement ends.
  autoBaudLimits: { min: 1200, max: 1_500_000 },
  // Assumed: tools write 4 MB through this ROM, which has no SPI_SET_PARAMS.
  defaultFlashBytes: 4 * 0x100000,
  stubs: knownStubs("esp8266"),
  stubReachBytes: SHORT_ADDRESSES_BYTES,
  startsStub: () => true,
  defaultRevision: 0,
  securitySettings: [],
  usb: { serialJtag: false },
};
