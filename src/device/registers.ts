import { hex32 } from "../base/bytes.js";
import { FlashError } from "../base/errors.js";
import type { BitField, ChipDefinition, RegisterAccess } from "../chips/definition.js";
import type { Command } from "../protocol/command.js";
import { frameCommand } from "../protocol/framed-command.js";
import { readRegister, writeRegisters } from "../protocol/system-commands.js";
import type { RegisterWrite } from "../protocol/system-commands.js";
import type { Reply, ReplyContent } from "../protocol/packet.js";
import type { Connection } from "./connection.js";

export function readRegisterRaw(
  connection: Connection,
  address: number,
): Promise<{ reply: Reply; content: ReplyContent }> {
  return connection.requestRaw(readRegister(address));
}

/** The 32-bit word at `address`. */
export async function readWord(connection: Connection, address: number): Promise<number> {
  return (await connection.request(readRegister(address))).value;
}

/**
 * Questions that are sent before the first answer, of 14 bytes each. A ROM takes them one after the other from its UART,
 * which holds 128 bytes (ESP32 Technical Reference Manual, "UART Controllers"); the chip's own USB port makes the host wait.
 * The stub loses a frame that comes before it has looked at the one before.
 */
const QUESTIONS_AT_ONCE = { rom: 9, stub: 1 } as const;

/** The words of registers that reading does not change, by address. */
export async function readWords(
  connection: Connection,
  loader: "rom" | "stub",
  addresses: Iterable<number>,
): Promise<ReadonlyMap<number, number>> {
  const open = [...addresses];
  const words = new Map<number, number>();
  while (open.length > 0) {
    const asked = open.splice(0, QUESTIONS_AT_ONCE[loader]);
    const answers = await connection.requestAll(asked.map((address) => frameCommand(readRegister(address))));
    asked.forEach((address, index) => words.set(address, answers[index]?.value ?? 0));
  }
  return words;
}

/**
 * The only command that writes registers, one after the other. Refuses the whole eFuse controller: what is burnt there
 * cannot be undone, and no job burns anything.
 */
export function writeCommand(chip: ChipDefinition, writes: readonly RegisterWrite[]): Command {
  const efuse = writes.find(({ address }) => address >= chip.efuses.start && address < chip.efuses.end);
  if (efuse !== undefined) {
    throw new FlashError("internal/unexpected", `A write to the eFuse register ${hex32(efuse.address)} was stopped.`);
  }
  return writeRegisters(writes);
}

export async function writeWords(
  connection: Connection,
  chip: ChipDefinition,
  writes: readonly RegisterWrite[],
): Promise<void> {
  await connection.request(writeCommand(chip, writes));
}

/** Writes one register as `writeWords` does. */
export function writeWord(
  connection: Connection,
  chip: ChipDefinition,
  address: number,
  value: number,
  mask = 0xffffffff,
): Promise<void> {
  return writeWords(connection, chip, [{ address, value, mask }]);
}

/** The value of a field. */
export async function readBits(connection: Connection, { address, shift, bits }: BitField): Promise<number> {
  return ((await readWord(connection, address)) >>> shift) & (2 ** bits - 1);
}

/** Registers as a chip's own steps take them. */
export function registersOf(connection: Connection, chip: ChipDefinition): RegisterAccess {
  return {
    read: (address) => readWord(connection, address),
    write: (address, value) => writeWord(connection, chip, address, value),
    sleepMs: (delayMs) => connection.sleep(delayMs),
  };
}
