import type { ChipDefinition } from "../chips/definition.js";
import { FlashError } from "../base/errors.js";
import { flashAnswers, flashSizeFromId } from "../chips/flash-ids.js";
import type { Connection } from "./connection.js";
import { readWord, writeWords } from "./registers.js";

// SPI controller in user mode (ESP32 Technical Reference Manual, "SPI Controller"): bits of USR, USR1, USR2 and CMD.
const USR_COMMAND = 0x80000000;
const USR_ADDRESS = 0x40000000;
const USR_DUMMY = 0x20000000;
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

/** One command of the flash: its byte, an address of 24 bits where it has one, clocks to wait, and the bits of the answer. */
interface FlashCommand {
  readonly code: number;
  readonly address?: number;
  readonly dummyClocks?: number;
  readonly replyBits: number;
}

const lengthField = (length: number, shift: number): number => (length === 0 ? 0 : (length - 1) * 2 ** shift);

function usrFlags({ address, dummyClocks = 0, replyBits }: FlashCommand): number {
  const phases = [
    [USR_ADDRESS, address !== undefined],
    [USR_DUMMY, dummyClocks > 0],
    [USR_MISO, replyBits > 0],
  ] as const;
  return phases.reduce((flags, [flag, isUsed]) => (isUsed ? flags + flag : flags), USR_COMMAND);
}

/** Lengths of address and dummy, and of the answer where there is no register for it. */
function usr1Word({ address, dummyClocks = 0, replyBits }: FlashCommand, holdsReplyLength: boolean): number {
  const addressLength = lengthField(address === undefined ? 0 : ADDRESS_BITS, USR1_ADDRESS_LENGTH_SHIFT);
  const replyLength = holdsReplyLength ? lengthField(replyBits, USR1_MISO_LENGTH_SHIFT) : 0;
  return addressLength + lengthField(dummyClocks, 0) + replyLength;
}

async function spiCommand(connection: Connection, chip: ChipDefinition, command: FlashCommand): Promise<void> {
  const { base, usr, usr1, usr2, dataLengths, w0, addressBits } = chip.spi;
  const usr1Value = usr1Word(command, dataLengths === undefined);
  const addressValue = command.address ?? 0;
  const writes: readonly [offset: number | undefined, value: number][] = [
    [command.replyBits > 0 ? dataLengths?.miso : undefined, command.replyBits - 1],
    [dataLengths === undefined || usr1Value > 0 ? usr1 : undefined, usr1Value],
    [usr, usrFlags(command)],
    [usr2, lengthField(COMMAND_BITS, USR2_COMMAND_LENGTH_SHIFT) + command.code],
    [
      command.address === undefined ? undefined : ADDRESS_OFFSET,
      addressBits === "upper" ? addressValue * 2 ** (32 - ADDRESS_BITS) : addressValue,
    ],
    [w0, 0],
    [0, CMD_USR],
  ];
  const used = writes.flatMap(([offset, value]) => (offset === undefined ? [] : [{ address: base + offset, value }]));
  await writeWords(connection, chip, used);
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
  const changesUsr1 = dataLengths === undefined || usr1Word(command, false) > 0;
  const saved: { address: number; value: number }[] = [];
  for (const offset of changesUsr1 ? [usr, usr2, usr1] : [usr, usr2]) {
    saved.push({ address: base + offset, value: await readWord(connection, base + offset) });
  }
  await spiCommand(connection, chip, command);
  const value = await take();
  await writeWords(connection, chip, saved);
  return value;
}

/** Runs a command whose answer is at most 32 bits; the first byte is the lowest. */
async function askFlash(connection: Connection, chip: ChipDefinition, command: FlashCommand): Promise<number> {
  const word = await keepingSettings(connection, chip, command, () =>
    readWord(connection, chip.spi.base + chip.spi.w0),
  );
  return word & (2 ** command.replyBits - 1);
}

/** Runs commands that answer nothing. */
async function tellFlash(connection: Connection, chip: ChipDefinition, ...codes: readonly number[]): Promise<void> {
  for (const code of codes) await keepingSettings(connection, chip, { code, replyBits: 0 }, () => Promise.resolve());
}

const readId = (connection: Connection, chip: ChipDefinition): Promise<number> =>
  askFlash(connection, chip, { code: READ_JEDEC_ID, replyBits: JEDEC_ID_BITS });

// XMC parts that did not start: their vendor stands in the SFDP table, and a deep power-down and back mends them
// (esptool `cmds.py` `flash_xmc_startup` at bb72741).
const READ_SFDP = { code: 0x5a, dummyClocks: 8, replyBits: 8 } as const;
const SFDP_VENDOR_ADDRESS = 0x10;
const XMC = 0x20;
const DEEP_POWER_DOWN = [0xb9, 0x79, 0xff] as const;
const POWER_DOWN_EXIT_MS = 2;
const RELEASE_POWER_DOWN = 0xab;

async function startXmcFlash(connection: Connection, chip: ChipDefinition): Promise<void> {
  if ((await askFlash(connection, chip, { ...READ_SFDP, address: SFDP_VENDOR_ADDRESS })) !== XMC) return;
  await tellFlash(connection, chip, ...DEEP_POWER_DOWN);
  await connection.sleep(POWER_DOWN_EXIT_MS);
  await tellFlash(connection, chip, RELEASE_POWER_DOWN);
}

/**
 * The JEDEC id, vendor in the lowest byte. A flash that gives no known id gets a second chance to start.
 * `device/flash-id` when no flash answers.
 */
export async function readFlashId(connection: Connection, chip: ChipDefinition): Promise<number> {
  let id = await readId(connection, chip);
  if (flashSizeFromId(id) === undefined) {
    await startXmcFlash(connection, chip);
    id = await readId(connection, chip);
  }
  if (!flashAnswers(id)) {
    throw new FlashError("device/flash-id", `The flash gives the id 0x${id.toString(16)}: nothing answers.`);
  }
  return id;
}

// Reset enable and reset of the flash, and the time that it takes (esptool `cmds.py` `attach_flash` at bb72741).
const FLASH_RESET = [0x66, 0x99] as const;
const FLASH_RESET_MS = 1;

/** Ends a state that an app left the flash in (octal, 120 MHz): the ROM would not start from it. */
export async function resetFlash(connection: Connection, chip: ChipDefinition): Promise<void> {
  await tellFlash(connection, chip, ...FLASH_RESET);
  await connection.sleep(FLASH_RESET_MS);
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
