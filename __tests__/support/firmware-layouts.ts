import { concatBytes } from "../../src/base/bytes.js";
import { appImage, bootloaderImage, patternBytes } from "./images.js";

/** The files of an ESP-IDF build, by their paths below the build folder. */
export const buildFiles: Readonly<Record<string, Uint8Array>> = {
  "bootloader/bootloader.bin": bootloaderImage(),
  "partition_table/partition-table.bin": concatBytes(Uint8Array.of(0xaa, 0x50), patternBytes(3070, 7)),
  "blink.bin": appImage(),
};

/** Offsets of `buildFiles` in the order of the layouts. */
export const buildOffsets: Readonly<Record<string, number>> = {
  "bootloader/bootloader.bin": 0x1000,
  "partition_table/partition-table.bin": 0x8000,
  "blink.bin": 0x10000,
};

/** `flasher_args.json` in the form that ESP-IDF 5.3 writes; `changes` replace its keys. */
export function flasherArgs(changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    write_flash_args: ["--flash_mode", "dio", "--flash_size", "4MB", "--flash_freq", "40m"],
    flash_settings: { flash_mode: "dio", flash_size: "4MB", flash_freq: "40m" },
    flash_files: {
      "0x1000": "bootloader/bootloader.bin",
      "0x8000": "partition_table/partition-table.bin",
      "0x10000": "blink.bin",
    },
    bootloader: { offset: "0x1000", file: "bootloader/bootloader.bin", encrypted: "false" },
    app: { offset: "0x10000", file: "blink.bin", encrypted: "false" },
    "partition-table": { offset: "0x8000", file: "partition_table/partition-table.bin", encrypted: "false" },
    extra_esptool_args: { after: "hard_reset", before: "default_reset", stub: true, chip: "esp32" },
    ...changes,
  });
}

export const flashArgs = `--flash_mode dio --flash_freq 40m --flash_size 4MB
0x1000 bootloader/bootloader.bin
0x8000 partition_table/partition-table.bin
0x10000 blink.bin
`;

/** An ESP Web Tools manifest with one build for each family. */
export function webManifest(...families: readonly string[]): string {
  const parts = Object.entries(buildOffsets).map(([path, offset]) => ({ path, offset }));
  return JSON.stringify({
    name: "Blink",
    version: "1.2.3",
    new_install_prompt_erase: true,
    builds: families.map((chipFamily) => ({ chipFamily, parts })),
  });
}
