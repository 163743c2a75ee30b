import { FlashError } from "../base/errors.js";
import type { ChipDefinition, ChipIdentity, RomErase, SecurityState, WordAt } from "./definition.js";
import { addressText, crystalMhzOf } from "./efuse.js";
import type { MeasuredCrystal } from "./efuse.js";
import { frequencies80, ROM_MAX_FLASH_BYTES } from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers: esptool `targets/esp8266.py` at bb72741, compared with npm esptool-js 0.7.0 `lib/targets/esp8266.js` and
// esp-serial-flasher `esp_targets.c` at 82897f4.
const OTP = 0x3ff00050;
const otpWord = (index: number): number => OTP + index * 4;

const bit = (word: number, index: number): boolean => ((word >>> index) & 1) === 1;

/** Vendor part of the MAC: burnt in word 3, or one of two by a number in word 1. */
function vendorBytes(word1: number, word3: number): readonly number[] {
  if (word3 !== 0) return [word3 >>> 16, word3 >>> 8, word3];
  const vendor = (word1 >>> 16) & 0xff;
  if (vendor === 0) return [0x18, 0xfe, 0x34];
  if (vendor === 1) return [0xac, 0xd0, 0x74];
  throw new FlashError("device/bad-reply", `The chip's MAC begins with the unknown vendor number ${vendor}.`, {
    vendor,
  });
}

/** Bytes of flash in the package by four eFuse bits: bit 4 of word 0, and bits 25 to 27 of word 3. */
function packagedMegabytes(word0: number, word3: number): number | undefined {
  const isLarge = bit(word3, 26);
  if (bit(word3, 27) || bit(word0, 4) === bit(word3, 25)) return undefined;
  if (bit(word0, 4)) return isLarge ? 2 : 1;
  return isLarge ? 4 : 2;
}

function packageName(word0: number, megabytes: number | undefined): string {
  const size = megabytes === 1 ? "08" : "16";
  const grade = bit(word0, 5) ? "H" : "N";
  return megabytes === 1 || megabytes === 2 ? `ESP8285${grade}${size}` : "ESP8285";
}

/** The UART's clock is twice the crystal. */
const crystal: MeasuredCrystal = { uartDivider: 0x60000014, factor: 2, choicesMhz: [26, 40] };
const otpWords = [0, 1, 2, 3].map(otpWord);

function identityOf(wordAt: WordAt, connectBaud: number): ChipIdentity {
  const [word0 = 0, word1 = 0, word2 = 0, word3 = 0] = otpWords.map(wordAt);
  const hasFlash = bit(word0, 4) || bit(word2, 16);
  const megabytes = packagedMegabytes(word0, word3);
  const flash = megabytes === undefined ? "Embedded Flash" : `Embedded Flash ${megabytes}MB`;
  return {
    mac: addressText(...vendorBytes(word1, word3), word1 >>> 8, word1, word0 >>> 24),
    revision: 0,
    packageName: hasFlash ? packageName(word0, megabytes) : "ESP8266EX",
    features: ["Wi-Fi", "160 MHz", ...(hasFlash ? [flash] : [])],
    crystalMhz: crystalMhzOf(wordAt, crystal, connectBaud),
    spiPins: 0,
  };
}

/** It has none. */
const security: SecurityState = {
  secureBootV1: false,
  secureBootV2: false,
  flashEncryption: false,
  secureDownload: false,
  keyManager: false,
  manualEncryptOff: false,
};

const SECTOR_BYTES = 0x1000;
const SECTORS_PER_BLOCK = 16;

/**
 * The ROM erases the sectors up to the next 64 KiB boundary without counting them, and then as many as it was told
 * (esptool `targets/esp8266.py` `get_erase_size` at bb72741). So it is told fewer. An odd number of sectors of which
 * less than half lies beyond the boundary still costs the sector behind them.
 */
function romErase(offset: number, lengthBytes: number): RomErase {
  const sectors = Math.ceil(lengthBytes / SECTOR_BYTES);
  const toBoundary = SECTORS_PER_BLOCK - (Math.floor(offset / SECTOR_BYTES) % SECTORS_PER_BLOCK);
  const told = sectors < 2 * toBoundary ? Math.ceil(sectors / 2) : sectors - toBoundary;
  const erased = told + Math.min(told, toBoundary);
  return { argumentBytes: told * SECTOR_BYTES, erasedBytes: erased * SECTOR_BYTES };
}

export const esp8266 = {
  name: "esp8266",
  label: "ESP8266",
  magic: 0xfff0c101,
  bootloaderOffset: 0x0,
  romDialect: {
    statusBytes: 2,
    spiAttachBytes: 0,
    setsFlashSize: false,
    md5Reply: "none",
    inflates: false,
    beginWords: 4,
    blockBytes: 0x400,
    namesOldBaud: false,
  },
  spi: { base: 0x60000200, usr: 0x1c, usr1: 0x20, usr2: 0x24, w0: 0x40, addressBits: "upper" },
  // The OTP words and their control (ESP8266_RTOS_SDK `efuse_register.h`).
  efuses: { start: 0x3ff00050, end: 0x3ff0006c },
  flashFrequencyCodes: frequencies80,
  flashSizeCodes: {
    "512KB": 0x00,
    "256KB": 0x10,
    "1MB": 0x20,
    "2MB": 0x30,
    "4MB": 0x40,
    "2MB-c1": 0x50,
    "4MB-c1": 0x60,
    "8MB": 0x80,
    "16MB": 0x90,
  },
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  usb: { serialJtag: false, otg: false },
  reset: { byWatchdog: false },
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp8266.json", { with: { type: "json" } })).default,
    ),
  romErase,
  identity: { registers: [...otpWords, crystal.uartDivider], macRegisters: otpWords, of: identityOf },
  securityOf: () => security,
} as const satisfies ChipDefinition;
