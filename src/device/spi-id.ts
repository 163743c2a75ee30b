import type { ChipDefinition } from "../chips/definition.js";
import { FlashError } from "../base/errors.js";
import { flashAnswers, flashSizeFromId } from "../chips/flash-ids.js";
import type { RegisterWrite } from "../protocol/system-commands.js";
import type { Connection } from "./connection.js";
import { readWord, readWords, writeWords } from "./registers.js";

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
/** Longer than any command takes: code, address and 64 bytes at 1 MHz, which is far below what ROMs set. */
const COMMAND_US = 1000;

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

/** A command that answers nothing. */
const silent = (code: number): FlashCommand => ({ code, replyBits: 0 });

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

/** The registers that make the controller carry out a command, the start last. */
function writesOf({ spi }: ChipDefinition, command: FlashCommand): readonly RegisterWrite[] {
  const { base, usr, usr1, usr2, dataLengths, w0, addressBits } = spi;
  const usr1Value = usr1Word(command, dataLengths === undefined);
  const addressValue = command.address ?? 0;
  const hasReply = command.replyBits > 0;
  const writes: readonly [offset: number | undefined, value: number][] = [
    [hasReply ? dataLengths?.miso : undefined, command.replyBits - 1],
    [dataLengths === undefined || usr1Value > 0 ? usr1 : undefined, usr1Value],
    [usr, usrFlags(command)],
    [usr2, lengthField(COMMAND_BITS, USR2_COMMAND_LENGTH_SHIFT) + command.code],
    [
      command.address === undefined ? undefined : ADDRESS_OFFSET,
      addressBits === "upper" ? addressValue * 2 ** (32 - ADDRESS_BITS) : addressValue,
    ],
    [hasReply ? w0 : undefined, 0],
    [0, CMD_USR],
  ];
  return writes.flatMap(([offset, value]) => (offset === undefined ? [] : [{ address: base + offset, value }]));
}

const afterCommand = (writes: readonly RegisterWrite[]): readonly RegisterWrite[] =>
  writes.map((write, index) => (index === 0 ? { ...write, delayUs: COMMAND_US } : write));

/**
 * Runs commands one after the other, and leaves the controller's settings as they were. It all is one WRITE_REG, as round
 * trips are what takes time. What the last command answered stands in W0 and the registers behind it.
 */
async function runCommands(
  connection: Connection,
  chip: ChipDefinition,
  ...commands: readonly FlashCommand[]
): Promise<void> {
  const { base, usr, usr1, usr2, dataLengths } = chip.spi;
  const changesUsr1 = dataLengths === undefined || commands.some((command) => usr1Word(command, false) > 0);
  const saved: RegisterWrite[] = [];
  for (const offset of changesUsr1 ? [usr, usr2, usr1] : [usr, usr2]) {
    saved.push({ address: base + offset, value: await readWord(connection, base + offset) });
  }
  const [first = [], ...further] = commands.map((command) => writesOf(chip, command));
  await writeWords(connection, chip, [...first, ...further.flatMap(afterCommand), ...afterCommand(saved)]);
}

/** Runs commands of which the last one's answer is at most 32 bits; the first byte is the lowest. */
async function askFlash(
  connection: Connection,
  chip: ChipDefinition,
  command: FlashCommand,
  before: readonly number[] = [],
): Promise<number> {
  await runCommands(connection, chip, ...before.map(silent), command);
  const word = await readWord(connection, chip.spi.base + chip.spi.w0);
  return word & (2 ** command.replyBits - 1);
}

/** Runs commands that answer nothing. */
function tellFlash(connection: Connection, chip: ChipDefinition, ...codes: readonly number[]): Promise<void> {
  return runCommands(connection, chip, ...codes.map(silent));
}

// Reset enable and reset of the flash; it is ready again after 1 ms (esptool `cmds.py` `attach_flash` at bb72741), which is
// `COMMAND_US`. Ends a state that an app left the flash in (octal, 120 MHz): the ROM would not start from it.
const FLASH_RESET = [0x66, 0x99] as const;

const readId = (connection: Connection, chip: ChipDefinition): Promise<number> => {
  const before = chip.resetsFlash === true ? FLASH_RESET : [];
  return askFlash(connection, chip, { code: READ_JEDEC_ID, replyBits: JEDEC_ID_BITS }, before);
};

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
 * Resets the flash where its chip's apps may leave it in a state of their own, and gives its JEDEC id, vendor in the lowest
 * byte. A flash that gives no known id gets a second chance to start.
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

/**
 * `lengthBytes` (a multiple of 4, at most `SPI_DATA_BYTES`) from `offset` on, through the controller's registers: the way
 * where a ROM has no command for it.
 */
export async function readThroughRegisters(
  connection: Connection,
  chip: ChipDefinition,
  offset: number,
  lengthBytes: number,
): Promise<Uint8Array> {
  await runCommands(connection, chip, { code: READ_DATA, address: offset, replyBits: lengthBytes * 8 });
  const w0 = chip.spi.base + chip.spi.w0;
  const addresses = Array.from({ length: lengthBytes / 4 }, (_, index) => w0 + index * 4);
  const words = await readWords(connection, "rom", addresses);
  const bytes = new Uint8Array(lengthBytes);
  const view = new DataView(bytes.buffer);
  for (const [address, word] of words) view.setUint32(address - w0, word, true);
  return bytes;
}
