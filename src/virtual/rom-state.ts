import type { Inflater } from "./inflate.js";
import type { Machine, ProgramEnd } from "./machine.js";
import type { Program } from "./program.js";
import type { Request } from "./request.js";

/** The ROM's status words (Espressif serial protocol, "Status bytes"; esptool `util.py` at bb72741). */
export const romStatus = {
  ok: 0,
  invalid: 0x0105,
  failed: 0x0106,
  badChecksum: 0x0107,
  writeFailed: 0x0108,
  readFailed: 0x0109,
  readLength: 0x010a,
  inflateFailed: 0x010b,
  inflateChecksum: 0x010c,
  badAddress: 0x010e,
} as const;

/** How many blocks the ROM has taken since BEGIN. */
export interface BlockCount {
  nextSequence: number;
}

/** A write to the flash that was begun. */
export interface RomWrite extends BlockCount {
  nextOffset: number;
  remainingBytes: number;
  readonly blockBytes: number;
  readonly enciphers: boolean;
  readonly inflater: Inflater | undefined;
  /** What was inflated last, as it lies in the ROM's window, and how much was inflated in all. */
  readonly window: Uint8Array;
  inflatedBytes: number;
}

/** What the ROM's loader remembers between two commands. */
export interface RomState {
  /** Op of the last command that it knew: a command that it does not know is answered under this one. */
  lastOp: number;
  /** Stays in every reply until a command sets it anew: SYNC and READ_REG do. */
  value: number;
  write: RomWrite | undefined;
  ram: (BlockCount & { nextAddress: number; remainingBytes: number }) | undefined;
}

export interface RomOutcome {
  readonly status: number;
  readonly data?: Uint8Array;
  readonly repeats?: number;
  /** Where the chip goes after the reply; it hangs where no known program starts. */
  readonly then?: ProgramEnd | "hang" | { readonly baud: number };
  /** The rate at which a stub starts that sets it anew, in bits a second. */
  readonly stubBaud?: number;
}

/** Carries a command out; a generator where that takes time. */
export type RomHandler = (machine: Machine, state: RomState, request: Request) => RomOutcome | Program<RomOutcome>;
