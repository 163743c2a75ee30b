import { FlashError } from "../../src/base/errors.js";
import { buildAppDescription } from "../../src/image/app-description.js";
import { elfToEsp8266V1, elfToEsp8266V2 } from "../../src/image/elf-to-esp8266.js";
import { elfToImage } from "../../src/image/elf-to-image.js";
import { parseIntelHex } from "../../src/image/hex.js";
import { inspectFirmware, tryInspect } from "../../src/image/inspect.js";
import { parseOtaData } from "../../src/image/otadata.js";
import { parseImage } from "../../src/image/parse.js";
import { buildPartitionTable, parsePartitionTable } from "../../src/image/partition-table.js";
import { patchFlashSettings } from "../../src/image/patch.js";
import { elfFile } from "./elf-file.js";
import { hexRecord } from "./hex-file.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "./images.js";
import { mutate, seededRandom } from "./mutate.js";

/** A parser and files that it takes. Its errors must be `FlashError`s that say where in the file they are. */
export interface FuzzTarget {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  readonly parse: (bytes: Uint8Array) => unknown;
}

const description = buildAppDescription({
  version: "1",
  project: "fuzz",
  compileTime: "00:00:00",
  compileDate: "Jan  1 2025",
  idfVersion: "v5.3",
  elfSha256: "00".repeat(32),
});

const elf32 = elfFile(
  [
    { name: ".iram0.vectors", address: 0x40080000, bytes: patternBytes(64) },
    { name: ".iram0.text", address: 0x40080040, bytes: patternBytes(301, 2) },
    { name: ".dram0.data", address: 0x3ffb0000, bytes: patternBytes(90, 3) },
    { name: ".flash.appdesc", address: 0x3f400020, bytes: description },
    { name: ".flash.text", address: 0x400d0018, bytes: patternBytes(500, 4) },
  ],
  0x40080000,
  0x5e,
);
const elfC6 = elfFile([
  { name: ".flash.appdesc", address: 0x42000020, bytes: description },
  { name: ".flash.text", address: 0x42010120, bytes: patternBytes(300) },
  { name: ".dram0.data", address: 0x40800000, bytes: patternBytes(200) },
]);
const elf8266 = elfFile(
  [
    { name: ".data", address: 0x3ffe8000, bytes: patternBytes(80) },
    { name: ".text", address: 0x40100000, bytes: patternBytes(201) },
    { name: ".irom0.text", address: 0x40202010, bytes: patternBytes(333) },
  ],
  0x40100004,
  0x5e,
);

const table = buildPartitionTable([
  { name: "nvs", type: 1, subtype: 2, offset: 0x9000, lengthBytes: 0x6000, flags: 0 },
  { name: "factory", type: 0, subtype: 0, offset: 0x10000, lengthBytes: 0x10000, flags: 0 },
]);
const merged = flashBytes(0xf800, [
  { offset: 0, bytes: bootloaderImage() },
  { offset: 0x7000, bytes: table },
  { offset: 0xf000, bytes: appImage() },
]);

const images = [
  bootloaderImage(),
  // Its header is under no digest, so that what stands in it comes through.
  bootloaderImage({ digest: false }),
  appImage(),
  ...elfToEsp8266V1(elf8266)
    .slice(0, 1)
    .map((file) => file.bytes),
  elfToEsp8266V2(elf8266).bytes,
];

const hexFile = Buffer.from(
  [
    hexRecord(4, 0, [0, 1]),
    ...Array.from({ length: 20 }, (_, index) => hexRecord(0, index * 16, [...patternBytes(16, index)])),
    hexRecord(2, 0, [0x10, 0]),
    hexRecord(0, 0x8000, [1, 2, 3]),
    hexRecord(5, 0, [0x40, 8, 0, 0]),
    ":00000001FF",
  ].join("\n"),
);

/** The parsers of `src/image`. */
export const imageTargets: readonly FuzzTarget[] = [
  { name: "image", seeds: images, parse: (bytes) => parseImage(bytes) },
  { name: "partition table", seeds: [table, table.subarray(0, 96)], parse: (bytes) => parsePartitionTable(bytes) },
  { name: "OTA data", seeds: [flashBytes(0x2000, [])], parse: (bytes) => parseOtaData(bytes) },
  { name: "Intel HEX", seeds: [hexFile], parse: parseIntelHex },
  { name: "ELF for ESP32", seeds: [elf32], parse: (bytes) => elfToImage(bytes, 0) },
  { name: "ELF for ESP32-C6", seeds: [elfC6], parse: (bytes) => elfToImage(bytes, 13) },
  { name: "ELF for ESP8266", seeds: [elf8266], parse: (bytes) => [elfToEsp8266V1(bytes), elfToEsp8266V2(bytes)] },
  {
    name: "header patch",
    // Version 2 of the ESP8266, the last one, is never patched.
    seeds: images.slice(0, -1),
    parse: (bytes) => patchFlashSettings(bytes, 0, { flashModeByte: 1, sizeCode: 0x30 }),
  },
  {
    name: "firmware file",
    seeds: [merged, ...images, table],
    parse: (bytes) => [tryInspect(bytes), inspectFirmware(bytes)],
  },
];

/** What many mutated files did to one parser. */
export interface FuzzOutcome {
  readonly accepted: number;
  readonly refused: number;
  /** Most processor time for one file; the machine's other work does not count. */
  readonly longestMs: number;
  /** Whatever was thrown that is no `FlashError` with its place in the file, by message. */
  readonly surprises: readonly string[];
}

/** What is wrong with a thrown error; `undefined` for a refusal as it should be. */
function surprise(thrown: unknown): string | undefined {
  if (!(thrown instanceof FlashError))
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return "offset" in thrown.details ? undefined : `${thrown.code} without a place: ${thrown.message}`;
}

/** Feeds `runs` mutated files to a parser. The same `seed` gives the same files. */
export function fuzz(target: FuzzTarget, runs: number, seed: number): FuzzOutcome {
  const random = seededRandom(seed);
  const surprises = new Set<string>();
  let accepted = 0;
  let refused = 0;
  let longestMs = 0;
  for (let run = 0; run < runs; run++) {
    const bytes = mutate(target.seeds[run % target.seeds.length] ?? new Uint8Array(0), random);
    const startedAt = process.cpuUsage();
    try {
      target.parse(bytes);
      accepted++;
    } catch (thrown) {
      refused++;
      const what = surprise(thrown);
      if (what !== undefined) surprises.add(what);
    }
    longestMs = Math.max(longestMs, process.cpuUsage(startedAt).user / 1000);
  }
  return { accepted, refused, longestMs, surprises: [...surprises] };
}
