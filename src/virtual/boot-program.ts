import { runBareApp } from "./app-program.js";
import type { BootLog, GoodImage, ResetCause } from "./boot-log.js";
import { hex } from "./boot-log.js";
import { lines } from "./boot-output.js";
import { checkImage } from "./boot-check.js";
import type { ImageRules, ReadFlash } from "./boot-check.js";
import type { Machine } from "./machine.js";
import { busy, resetBy } from "./program.js";
import type { Program } from "./program.js";
import { romLoader } from "./rom-loader.js";
import { secondStage } from "./second-stage.js";
import { stubLoader } from "./stub-loader.js";
import { timing } from "./timing.js";

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
function* bootFromFlash(machine: Machine, cause: ResetCause, namesInvalidHeader: boolean): Program<ResetCause> {
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
      if (boot.headerBytes === 8) return yield* runBareApp(machine, image, cause);
      // The ROM copies wherever the header says. What is not in RAM, or does not begin in it, ends in its watchdog.
      if (loadsIntoRam(machine, image)) return yield* secondStage(machine, read, image, cause);
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
      cause = yield* bootFromFlash(machine, cause, namesInvalidHeader);
    }
    machine.resetsItself(cause);
  }
}
