import type { ChipDefinition } from "./definition.js";
import { bitField, identityFrom } from "./efuse.js";
import { flashSizeCodes, flashVendors, laterRomDialect, laterSpi, ROM_MAX_FLASH_BYTES } from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32c2.py` and `espefuse/efuse_defs/esp32c2.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32c2.rs` at ab24ed3. Its MAC is in block 2.
const EFUSES = 0x60008800;
const word2 = (index: number): number => EFUSES + 0x40 + index * 4;

export const esp32c2 = {
  name: "esp32c2",
  label: "ESP32-C2",
  imageChipId: 12,
  bootloaderOffset: 0x0,
  romDialect: laterRomDialect,
  spi: laterSpi(0x60002000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: { "60m": 0xf, "30m": 0x0, "20m": 0x1, "15m": 0x2 },
  flashSizeCodes,
  maxFlashBytes: ROM_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: false, otg: false },
  reset: { byWatchdog: true },
  rtcWatchdog: { config0: 0x60008084, config1: 0x60008088, protect: 0x6000809c },
  loadStub: async () =>
    stubFromJson(
      (await import("esptool-js/lib/targets/stub_flasher/esp32c2.json", { with: { type: "json" } })).default,
    ),
  stubRefusal: (revision) => (revision < 100 ? "there is no stub for its revision 0" : undefined),
  identity: identityFrom({
    label: "ESP32-C2",
    mac: word2(0),
    hasEui64: false,
    major: [bitField(word2(1), 20, 2)],
    minor: [bitField(word2(1), 16, 4)],
    package: [bitField(word2(1), 22, 3)],
    packages: { 0: "ESP32-C2", 1: "ESP8684H" },
    features: ["Wi-Fi", "BT 5 (LE)", "Single Core", "120 MHz"],
    flash: {
      capacity: [bitField(word2(7), 29, 3)],
      megabytes: { 1: 4, 2: 2, 3: 1 },
      vendor: bitField(word2(7), 24, 3),
      vendors: flashVendors,
    },
    crystal: { uartDivider: 0x60000014, factor: 1, choicesMhz: [26, 40] },
  }),
  securityFields: { manualEncryptOff: bitField(EFUSES + 0x30, 6, 1) },
} as const satisfies ChipDefinition;
