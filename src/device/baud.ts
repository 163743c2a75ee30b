import { FlashError, hasCode } from "../base/errors.js";
import { stubDialect } from "../protocol/command.js";
import type { Command } from "../protocol/command.js";
import { flashBegin, flashData, flashEnd } from "../protocol/flash-commands.js";
import { changeBaudrate } from "../protocol/system-commands.js";
import type { Connection } from "./connection.js";
import type { StubDevice } from "./device.js";
import { readFlashRange } from "./stub-flash.js";

/** Rates that `auto` goes through, from above. 921600 is what the slowest of the usual bridges (CP2102) carries. */
export const AUTO_BAUDS = [921_600, 460_800, 230_400, 115_200] as const;

/** Both sides change their divider; garbage of the change has come by then (esptool `loader.py` `change_baud`). */
const SETTLE_MS = 50;
const CHECK_TIMEOUT_MS = 500;
/** Bytes to the chip: every value once, so that each bit pattern crosses the line. */
const PROBE_TO_CHIP = Uint8Array.from({ length: 256 }, (_, index) => (index * 167) & 0xff);
/** Bytes from the chip: one READ_FLASH packet, closed by its MD5. */
const PROBE_FROM_CHIP_BYTES = 0x1000;

/**
 * Sends real data both ways. To the chip: a block of a write of no bytes, whose checksum the stub tests and of which
 * it writes nothing (esp-flasher-stub `command_handler.c` at fc713a4: the length is clamped to what BEGIN announced).
 */
async function checkLink(device: StubDevice): Promise<void> {
  const nothing = { lengthBytes: 0, blocks: 0, blockBytes: stubDialect.blockBytes, offset: 0 };
  const { connection } = device;
  await probe(connection, flashBegin(stubDialect, nothing));
  await probe(connection, flashData(PROBE_TO_CHIP, 0, CHECK_TIMEOUT_MS));
  await probe(connection, flashEnd(CHECK_TIMEOUT_MS));
  await readFlashRange(device, 0, PROBE_FROM_CHIP_BYTES);
}

/** A refusal proves the line as well as a consent does; only a wrong checksum tells of damage. */
async function probe(connection: Connection, command: Command): Promise<void> {
  try {
    await connection.request({ ...command, timeoutMs: CHECK_TIMEOUT_MS });
  } catch (error) {
    if (!hasCode(error, "device/rejected")) throw error;
  }
}

async function switchRate(connection: Connection, from: number, to: number): Promise<void> {
  await connection.request(changeBaudrate(stubDialect, to, from));
  await connection.transport.setBaudRate(to);
  await connection.sleep(SETTLE_MS);
  connection.drain();
}

/**
 * Takes the link to `baud` and trusts it only after real data has crossed it both ways. `device/baud` where it does
 * not work: the stub then listens at a rate that the line does not carry, and only a reset brings it back.
 */
export async function raiseBaud(device: StubDevice, baud: number): Promise<StubDevice> {
  if (baud === device.baud) return device;
  try {
    await switchRate(device.connection, device.baud, baud);
    const raised = { ...device, baud };
    await checkLink(raised);
    return raised;
  } catch (error) {
    if (!hasCode(error, "device/timeout", "device/bad-reply", "device/rejected", "device/checksum")) throw error;
    throw new FlashError("device/baud", `The link does not carry data at ${baud} baud.`, error.details, error);
  }
}
