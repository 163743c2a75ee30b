import { runApp } from "./app-program.js";
import { appRefusal } from "./app-refusal.js";
import { bannerLines, loadedLines, segmentLines, spokenVersion, tableLines } from "./bootloader-log.js";
import { checkImage } from "./boot-check.js";
import type { ImageRules, ReadFlash } from "./boot-check.js";
import type { GoodImage, ResetCause } from "./boot-log.js";
import { createIdfLog } from "./boot-output.js";
import type { IdfLog, LogLine } from "./boot-output.js";
import { readBootTable } from "./boot-table.js";
import type { AppPartition } from "./boot-table.js";
import type { Machine } from "./machine.js";
import { busy, resetBy } from "./program.js";
import type { Program } from "./program.js";
import { timing } from "./timing.js";

/** What the second stage finds wrong with an app, or the image that it starts. */
function judge(machine: Machine, read: ReadFlash, app: AppPartition): LogLine | GoodImage {
  const { silicon, settings } = machine;
  const rules: ImageRules = {
    headerBytes: 24,
    comparesDigest: true,
    wantsSignature: settings.security.has("secure-boot"),
    ...(silicon.chipId === undefined ? {} : { chipId: silicon.chipId }),
  };
  const image = checkImage(read, app.offset, rules, machine.bus.memory.sizeBytes);
  switch (image.kind) {
    case "good":
      return appRefusal(silicon, settings.revision, read, image, app) ?? image;
    case "no-image":
      return ["esp_image", `image at 0x${app.offset.toString(16)} has invalid magic byte`];
    case "bad-checksum": {
      const sums = `Calculated 0x${image.calculated.toString(16)} read 0x${image.stored.toString(16)}`;
      return ["esp_image", `Checksum failed. ${sums}`];
    }
    case "wrong-chip":
      return ["boot_comm", `mismatch chip ID, expected ${image.expected}, found ${image.found}`];
    case "unsigned":
      return ["esp_image", "Secure boot signature verification failed"];
  }
}

const isRefusal = (verdict: LogLine | GoodImage): verdict is LogLine => Array.isArray(verdict);

/** Starts the first app that is in order; ends with the cause of the next reset. */
function* bootApps(
  machine: Machine,
  read: ReadFlash,
  bootloader: GoodImage,
  apps: readonly AppPartition[],
  cause: ResetCause,
  log: IdfLog,
  inform: (...logLines: readonly LogLine[]) => void,
): Program<ResetCause | undefined> {
  for (const app of apps) {
    const verdict = judge(machine, read, app);
    if (isRefusal(verdict)) {
      log("E", verdict, ["boot", `${app.name} is not bootable`]);
      continue;
    }
    inform(...segmentLines(machine.silicon, verdict), ...loadedLines(app.offset));
    return yield* runApp(machine, read, verdict, bootloader.flashBytes, cause, log);
  }
  log("E", ["boot", "No bootable app partitions in the partition table"]);
  return undefined;
}

/** Second stage: the table, then the apps in turn. Ends with the cause of the next reset. */
export function* secondStage(
  machine: Machine,
  read: ReadFlash,
  bootloader: GoodImage,
  cause: ResetCause,
): Program<ResetCause> {
  const log = createIdfLog((text) => machine.print(text), timing.bootloaderStartMs);
  const version = spokenVersion(read, bootloader);
  const inform = (...logLines: readonly LogLine[]): void => {
    if (version !== undefined) log("I", ...logLines);
  };
  inform(...bannerLines(machine.silicon, machine.settings.revision, bootloader, version ?? ""));
  if (cause === "watchdog") log("W", ...machine.silicon.log.watchdogWarnings.map((text): LogLine => ["boot", text]));
  yield* busy(timing.secondStageMs);
  const table = readBootTable(read);
  if (table.kind === "table") {
    inform(...tableLines(table.rows));
    const next = yield* bootApps(machine, read, bootloader, table.apps, cause, log, inform);
    if (next !== undefined) return next;
  } else {
    const fault =
      table.kind === "bad-md5"
        ? "Partition table MD5 mismatch"
        : `partition 0 invalid magic number 0x${table.magic.toString(16)}`;
    log(
      "E",
      ["flash_parts", fault],
      ["boot", "Failed to verify partition table"],
      ["boot", "load partition table error!"],
    );
  }
  return yield* resetBy("software", timing.secondStageMs);
}
