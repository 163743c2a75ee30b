import type { BootCounts } from "./boot-counts.js";
import type { ResetCause } from "./boot-log.js";
import type { FlashBus } from "./flash-bus.js";
import type { Memory } from "./memory.js";
import type { Program } from "./program.js";
import type { BootMode } from "./boot-mode.js";
import type { AppScript } from "./script.js";
import type { Silicon, SiliconSettings } from "./silicon.js";

/** `boot`: the ROM before its loader, or a bootloader; it takes nothing from the host. `app`: takes lines, no frames. */
export type Stage = "boot" | "rom" | "stub" | "app";

/** What a program of the chip can reach. */
export interface Machine {
  readonly silicon: Silicon;
  readonly settings: SiliconSettings;
  readonly memory: Memory;
  readonly bus: FlashBus;
  readonly bootMode: BootMode;
  /** What apps do, as the board's script has it. */
  readonly scripts: readonly AppScript[];
  readonly bootCounts: BootCounts;
  /** Who runs from now on; each listens to the line by its own rules, and `rom` begins with the reset values. */
  enter(stage: Stage): void;
  /** Called as the chip resets itself, so that it is counted and its own USB port goes where it has to. */
  resetsItself(cause: ResetCause): void;
  /** Takes the chip's own USB port away for a time; a bridge stays. */
  leaveUsb(durationMs: number): void;
  /** Sends a frame to the host. */
  send(content: Uint8Array): void;
  /** Sends text to the host. */
  print(text: string): void;
  /** Changes the rate of the chip's UART, in bits a second, once what was sent has left. */
  setBaud(baud: number): void;
  /** Takes over the rate at which the host has just sent, if the ROM is still measuring it. */
  adoptHostBaud(): void;
  readonly measuringBaud: boolean;
  /** Called as each command is taken; a fault may end the program here. */
  commandTaken(loader: "rom" | "stub"): Program;
  /** Flash as the chip reads it when it boots: deciphered where flash encryption is on. */
  readAtBoot(offset: number, lengthBytes: number): Uint8Array;
  /** MD5 of flash content, 16 bytes. */
  md5(bytes: Uint8Array): Uint8Array;
}

/** How a program of the chip ends, and what the chip does next. */
export type ProgramEnd =
  /** The stub takes over. */
  | "stub"
  /** Boots from the flash. */
  | "run"
  /** Software reset: the ROM starts again, with the straps as they were. */
  | "restart";
