import { FlashError } from "../base/errors.js";
import { concatBytes, toHex, words } from "../base/bytes.js";
import { APP_DESCRIPTION_BYTES, buildAppDescription } from "./app-description.js";
import { buildImage } from "./build.js";
import type { ImageRecipe } from "./build.js";
import { sha256 } from "./digest.js";
import { demoLayouts, esp8266DemoLayout } from "./demo-layouts.js";
import type { ImageLayout } from "./demo-layouts.js";
import { IMAGE_MAGIC } from "./header.js";
import type { ImageTarget } from "./inspect.js";
import { buildPartitionTable, PARTITION_TABLE_OFFSET } from "./partition-table.js";
import { checksumOffset, segmentChecksum } from "./segments.js";
import { pseudoCode } from "./pseudo-code.js";

const APP_OFFSET = 0x10000;
const table = buildPartitionTable([
  { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
  { name: "phy_init", type: 1, subtype: 1, offset: 0xf000, lengthBytes: 0x1000, flags: 0 },
  { name: "factory", type: 0, subtype: 0, offset: APP_OFFSET, lengthBytes: 0x100000, flags: 0 },
]);

/** What a bootloader that logs has in its image; the virtual board prints such a log only where it finds these words. */
const BOOTLOADER_WORDS = Buffer.from("2nd stage bootloader\0v5.4-demo\0");

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
    idfVersion: "v5.4-demo",
    elfSha256: toHex(sha256(concatBytes(...code.map((segment) => segment.bytes)))),
  });
  const segments = code.map((segment, index) =>
    index === 0
      ? { ...segment, bytes: concatBytes(description, segment.bytes.subarray(APP_DESCRIPTION_BYTES)) }
      : segment,
  );
  return buildImage({ chipId, entry: layout.entry, ...FLASH_SETTINGS, minRevision: 0, segments, digest: true });
}

/** The ESP8266's header: its size code for 4 MB is another one. */
function buildEsp8266Demo(variant: number): Uint8Array {
  const segments = codeFor(esp8266DemoLayout, 200 + variant);
  const header = Uint8Array.of(IMAGE_MAGIC, segments.length, FLASH_SETTINGS.flashModeByte, 0x40);
  const body = concatBytes(
    header,
    words(esp8266DemoLayout.entry),
    ...segments.flatMap(({ address, bytes }) => [words(address, bytes.length), bytes]),
  );
  const image = new Uint8Array(checksumOffset(body.length) + 1);
  image.set(body);
  image[image.length - 1] = segmentChecksum(segments.map((segment) => segment.bytes));
  return image;
}

/**
 * Firmware for demo and tests that every check of a real boot loader accepts: bootloader, partition table and app, merged
 * from the chip's bootloader offset on; for ESP8266, which knows no table, one image. Its code is made up and does
 * nothing. Another `variant` is another version of the app. Throws chip/unsupported for a chip without a layout.
 */
export function buildDemoFirmware(chip: ImageTarget, variant = 0): Uint8Array {
  const chipId = chip.imageChipId;
  if (chipId === undefined) return buildEsp8266Demo(variant);
  const layout = demoLayouts[chipId];
  if (layout === undefined) throw new FlashError("chip/unsupported", `There is no demo firmware for ${chip.label}.`);
  const bootloader = buildImage({
    chipId,
    entry: layout.bootloader.entry,
    ...FLASH_SETTINGS,
    minRevision: 0,
    segments: codeFor(layout.bootloader, 1).map((segment, index) =>
      index === 1
        ? { ...segment, bytes: concatBytes(BOOTLOADER_WORDS, segment.bytes.subarray(BOOTLOADER_WORDS.length)) }
        : segment,
    ),
    digest: true,
  });
  const app = buildApp(layout.app, chipId, variant);
  const appAt = APP_OFFSET - chip.bootloaderOffset;
  const firmware = new Uint8Array(appAt + app.length).fill(0xff);
  firmware.set(bootloader);
  firmware.set(table, PARTITION_TABLE_OFFSET - chip.bootloaderOffset);
  firmware.set(app, appAt);
  return firmware;
}
