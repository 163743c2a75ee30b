import type { Dialect } from "../protocol/command.js";

/** Gives the 32-bit word of a register that was asked for. */
export type WordAt = (address: number) => number;

/** A run of bits in one 32-bit register. */
export interface BitField {
  readonly address: number;
  readonly shift: number;
  readonly bits: number;
}

/** Registers and time, as a chip's own steps need them. */
export interface RegisterAccess {
  readonly read: (address: number) => Promise<number>;
  readonly write: (address: number, value: number) => Promise<void>;
  readonly sleepMs: (delayMs: number) => Promise<void>;
}

/** Offsets from `base` of the SPI controller that the flash hangs on. */
export interface SpiRegisters {
  readonly base: number;
  readonly usr: number;
  readonly usr1: number;
  readonly usr2: number;
  /** Registers of the lengths of data; without them the lengths are fields of USR1. */
  readonly dataLengths?: { readonly mosi: number; readonly miso: number };
  readonly w0: number;
  /** Where an address of 24 bits stands in the address register (base + 4). */
  readonly addressBits: "upper" | "lower";
}

/** What the chip says of itself through registers. */
export interface ChipIdentity {
  /** Six bytes as `4c:11:ae:b9:90:54`. */
  readonly mac: string;
  /** Eight bytes, on chips with IEEE 802.15.4. */
  readonly eui64?: string;
  /** major · 100 + minor; 0 where the chip does not let it be read. */
  readonly revision: number;
  /** The package's name, such as `ESP32-D0WDQ5`. */
  readonly packageName: string;
  readonly features: readonly string[];
  /** 0 where the chip does not let it be read. */
  readonly crystalMhz: number;
  /** Pins of an in-package flash as SPI_ATTACH takes them; 0 for the usual ones. */
  readonly spiPins: number;
}

/** Security settings that decide what may be written. */
export interface SecurityState {
  readonly secureBootV1: boolean;
  readonly secureBootV2: boolean;
  readonly flashEncryption: boolean;
  readonly secureDownload: boolean;
  /** The flash is encrypted with a key that only the key manager knows. */
  readonly keyManager: boolean;
  /** The loader may not encrypt what it writes. */
  readonly manualEncryptOff: boolean;
}

/** Registers of a watchdog, opened for writing by a key. */
interface WatchdogRegisters {
  readonly config0: number;
  readonly config1: number;
  readonly protect: number;
}

/** The super watchdog, which can be told to feed itself. */
export interface SuperWatchdog {
  readonly config: number;
  readonly protect: number;
  readonly autoFeedBit: number;
  readonly key: number;
}

/**
 * How the chip gets out of its loader. On USB-OTG the RTS line is only a message to the loader, and a reset by it keeps
 * the straps: then the watchdog has to do it.
 */
interface ResetRules {
  /** The watchdog that resets the whole chip, straps included; absent where that does not work. */
  readonly byWatchdog: boolean;
  /** On USB-OTG: always by watchdog, or only while IO0 is low and download mode is not forced; absent: by RTS. */
  readonly otg?: "watchdog" | "watchdog-while-strapped";
  /** IO0 as it was sampled; the bit is 0 for download mode. */
  readonly strap?: BitField;
  /** "Start in download mode at the next reset." */
  readonly forceDownload?: BitField & { readonly clearBeforeReset: boolean };
}

/** What to tell a ROM that miscounts, and what it erases then; in bytes. */
export interface RomErase {
  readonly argumentBytes: number;
  readonly erasedBytes: number;
}

/** What is behind the chip's own USB port (Espressif's vendor id 303a). */
interface UsbPorts {
  /** USB-Serial/JTAG, product id 1001. */
  readonly serialJtag: boolean;
  /** The ROM's USB-OTG port, whose product id is the chip id; it takes blocks of at most 0x800 bytes. */
  readonly otg: boolean;
}

/** What tells one chip from another of its kind. */
interface IdentityRules {
  /** What `of` and `securityOf` look at, so that it is all asked for at once. */
  readonly registers: readonly number[];
  /** Of these, what the MAC is made of. An answer has no checksum, and a wrong MAC is another board. */
  readonly macRegisters: readonly number[];
  /** The MAC has a check of its own, and that is right. */
  readonly macIsSound?: (wordAt: WordAt) => boolean;
  /** `connectBaud`: the rate that the ROM has measured. */
  readonly of: (wordAt: WordAt, connectBaud: number) => ChipIdentity;
}

export interface ChipDefinition {
  /** As the input `chip` takes it, and as its row in `index.ts` is called. */
  readonly name: string;
  /** As people write it: `ESP32`. */
  readonly label: string;
  /** The `chip_id` of image headers and of GET_SECURITY_INFO; ESP8266 has neither. */
  readonly imageChipId?: number;
  /** Word at 0x40001000, where the ROM does not tell its chip id. */
  readonly magic?: number;
  readonly bootloaderOffset: number;
  readonly romDialect: Dialect;
  /**
   * How the ROM is told another baud rate: as a rate, or as its UART's divider where it reckons with a crystal that the board
   * may not have. Absent for the ROMs of C2 and C5, which so reckon, too (esptool `targets/esp32.py`, `esp32c2.py`,
   * `esp32c5.py` `change_baud` at bb72741).
   */
  readonly romBaud?: "rate" | "divider";
  /**
   * Where the stub finds the rate to start at, as it changes the UART's clock. The ROM writes the usual rate there, and not
   * what it measures or is told later.
   */
  readonly stubBaudAddress?: number;
  readonly spi: SpiRegisters;
  /** The eFuse controller: what is burnt there stays burnt. */
  readonly efuses: { readonly start: number; readonly end: number };
  /** Lower nibble of byte 3 of an image header, by frequency. */
  readonly flashFrequencyCodes: Readonly<Record<string, number>>;
  /** Upper nibble of byte 3 of an image header, as the whole byte, by size. */
  readonly flashSizeCodes: Readonly<Record<string, number>>;
  /** The largest flash that the stub can address; a ROM ends at `ROM_MAX_FLASH_BYTES`. */
  readonly maxFlashBytes: number;
  /** Unit of an encrypted write in bytes; absent where the chip has no flash encryption. */
  readonly encryptedWriteBytes?: number;
  /** Apps drive the flash in states (octal, 120 MHz) that the ROM does not start from: it is reset once attached. */
  readonly resetsFlash?: boolean;
  readonly usb: UsbPorts;
  readonly reset: ResetRules;
  readonly rtcWatchdog?: WatchdogRegisters;
  readonly superWatchdog?: SuperWatchdog;
  /** Absent where there is no stub for the chip. */
  readonly loadStub?: (revision: number) => Promise<StubImage>;
  /** Why a chip with these settings runs no stub although there is one; `undefined` where it does. */
  readonly stubRefusal?: (revision: number, security: SecurityState) => string | undefined;
  /**
   * Pointer to the ROM's flash read function. With Secure Boot the ROM does not jump to a stub, but calls what this
   * points to when it is asked to read flash.
   */
  readonly secureBootStubPointer?: number;
  /** Where the ROM miscounts what it erases: how to ask it for at least `lengthBytes` from `offset` (a sector) on. */
  readonly romErase?: (offset: number, lengthBytes: number) => RomErase;
  /** Steps before the flash is attached, as for a flash without power. */
  readonly prepareFlash?: (registers: RegisterAccess, revision: number) => Promise<void>;
  readonly identity: IdentityRules;
  /** Security settings from eFuses, where the ROM has no GET_SECURITY_INFO. */
  readonly securityOf?: (wordAt: WordAt, revision: number) => SecurityState;
  /** Settings that GET_SECURITY_INFO leaves out. */
  readonly securityFields?: { readonly manualEncryptOff?: BitField; readonly keyManager?: BitField };
}

/** One piece of RAM of the stub. */
export interface StubSegment {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** Espressif's flasher stub as it is uploaded. */
export interface StubImage {
  readonly entry: number;
  readonly segments: readonly StubSegment[];
}
