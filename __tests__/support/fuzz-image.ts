import { systemClock } from "../../src/base/clock.js";
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
import type { FuzzTarget } from "./fuzz.js";
import { hexRecord } from "./hex-file.js";
import { appImage, bootloaderImage, flashBytes, patternBytes } from "./images.js";

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
  { name: "image", isPlaced: true, seeds: images, parse: (bytes) => parseImage(bytes) },
  {
    name: "partition table",
    isPlaced: true,
    seeds: [table, table.subarray(0, 96)],
    parse: (bytes) => parsePartitionTable(bytes),
  },
  { name: "OTA data", isPlaced: true, seeds: [flashBytes(0x2000, [])], parse: (bytes) => parseOtaData(bytes) },
  { name: "Intel HEX", isPlaced: true, seeds: [hexFile], parse: (bytes) => parseIntelHex(bytes, systemClock) },
  { name: "ELF for ESP32", isPlaced: true, seeds: [elf32], parse: (bytes) => elfToImage(bytes, 0) },
  { name: "ELF for ESP32-C6", isPlaced: true, seeds: [elfC6], parse: (bytes) => elfToImage(bytes, 13) },
  {
    name: "ELF for ESP8266",
    isPlaced: true,
    seeds: [elf8266],
    parse: (bytes) => [elfToEsp8266V1(bytes), elfToEsp8266V2(bytes)],
  },
  {
    name: "header patch",
    isPlaced: true,
    // Version 2 of the ESP8266, the last one, is never patched.
    seeds: images.slice(0, -1),
    parse: (bytes) => patchFlashSettings(bytes, 0, { flashModeByte: 1, sizeCode: 0x30 }),
  },
  {
    name: "firmware file",
    isPlaced: true,
    seeds: [merged, ...images, table],
    parse: (bytes) => [tryInspect(bytes), inspectFirmware(bytes)],
  },
];
