/** Where the code of a demo image goes. */
export interface ImageLayout {
  readonly entry: number;
  /** Load address and length of each segment. */
  readonly segments: readonly (readonly [number, number])[];
}

/** Bootloader and app of one chip. */
export interface DemoLayout {
  readonly bootloader: ImageLayout;
  readonly app: ImageLayout;
}

/** Memory of a chip as a linker script divides it: RAM for data and code, and flash shown for either. */
interface ChipMemory {
  readonly dram: number;
  readonly iram: number;
  readonly drom: number;
  readonly irom: number;
}

/**
 * A small bootloader and app in that memory. Mapped segments have an address and a place in the image that agree in
 * the lower 16 bits, as the MMU maps pages of 64 KiB: the first one's data begin at 0x20, the second one's at 0x4018.
 */
function smallLayout({ dram, iram, drom, irom }: ChipMemory): DemoLayout {
  return {
    bootloader: {
      entry: iram,
      segments: [
        [dram, 0x1000],
        [iram, 0x2400],
      ],
    },
    app: {
      entry: iram + 0x400,
      segments: [
        [drom + 0x20, 0x3ff0],
        [irom + 0x4018, 0x6000],
        [dram, 0x800],
        [iram, 0x2000],
      ],
    },
  };
}

/** A chip whose buses share one RAM and one window for flash. */
const sharedLayout = (ram: number, window: number): DemoLayout =>
  smallLayout({ dram: ram, iram: ram + 0x4000, drom: window, irom: window + 0x10000 });

/**
 * By `imageChipId`. ESP32: the addresses at which the ROM and the bootloader of MicroPython 1.12 loaded theirs. Others:
 * inside the memory maps of npm esptool-js 0.7.0 `lib/targets` (DRAM, IRAM, DROM, IROM).
 */
export const demoLayouts: Readonly<Record<number, DemoLayout>> = {
  0: {
    bootloader: {
      entry: 0x400806f0,
      segments: [
        [0x3fff0018, 4],
        [0x3fff001c, 4800],
        [0x40078000, 9600],
        [0x40080400, 6200],
      ],
    },
    app: {
      entry: 0x40081000,
      segments: [
        [0x3f400020, 0xfff0],
        [0x400d0018, 0x18000],
        [0x3ffb0000, 0x2000],
        [0x40080000, 0x400],
        [0x40080400, 0x5000],
      ],
    },
  },
  2: smallLayout({ dram: 0x3ffe0000, iram: 0x40050000, drom: 0x3f000000, irom: 0x40080000 }),
  5: smallLayout({ dram: 0x3fcd0000, iram: 0x403c0000, drom: 0x3c000000, irom: 0x42000000 }),
  9: smallLayout({ dram: 0x3fce0000, iram: 0x403b0000, drom: 0x3c000000, irom: 0x42000000 }),
  12: smallLayout({ dram: 0x3fcc0000, iram: 0x403a0000, drom: 0x3c000000, irom: 0x42000000 }),
  13: sharedLayout(0x40840000, 0x42000000),
  16: sharedLayout(0x40830000, 0x42000000),
  18: sharedLayout(0x4ff40000, 0x40000000),
  20: sharedLayout(0x40830000, 0x42000000),
  23: sharedLayout(0x40840000, 0x42000000),
  25: sharedLayout(0x40830000, 0x42000000),
  28: sharedLayout(0x40830000, 0x42000000),
  31: sharedLayout(0x31000000, 0x3c000000),
  32: sharedLayout(0x2f040000, 0x40000000),
};

/** The ESP8266's ROM starts one image, all of it in RAM. */
export const esp8266DemoLayout: ImageLayout = {
  entry: 0x40100004,
  segments: [
    [0x40100000, 0x6000],
    [0x3ffe8000, 0x1000],
  ],
};
