import { readUint32 } from "../base/bytes.js";
import { appRefusal } from "./app-refusal.js";
import type { BootLog, GoodImage, ResetCause } from "./boot-log.js";
import { hex } from "./boot-log.js";
import { idfLog, lines } from "./boot-output.js";
import { checkImage } from "./boot-check.js";
import type { ImageRules, ReadFlash } from "./boot-check.js";
import { readBootTable } from "./boot-table.js";
import type { AppPartition } from "./boot-table.js";
import type { Machine } from "./machine.js";
import { busy, hang, pause, untilListened } from "./program.js";
import type { Program } from "./program.js";
import { romLoader } from "./rom-loader.js";
import { stubLoader } from "./stub-loader.js";
import { timing } from "./timing.js";

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

/**
 * The app's own words. It is not executed: a good image says who it is, and is taken as running. Its start fails where
 * the bootloader's header names more flash than there is (ESP-IDF `spi_flash/esp_flash_api.c` at 1021229).
 */
function* runApp(
  machine: Machine,
  read: ReadFlash,
  firstSegmentOffset: number,
  headerFlashBytes: number,
): Program<ResetCause> {
  const log = (line: string): void => machine.print(idfLog("I", timing.secondStageMs, "cpu_start", line));
  log("Pro cpu up.");
  if (readUint32(read(firstSegmentOffset, 4), 0) === APP_DESCRIPTION_MAGIC) {
    log("Application information:");
    for (const [label, offset, lengthBytes] of APP_FIELDS) {
      const value = text(read(firstSegmentOffset + offset, lengthBytes));
      if (value !== "") log(`${label}${value}`);
    }
  }
  const { sizeBytes } = machine.bus.memory;
  if (sizeBytes < headerFlashBytes) {
    const text =
      `Detected size(${sizeBytes / 1024}k) smaller than the size in the binary image ` +
      `header(${headerFlashBytes / 1024}k). Probe failed.`;
    machine.print(idfLog("E", timing.secondStageMs, "spi_flash", text));
    return yield* resetBy("software", timing.secondStageMs);
  }
  log("Starting scheduler on PRO CPU.");
  return yield* hang();
}

/** Ends with the cause of the next reset if the app was started, and is not as it should be. */
function* startApp(
  machine: Machine,
  read: ReadFlash,
  app: AppPartition,
  headerFlashBytes: number,
): Program<ResetCause | undefined> {
  const log = (tag: string, line: string): void => machine.print(idfLog("E", timing.secondStageMs, tag, line));
  const { chipId } = machine.silicon;
  const rules: ImageRules = {
    headerBytes: 24,
    comparesDigest: true,
    wantsSignature: machine.settings.security.has("secure-boot"),
    ...(chipId === undefined ? {} : { chipId }),
  };
  const image = checkImage(read, app.offset, rules, machine.bus.memory.sizeBytes);
  switch (image.kind) {
    case "good": {
      const refused = appRefusal(machine.silicon, machine.settings.revision, image, app);
      if (refused === undefined) {
        return yield* runApp(machine, read, image.segments[0]?.offset ?? app.offset, headerFlashBytes);
      }
      log(...refused);
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
    case "wrong-chip":
      log("boot_comm", `mismatch chip ID, expected ${image.expected}, found ${image.found}`);
      break;
    case "unsigned":
      log("esp_image", "Secure boot signature verification failed");
      break;
  }
  log("boot", `${app.name} is not bootable`);
  return undefined;
}

/** Second stage: the table, then the apps in turn. */
function* secondStage(machine: Machine, read: ReadFlash, headerFlashBytes: number): Program<ResetCause> {
  yield* busy(timing.secondStageMs);
  const log = (tag: string, line: string): void => machine.print(idfLog("E", timing.secondStageMs, tag, line));
  const table = readBootTable(read);
  if (table.kind !== "table") {
    const fault =
      table.kind === "bad-md5"
        ? "Partition table MD5 mismatch"
        : `partition 0 invalid magic number 0x${table.magic.toString(16)}`;
    log("flash_parts", fault);
    log("boot", "Failed to verify partition table");
    log("boot", "load partition table error!");
  } else {
    for (const app of table.apps) {
      const cause = yield* startApp(machine, read, app, headerFlashBytes);
      if (cause !== undefined) return cause;
    }
    log("boot", "No bootable app partitions in the partition table");
  }
  return yield* resetBy("software", timing.secondStageMs);
}

/** What the ROM says of an image that it loads. */
function loadLog(log: BootLog, image: GoodImage): string {
  const digest = image.digestMismatch;
  return lines(
    ...log.load(image),
    ...(digest === undefined
      ? []
      : [
          // The ROMs of C3, S3 and C6 say so and go on (boot logs in esp-idf#8798 and OpenEPaperLink#465).
          "SHA-256 comparison failed:",
          `Calculated: ${digest.calculated}`,
          `Expected: ${digest.stored}`,
          "Attempting to boot anyway...",
        ]),
    ...(log.entry ? [`entry ${hex(image.entry, 8)}`] : []),
  );
}

function loadsIntoRam({ memory }: Machine, { segments, entry }: GoodImage): boolean {
  return segments.every(({ address, lengthBytes }) => memory.isRam(address, lengthBytes)) && memory.isRam(entry, 1);
}

/** The ROM boots from the flash; ends with the cause of the next reset where that fails. */
function* bootFromFlash(machine: Machine, namesInvalidHeader: boolean): Program<ResetCause> {
  const read: ReadFlash = (offset, lengthBytes) => machine.readAtBoot(offset, lengthBytes);
  const { boot, chipId, log } = machine.silicon;
  const rules: ImageRules = {
    headerBytes: boot.headerBytes,
    comparesDigest: boot.comparesDigest,
    wantsSignature: machine.settings.security.has("secure-boot"),
    ...(boot.checksChipId && chipId !== undefined ? { chipId } : {}),
  };
  const image = checkImage(read, boot.offset, rules, machine.bus.memory.sizeBytes);
  switch (image.kind) {
    case "good":
      machine.print(loadLog(log, image));
      if (boot.headerBytes === 8) return yield* hang();
      // The ROM copies wherever the header says. What is not in RAM, or does not begin in it, ends in its watchdog.
      if (loadsIntoRam(machine, image)) return yield* secondStage(machine, read, image.flashBytes);
      break;
    case "bad-checksum":
      machine.print(lines(...log.checksumFailed(image.calculated, image.stored)));
      break;
    case "wrong-chip":
      machine.print(
        lines(`Invalid chip id. Expected ${image.expected} read ${image.found}. Bootloader for wrong chip?`),
      );
      break;
    case "unsigned":
      machine.print(lines(...log.unsigned));
      break;
    case "no-image": {
      const times = namesInvalidHeader ? Math.max(1, log.invalidHeaders) : log.invalidHeaders;
      for (let time = 0; time < times; time++) machine.print(lines(`invalid header: ${hex(image.firstWord, 8)}`));
    }
  }
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
    const { log } = machine.silicon;
    machine.print(lines(...log.head(cause, machine.bootMode)));
    if (machine.bootMode === "download") machine.print(lines(...log.download));
    if (machine.bootMode === "download" && (yield* download(machine)) === "restart") {
      cause = "software";
    } else {
      machine.enter("boot");
      cause = yield* bootFromFlash(machine, namesInvalidHeader);
    }
    machine.resetsItself();
  }
}
