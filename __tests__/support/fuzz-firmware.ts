import { hasCode } from "../../src/base/errors.js";
import { systemClock } from "../../src/base/clock.js";
import { layoutKindByName, layoutKindByContent, readLayout } from "../../src/firmware/layout-kinds.js";
import { isTar, openTar } from "../../src/firmware/tar.js";
import type { Archive } from "../../src/firmware/archive.js";
import { isZip, openZip } from "../../src/firmware/zip.js";
import { makeTar, makeZip, paxRecord } from "./archives.js";
import { flashArgs, flasherArgs, webManifest } from "./firmware-layouts.js";
import type { FuzzTarget } from "./fuzz.js";
import { patternBytes } from "./images.js";

const files = [
  { path: "build/", type: "5", mode: 0o040755, method: 0 },
  { path: "build/app.bin", bytes: patternBytes(2000) },
  { path: "build/table.bin", bytes: patternBytes(900, 3) },
];
const longNamed = [
  { path: "pax", type: "x", bytes: paxRecord("path", "a/very/long/name.bin") },
  { path: "short.bin", bytes: patternBytes(700) },
  { path: "././@LongLink", type: "L", bytes: Buffer.from("another/long/name.bin\0") },
  { path: "cut", bytes: patternBytes(100) },
];

async function readAll(archive: Archive): Promise<void> {
  for (const member of archive.members) await archive.read(member);
}

function layoutTarget(fileName: string, ...texts: readonly string[]): FuzzTarget {
  const kind = layoutKindByName(fileName);
  return {
    name: fileName,
    isPlaced: true,
    seeds: texts.map((text) => Buffer.from(text)),
    parse(bytes) {
      layoutKindByContent(bytes);
      if (kind === undefined) throw new Error(`${fileName} is no layout`);
      try {
        readLayout(kind, { name: fileName, bytes }, undefined);
      } catch (error) {
        // A layout for the wrong chip is a good file.
        if (!hasCode(error, "firmware/chip")) throw error;
      }
    },
  };
}

/** The parsers of `src/firmware`. */
export const firmwareTargets: readonly FuzzTarget[] = [
  {
    name: "zip",
    isPlaced: true,
    seeds: [
      makeZip(files),
      makeZip(
        files.map((file) => ({ ...file, method: 0 })),
        { comment: "a comment" },
      ),
    ],
    parse: async (bytes: Uint8Array): Promise<void> => {
      if (isZip(bytes)) await readAll(openZip("fw.zip", bytes, systemClock));
    },
  },
  {
    name: "tar",
    isPlaced: true,
    seeds: [makeTar(files), makeTar(longNamed)],
    parse: async (bytes: Uint8Array): Promise<void> => {
      if (isTar(bytes)) await readAll(openTar("fw.tar", bytes));
    },
  },
  layoutTarget("flasher_args.json", flasherArgs(), JSON.stringify(JSON.parse(flasherArgs()), undefined, 4)),
  layoutTarget("flash_args", flashArgs, '--encrypt\r\n0x1000 "my app.bin"\r\n'),
  layoutTarget("manifest.json", webManifest("ESP32"), webManifest("ESP32", "ESP32-S3")),
];
