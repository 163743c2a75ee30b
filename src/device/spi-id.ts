import type { ChipDefinition } from "../chips/definition.js";
import { FlashError } from "../base/errors.js";
import { flashAnswers } from "../chips/flash-ids.js";
import type { Connection } from "./connection.js";
import { readWord, writeWord } from "./registers.js";

// SPI controller in user mode (ESP32 Technical Reference Manual, "SPI Controller"): bits of USR, USR1, USR2 and CMD.
const USR_COMMAND = 0x80000000;
const USR_ADDRESS = 0x40000000;
const USR_MISO = 0x10000000;
const USR1_ADDRESS_LENGTH_SHIFT = 26;
/** Only where there is no register for it (esptool `loader.py` `run_spiflash_command` at bb72741). */
const USR1_MISO_LENGTH_SHIFT = 8;
const USR2_COMMAND_LENGTH_SHIFT = 28;
const ADDRESS_OFFSET = 4;
const COMMAND_BITS = 8;
const ADDRESS_BITS = 24;
const CMD_USR = 1 << 18;
const MAX_POLLS = 10;

const READ_JEDEC_ID = 0x9f;
const JEDEC_ID_BITS = 24;
const READ_DATA = 0x03;
/** What W0 and the registers behind it hold. */
export const SPI_DATA_BYTES = 64;

/** One command of the flash: its byte, an address of 24 bits where it has one, and the bits of the answer. */
interface FlashCommand {
  readonly code: number;
  readonly address?: number;
  readonly replyBits: number;
}

async function spiCommand(connection: Connection, chip: ChipDefinition, command: FlashCommand): Promise<void> {
  const { base, usr, usr1, usr2, dataLengths, w0, addressBits } = chip.spi;
  const write = (offset: number, value: number): Promise<void> => writeWord(connection, chip, base + offset, value);
  const lengthBits = command.replyBits - 1;
  const addressLength = command.address === undefined ? 0 : (ADDRESS_BITS - 1) << USR1_ADDRESS_LENGTH_SHIFT;
  if (dataLengths === undefined) {
    await write(usr1, (addressLength | (lengthBits << USR1_MISO_LENGTH_SHIFT)) >>> 0);
  } else {
    await write(dataLengths.miso, lengthBits);
    if (command.address !== undefined) await write(usr1, addressLength >>> 0);
  }
  await write(usr, (USR_COMMAND | USR_MISO | (command.address === undefined ? 0 : USR_ADDRESS)) >>> 0);
  await write(usr2, ((COMMAND_BITS - 1) << USR2_COMMAND_LENGTH_SHIFT) | command.code);
  if (command.address !== undefined) {
    await write(ADDRESS_OFFSET, addressBits === "upper" ? (command.address << 8) >>> 0 : command.address);
  }
  await write(w0, 0);
  await write(0, CMD_USR);
  let polls = 0;
  while (((await readWord(connection, base)) & CMD_USR) !== 0) {
    if (++polls >= MAX_POLLS) throw new FlashError("device/flash-id", "The SPI controller does not finish a command.");
  }
}

/** Runs `command`, hands out what `take` reads, and leaves the controller's settings as they were. */
async function keepingSettings<Value>(
  connection: Connection,
  chip: ChipDefinition,
  command: FlashCommand,
  take: () => Promise<Value>,
): Promise<Value> {
  const { base, usr, usr1, usr2, dataLengths } = chip.spi;
  const changesUsr1 = dataLengths === undefined || command.address !== undefined;
  const saved: [address: number, word: number][] = [];
  for (const offset of changesUsr1 ? [usr, usr2, usr1] : [usr, usr2]) {
    saved.push([base + offset, await readWord(connection, base + offset)]);
  }
  await spiCommand(connection, chip, command);
  const value = await take();
  for (const [address, word] of saved) await writeWord(connection, chip, address, word);
  return value;
}

/** The JEDEC id, vendor in the lowest byte. `device/flash-id` when no flash answers. */
export async function readFlashId(connection: Connection, chip: ChipDefinition): Promise<number> {
  const command = { code: READ_JEDEC_ID, replyBits: JEDEC_ID_BITS };
  const word = await keepingSettings(connection, chip, command, () =>
    readWord(connection, chip.spi.base + chip.spi.w0),
  );
  const id = word & 0xffffff;
  if (!flashAnswers(id)) {
    throw new FlashError("device/flash-id", `The flash gives the id 0x${id.toString(16)}: nothing answers.`);
  }
  return id;
}

/**
 * `lengthBytes` (a multiple of 4, at most `SPI_DATA_BYTES`) from `offset` on, through the controller's registers: the way
 * where the loader has no command for it. Some 60 ms for 64 bytes at 115200 baud.
 */
export async function readThroughRegisters(
  connection: Connection,
  chip: ChipDefinition,
  offset: number,
  lengthBytes: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(lengthBytes);
  const view = new DataView(bytes.buffer);
  const command = { code: READ_DATA, address: offset, replyBits: lengthBytes * 8 };
  await keepingSettings(connection, chip, command, async () => {
    for (let at = 0; at < lengthBytes; at += 4) {
      view.setUint32(at, await readWord(connection, chip.spi.base + chip.spi.w0 + at), true);
    }
  });
  return bytes;
}
