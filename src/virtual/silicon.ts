import type { BootLog } from "./boot-log.js";
import type { BootMode } from "./boot-mode.js";
import type { KnownStub } from "./known-stubs.js";
import type { RomTraits } from "./rom-traits.js";
import type { SecuritySetting } from "./security.js";
import type { SpiLayout } from "./spi-layout.js";

/** Addresses from `start` up to, but not including, `end`. */
export interface AddressRange {
  readonly start: number;
  readonly end: number;
}

/** A watchdog, by addresses; it takes writes while `protect` holds `key`. */
export interface WatchdogRegisters {
  readonly config0: number;
  readonly config1: number;
  readonly protect: number;
  /** The super watchdog, which is quiet while `superAutoFeed` is set in `superConfig`. */
  readonly superConfig: number;
  readonly superProtect: number;
  readonly superAutoFeed: number;
  readonly superKey: number;
}

export interface ForceDownload {
  readonly register: number;
  readonly mask: number;
  readonly sticks: boolean;
}

/** How a ROM looks at the bootloader in flash. */
interface BootRules {
  /** ESP8266 has no extended header. */
  readonly headerBytes: 8 | 24;
  readonly offset: number;
  /** Refuses an image of another chip. */
  readonly checksChipId: boolean;
  /** Compares the digest, says so, and goes on. */
  readonly comparesDigest: boolean;
}

/** One kind of chip as the virtual board needs it. A new chip is a new file with one of these, and a row in the table. */
export interface Silicon {
  readonly label: string;
  /** The `chip_id` in image headers; ESP8266 has none. */
  readonly chipId?: number;
  readonly boot: BootRules;
  readonly rom: RomTraits;
  readonly spi: SpiLayout;
  readonly log: BootLog;
  /** How its panics read. */
  readonly cpu: "xtensa" | "riscv";
  /** Crystals that boards have, the usual one first. */
  readonly crystalsMhz: readonly number[];
  /** Clock of the UART while the loader runs, over the crystal's. */
  readonly uartClockFactor: 1 | 2;
  /** The crystal that the ROM takes for granted; without it the ROM measures. */
  readonly assumedCrystalMhz?: number;
  /** RAM that MEM_BEGIN accepts. */
  readonly ramRanges: readonly AddressRange[];
  /** Addresses at which the second stage maps flash; absent where no source names them. */
  readonly mappedRanges?: readonly AddressRange[];
  /** Registers that a write does not change. */
  readonly readOnlyRanges: readonly AddressRange[];
  /** Where the registers from `start` on can be reached, too. */
  readonly registerAlias?: AddressRange & { readonly of: number };
  /** The eFuse controller; writes to it are counted. */
  readonly efuses: AddressRange;
  /** Values of registers after a reset; what is not named reads 0. */
  readonly registers: (settings: SiliconSettings) => ReadonlyMap<number, number>;
  /** UART0's clock divider, set from the clock and the baud rate. */
  readonly uartDivider: number;
  readonly strapRegister: number;
  readonly strapValues: Readonly<Record<BootMode, number>>;
  /** A bit that makes the next reset of the core enter the loader; `sticks`: so entered, it stays set until it is cleared. */
  readonly forceDownload?: ForceDownload;
  readonly watchdogs?: WatchdogRegisters;
  /** Rates that the ROM's auto-baud follows, in bits a second. */
  readonly autoBaudLimits: { readonly min: number; readonly max: number };
  /** What the ROM believes of the flash until SPI_SET_PARAMS. */
  readonly defaultFlashBytes: number;
  /** Absent: it takes the rate that it is told. */
  readonly romUart?: RomUart;
  readonly stubs: readonly KnownStub[];
  /** How far the stub's addresses reach; ROMs send 24 bits. */
  readonly stubReachBytes: number;
  /** Whether MEM_END starts programs on such a chip. */
  readonly startsStub: (settings: SiliconSettings) => boolean;
  /** The pointer that READ_FLASH_SLOW jumps through. */
  readonly readPointer?: number;
  /** major · 100 + minor. */
  readonly defaultRevision: number;
  readonly securitySettings: readonly SecuritySetting[];
  readonly usb: { readonly serialJtag: boolean; readonly otgProductId?: number };
}

/** How a ROM sets its UART where that is more than taking the rate that it is told. */
export interface RomUart {
  /** The ROM leaves the rate of its first contact here, and the newest stub starts at it. */
  readonly linkBaudAddress: number;
  /** The rate that the wire gets, in bits a second, for the words of CHANGE_BAUDRATE; `undefined` where it stays. */
  baudFor(
    asked: number,
    isDivider: boolean,
    chip: { read: (address: number) => number; readonly revision: number; readonly crystalMhz: number },
  ): number | undefined;
}

/** What differs from board to board. */
export interface SiliconSettings {
  /** Six bytes. */
  readonly mac: Uint8Array;
  /** major · 100 + minor. */
  readonly revision: number;
  readonly security: ReadonlySet<SecuritySetting>;
  readonly crystalMhz: number;
}
