import { mainLines, readAppIdentity, startLines } from "./app-start.js";
import type { AppStart } from "./app-start.js";
import type { ReadFlash } from "./boot-check.js";
import type { GoodImage, ResetCause } from "./boot-log.js";
import type { IdfLog } from "./boot-output.js";
import type { Machine } from "./machine.js";
import { hang, resetBy } from "./program.js";
import type { Program } from "./program.js";
import { timing } from "./timing.js";

/**
 * The app's own words. It is not executed: a good image says who it is, and is taken as running. Its start fails where
 * the bootloader's header names more flash than there is (ESP-IDF `spi_flash/esp_flash_api.c` at 1021229).
 */
export function* runApp(
  machine: Machine,
  read: ReadFlash,
  image: GoodImage,
  headerFlashBytes: number,
  log: IdfLog,
): Program<ResetCause> {
  const start: AppStart = {
    image,
    identity: readAppIdentity(read, image),
    chipRevision: machine.settings.revision,
  };
  log("I", ...startLines(start));
  const { sizeBytes } = machine.bus.memory;
  if (sizeBytes < headerFlashBytes) {
    const text =
      `Detected size(${sizeBytes / 1024}k) smaller than the size in the binary image ` +
      `header(${headerFlashBytes / 1024}k). Probe failed.`;
    log("E", ["spi_flash", text]);
    return yield* resetBy("restart", timing.secondStageMs);
  }
  log("I", ...mainLines(start));
  return yield* hang();
}
