import type { BootLog } from "./boot-log.js";
import { efuseWords } from "./efuse.js";
import type { EfuseMap, EfuseName, EfuseValues } from "./efuse.js";
import type { KnownStub } from "./known-stubs.js";
import { newerRom } from "./rom-traits.js";
import type { SecuritySetting } from "./security.js";
import type { BootMode } from "./boot-mode.js";
import type { AddressRange, ForceDownload, Silicon, SiliconSettings, WatchdogRegisters } from "./silicon.js";
import { newerSpi, SHORT_ADDRESSES_BYTES } from "./spi-layout.js";

/** Where the first words of ROM tell chips and their revisions apart. */
const ROM_MAGIC = 0x40001000;

/** What is burnt for a setting; a count of one or three bits means encrypted. KEY_MANAGER: the XTS key's bit. */
const BURNT: Readonly<Partial<Record<SecuritySetting, readonly [EfuseName, number]>>> = {
  "secure-boot": ["secureBoot", 1],
  "flash-encryption": ["cryptCount", 1],
  "secure-download": ["secureDownload", 1],
  "encrypt-off": ["encryptOff", 1],
  "key-manager": ["keyManager", 2],
};

/** What a chip since the ESP32-S2 differs in. Addresses: ESP-IDF `components/soc/<chip>` at 1021229. */
export interface NewerChip {
  readonly label: string;
  readonly chipId: number;
  readonly bootloaderOffset: number;
  readonly magic: number;
  readonly spiBase: number;
  readonly uartBase: number;
  readonly strapRegister: number;
  readonly strapValues: Readonly<Record<BootMode, number>>;
  readonly crystalsMhz: readonly number[];
  readonly assumedCrystalMhz?: number;
  readonly romRange: AddressRange;
  readonly ramRanges: readonly AddressRange[];
  readonly mappedRanges?: readonly AddressRange[];
  readonly efuse: EfuseMap;
  /** Burnt on every board. */
  readonly efuseValues?: EfuseValues;
  readonly securityInfo: { readonly lengthBytes: 12 | 20; readonly apiVersion: number; readonly lastPurpose: number };
  readonly log: BootLog;
  /** RISC-V where nothing else is said. */
  readonly cpu?: Silicon["cpu"];
  readonly stubs: readonly KnownStub[];
  /** SOC_SPI_FLASH_4B_ADDR_SUPPORTED (esp-stub-lib `target/<chip>/include/soc/soc_caps.h` at b8f78b2). */
  readonly longAddresses?: true;
  readonly startsStub?: (settings: SiliconSettings) => boolean;
  readonly readPointer?: number;
  readonly defaultRevision: number;
  readonly otherRegisters?: ReadonlyMap<number, number>;
  readonly forceDownload?: ForceDownload;
  readonly watchdogs?: WatchdogRegisters;
  readonly usb: Silicon["usb"];
}

/** The chip with all that its generation has in common. */
export function newerSilicon(chip: NewerChip): Silicon {
  const spi = newerSpi(chip.spiBase);
  const settingRows = Object.entries(BURNT).filter(([, [field]]) => chip.efuse.fields[field] !== undefined);

  const registers = ({ mac, revision, security }: SiliconSettings): ReadonlyMap<number, number> => {
    const burnt = settingRows.filter(([setting]) => security.has(setting as SecuritySetting)).map(([, row]) => row);
    const values: EfuseValues = {
      ...chip.efuseValues,
      major: Math.floor(revision / 100),
      minor: revision % 100,
      ...Object.fromEntries(burnt),
    };
    return new Map([
      ...efuseWords(chip.efuse, mac, values),
      [ROM_MAGIC, chip.magic],
      // What the recorded ROM of the ESP32-C3 left there; taken for all chips with this controller.
      [spi.usr, 0x800000c0],
      [spi.usr1, 0x5c000007],
      [spi.usr2, 0x70000000],
      ...(chip.otherRegisters ?? []),
    ]);
  };

  const { start, end } = chip.efuse;
  return {
    label: chip.label,
    chipId: chip.chipId,
    boot: { headerBytes: 24, offset: chip.bootloaderOffset, checksChipId: true, comparesDigest: true },
    rom: newerRom({ ...chip.securityInfo, chipId: chip.chipId }),
    spi,
    log: chip.log,
    cpu: chip.cpu ?? "riscv",
    crystalsMhz: chip.crystalsMhz,
    uartClockFactor: 1,
    ...(chip.assumedCrystalMhz === undefined ? {} : { assumedCrystalMhz: chip.assumedCrystalMhz }),
    ramRanges: chip.ramRanges,
    ...(chip.mappedRanges === undefined ? {} : { mappedRanges: chip.mappedRanges }),
    readOnlyRanges: [chip.romRange, { start, end }],
    efuses: { start, end },
    registers,
    uartDivider: chip.uartBase + 0x14,
    strapRegister: chip.strapRegister,
    strapValues: chip.strapValues,
    ...(chip.forceDownload === undefined ? {} : { forceDownload: chip.forceDownload }),
    ...(chip.watchdogs === undefined ? {} : { watchdogs: chip.watchdogs }),
    // Assumed: no source says where the ROM's measurement ends.
    autoBaudLimits: { min: 1200, max: 1_500_000 },
    defaultFlashBytes: 2 * 0x100000,
    stubs: chip.stubs,
    stubReachBytes: chip.longAddresses === true ? Infinity : SHORT_ADDRESSES_BYTES,
    startsStub: chip.startsStub ?? (() => true),
    ...(chip.readPointer === undefined ? {} : { readPointer: chip.readPointer }),
    defaultRevision: chip.defaultRevision,
    securitySettings: settingRows.map(([setting]) => setting as SecuritySetting),
    usb: chip.usb,
  };
}
