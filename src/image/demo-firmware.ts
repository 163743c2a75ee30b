import { FlashError } from "../base/errors.js";
import { concatBytes, toHex } from "../base/bytes.js";
import { APP_DESCRIPTION_BYTES, buildAppDescription } from "./app-description.js";
import { buildImage } from "./build.js";
import type { ImageRecipe } from "./build.js";
import { sha256 } from "./digest.js";
import type { ImageTarget } from "./inspect.js";
import { buildPartitionTable, PARTITION_TABLE_OFFSET } from "./partition-table.js";
import { pseudoCode } from "./pseudo-code.js";

interface ImageLayout {
  readonly entry: number;
  /** Load address and length of each segment. */
  readonly segments: readonly (readonly [number, number])[];
}

/**
 * Where the demo's code goes, by `imageChipId`. ESP32: the addresses at which the ROM and the bootloader of MicroPython
 * 1.12 loaded theirs. The second app segment is mapped: its address and its place in the image agree in the lower
 * 16 bits, as the MMU maps pages of 64 KiB.
 */
const LAYOUTS: Readonly<Record<number, { readonly bootloader: ImageLayout; readonly app: ImageLayout }>> = {
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
};

const APP_OFFSET = 0x10000;
const table = buildPartitionTable([
  { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
  { name: "phy_init", type: 1, subtype: 1, offset: 0xf000, lengthBytes: 0x1000, flags: 0 },
  { name: "factory", type: 0, subtype: 0, offset: APP_OFFSET, lengthBytes: 0x100000, flags: 0 },
]);

/** DIO, 4 MB, 40 MHz: what nearly every ESP32 module can do. */
const FLASH_SETTINGS = { flashModeByte: 2, sizeFreqByte: 0x20 };

function codeFor(layout: ImageLayout, seed: number): ImageRecipe["segments"] {
  return layout.segments.map(([address, lengthBytes], index) => ({
    address,
    bytes: pseudoCode(lengthBytes, seed + index),
  }));
}

function buildApp(layout: ImageLayout, chipId: number, variant: number): Uint8Array {
  const code = codeFor(layout, 100).map((segment, index) =>
    // Another build of the same source: the code in flash differs, the rest is as before.
    index === 1 ? { ...segment, bytes: pseudoCode(segment.bytes.length, 1000 + variant) } : segment,
  );
  const description = buildAppDescription({
    version: `1.0.${variant}`,
    project: "esp32-flash-action-demo",
    compileTime: "12:00:00",
    compileDate: "Jan  1 2025",
    idfVersion: "demo",
    elfSha256: toHex(sha256(concatBytes(...code.map((segment) => segment.bytes)))),
  });
  const segments = code.map((segment, index) =>
    index === 0
      ? { ...segment, bytes: concatBytes(description, segment.bytes.subarray(APP_DESCRIPTION_BYTES)) }
      : segment,
  );
  return buildImage({ chipId, entry: layout.entry, ...FLASH_SETTINGS, minRevision: 0, segments, digest: true });
}

/**
 * Firmware for demo and tests that every check of a real boot loader accepts: bootloader, partition table and app, merged
 * from the chip's bootloader offset on. Its code is made up and does nothing. Another `variant` is another version of
 * the app. Throws chip/unsupported for a chip without a layout.
 */
export function buildDemoFirmware(chip: ImageTarget, variant = 0): Uint8Array {
  const { imageChipId } = chip;
  const layout = imageChipId === undefined ? undefined : LAYOUTS[imageChipId];
  if (imageChipId === undefined || layout === undefined)
    throw new FlashError("chip/unsupported", `There is no demo firmware for ${chip.label}.`);
  const bootloader = buildImage({
    chipId: imageChipId,
    entry: layout.bootloader.entry,
    ...FLASH_SETTINGS,
    minRevision: 0,
    segments: codeFor(layout.bootloader, 1),
    digest: true,
  });
  const app = buildApp(layout.app, imageChipId, variant);
  const appAt = APP_OFFSET - chip.bootloaderOffset;
  const firmware = new Uint8Array(appAt + app.length).fill(0xff);
  firmware.set(bootloader);
  firmware.set(table, PARTITION_TABLE_OFFSET - chip.bootloaderOffset);
  firmware.set(app, appAt);
  return firmware;
}
