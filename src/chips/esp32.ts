import type { ChipDefinition, ChipIdentity, SecurityState, WordAt } from "./definition.js";
import { addressText } from "./efuse.js";
import { flashSizeCodes, frequencies80, ROM_MAX_FLASH_BYTES } from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// eFuse block 0 as words (ESP32 Technical Reference Manual, "eFuse Controller"; esptool `targets/esp32.py` at bb72741).
const EFUSE_BASE = 0x3ff5a000;
const efuseWord = (index: number): number => EFUSE_BASE + index * 4;
/** APB_CTRL_DATE: bit 31 is the third bit of the revision. */
const APB_CTRL_DATE = 0x3ff6607c;
/** UART0 clock divider, set by the ROM's auto-baud: APB clock (= crystal while in the loader) over the rate. */
const UART_CLKDIV = 0x3ff40014;

const bit = (word: number, index: number): number => (word >>> index) & 1;

/** The three revision bits, in the order in which they were burnt over the years, as the major revision. */
const MAJOR_REVISION: Readonly<Record<number, number>> = { 0: 0, 1: 1, 3: 2, 7: 3 };

const PACKAGES: Readonly<Record<number, string>> = {
  0: "ESP32-D0WDQ6",
  1: "ESP32-D0WD",
  2: "ESP32-D2WD",
  4: "ESP32-U4WDH",
  5: "ESP32-PICO-D4",
  6: "ESP32-PICO-V3-02",
  7: "ESP32-D0WDR2-V3",
};
const SINGLE_CORE_PACKAGES: Readonly<Record<number, string>> = { 0: "ESP32-S0WDQ6", 1: "ESP32-S0WD" };
const REVISION_3_PACKAGES: Readonly<Record<number, string>> = {
  0: "ESP32-D0WDQ6-V3",
  1: "ESP32-D0WD-V3",
  5: "ESP32-PICO-V3",
};
const WITH_EMBEDDED_FLASH = [2, 4, 5, 6];
const CODING_SCHEMES = ["None", "3/4", "Repeat", "None"] as const;

function packageNumber(word3: number): number {
  return ((word3 >>> 9) & 7) + (bit(word3, 2) << 3);
}

function packageName(word3: number, majorRevision: number): string {
  const number = packageNumber(word3);
  const singleCore = bit(word3, 0) === 1 ? SINGLE_CORE_PACKAGES[number] : undefined;
  const revision3 = majorRevision === 3 ? REVISION_3_PACKAGES[number] : undefined;
  return singleCore ?? revision3 ?? PACKAGES[number] ?? `ESP32 (package ${number})`;
}

function features(word3: number, word6: number): string[] {
  const list = ["Wi-Fi"];
  if (bit(word3, 1) === 0) list.push("BT");
  list.push(bit(word3, 0) === 1 ? "Single Core" : "Dual Core");
  if (bit(word3, 13) === 1) list.push(bit(word3, 12) === 1 ? "160 MHz" : "240 MHz");
  if (WITH_EMBEDDED_FLASH.includes(packageNumber(word3))) list.push("Embedded Flash");
  if (packageNumber(word3) === 6) list.push("Embedded PSRAM");
  if (bit(word3, 14) === 1) list.push("BLK3 partially reserved");
  list.push(`Coding Scheme ${CODING_SCHEMES[word6 & 3] ?? "None"}`);
  return list;
}

/** Two words; the upper half of the second is a CRC. Both are printed from the most significant byte on. */
function macFrom(word1: number, word2: number): string {
  return addressText(word2 >>> 8, word2, word1 >>> 24, word1 >>> 16, word1 >>> 8, word1);
}

/** CRC-8 with the polynomial 0x31, lowest bit first (ESP-IDF `esp_crc8`). */
function macCrc(word1: number, word2: number): number {
  let crc = 0;
  for (const byte of [word2 >>> 8, word2, word1 >>> 24, word1 >>> 16, word1 >>> 8, word1]) {
    crc ^= byte & 0xff;
    for (let bits = 0; bits < 8; bits++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x8c : crc >>> 1;
  }
  return crc;
}

/** In-package flash hangs on other pins; eFuse words 3 and 5 name them. All zero means the usual pins. */
function spiPins(word3: number, word5: number): number {
  const pad = (word: number, shift: number): number => (word >>> shift) & 0x1f;
  const [clk, q, d, cs, hd] = [pad(word5, 0), pad(word5, 5), pad(word5, 10), pad(word5, 15), pad(word3, 4)];
  return (hd << 24) | (cs << 18) | (d << 12) | (q << 6) | clk;
}

const efuseWords = [0, 1, 2, 3, 5, 6].map(efuseWord);

function identityOf(wordAt: WordAt, connectBaud: number): ChipIdentity {
  const [, word1 = 0, word2 = 0, word3 = 0, word5 = 0, word6 = 0] = efuseWords.map(wordAt);
  const date = wordAt(APB_CTRL_DATE);
  const divider = wordAt(UART_CLKDIV) & 0xfffff;
  const major = MAJOR_REVISION[(bit(date, 31) << 2) | (bit(word5, 20) << 1) | bit(word3, 15)] ?? 0;
  const measuredMhz = (connectBaud * divider) / 1e6;
  return {
    mac: macFrom(word1, word2),
    revision: major * 100 + ((word5 >>> 24) & 3),
    packageName: packageName(word3, major),
    features: features(word3, word6),
    // ESP32 boards have 40 or 26 MHz; 33 lies between what the divider gives for them.
    crystalMhz: measuredMhz > 33 ? 40 : 26,
    spiPins: spiPins(word3, word5),
  };
}

function securityOf(wordAt: WordAt, revision: number): SecurityState {
  const word0 = wordAt(efuseWord(0));
  const word6 = wordAt(efuseWord(6));
  const cryptCount = (word0 >>> 20) & 0x7f;
  const ones = cryptCount.toString(2).replaceAll("0", "").length;
  return {
    secureBootV1: bit(word6, 4) === 1,
    secureBootV2: revision >= 300 && bit(word6, 5) === 1,
    flashEncryption: ones % 2 === 1,
    // UART_DOWNLOAD_DIS closes the loader altogether on revision 3; there is no restricted mode as on later chips.
    secureDownload: false,
    keyManager: false,
    manualEncryptOff: bit(word6, 7) === 1,
  };
}

export const esp32 = {
  name: "esp32",
  label: "ESP32",
  imageChipId: 0,
  magic: 0x00f01d83,
  bootloaderOffset: 0x1000,
  romDialect: {
    statusBytes: 4,
    spiAttachBytes: 8,
    setsFlashSize: true,
    md5Reply: "ascii",
    // It does, but writes old bytes of its window behind the end, even into the next sector (seen with the mask ROM of 2019 in QEMU).
    inflates: false,
    beginWords: 4,
    blockBytes: 0x400,
    namesOldBaud: false,
  },
  romBaud: "divider",
  // `UartDev.baud_rate` (esp-stub-lib `esp32.rom.ld`, esp-flasher-stub `main.c` at fc713a4).
  stubBaudAddress: 0x3ffe019c,
  spi: {
    base: 0x3ff42000,
    usr: 0x1c,
    usr1: 0x20,
    usr2: 0x24,
    dataLengths: { mosi: 0x28, miso: 0x2c },
    w0: 0x80,
    addressBits: "upper",
  },
  efuses: { start: EFUSE_BASE, end: EFUSE_BASE + 0x200 },
  flashFrequencyCodes: frequencies80,
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 32,
  usb: { serialJtag: false, otg: false },
  // The ESP32 has an RTC watchdog, but no reset of it samples the straps (esptool `targets/esp32.py` at bb72741 has none).
  reset: { byWatchdog: false },
  loadStub: async () =>
    stubFromJson((await import("esptool-js/lib/targets/stub_flasher/esp32.json", { with: { type: "json" } })).default),
  identity: {
    registers: [...efuseWords, APB_CTRL_DATE, UART_CLKDIV],
    macRegisters: [efuseWord(1), efuseWord(2)],
    macIsSound: (wordAt) =>
      macCrc(wordAt(efuseWord(1)), wordAt(efuseWord(2))) === ((wordAt(efuseWord(2)) >>> 16) & 0xff),
    of: identityOf,
  },
  securityOf,
} as const satisfies ChipDefinition;
