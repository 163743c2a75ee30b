import type { ChipDefinition, ChipIdentity, WordAt } from "./definition.js";
import { bitField, fieldOf, identityFrom } from "./efuse.js";
import { flashSizeCodes, laterRomDialect, laterSpi, lpSuperWatchdog, ROM_MAX_FLASH_BYTES } from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32c6.py` and `espefuse/efuse_defs/esp32c6.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32c6.rs` at ab24ed3.
const EFUSES = 0x600b0800;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

const FLASH = bitField(word1(4), 0, 3);
const PACKAGE = bitField(word1(3), 24, 3);

const usual = identityFrom({
  label: "ESP32-C6",
  mac: word1(0),
  hasEui64: true,
  major: [bitField(word1(3), 22, 2)],
  minor: [bitField(word1(3), 18, 4)],
  package: [PACKAGE],
  packages: { 0: "ESP32-C6 (QFN40)", 1: "ESP32-C6 (QFN32)" },
  features: ["Wi-Fi 6", "BT 5 (LE)", "IEEE802.15.4", "Single Core + LP Core", "160 MHz"],
  flash: { capacity: [FLASH], megabytes: { 1: 4, 2: 8 } },
  crystal: 40,
});

/** The names of package 1 differ by the flash in it. */
const QFN32_NAMES: Readonly<Record<number, string>> = { 1: "ESP32-C6FH4 (QFN32)", 2: "ESP32-C6FH8 (QFN32)" };

function identityOf(wordAt: WordAt, connectBaud: number): ChipIdentity {
  const known = usual.of(wordAt, connectBaud);
  if (fieldOf(wordAt, PACKAGE) !== 1) return known;
  return { ...known, packageName: QFN32_NAMES[fieldOf(wordAt, FLASH)] ?? known.packageName };
}

export const esp32c6 = {
  name: "esp32c6",
  label: "ESP32-C6",
  imageChipId: 13,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
  romBaud: "rate",
  spi: laterSpi(0x60003000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  // 80 MHz has the code of 40: the ROM sets a wrong divider for the other one.
  flashFrequencyCodes: { "80m": 0x0, "40m": 0x0, "20m": 0x2 },
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: false },
  // A watchdog reset can make its USB-Serial/JTAG port vanish (esptool `targets/esp32c6.py` l.208 at bb72741).
  reset: { byWatchdog: false },
  rtcWatchdog: { config0: 0x600b1c00, config1: 0x600b1c04, protect: 0x600b1c18 },
  superWatchdog: lpSuperWatchdog(0x600b1c1c, 0x600b1c20),
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32c6.json", { with: { type: "json" } })).default,
    ),
  identity: { ...usual, of: identityOf },
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 20, 1) },
} as const satisfies ChipDefinition;
