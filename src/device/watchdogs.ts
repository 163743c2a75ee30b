import { hasCode } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import { RTC_WATCHDOG_KEY } from "../chips/shapes.js";
import type { Connection } from "./connection.js";
import { readWord, writeWord } from "./registers.js";

/**
 * Stops the watchdogs that a reset over USB-Serial/JTAG leaves running: they would reset the chip in the middle of a long
 * write (esptool `targets/esp32c3.py` `disable_watchdogs` at bb72741).
 */
export async function stopWatchdogs(connection: Connection, chip: ChipDefinition): Promise<void> {
  const { rtcWatchdog, superWatchdog } = chip;
  if (rtcWatchdog !== undefined) {
    await writeWord(connection, chip, rtcWatchdog.protect, RTC_WATCHDOG_KEY);
    await writeWord(connection, chip, rtcWatchdog.config0, 0);
    await writeWord(connection, chip, rtcWatchdog.protect, 0);
  }
  if (superWatchdog === undefined) return;
  const { config, protect, autoFeedBit, key } = superWatchdog;
  await writeWord(connection, chip, protect, key);
  await writeWord(connection, chip, config, ((await readWord(connection, config)) | (1 << autoFeedBit)) >>> 0);
  await writeWord(connection, chip, protect, 0);
}

// On, reset the whole chip when the first stage ends after 2000 ticks of the slow clock, for a signal 2 units long
// (esptool `targets/esp32c3.py` `watchdog_reset` at bb72741; espflash `target/mod.rs` `rtc_wdt_reset` at ab24ed3).
const WATCHDOG_TICKS = 2000;
const WATCHDOG_RESETS_CHIP = ((1 << 31) | (5 << 28) | (1 << 8) | 2) >>> 0;
/** By then the reset has taken effect. */
const WATCHDOG_RESET_MS = 500;

/**
 * Lets the RTC watchdog reset the chip, straps included. The port of a chip on USB vanishes with it. For chips whose
 * record says `reset.byWatchdog`; the others have no register to write, and nothing happens. `beforeReset` has some 13 ms
 * until the watchdog bites: 2000 ticks of 150 kHz.
 */
export async function resetByWatchdog(
  connection: Connection,
  chip: ChipDefinition,
  beforeReset: () => Promise<void>,
): Promise<void> {
  const { rtcWatchdog } = chip;
  if (rtcWatchdog === undefined) return;
  await writeWord(connection, chip, rtcWatchdog.protect, RTC_WATCHDOG_KEY);
  await writeWord(connection, chip, rtcWatchdog.config1, WATCHDOG_TICKS);
  await writeWord(connection, chip, rtcWatchdog.config0, WATCHDOG_RESETS_CHIP);
  await writeWord(connection, chip, rtcWatchdog.protect, 0).catch((error: unknown) => {
    // The reset may be faster than the answer, and a chip on USB takes its port along.
    if (!hasCode(error, "device/timeout", "device/bad-reply", "port/lost")) throw error;
  });
  await beforeReset();
  await connection.sleep(WATCHDOG_RESET_MS);
}
