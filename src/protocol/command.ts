import type { Opcode } from "./opcodes.js";

/** A request as a value: what is sent, what the answer must look like, how long it may take. */
export interface Command {
  readonly op: Opcode;
  readonly payload: Uint8Array;
  /** The block of a data command, which goes behind the payload. */
  readonly block?: Uint8Array;
  /** XOR of a data command's block, else 0. */
  readonly checksum: number;
  /** Bytes that the answer carries before its status; status bytes are found behind them, never guessed. */
  readonly replyLength: number;
  readonly timeoutMs: number;
}

/**
 * What ROM and stub do differently on the wire (esptool `loader.py` and `targets/esp8266.py` at bb72741). The ESP8266's
 * ROM knows the commands up to READ_REG only; the ESP32's has four BEGIN words, later ones and the stub a fifth.
 */
export interface Dialect {
  /** Bytes behind a reply's payload; the first two are the status. */
  readonly statusBytes: 2 | 4;
  /** 0: there is no SPI_ATTACH, and FLASH_BEGIN attaches the flash. */
  readonly spiAttachBytes: 0 | 4 | 8;
  /** It knows SPI_SET_PARAMS. */
  readonly setsFlashSize: boolean;
  /** "none": it computes no MD5, so nothing can be verified, and it reads no flash. */
  readonly md5Reply: "ascii" | "raw" | "none";
  /** It knows the FLASH_DEFL commands. */
  readonly inflates: boolean;
  readonly beginWords: 4 | 5;
  /** Largest block of a flash write. */
  readonly blockBytes: number;
  /** What a baud change names as the present rate: the ROM wants 0. */
  readonly namesOldBaud: boolean;
}

export const stubDialect: Dialect = {
  statusBytes: 2,
  spiAttachBytes: 4,
  setsFlashSize: true,
  md5Reply: "raw",
  inflates: true,
  beginWords: 5,
  blockBytes: 0x4000,
  namesOldBaud: true,
};
