import type { ChipDefinition } from "../chips/definition.js";
import type { KnownStub } from "./known-stubs.js";

/** Addresses from `start` up to, but not including, `end`. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** What the circuit around the chip decided while it was reset. */
export type BootMode = "download" | "run";

/** One kind of chip as the virtual board needs it, beside its chip record. A new chip is a new file with one of these. */
export interface Silicon {
  readonly definition: ChipDefinition;
  /** First line of the ROM's log. */
  readonly romBanner: string;
  /** What the ROM prints as the boot mode, by mode. */
  readonly bootModeTexts: Readonly<Record<BootMode, string>>;
  readonly crystalHz: number;
  /** RAM that MEM_BEGIN accepts. */
  readonly ramRanges: readonly AddressRange[];
  /** Addresses at which the second stage maps flash, in pages of 64 KiB. */
  readonly mappedRanges: readonly AddressRange[];
  /** Registers that a write does not change. */
  readonly readOnlyRanges: readonly AddressRange[];
  /** Values of registers after a reset; what is not named reads 0. */
  readonly registers: (settings: SiliconSettings) => ReadonlyMap<number, number>;
  /** UART0's clock divider, set from the crystal and the baud rate. */
  readonly uartDivider: number;
  readonly strapRegister: number;
  readonly strapValues: Readonly<Record<BootMode, number>>;
  /** Rates that the ROM's auto-baud follows, in bits a second. */
  readonly autoBaudLimits: { readonly min: number; readonly max: number };
  /** What the ROM believes of the flash until SPI_SET_PARAMS. */
  readonly defaultFlashBytes: number;
  readonly stubs: readonly KnownStub[];
}

/** What differs from board to board. */
export interface SiliconSettings {
  /** Six bytes. */
  readonly mac: Uint8Array;
}
