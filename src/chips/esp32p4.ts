import type { ChipDefinition, RegisterAccess } from "./definition.js";
import { bitField, identityFrom } from "./efuse.js";
import {
  flashSizeCodes,
  frequencies80,
  HEADER_MAX_FLASH_BYTES,
  laterRomDialect,
  laterSpi,
  lpSuperWatchdog,
} from "./shapes.js";
import { stubFromJson } from "./stub-json.js";

// Registers and fields: esptool `targets/esp32p4.py` and `espefuse/efuse_defs/esp32p4*.yaml` at bb72741, compared with
// espflash `target/mod.rs` and `target/efuse/esp32p4.rs` at ab24ed3.
const EFUSES = 0x5012d000;
const word1 = (index: number): number => EFUSES + 0x44 + index * 4;

// Flash supply (esptool `targets/esp32p4.py` `power_on_flash` at bb72741; npm esptool-js 0.7.0 `lib/targets/esp32p4.js`).
const PAD_GROUP_POWER = 0x5011010c;
const FLASH_LDO = 0x501151b8;
const LDO_FROM_EFUSE = 1 << 7;
const LDO_TARGET = 0xff << 23;
const FLASH_LDO_ANALOG = 0x501151bc;
const LDO_CURRENT_LIMIT = 1 << 27;
const PMU_DATE = 0x501153fc;
const FLASH_FORCE_ON = 3;
const DOWNLOAD_POWERS_FLASH = bitField(EFUSES + 0x34, 16, 1);

/** Revisions whose flash has no power in the loader until the host turns it on: 3.1 and 3.2. */
const UNPOWERED_REVISIONS = [301, 302];

/**
 * Gives the flash its 3.3 V where the ROM does not. With DOWNLOAD_MODE_XPD_ON burnt, revision 3.2 does it itself, but
 * not twice: then what an earlier download left on is turned off.
 */
async function powerFlash(registers: RegisterAccess, revision: number): Promise<void> {
  if (!UNPOWERED_REVISIONS.includes(revision)) return;
  const { read, write, sleepMs } = registers;
  const change = async (address: number, clear: number, set: number): Promise<void> =>
    write(address, (((await read(address)) & ~clear) | set) >>> 0);
  const { address, shift } = DOWNLOAD_POWERS_FLASH;
  if (revision === 302 && (((await read(address)) >>> shift) & 1) === 1) {
    if (((await read(PMU_DATE)) & FLASH_FORCE_ON) === FLASH_FORCE_ON) await change(PMU_DATE, FLASH_FORCE_ON, 0);
    return;
  }
  await write(PAD_GROUP_POWER, 1);
  await sleepMs(10);
  await change(FLASH_LDO_ANALOG, 0, LDO_CURRENT_LIMIT);
  await change(FLASH_LDO, 0, LDO_FROM_EFUSE);
  await change(PMU_DATE, 0, FLASH_FORCE_ON);
  await sleepMs(1);
  await change(FLASH_LDO_ANALOG, LDO_CURRENT_LIMIT, 0);
  await change(FLASH_LDO, LDO_TARGET, 0);
  await change(FLASH_LDO, 0, LDO_FROM_EFUSE);
  await change(FLASH_LDO, LDO_FROM_EFUSE, 0);
  await sleepMs(2);
}

export const esp32p4 = {
  name: "esp32p4",
  label: "ESP32-P4",
  imageChipId: 18,
  bootloaderOffset: 0x2000,
  romDialect: laterRomDialect,
  spi: laterSpi(0x5008d000),
  efuses: { start: EFUSES, end: EFUSES + 0x200 },
  flashFrequencyCodes: frequencies80,
  flashSizeCodes,
  maxFlashBytes: HEADER_MAX_FLASH_BYTES,
  encryptedWriteBytes: 16,
  resetsFlash: true,
  usb: { serialJtag: true, otg: true },
  reset: { byWatchdog: true, otg: "watchdog" },
  rtcWatchdog: { config0: 0x50116000, config1: 0x50116004, protect: 0x50116018 },
  superWatchdog: lpSuperWatchdog(0x5011601c, 0x50116020),
  // RAM moved with revision 3.0, and the stub with it.
  loadStub: async (revision: number) =>
    stubFromJson(
      revision < 300
        ? (await import("esptool-js/lib/targets/stub_flasher/esp32p4-rev1.json", { with: { type: "json" } })).default
        : (await import("esptool-js/lib/targets/stub_flasher/esp32p4.json", { with: { type: "json" } })).default,
    ),
  prepareFlash: powerFlash,
  identity: identityFrom({
    label: "ESP32-P4",
    mac: word1(0),
    hasEui64: false,
    major: [bitField(word1(2), 4, 2), bitField(word1(2), 23, 1)],
    minor: [bitField(word1(2), 0, 4)],
    package: [bitField(word1(2), 20, 3)],
    packages: { 0: "ESP32-P4" },
    features: ["Dual Core + LP Core", "400 MHz"],
    crystal: 40,
  }),
  securityFields: {
    manualEncryptOff: bitField(EFUSES + 0x30, 20, 1),
    // The second bit of FORCE_USE_KEY_MANAGER_KEY is the one for flash.
    keyManager: bitField(EFUSES + 0x34, 10, 1),
  },
} as const satisfies ChipDefinition;
