import type { ChipDefinition, ChipIdentity, WordAt } from "./definition.js";
import { bitField, fieldOf, identityFrom } from "./efuse.js";
import { flashSizeCodes, frequencies80, laterRomDialect, laterSpi, ROM_MAX_FLASH_BYTES } from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32s2.py` and `espefuse/efuse_defs/esp32s2.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32s2.rs` at ab24ed3.
const EFUSES = 0x3f41a000;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

const FLASH = bitField(word1(3), 21, 4);
const PSRAM = bitField(word1(3), 28, 4);
const CALIBRATION = bitField(EFUSES + 0x5c + 4 * 4, 4, 3);

const usual = identityFrom({
  label: "ESP32-S2",
  mac: word1(0),
  hasEui64: false,
  major: [bitField(word1(3), 18, 2)],
  minor: [bitField(word1(4), 4, 3), bitField(word1(3), 20, 1)],
  // The package number of the eFuse does not tell them apart: flash in the lower four bits, PSRAM above.
  package: [FLASH, PSRAM],
  packages: { 0x00: "ESP32-S2", 0x01: "ESP32-S2FH2", 0x02: "ESP32-S2FH4", 0x12: "ESP32-S2FNR2", 0x10: "ESP32-S2R2" },
  features: ["Wi-Fi", "Single Core", "240 MHz"],
  flash: { capacity: [FLASH], megabytes: { 1: 2, 2: 4 } },
  psram: { capacity: [PSRAM], megabytes: { 1: 2, 2: 4 } },
  crystal: 40,
});

function identityOf(wordAt: WordAt, connectBaud: number): ChipIdentity {
  const known = usual.of(wordAt, connectBaud);
  const calibration = fieldOf(wordAt, CALIBRATION);
  if (calibration === 0) return known;
  return { ...known, features: [...known.features, `ADC calibration V${calibration} in eFuse`] };
}

export const esp32s2 = {
  name: "esp32s2",
  label: "ESP32-S2",
  imageChipId: 2,
  // Its GET_SECURITY_INFO ends before the chip id (esptool `loader.py` `get_security_info` at bb72741).
  magic: 0x000007c6,
  bootloaderOffset: 0x1000,
  romDialect: laterRomDialect,
  spi: laterSpi(0x3f402000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies80,
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: false, otg: true },
  reset: {
    byWatchdog: true,
    otg: "watchdog-while-strapped",
    strap: bitField(0x3f404038, 3, 1),
    forceDownload: { ...bitField(0x3f408128, 0, 1), clearBeforeReset: false },
  },
  rtcWatchdog: { config0: 0x3f408094, config1: 0x3f408098, protect: 0x3f4080ac },
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32s2.json", { with: { type: "json" } })).default,
    ),
  identity: { ...usual, registers: [...usual.registers, CALIBRATION.address], of: identityOf },
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 19, 1) },
} as const satisfies ChipDefinition;
