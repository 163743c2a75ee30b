/** What it takes to lay out a chip's image from an ELF file, besides the addresses of mapped flash. */
export interface ElfChip {
  /** Pieces on both sides of such a border stay two segments. Start (inclusive) and end (exclusive). */
  readonly regions: readonly (readonly [number, number])[];
  /** Pages that the MMU can be set to, smallest first; empty where it has 64 KiB and nothing else. */
  readonly mmuPageBytes: readonly number[];
}

const KIB = 1024;
const UP_TO_64_KIB = [8 * KIB, 16 * KIB, 32 * KIB, 64 * KIB];

/** ESP32-C6, H2 and H21 have the same map. */
const C6_REGIONS: ElfChip["regions"] = [
  [0x00000000, 0x00010000],
  [0x40000000, 0x4004ac00],
  [0x4004ac00, 0x40050000],
  [0x40800000, 0x40880000],
  [0x42000000, 0x43000000],
  [0x50000000, 0x50004000],
  [0x600fe000, 0x60100000],
];

/** ESP8266, whose images have no chip id. */
export const ESP8266_REGIONS: ElfChip["regions"] = [
  [0x3ff00000, 0x3ff00010],
  [0x3ffe8000, 0x40000000],
  [0x40100000, 0x40108000],
  [0x40201010, 0x402e1010],
];

/**
 * By `chip_id`. Regions: MEMORY_MAP of esptool v5.3.1 `targets/*.py`, held against npm esptool-js 0.7.0 `lib/targets`,
 * which differs for the C61 alone (flash at 0x41000000; ESP-IDF `soc/esp32c61/include/soc/ext_mem_defs.h` at 16abaf06 has
 * 0x42000000). Pages: MMU_PAGE_SIZE_CONF of esptool v5.3.1 `bin_image.py`.
 */
export const elfChips: Readonly<Record<number, ElfChip>> = {
  0: {
    regions: [
      [0x00000000, 0x00010000],
      [0x3f400000, 0x3f800000],
      [0x3f800000, 0x3fc00000],
      [0x3ff80000, 0x3ff82000],
      [0x3ff90000, 0x40000000],
      [0x3ffae000, 0x40000000],
      [0x3ffe0000, 0x3ffffffc],
      [0x40000000, 0x40070000],
      [0x40070000, 0x40078000],
      [0x40078000, 0x40080000],
      [0x40080000, 0x400a0000],
      [0x400a0000, 0x400bfffc],
      [0x400c0000, 0x400c2000],
      [0x400d0000, 0x40400000],
      [0x50000000, 0x50002000],
    ],
    mmuPageBytes: [],
  },
  2: {
    regions: [
      [0x00000000, 0x00010000],
      [0x3f000000, 0x3ff80000],
      [0x3f500000, 0x3ff80000],
      [0x3ff9e000, 0x3ffa0000],
      [0x3ff9e000, 0x40000000],
      [0x3ff9e000, 0x40072000],
      [0x3ffb0000, 0x40000000],
      [0x40000000, 0x4001a100],
      [0x40020000, 0x40070000],
      [0x40070000, 0x40072000],
      [0x40080000, 0x40800000],
      [0x50000000, 0x50002000],
    ],
    mmuPageBytes: [],
  },
  5: {
    regions: [
      [0x00000000, 0x00010000],
      [0x3c000000, 0x3c800000],
      [0x3fc80000, 0x3fce0000],
      [0x3fc88000, 0x3fd00000],
      [0x3ff00000, 0x3ff20000],
      [0x40000000, 0x40060000],
      [0x4037c000, 0x403e0000],
      [0x42000000, 0x42800000],
      [0x50000000, 0x50002000],
      [0x600fe000, 0x60100000],
    ],
    mmuPageBytes: [],
  },
  9: {
    regions: [
      [0x00000000, 0x00010000],
      [0x3c000000, 0x3d000000],
      [0x3d000000, 0x3e000000],
      [0x3fc88000, 0x3fd00000],
      [0x3fc88000, 0x403e2000],
      [0x40000000, 0x4001a100],
      [0x40370000, 0x403e0000],
      [0x42000000, 0x42800000],
      [0x50000000, 0x50002000],
      [0x600fe000, 0x60100000],
    ],
    mmuPageBytes: [],
  },
  12: {
    regions: [
      [0x00000000, 0x00010000],
      [0x3c000000, 0x3c400000],
      [0x3fc88000, 0x3fd00000],
      [0x3fca0000, 0x3fce0000],
      [0x3ff00000, 0x3ff50000],
      [0x40000000, 0x40090000],
      [0x4037c000, 0x403c0000],
      [0x42000000, 0x42400000],
    ],
    mmuPageBytes: [16 * KIB, 32 * KIB, 64 * KIB],
  },
  13: { regions: C6_REGIONS, mmuPageBytes: UP_TO_64_KIB },
  16: { regions: C6_REGIONS, mmuPageBytes: UP_TO_64_KIB },
  18: {
    regions: [
      [0x00000000, 0x00010000],
      [0x40000000, 0x4c000000],
      [0x4fc00000, 0x4fc20000],
      [0x4ff00000, 0x4ffa0000],
      [0x50108000, 0x50110000],
      [0x600fe000, 0x60100000],
    ],
    mmuPageBytes: [],
  },
  20: {
    regions: [
      [0x00000000, 0x00010000],
      [0x40000000, 0x4004ac00],
      [0x4004ac00, 0x40050000],
      [0x40800000, 0x40860000],
      [0x42000000, 0x44000000],
      [0x50000000, 0x50004000],
      [0x600fe000, 0x60100000],
    ],
    mmuPageBytes: UP_TO_64_KIB,
  },
  23: {
    regions: [
      [0x00000000, 0x00010000],
      [0x40000000, 0x4003a000],
      [0x4003a000, 0x40040000],
      [0x40800000, 0x40860000],
      [0x42000000, 0x44000000],
      [0x50000000, 0x50004000],
      [0x600fe000, 0x60100000],
    ],
    mmuPageBytes: [],
  },
  25: { regions: C6_REGIONS, mmuPageBytes: UP_TO_64_KIB },
  28: {
    regions: [
      [0x00000000, 0x00010000],
      [0x40000000, 0x40050000],
      [0x40810000, 0x40860000],
      [0x42000000, 0x44000000],
      [0x50000000, 0x50004000],
      [0x60000000, 0x60100000],
    ],
    mmuPageBytes: UP_TO_64_KIB,
  },
  31: {
    regions: [
      [0x00000000, 0x00010000],
      [0x30000000, 0x30120000],
      [0x30fe0000, 0x31200000],
      [0x31000000, 0x31200000],
      [0x3c000000, 0x40000000],
      [0xc0000000, 0xc0008000],
    ],
    mmuPageBytes: [],
  },
  32: {
    regions: [
      [0x00000000, 0x00010000],
      [0x2e000000, 0x2e008000],
      [0x2f000000, 0x2f080000],
      [0x2f800000, 0x2f850000],
      [0x40000000, 0x54000000],
    ],
    mmuPageBytes: [32 * KIB, 64 * KIB, 128 * KIB, 256 * KIB],
  },
};
