import type { ChipDefinition } from "../chips/definition.js";
import { FlashError } from "../base/errors.js";
import { flashAnswers } from "../chips/flash-ids.js";
import type { Connection } from "./connection.js";
import { readWord, writeWord } from "./registers.js";

// SPI controller in user mode (ESP32 Technical Reference Manual, "SPI Controller"): bits of USR, USR2 and CMD.
const USR_COMMAND = 0x80000000;
const USR_MISO = 0x10000000;
const USR2_COMMAND_LENGTH_SHIFT = 28;
const COMMAND_BITS = 8;
const CMD_USR = 1 << 18;
const MAX_POLLS = 10;

const READ_JEDEC_ID = 0x9f;
const JEDEC_ID_BITS = 24;

/** Sends a one-byte command to the flash and returns the `replyBits` (at most 32) that follow it, first byte lowest. */
async function spiCommand(
  connection: Connection,
  chip: ChipDefinition,
  command: number,
  replyBits: number,
): Promise<number> {
  const { base, usr, usr2, misoLength, w0 } = chip.spi;
  const savedUsr = await readWord(connection, base + usr);
  const savedUsr2 = await readWord(connection, base + usr2);
  await writeWord(connection, base + misoLength, replyBits - 1);
  await writeWord(connection, base + usr, USR_COMMAND | USR_MISO);
  await writeWord(connection, base + usr2, ((COMMAND_BITS - 1) << USR2_COMMAND_LENGTH_SHIFT) | command);
  await writeWord(connection, base + w0, 0);
  await writeWord(connection, base, CMD_USR);
  let polls = 0;
  while (((await readWord(connection, base)) & CMD_USR) !== 0) {
    if (++polls >= MAX_POLLS) throw new FlashError("device/flash-id", "The SPI controller does not finish a command.");
  }
  const reply = await readWord(connection, base + w0);
  await writeWord(connection, base + usr, savedUsr);
  await writeWord(connection, base + usr2, savedUsr2);
  return reply;
}

/** The JEDEC id, vendor in the lowest byte. `device/flash-id` when no flash answers. */
export async function readFlashId(connection: Connection, chip: ChipDefinition): Promise<number> {
  const id = (await spiCommand(connection, chip, READ_JEDEC_ID, JEDEC_ID_BITS)) & 0xffffff;
  if (!flashAnswers(id)) {
    throw new FlashError("device/flash-id", `The flash gives the id 0x${id.toString(16)}: nothing answers.`);
  }
  return id;
}
