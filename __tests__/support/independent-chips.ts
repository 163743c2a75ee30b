import { CHIP_DEFS } from "esptool-js/lib/targets/index.js";
import type { ChipDefinition, ChipIdentity } from "../../src/chips/definition.js";

/** A chip as npm esptool-js 0.7.0 knows it; only numbers and readers are used. */
export type OtherChip = Readonly<Record<string, unknown>>;

export const otherChips = CHIP_DEFS as unknown as Readonly<Record<string, OtherChip>>;

/** Registers that hold arbitrary but fixed words. */
interface Words {
  read(address: number): number;
}

/** The same words for the same seed. */
function arbitraryWords(seed: number): Words {
  return {
    read(address) {
      let word = (address ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
      for (const shift of [15, 13, 16]) word = Math.imul(word ^ (word >>> shift), 0x85ebca6b) >>> 0;
      return word;
    },
  };
}

/** Calls a reader of the other table by name with a loader that answers from `words`; `undefined` where there is none. */
async function askOther(other: OtherChip, method: string, words: Words): Promise<unknown> {
  const reader = other[method];
  if (typeof reader !== "function") return undefined;
  const silent = (): undefined => undefined;
  const loader = {
    // As its transport gives them.
    readReg: (address: number) => Promise.resolve(words.read(address)),
    transport: { baudrate: 115_200 },
    debug: silent,
    info: silent,
    error: silent,
  };
  return (reader as (loader: unknown) => Promise<unknown>).call(other, loader);
}

/** One fact as both tables have it; `undefined` where a table has none. */
export interface Fact {
  readonly name: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

const registers = (chip: ChipDefinition, other: OtherChip): Fact[] => {
  const { spi, rtcWatchdog, superWatchdog, securityFields, reset } = chip;
  const manual = securityFields?.manualEncryptOff;
  const manualMask = other.EFUSE_DIS_DOWNLOAD_MANUAL_ENCRYPT;
  const keyShift = other.EFUSE_FORCE_USE_KEY_MANAGER_KEY_SHIFT;
  const noLength = (offset: unknown): unknown => (offset === 0 ? undefined : offset);
  return [
    { name: "SPI base", ours: spi.base, theirs: other.SPI_REG_BASE },
    { name: "SPI USR", ours: spi.usr, theirs: other.SPI_USR_OFFS },
    { name: "SPI USR1", ours: spi.usr1, theirs: other.SPI_USR1_OFFS },
    { name: "SPI USR2", ours: spi.usr2, theirs: other.SPI_USR2_OFFS },
    { name: "SPI W0", ours: spi.w0, theirs: other.SPI_W0_OFFS },
    { name: "SPI MOSI length", ours: spi.dataLengths?.mosi, theirs: noLength(other.SPI_MOSI_DLEN_OFFS) },
    { name: "SPI MISO length", ours: spi.dataLengths?.miso, theirs: noLength(other.SPI_MISO_DLEN_OFFS) },
    { name: "SPI address in upper bits", ours: spi.addressBits === "upper", theirs: other.SPI_ADDR_REG_MSB ?? true },
    { name: "RTC watchdog config 0", ours: rtcWatchdog?.config0, theirs: other.RTC_CNTL_WDTCONFIG0_REG },
    { name: "RTC watchdog config 1", ours: rtcWatchdog?.config1, theirs: other.RTC_CNTL_WDTCONFIG1_REG },
    { name: "RTC watchdog protection", ours: rtcWatchdog?.protect, theirs: other.RTC_CNTL_WDTWPROTECT_REG },
    { name: "super watchdog config", ours: superWatchdog?.config, theirs: other.RTC_CNTL_SWD_CONF_REG },
    { name: "super watchdog protection", ours: superWatchdog?.protect, theirs: other.RTC_CNTL_SWD_WPROTECT_REG },
    { name: "super watchdog key", ours: superWatchdog?.key, theirs: other.RTC_CNTL_SWD_WKEY },
    { name: "forced download", ours: reset.forceDownload?.address, theirs: other.RTC_CNTL_OPTION1_REG },
    { name: "straps", ours: reset.strap?.address, theirs: other.GPIO_STRAP_REG },
    { name: "manual encryption", ours: manual?.address, theirs: other.EFUSE_DIS_DOWNLOAD_MANUAL_ENCRYPT_REG },
    { name: "manual encryption bit", ours: manual && 2 ** manual.shift, theirs: manualMask },
    {
      name: "key manager",
      ours: securityFields?.keyManager?.address,
      theirs: other.EFUSE_FORCE_USE_KEY_MANAGER_KEY_REG,
    },
    {
      name: "key manager bit",
      ours: securityFields?.keyManager?.shift,
      // The field's second bit is the one for flash.
      theirs: typeof keyShift === "number" ? keyShift + 1 : undefined,
    },
  ];
};

const numbers = (chip: ChipDefinition, other: OtherChip): Fact[] => {
  const magics = other.USES_MAGIC_VALUE === true ? other.CHIP_DETECT_MAGIC_VALUE : undefined;
  const base = other.EFUSE_BASE ?? other.EFUSE_RD_REG_BASE;
  return [
    { name: "chip id", ours: chip.imageChipId, theirs: other.IMAGE_CHIP_ID },
    { name: "magic", ours: chip.magic, theirs: Array.isArray(magics) ? magics[0] : undefined },
    { name: "bootloader offset", ours: chip.bootloaderOffset, theirs: other.BOOTLOADER_FLASH_OFFSET },
    { name: "block of a write", ours: chip.romDialect.blockBytes, theirs: other.FLASH_WRITE_SIZE },
    { name: "encrypted write", ours: chip.encryptedWriteBytes, theirs: other.FLASH_ENCRYPTED_WRITE_ALIGN },
    { name: "frequency codes", ours: { ...chip.flashFrequencyCodes }, theirs: other.FLASH_FREQUENCY },
    { name: "size codes", ours: { ...chip.flashSizeCodes }, theirs: other.FLASH_SIZES },
    { name: "eFuses", ours: chip.efuses.start, theirs: base },
    { name: "USB-OTG", ours: chip.usb.otg, theirs: other.USB_RAM_BLOCK !== undefined },
  ];
};

/** `ESP32-C3 (QFN32)` of `ESP32-C3 (QFN32) (revision v0.4)`. */
const nameOf = (description: unknown): unknown =>
  typeof description === "string" ? description.replace(/ \(revision .*$/, "") : undefined;

function ourIdentity(chip: ChipDefinition, words: Words): ChipIdentity | undefined {
  try {
    return chip.identity.of((address) => words.read(address), 115_200);
  } catch {
    return undefined;
  }
}

/** What both tables read out of the same registers. */
async function readings(chip: ChipDefinition, other: OtherChip, seed: number): Promise<Fact[]> {
  const words = arbitraryWords(seed);
  const identity = ourIdentity(chip, words);
  const theirs = (method: string): Promise<unknown> => askOther(other, method, words);
  const major = await theirs("getMajorChipVersion");
  const minor = await theirs("getMinorChipVersion");
  const revision = typeof major === "number" && typeof minor === "number" ? major * 100 + minor : undefined;
  const isNamed = identity !== undefined && !identity.packageName.includes("(package");
  return [
    { name: "MAC", ours: identity?.mac, theirs: await theirs("readMac") },
    { name: "revision", ours: identity?.revision, theirs: revision },
    {
      name: "package",
      ours: isNamed ? identity.packageName : undefined,
      theirs: nameOf(await theirs("getChipDescription")),
    },
    { name: "crystal", ours: identity?.crystalMhz, theirs: await theirs("getCrystalFreq") },
  ];
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

/** All facts that both tables have, each reading over 40 sets of registers. */
export async function sharedFacts(chip: ChipDefinition): Promise<readonly Fact[]> {
  const other = otherChips[chip.name] ?? {};
  const facts = [...numbers(chip, other), ...registers(chip, other)];
  for (const seed of SEEDS) facts.push(...(await readings(chip, other, seed)));
  return facts.filter(({ ours, theirs }) => ours !== undefined && theirs !== undefined);
}
