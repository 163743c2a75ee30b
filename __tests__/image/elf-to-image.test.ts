import { createHash } from "node:crypto";
import type { ChipName } from "../../src/chips/index.js";
import { chips } from "../../src/chips/index.js";
import { elfToImage } from "../../src/image/elf-to-image.js";
import type { ElfImageOptions } from "../../src/image/elf-to-image.js";
import { elfToEsp8266V1, elfToEsp8266V2 } from "../../src/image/elf-to-esp8266.js";
import { fixtureTable } from "../support/fixture-table.js";
import type { ElfCase } from "../support/fixture-table.js";
import { thrownBy } from "../support/images.js";
import { testWithShared } from "../support/shared-files.js";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const chipIdOf = (name: string): number => chips[name as ChipName].imageChipId ?? -1;

const OPTIONS: Readonly<Record<string, (value: string) => ElfImageOptions>> = {
  "--flash-mode": (value) => ({ flashModeByte: ["qio", "qout", "dio", "dout"].indexOf(value) }),
  "--flash-freq": () => ({}),
  "--flash-size": () => ({ sizeFreqByte: 0x3f }),
  "--min-rev-full": (value) => ({ minRevision: Number(value) }),
  "--max-rev-full": (value) => ({ maxRevision: Number(value) }),
  "--dont-append-digest": () => ({ digest: false }),
  "--use-segments": () => ({ source: "segments" }),
  "--version": () => ({}),
};

function optionsOf(words: readonly string[]): ElfImageOptions {
  return Object.assign(
    {},
    ...words.map((word, index) => OPTIONS[word]?.(words[index + 1] ?? "") ?? {}),
  ) as ElfImageOptions;
}

function convert(elf: Uint8Array, given: ElfCase): Record<string, Uint8Array> {
  if (given.chip !== "esp8266") return { ".bin": elfToImage(elf, chipIdOf(given.chip), optionsOf(given.options)) };
  if (given.options.includes("2")) return { "": elfToEsp8266V2(elf).bytes };
  return Object.fromEntries(
    elfToEsp8266V1(elf).map((file) => [`0x${file.offset.toString(16).padStart(5, "0")}.bin`, file.bytes]),
  );
}

describe("an ELF file becomes what esptool makes of it", () => {
  for (const given of fixtureTable.elf2image) {
    testWithShared([given.elf, ...given.options].join(" "), ["fixtures", "elf", given.elf], (elf) => {
      if (!given.ok) {
        expect(thrownBy(() => convert(elf, given))).toMatchObject({ code: "image/elf" });
        return;
      }
      const files = Object.entries(convert(elf, given)).map(([suffix, bytes]) => [
        suffix,
        { bytes: bytes.length, sha256: sha256(bytes) },
      ]);
      expect(Object.fromEntries(files)).toEqual(given.files);
    });
  }
});
