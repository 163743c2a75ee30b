import type { Dialect } from "../protocol/command.js";

/** Names as the input `chip` takes them. A new chip is a new name, a new file and a row in `index.ts`. */
export type ChipName = "esp32";

/** Reads one 32-bit register of the chip. */
export type ReadRegister = (address: number) => Promise<number>;

/** Offsets from `base` of the SPI controller that the flash hangs on. */
export interface SpiRegisters {
  readonly base: number;
  readonly usr: number;
  readonly usr1: number;
  readonly usr2: number;
  readonly mosiLength: number;
  readonly misoLength: number;
  readonly w0: number;
}

/** What the chip says of itself through registers. */
export interface ChipIdentity {
  /** Six bytes as `4c:11:ae:b9:90:54`. */
  readonly mac: string;
  /** major · 100 + minor. */
  readonly revision: number;
  /** The package's name, such as `ESP32-D0WDQ5`. */
  readonly packageName: string;
  readonly features: readonly string[];
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
}

export interface ChipDefinition {
  readonly name: ChipName;
  /** As people write it: `ESP32`. */
  readonly label: string;
  /** The `chip_id` of image headers and of GET_SECURITY_INFO. */
  readonly imageChipId: number;
  /** Word at 0x40001000, where the ROM has no GET_SECURITY_INFO. */
  readonly magic?: number;
  readonly bootloaderOffset: number;
  readonly romDialect: Dialect;
  readonly spi: SpiRegisters;
  /** Lower nibble of byte 3 of an image header, by frequency. */
  readonly flashFrequencyCodes: Readonly<Record<string, number>>;
  /** The largest flash that the loader can address. */
  readonly maxFlashBytes: number;
  readonly loadStub: () => Promise<StubImage>;
  readonly readIdentity: (read: ReadRegister, connectBaud: number) => Promise<ChipIdentity>;
  readonly readSecurity: (read: ReadRegister, revision: number) => Promise<SecurityState>;
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
