import type { ChipDefinition, ChipIdentity, WordAt } from "./definition.js";
import { bitField, fieldOf, identityFrom } from "./efuse.js";
import {
  flashSizeCodes,
  flashVendors,
  frequencies80,
  HEADER_MAX_FLASH_BYTES,
  laterRomDialect,
  laterSpi,
  rtcSuperWatchdog,
} from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32s3.py` and `espefuse/efuse_defs/esp32s3.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32s3.rs` at ab24ed3.
const EFUSES = 0x60007000;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

const BLOCK_MAJOR = bitField(EFUSES + 0x5c + 4 * 4, 0, 2);
const BLOCK_MINOR = bitField(word1(3), 24, 3);

const usual = identityFrom({
  label: "ESP32-S3",
  mac: word1(0),
  hasEui64: false,
  major: [bitField(word1(5), 24, 2)],
  minor: [bitField(word1(3), 18, 3), bitField(word1(5), 23, 1)],
  package: [bitField(word1(3), 21, 3)],
  packages: { 0: "ESP32-S3 (QFN56)", 1: "ESP32-S3-PICO-1 (LGA56)" },
  features: ["Wi-Fi", "BT 5 (LE)", "Dual Core + LP Core", "240 MHz"],
  flash: {
    capacity: [bitField(word1(3), 27, 3)],
    megabytes: { 1: 8, 2: 4 },
    vendor: bitField(word1(4), 0, 3),
    vendors: { ...flashVendors, 5: "BY" },
  },
  psram: {
    capacity: [bitField(word1(4), 3, 2), bitField(word1(5), 19, 1)],
    megabytes: { 1: 8, 2: 2, 3: 16, 4: 4 },
    vendor: bitField(word1(4), 7, 2),
    vendors: { 1: "AP_3v3", 2: "AP_1v8" },
  },
  crystal: 40,
});

/** Chips of revision 0.0 (block version 1.1) use the bits of the major revision for something else. */
function identityOf(wordAt: WordAt, connectBaud: number): ChipIdentity {
  const known = usual.of(wordAt, connectBaud);
  const isBlock11 = fieldOf(wordAt, BLOCK_MAJOR) === 1 && fieldOf(wordAt, BLOCK_MINOR) === 1;
  const minorLow = (known.revision % 100) & 7;
  return isBlock11 && minorLow === 0 ? { ...known, revision: 0 } : known;
}

export const esp32s3 = {
  name: "esp32s3",
  label: "ESP32-S3",
  imageChipId: 9,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
  romBaud: "rate",
  spi: laterSpi(0x60002000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies80,
  flashSizeCodes,
  maxFlashBytes: HEADER_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: true },
  reset: {
    byWatchdog: true,
    otg: "watchdog-while-strapped",
    strap: bitField(0x60004038, 3, 1),
    // Left set, the chip would come back in download mode (arduino-esp32 issue 6762).
    forceDownload: { ...bitField(0x6000812c, 0, 1), clearBeforeReset: true },
  },
  rtcWatchdog: { config0: 0x60008098, config1: 0x6000809c, protect: 0x600080b0 },
  superWatchdog: rtcSuperWatchdog(0x600080b4, 0x600080b8),
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32s3.json", { with: { type: "json" } })).default,
    ),
  // `rom_spiflash_legacy_funcs.read` (esptool `loader.py` `run_stub` at bb72741).
  secureBootStubPointer: 0x3fcef688,
  identity: { ...usual, registers: [...usual.registers, BLOCK_MAJOR.address], of: identityOf },
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 20, 1) },
} as const satisfies ChipDefinition;
