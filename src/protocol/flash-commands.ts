import { words } from "../base/bytes.js";
import type { Command, Dialect } from "./command.js";
import { opcodes } from "./opcodes.js";
import type { Opcode } from "./opcodes.js";
import { dataChecksum } from "./packet.js";
import { chipEraseTimeoutMs, eraseTimeoutMs, md5TimeoutMs, timeouts } from "./timeouts.js";

function flashCommand(op: Opcode, payload: Uint8Array, timeoutMs: number, replyLength = 0): Command {
  return { op, payload, checksum: 0, replyLength, timeoutMs };
}

/** `pins`: 0 for the usual ones, else hd << 24 | cs << 18 | d << 12 | q << 6 | clk. */
export function spiAttach(dialect: Dialect, pins: number): Command {
  const payload = dialect.spiAttachBytes === 8 ? words(pins, 0) : words(pins);
  return flashCommand(opcodes.spiAttach, payload, timeouts.defaultMs);
}

const BLOCK_BYTES = 0x10000;
const SECTOR_BYTES = 0x1000;
const PAGE_BYTES = 0x100;
const STATUS_MASK = 0xffff;

/** Tells the loader the size of the flash; without it the ROM takes 2 MB for granted. */
export function spiSetParams(flashSizeBytes: number): Command {
  return flashCommand(
    opcodes.spiSetParams,
    words(0, flashSizeBytes, BLOCK_BYTES, SECTOR_BYTES, PAGE_BYTES, STATUS_MASK),
    timeouts.defaultMs,
  );
}

/** One write: `lengthBytes` will reach the flash from `offset` on, in `blocks` blocks of at most `blockBytes`. */
export interface WriteBegin {
  readonly lengthBytes: number;
  readonly blocks: number;
  readonly blockBytes: number;
  readonly offset: number;
}

function beginPayload(dialect: Dialect, begin: WriteBegin): Uint8Array {
  const { lengthBytes, blocks, blockBytes, offset } = begin;
  // The fifth word asks for encryption by the chip, which no job does.
  return dialect.beginWords === 5
    ? words(lengthBytes, blocks, blockBytes, offset, 0)
    : words(lengthBytes, blocks, blockBytes, offset);
}

/** The ROM erases the whole range before it answers; the stub only looks at the first sector. */
export function flashBegin(dialect: Dialect, begin: WriteBegin): Command {
  return flashCommand(opcodes.flashBegin, beginPayload(dialect, begin), eraseTimeoutMs(begin.lengthBytes));
}

export function flashDeflateBegin(dialect: Dialect, begin: WriteBegin): Command {
  return flashCommand(opcodes.flashDeflBegin, beginPayload(dialect, begin), eraseTimeoutMs(begin.lengthBytes));
}

function dataCommand(op: Opcode, block: Uint8Array, sequence: number, timeoutMs: number): Command {
  const payload = words(block.length, sequence, 0, 0);
  return { op, payload, block, checksum: dataChecksum(block), replyLength: 0, timeoutMs };
}

export function flashData(block: Uint8Array, sequence: number, timeoutMs: number): Command {
  return dataCommand(opcodes.flashData, block, sequence, timeoutMs);
}

export function flashDeflateData(block: Uint8Array, sequence: number, timeoutMs: number): Command {
  return dataCommand(opcodes.flashDeflData, block, sequence, timeoutMs);
}

/** 1 keeps the loader; 0 would start the firmware. */
const STAY_IN_LOADER = 1;

/** Answered only after the last block is in the flash. */
export function flashEnd(timeoutMs: number): Command {
  return flashCommand(opcodes.flashEnd, words(STAY_IN_LOADER), timeoutMs);
}

export function flashDeflateEnd(timeoutMs: number): Command {
  return flashCommand(opcodes.flashDeflEnd, words(STAY_IN_LOADER), timeoutMs);
}

const MD5_REPLY_LENGTH = { ascii: 32, raw: 16, none: 0 } as const;

export function flashMd5(dialect: Dialect, offset: number, lengthBytes: number): Command {
  return flashCommand(
    opcodes.spiFlashMd5,
    words(offset, lengthBytes, 0, 0),
    md5TimeoutMs(lengthBytes),
    MD5_REPLY_LENGTH[dialect.md5Reply],
  );
}

/** Stub only; erases whether blank or not. Both numbers are multiples of a sector. */
export function eraseRegion(offset: number, lengthBytes: number): Command {
  return flashCommand(opcodes.eraseRegion, words(offset, lengthBytes), eraseTimeoutMs(lengthBytes));
}

/** Stub only. */
export function eraseChip(flashSizeBytes: number): Command {
  return flashCommand(opcodes.eraseFlash, new Uint8Array(0), chipEraseTimeoutMs(flashSizeBytes));
}

/** The stub takes at most 4096 bytes a packet and sends one at a time, whatever number in flight it is given. */
const READ_PACKET_BYTES = 0x1000;
const READ_PACKETS_IN_FLIGHT = 64;

/** Stub only; packets of data and a last one with their MD5 follow, each acknowledged. */
export function readFlash(offset: number, lengthBytes: number): Command {
  return flashCommand(
    opcodes.readFlash,
    words(offset, lengthBytes, READ_PACKET_BYTES, READ_PACKETS_IN_FLIGHT),
    timeouts.defaultMs,
  );
}

/** The acknowledgement of a READ_FLASH packet: all bytes received so far, in a frame of its own. */
export function readFlashAck(receivedBytes: number): Uint8Array {
  return words(receivedBytes);
}

/** What one READ_FLASH_SLOW gives (esptool `targets/esp32.py` `read_flash_slow` at bb72741). */
export const SLOW_READ_BYTES = 64;

/** ROM only; always answered with 64 bytes, of which the first `lengthBytes` count. */
export function readFlashSlow(offset: number, lengthBytes: number): Command {
  return flashCommand(opcodes.readFlashSlow, words(offset, lengthBytes), timeouts.defaultMs, SLOW_READ_BYTES);
}

/** What an MD5 reply holds, as lower-case hex: ASCII from a ROM, 16 raw bytes from a stub. */
export function md5FromReply(dialect: Dialect, data: Uint8Array): string {
  return Buffer.from(data)
    .toString(dialect.md5Reply === "ascii" ? "latin1" : "hex")
    .toLowerCase();
}
