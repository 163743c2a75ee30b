/** A chip as image headers know it. */
interface ImageChip {
  readonly label: string;
  /** Addresses at which the MMU shows flash, as start (inclusive) and end (exclusive). */
  readonly flashMapped: readonly (readonly [number, number])[];
}

/**
 * By the header's `chip_id`. Files of every chip are told apart, also of those that cannot be flashed, so that a
 * refusal can name the chip. Ranges: `IROM_MAP`, `DROM_MAP` and memory maps of npm esptool-js 0.7.0 `lib/targets`;
 * where the chip shares one window between code and data, the whole window.
 */
const imageChips: Readonly<Record<number, ImageChip>> = {
  0: {
    label: "ESP32",
    flashMapped: [
      [0x3f400000, 0x3f800000],
      [0x400d0000, 0x40400000],
    ],
  },
  2: {
    label: "ESP32-S2",
    flashMapped: [
      [0x3f000000, 0x3f3f0000],
      [0x40080000, 0x40b80000],
    ],
  },
  5: {
    label: "ESP32-C3",
    flashMapped: [
      [0x3c000000, 0x3c800000],
      [0x42000000, 0x42800000],
    ],
  },
  9: {
    label: "ESP32-S3",
    flashMapped: [
      [0x3c000000, 0x3e000000],
      [0x42000000, 0x44000000],
    ],
  },
  12: {
    label: "ESP32-C2",
    flashMapped: [
      [0x3c000000, 0x3c400000],
      [0x42000000, 0x42400000],
    ],
  },
  13: { label: "ESP32-C6", flashMapped: [[0x42000000, 0x43000000]] },
  16: { label: "ESP32-H2", flashMapped: [[0x42000000, 0x43000000]] },
  18: { label: "ESP32-P4", flashMapped: [[0x40000000, 0x4c000000]] },
  20: { label: "ESP32-C61", flashMapped: [[0x41000000, 0x44000000]] },
  23: { label: "ESP32-C5", flashMapped: [[0x42000000, 0x44000000]] },
  25: { label: "ESP32-H21", flashMapped: [[0x42000000, 0x43000000]] },
  28: { label: "ESP32-H4", flashMapped: [[0x42000000, 0x44000000]] },
  31: { label: "ESP32-E22", flashMapped: [[0x3c000000, 0x40000000]] },
  32: { label: "ESP32-S31", flashMapped: [[0x40000000, 0x54000000]] },
};

/** Whether a chip has this `chip_id`. */
export function isKnownImageChip(chipId: number): boolean {
  return chipId in imageChips;
}

/** `ESP32-C3`, or `chip id 77` for an id that nobody has seen; `ESP8266` for an image that has none. */
export function imageChipLabel(chipId: number | undefined): string {
  if (chipId === undefined) return "ESP8266";
  return imageChips[chipId]?.label ?? `chip id ${chipId}`;
}

/** Whether the MMU of this chip shows flash at `address`; never for an unknown chip. */
export function isFlashMapped(chipId: number, address: number): boolean {
  const ranges = imageChips[chipId]?.flashMapped ?? [];
  return ranges.some(([start, end]) => address >= start && address < end);
}

/**
 * Whether an image with segments at these addresses needs the MMU, which only a bootloader sets up: then it is an app.
 * For an unknown chip the answer is yes, as only a bootloader ever gets a default offset.
 */
export function needsFlashMapping(chipId: number, addresses: readonly number[]): boolean {
  return !isKnownImageChip(chipId) || addresses.some((address) => isFlashMapped(chipId, address));
}
