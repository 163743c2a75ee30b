import { hasCode } from "../base/errors.js";
import type { Device } from "./device.js";
import { readBits, writeWord } from "./registers.js";
import { hardReset } from "./reset.js";
import { isUsbOtg } from "./usb.js";
import { resetByWatchdog } from "./watchdogs.js";

/** How the chip was reset, or why that is left to a person. */
export type Departure = "lines" | "watchdog" | "no-lines";

/** Faults of a board that may be starting already. */
const MAY_BE_GONE = ["device/timeout", "device/bad-reply", "device/rejected", "device/checksum", "port/lost"] as const;

/** Otherwise the chip could come back in download mode. */
async function clearForcedDownload({ connection, chip, security }: Device): Promise<void> {
  const { forceDownload } = chip.reset;
  if (forceDownload?.clearBeforeReset !== true || security.secureDownload) return;
  const mask = (2 ** forceDownload.bits - 1) * 2 ** forceDownload.shift;
  await writeWord(connection, chip, forceDownload.address, 0, mask).catch((error: unknown) => {
    if (!hasCode(error, ...MAY_BE_GONE)) throw error;
  });
}

/** Whether the chip hangs on USB-OTG in a state that its RTS line does not end (esptool `targets/esp32s3.py` `hard_reset` at bb72741). */
async function needsWatchdog({ connection, chip, security }: Device): Promise<boolean> {
  const { byWatchdog, otg, strap, forceDownload } = chip.reset;
  if (!byWatchdog || otg === undefined || security.secureDownload || !isUsbOtg(connection.transport, chip))
    return false;
  if (otg === "watchdog") return true;
  const isStrapped = strap !== undefined && (await readBits(connection, strap)) === 0;
  const isForced = forceDownload !== undefined && (await readBits(connection, forceDownload)) === 1;
  return isStrapped && !isForced;
}

/**
 * Starts the firmware by whatever the chip has on this port: the reset line, or its watchdog where the line does not help
 * or `wanted` asks for it. In Secure Download Mode there is only the line. `beforeReset` is called when the loader has got
 * its last command and nothing has been reset yet; not at all where nothing can be.
 */
export async function leaveLoader(
  device: Device,
  wanted: "lines" | "watchdog",
  beforeReset: () => Promise<void> = () => Promise.resolve(),
): Promise<Departure> {
  const { connection, chip, security } = device;
  await clearForcedDownload(device);
  const asked = wanted === "watchdog" && chip.reset.byWatchdog && !security.secureDownload;
  if (asked || (await needsWatchdog(device))) {
    await resetByWatchdog(connection, chip, beforeReset);
    return "watchdog";
  }
  if (!connection.transport.capabilities.controlLines) return "no-lines";
  await beforeReset();
  await hardReset(connection.transport, connection.clock, connection.signal, device.enHoldMs);
  return "lines";
}
