import { FlashError, hasCode } from "../base/errors.js";
import type { ChipDefinition } from "../chips/definition.js";
import { stubDialect } from "../protocol/command.js";
import { changeBaudrate, readRegister } from "../protocol/system-commands.js";
import type { StubDevice } from "./device.js";
import { MAGIC_ADDRESS } from "./identify.js";
import { attachStubFlash } from "./open-device.js";
import type { AttachedFlash } from "./open-device.js";
import { readFlashRange } from "./stub-flash.js";

/** Rates that `auto` goes through, from above. 921600 is what the slowest of the usual bridges (CP2102) carries. */
export const AUTO_BAUDS = [921_600, 460_800, 230_400, 115_200] as const;

/** Both sides change their divider; garbage of the change has come by then (esptool `loader.py` `change_baud`). */
const SETTLE_MS = 50;
/** Enough for a frame each way at any rate, and for a bridge that holds bytes for 16 ms. */
const ANSWER_MS = 100;
/** A first question may come while the chip still changes its divider. At a wrong rate no answer comes at all. */
const MAX_QUESTIONS = 5;
/** Bytes from the chip: one READ_FLASH packet, closed by its MD5. */
const PROBE_FROM_CHIP_BYTES = 0x1000;

/** A word that every read gives: the mask ROM's on the older chips; on later ones flash can be mapped there. */
function probeAddress({ magic, spi }: ChipDefinition): number {
  return magic === undefined ? spi.base + spi.usr : MAGIC_ADDRESS;
}

/** Asks until the chip answers at the new rate, which is most often at once. */
async function awaitAnswer({ connection, chip }: StubDevice): Promise<void> {
  const question = { ...readRegister(probeAddress(chip)), timeoutMs: ANSWER_MS };
  for (let asked = 1; ; asked++) {
    try {
      await connection.request(question);
      if (asked === 1) return;
      // An answer to an earlier question must not be taken for one to the next command.
      await connection.sleep(SETTLE_MS);
      connection.drain();
      return;
    } catch (error) {
      if (asked >= MAX_QUESTIONS || !hasCode(error, "device/timeout", "device/bad-reply")) throw error;
    }
  }
}

/**
 * Real data both ways: the dialogue about the flash to the chip, 4 KiB of flash with their MD5 from it.
 * Blocks of a write carry checksums of their own.
 */
async function checkLink(device: StubDevice): Promise<AttachedFlash> {
  await awaitAnswer(device);
  const flash = await attachStubFlash(device);
  await readFlashRange(device, 0, PROBE_FROM_CHIP_BYTES);
  return flash;
}

/**
 * Takes the link to `baud`, attaches the flash there, and trusts the rate only after real data has crossed it both
 * ways. `device/baud` where it does not work: the stub then listens at a rate that the line does not carry, and only a
 * reset brings it back. No ROM is ever told another rate: those of ESP32, C2 and C5 reckon with a crystal that the board
 * may not have (esptool `targets/esp32c5.py` `change_baud` at bb72741).
 */
export async function raiseBaud(
  device: StubDevice,
  baud: number,
): Promise<{ readonly device: StubDevice; readonly flash: AttachedFlash }> {
  const { connection } = device;
  try {
    await connection.request(changeBaudrate(stubDialect, baud, device.baud));
    await connection.transport.setBaudRate(baud);
    connection.drain();
    const raised = { ...device, baud };
    return { device: raised, flash: await checkLink(raised) };
  } catch (error) {
    if (!hasCode(error, "device/timeout", "device/bad-reply", "device/rejected", "device/checksum")) throw error;
    throw new FlashError("device/baud", `The link does not carry data at ${baud} baud.`, error.details, error);
  }
}
