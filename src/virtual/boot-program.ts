import { hex32, readUint32 } from "../base/bytes.js";
import { idfLog, invalidHeader, resetBanner, romChecksumError, romLoadLog } from "./boot-output.js";
import type { ResetCause } from "./boot-output.js";
import { checkImage, readBootTable } from "./boot-check.js";
import type { AppPartition, BootImage, ReadFlash } from "./boot-check.js";
import type { Machine } from "./machine.js";
import { busy, hang, pause, untilListened } from "./program.js";
import type { Program } from "./program.js";
import { romLoader } from "./rom-loader.js";
import type { AddressRange, Silicon } from "./silicon.js";
import { stubLoader } from "./stub-loader.js";
import { timing } from "./timing.js";

const MAP_PAGE_BYTES = 0x10000;
const APP_DESCRIPTION_MAGIC = 0xabcd5432;
/** Fields of `esp_app_desc_t` (ESP-IDF `esp_app_desc.h`): offset and length in bytes, and how the start log names them. */
const APP_FIELDS = [
  ["Project name:     ", 48, 32],
  ["App version:      ", 16, 32],
  ["Compile time:     ", 96, 16],
  ["ESP-IDF:          ", 112, 32],
] as const;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1").split("\0")[0] ?? "";

/** A boot that failed: waits as a boot loop does, and only goes on while someone reads what it prints. */
function* resetBy(cause: ResetCause, delayMs: number): Program<ResetCause> {
  yield* untilListened();
  yield* pause(delayMs);
  return cause;
}

/** The app's own words. It is not executed: a good image says who it is, and is taken as running. */
function* runApp(machine: Machine, read: ReadFlash, firstSegmentOffset: number): Program<never> {
  const log = (line: string): void => machine.print(idfLog("I", timing.secondStageMs, "cpu_start", line));
  log("Pro cpu up.");
  if (readUint32(read(firstSegmentOffset, 4), 0) === APP_DESCRIPTION_MAGIC) {
    log("Application information:");
    for (const [label, offset, lengthBytes] of APP_FIELDS) {
      const value = text(read(firstSegmentOffset + offset, lengthBytes));
      if (value !== "") log(`${label}${value}`);
    }
  }
  log("Starting scheduler on PRO CPU.");
  return yield* hang();
}

type GoodImage = Extract<BootImage, { kind: "good" }>;

const inRanges = (ranges: readonly AddressRange[], address: number): boolean =>
  ranges.some(({ start, end }) => address >= start && address < end);

/** Why the second stage refuses an image whose bytes are in order: tag and text of its line. */
function refusal(
  silicon: Silicon,
  image: GoodImage,
  app: AppPartition,
): readonly [tag: string, text: string] | undefined {
  const { imageChipId } = silicon.definition;
  if (image.chipId !== imageChipId) {
    return ["boot_comm", `mismatch chip ID, expected ${imageChipId}, found ${image.chipId}`];
  }
  if (image.lengthBytes > app.lengthBytes) {
    return ["esp_image", `Image length ${image.lengthBytes} doesn't fit in partition length ${app.lengthBytes}`];
  }
  for (const [index, { address, offset }] of image.segments.entries()) {
    const mapped = inRanges(silicon.mappedRanges, address);
    if (mapped && address % MAP_PAGE_BYTES !== offset % MAP_PAGE_BYTES) {
      return ["esp_image", `Segment ${index} load address ${hex32(address)}, doesn't match data ${hex32(offset)}`];
    }
    if (!mapped && !inRanges(silicon.ramRanges, address)) {
      return ["esp_image", `Segment ${index} ${hex32(address)} invalid: bad load address range`];
    }
  }
  return undefined;
}

function* startApp(machine: Machine, read: ReadFlash, app: AppPartition): Program {
  const log = (tag: string, line: string): void => machine.print(idfLog("E", timing.secondStageMs, tag, line));
  const image = checkImage(read, app.offset, true, machine.bus.memory.sizeBytes);
  switch (image.kind) {
    case "good": {
      const refused = refusal(machine.silicon, image, app);
      if (refused === undefined) yield* runApp(machine, read, image.segments[0]?.offset ?? app.offset);
      else log(...refused);
      break;
    }
    case "no-image":
      log("esp_image", `image at 0x${app.offset.toString(16)} has invalid magic byte`);
      break;
    case "bad-checksum":
      log(
        "esp_image",
        `Checksum failed. Calculated 0x${image.calculated.toString(16)} read 0x${image.stored.toString(16)}`,
      );
      break;
    case "bad-digest":
      log("esp_image", "Image hash failed - image is corrupt");
      break;
  }
  log("boot", `${app.name} is not bootable`);
}

/** Second stage: the table, then the apps in turn. */
function* secondStage(machine: Machine, read: ReadFlash): Program<ResetCause> {
  yield* busy(timing.secondStageMs);
  const log = (tag: string, line: string): void => machine.print(idfLog("E", timing.secondStageMs, tag, line));
  const table = readBootTable(read);
  if (table.kind !== "table") {
    log(
      "flash_parts",
      table.kind === "bad-md5"
        ? "Partition table MD5 mismatch"
        : `partition 0 invalid magic number 0x${table.magic.toString(16)}`,
    );
    log("boot", "Failed to verify partition table");
    log("boot", "load partition table error!");
  } else {
    for (const app of table.apps) yield* startApp(machine, read, app);
    log("boot", "No bootable app partitions in the partition table");
  }
  return yield* resetBy("software", timing.secondStageMs);
}

/** The ROM boots from the flash; ends with the cause of the next reset where that fails. */
function* bootFromFlash(machine: Machine, namesInvalidHeader: boolean): Program<ResetCause> {
  const read: ReadFlash = (offset, lengthBytes) => machine.bus.memory.read(offset, lengthBytes);
  const { bootloaderOffset } = machine.silicon.definition;
  const image = checkImage(read, bootloaderOffset, false, machine.bus.memory.sizeBytes);
  if (image.kind === "good") {
    machine.print(romLoadLog(image));
    // The ROM copies wherever the header says. What is not in RAM, or does not begin in it, ends in its watchdog.
    const loads = image.segments.every(({ address, lengthBytes }) => machine.memory.isRam(address, lengthBytes));
    if (loads && machine.memory.isRam(image.entry, 1)) return yield* secondStage(machine, read);
  }
  if (image.kind === "bad-checksum") machine.print(romChecksumError(image.calculated, image.stored));
  else if (image.kind === "no-image" && namesInvalidHeader) machine.print(invalidHeader(image.firstWord));
  return yield* resetBy("watchdog", timing.bootLoopMs);
}

/** The loader, and the stub that it may start; ends where the chip leaves them. */
function* download(machine: Machine): Program<"run" | "restart"> {
  machine.enter("rom");
  let end = yield* romLoader(machine);
  while (end === "stub") {
    machine.enter("stub");
    end = yield* stubLoader(machine);
  }
  return end;
}

/** All that the chip does from EN's rise on. */
export function* chipProgram(machine: Machine, firstCause: ResetCause, namesInvalidHeader: boolean): Program {
  let cause = firstCause;
  while (true) {
    machine.enter("boot");
    yield* busy(timing.romStartMs);
    machine.print(resetBanner(machine.silicon, cause, machine.bootMode));
    if (machine.bootMode === "download" && (yield* download(machine)) === "restart") {
      cause = "software";
    } else {
      machine.enter("boot");
      cause = yield* bootFromFlash(machine, namesInvalidHeader);
    }
  }
}
