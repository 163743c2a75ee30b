import { mainLines, readAppIdentity, startLines } from "./app-start.js";
import type { AppIdentity, AppStart } from "./app-start.js";
import type { ReadFlash } from "./boot-check.js";
import type { GoodImage, ResetCause } from "./boot-log.js";
import type { IdfLog } from "./boot-output.js";
import type { Machine } from "./machine.js";
import { resetBy } from "./program.js";
import type { Program } from "./program.js";
import { scriptFor, stepsOf } from "./script.js";
import { runScript } from "./script-program.js";
import { timing } from "./timing.js";

/** By which an app's boots are counted: another build is another app. */
const nameOf = (identity: AppIdentity | undefined): string =>
  identity === undefined ? "no description" : `${identity.project} ${identity.version} ${identity.elfSha256}`;

/**
 * Which boot of this app it is. The one that the supply began does not count, as the board was on already before the
 * port was opened: it goes on with what it did last.
 */
function bootNumber({ bootCounts }: Machine, identity: AppIdentity | undefined, cause: ResetCause): number {
  return cause === "power-on" ? bootCounts.last(nameOf(identity)) : bootCounts.next(nameOf(identity));
}

/**
 * The app's own words. It is not executed: a good image says who it is, and then does what the board's script has for
 * it. Its start fails where the bootloader's header names more flash than there is (ESP-IDF `spi_flash/esp_flash_api.c`
 * at 1021229). Ends with the cause of the next reset.
 */
export function* runApp(
  machine: Machine,
  read: ReadFlash,
  image: GoodImage,
  headerFlashBytes: number,
  cause: ResetCause,
  log: IdfLog,
): Program<ResetCause> {
  const identity = readAppIdentity(read, image);
  const start: AppStart = { image, identity, chipRevision: machine.settings.revision };
  const script = scriptFor(machine.scripts, identity);
  const inform: IdfLog = script?.quiet === true ? () => undefined : log;
  inform("I", ...startLines(start));
  const { sizeBytes } = machine.bus.memory;
  if (sizeBytes < headerFlashBytes) {
    const text =
      `Detected size(${sizeBytes / 1024}k) smaller than the size in the binary image ` +
      `header(${headerFlashBytes / 1024}k). Probe failed.`;
    log("E", ["spi_flash", text]);
    return yield* resetBy("restart", timing.secondStageMs);
  }
  inform("I", ...mainLines(start));
  return yield* runScript(machine, start, stepsOf(script, bootNumber(machine, identity, cause)));
}

/** An image that the ROM starts by itself, as the ESP8266's does: it has no words of its own. */
export function* runBareApp(machine: Machine, image: GoodImage, cause: ResetCause): Program<ResetCause> {
  const start: AppStart = { image, identity: undefined, chipRevision: machine.settings.revision };
  const script = scriptFor(machine.scripts, undefined);
  return yield* runScript(machine, start, stepsOf(script, bootNumber(machine, undefined, cause)));
}
