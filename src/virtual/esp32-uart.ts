import type { RomUart } from "./silicon.js";

// The ROM of revision 3, as it is in QEMU (`ets_get_detected_xtal_freq` at 40008588, its patch at 40065c18, `UartSetBaudProc`
// at 40008aac); for the older ones esp-stub-lib `target/esp32/src/uart.c` has the same.
const CLOCK_8M = 0x3ff5a010;
const CALIBRATION = 0x3ff5f06c;
/** Holds a frequency in steps of 4096 Hz, in both halves. */
const STORE_5 = 0x3ff480b4;
const UNMEASURED_HZ = 26_000_000;
const REVISION_3_CHOICES_HZ = { low: 26_000_000, high: 40_000_000, between: 30_500_000 } as const;

/** What the ROM takes its crystal for: what somebody told it, or what it measured with an oscillator that drifts. */
function believedHz(read: (address: number) => number, revision: number): number {
  const told = read(STORE_5);
  const [high, low] = [told >>> 16, told & 0xffff];
  if (high === low && high !== 0 && high !== 0xffff) return high * 4096;
  const cycles = read(CALIBRATION) >>> 7;
  // The formula: esptool `targets/esp32.py` get_rom_cal_crystal_freq at bb72741.
  const measured = (cycles * 15_625 * (read(CLOCK_8M) & 0xff)) / 40 || UNMEASURED_HZ;
  const { low: lowHz, high: highHz, between } = REVISION_3_CHOICES_HZ;
  if (revision < 300) return measured;
  return measured < between ? lowHz : highHz;
}

/** How the ESP32's ROM sets its UART. */
export const esp32Uart: RomUart = {
  linkBaudAddress: 0x3ffe019c,
  baudFor(asked, isDivider, { read, revision, crystalMhz }) {
    const sixteenths = isDivider ? asked : Math.floor((believedHz(read, revision) * 16) / asked);
    return sixteenths === 0 ? undefined : (crystalMhz * 16e6) / sixteenths;
  },
};
