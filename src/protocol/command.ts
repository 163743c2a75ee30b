import type { Opcode } from "./opcodes.js";

/** A request as a value: what is sent, what the answer must look like, how long it may take. */
export interface Command {
  readonly op: Opcode;
  readonly payload: Uint8Array;
  /** XOR of a data command's block, else 0. */
  readonly checksum: number;
  /** Bytes that the answer carries before its status; status bytes are found behind them, never guessed. */
  readonly replyLength: number;
  readonly timeoutMs: number;
}

/**
 * What ROM and stub do differently on the wire. ESP32's ROM: 8-byte SPI_ATTACH, MD5 in ASCII, four BEGIN words; newer
 * ROMs and the stub: a fifth BEGIN word (esptool `loader.py` `flash_begin` at bb72741).
 */
export interface Dialect {
  readonly spiAttachBytes: 4 | 8;
  readonly md5Reply: "ascii" | "raw";
  readonly beginWords: 4 | 5;
  /** Largest block of a flash write. */
  readonly blockBytes: number;
  /** What a baud change names as the present rate: the ROM wants 0. */
  readonly namesOldBaud: boolean;
}

export const stubDialect: Dialect = {
  spiAttachBytes: 4,
  md5Reply: "raw",
  beginWords: 5,
  blockBytes: 0x4000,
  namesOldBaud: true,
};
