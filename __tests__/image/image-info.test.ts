import { chips } from "../../src/chips/index.js";
import { parseImage } from "../../src/image/parse.js";
import type { EspImage } from "../../src/image/parse.js";
import { hex32 } from "../../src/base/bytes.js";
import { imageChipLabel } from "../../src/image/chip-memory.js";
import { thrownBy } from "../support/images.js";
import { fixtureTable } from "../support/fixture-table.js";
import { testWithShared } from "../support/shared-files.js";

const MODES = ["QIO", "QOUT", "DIO", "DOUT"];

/** `legacy` is the old field, which counts major revisions, and minor ones on the C3. */
function minimum(lines: readonly string[]): string | undefined {
  const found = /v(\d+)\.(\d+), \(legacy min_rev = (\d+)\)/.exec(
    lines.find((line) => line.startsWith("Minimal chip")) ?? "",
  );
  if (found === null) return undefined;
  const highest = fact(lines, "Maximal chip revision");
  const legacy = Number(found[3]) * (lines.includes("Chip ID: 5 (ESP32-C3)") ? 1 : 100);
  return highest === "v0.0" ? String(legacy) : String(Number(found[1]) * 100 + Number(found[2]));
}

function fact(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
}

/** What esptool prints, in the words of this project's parser. */
function esptoolSays(lines: readonly string[]): Record<string, unknown> {
  const rows = lines.flatMap((line) => {
    const row = /^ *\d+ +(0x\w+) +(0x\w+) +(0x\w+)/.exec(line);
    return row === null ? [] : [{ lengthBytes: Number(row[1]), address: Number(row[2]), headerAt: Number(row[3]) }];
  });
  const highest = fact(lines, "Maximal chip revision");
  return {
    chip: fact(lines, "Detected image type"),
    entry: fact(lines, "Entry point"),
    mode: fact(lines, "Flash mode"),
    size: fact(lines, "Flash size"),
    frequency: fact(lines, "Flash freq"),
    segments: rows,
    minRevision: minimum(lines) ?? "0",
    maxRevision: highest === "v3.99" ? 399 : undefined,
    digest: fact(lines, "Validation hash")?.replace(" (valid)", ""),
    project: fact(lines, "Project name"),
    version: fact(lines, "App version"),
    elfSha256: fact(lines, "ELF file SHA256"),
    bootloader: fact(lines, "Bootloader version"),
    idf: fact(lines, "ESP-IDF"),
    built: fact(lines, "Compile time"),
  };
}

/** The first name that has this code, as the C6 has two for one. */
function nameOf(code: number, codes: Readonly<Record<string, number>> = {}): string | undefined {
  return Object.entries(codes).find(([, known]) => known === code)?.[0];
}

function weSay(image: EspImage): Record<string, unknown> {
  const { app, bootloader } = image;
  const chip = Object.values(chips).find((candidate) => candidate.imageChipId === image.chipId);
  return {
    chip: imageChipLabel(image.chipId),
    entry: hex32(image.entry),
    mode: MODES[image.flashModeByte],
    size: nameOf(image.sizeFreqByte & 0xf0, chip?.flashSizeCodes),
    frequency: nameOf(image.sizeFreqByte & 0x0f, chip?.flashFrequencyCodes),
    segments: image.segments.map(({ address, offset, lengthBytes }) => ({
      lengthBytes,
      address,
      headerAt: offset - 8,
    })),
    minRevision: String(image.minRevision),
    maxRevision: image.maxRevision,
    digest: image.digest,
    project: app?.project,
    version: app?.version,
    elfSha256: app?.elfSha256,
    bootloader: bootloader === undefined ? undefined : String(bootloader.version),
    idf: app?.idfVersion ?? bootloader?.idfVersion,
    built: app === undefined ? bootloader?.compileTime : `${app.compileDate} ${app.compileTime}`,
  };
}

describe("an image is read as esptool reads it", () => {
  for (const { image, esptool_says: lines, ok } of fixtureTable.image_info) {
    testWithShared(image, ["fixtures", "images", image], (bytes) => {
      if (!ok) {
        expect(thrownBy(() => parseImage(bytes))).toMatchObject({ code: "image/malformed" });
      } else if (lines.some((line) => line.endsWith("(invalid)"))) {
        expect(thrownBy(() => parseImage(bytes))).toMatchObject({ code: "image/digest" });
      } else {
        expect(weSay(parseImage(bytes))).toEqual(esptoolSays(lines));
      }
    });
  }
});
