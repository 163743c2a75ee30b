import { concatBytes, words } from "../base/bytes.js";
import type { Command, Dialect } from "./command.js";
import { opcodes } from "./opcodes.js";
import type { Opcode } from "./opcodes.js";
import { dataChecksum } from "./packet.js";
import { timeouts } from "./timeouts.js";

const EMPTY = new Uint8Array(0);

function plain(op: Opcode, payload: Uint8Array, replyLength = 0): Command {
  return { op, payload, checksum: 0, replyLength, timeoutMs: timeouts.defaultMs };
}

const SYNC_PAYLOAD = concatBytes(Uint8Array.of(0x07, 0x07, 0x12, 0x20), new Uint8Array(32).fill(0x55));

export function sync(): Command {
  return { ...plain(opcodes.sync, SYNC_PAYLOAD), timeoutMs: timeouts.syncMs };
}

export function readRegister(address: number): Command {
  return plain(opcodes.readReg, words(address));
}

/** One entry of WRITE_REG: writes `value` where `mask` has ones, after `delayUs`. */
export interface RegisterWrite {
  readonly address: number;
  readonly value: number;
  readonly mask?: number;
  readonly delayUs?: number;
}

/** Writes one register after the other; ROM and stub take any number (esptool `loader.py` `write_reg` sends two). */
export function writeRegisters(writes: readonly RegisterWrite[]): Command {
  const entries = writes.flatMap(({ address, value, mask = 0xffffffff, delayUs = 0 }) => [
    address,
    value,
    mask,
    delayUs,
  ]);
  return plain(opcodes.writeReg, words(...entries));
}

/**
 * Flags, crypt count, seven key purposes, chip id, version: 20 bytes; 12 on ESP32-S2, which ends before the chip id.
 * ESP32 and ESP8266 know no such command.
 */
export function getSecurityInfo(replyBytes = 20): Command {
  return plain(opcodes.getSecurityInfo, EMPTY, replyBytes);
}

export function memoryBegin(lengthBytes: number, blocks: number, blockBytes: number, address: number): Command {
  return plain(opcodes.memBegin, words(lengthBytes, blocks, blockBytes, address));
}

export function memoryData(block: Uint8Array, sequence: number): Command {
  return {
    ...plain(opcodes.memData, concatBytes(words(block.length, sequence, 0, 0), block)),
    checksum: dataChecksum(block),
  };
}

/** Jumps to `entry`. The ROM may not answer any more. */
export function memoryEnd(entry: number): Command {
  return { ...plain(opcodes.memEnd, words(0, entry)), timeoutMs: timeouts.memEndRomMs };
}

/** Ends an upload and stays in the loader. */
export function memoryStay(): Command {
  return plain(opcodes.memEnd, words(1, 0));
}

/**
 * For the ESP32's ROM: its UART's clock over the rate, in sixteenths. A second word that is not 0 says that the first is no
 * rate (mask ROM of revision 3 at 40008aac; the recorded ROM does it).
 */
export function changeUartDivider(sixteenths: number): Command {
  return plain(opcodes.changeBaudrate, words(sixteenths, 1));
}

export function changeBaudrate(dialect: Dialect, newBaud: number, presentBaud: number): Command {
  return plain(opcodes.changeBaudrate, words(newBaud, dialect.namesOldBaud ? presentBaud : 0));
}
