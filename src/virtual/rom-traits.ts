import { opcodes } from "../protocol/opcodes.js";
import type { SecurityInfo } from "./security.js";

/** What one generation of ROM loader does differently from another. */
export interface RomTraits {
  readonly commands: ReadonlySet<number>;
  /** Two, and two reserved ones behind them but on the ESP8266. */
  readonly statusBytes: 2 | 4;
  /** Payload of FLASH_BEGIN and FLASH_DEFL_BEGIN. */
  readonly beginBytes: 16 | 20;
  readonly spiAttachBytes: 0 | 8;
  /** It erases the sectors before the first 64 KiB border twice over. */
  readonly erasesHeadTwice: boolean;
  /** What it inflates ends with a whole sector: behind the end comes what the window held before. */
  readonly endsWithSector: boolean;
  readonly securityInfo?: SecurityInfo;
}

const ESP8266_COMMANDS = [
  opcodes.flashBegin,
  opcodes.flashData,
  opcodes.flashEnd,
  opcodes.memBegin,
  opcodes.memEnd,
  opcodes.memData,
  opcodes.sync,
  opcodes.writeReg,
  opcodes.readReg,
];

const ESP32_COMMANDS = [
  ...ESP8266_COMMANDS,
  opcodes.spiSetParams,
  opcodes.spiAttach,
  opcodes.readFlashSlow,
  opcodes.changeBaudrate,
  opcodes.flashDeflBegin,
  opcodes.flashDeflData,
  opcodes.flashDeflEnd,
  opcodes.spiFlashMd5,
];

/** All that is left in Secure Download Mode (esptool `docs/en/advanced-topics/serial-protocol.rst` at bb72741). */
export const secureDownloadCommands: ReadonlySet<number> = new Set([
  opcodes.sync,
  opcodes.flashBegin,
  opcodes.flashData,
  opcodes.flashEnd,
  opcodes.spiSetParams,
  opcodes.spiAttach,
  opcodes.changeBaudrate,
  opcodes.getSecurityInfo,
]);

export const esp8266Rom: RomTraits = {
  commands: new Set(ESP8266_COMMANDS),
  statusBytes: 2,
  beginBytes: 16,
  spiAttachBytes: 0,
  erasesHeadTwice: true,
  endsWithSector: false,
};

export const esp32Rom: RomTraits = {
  commands: new Set(ESP32_COMMANDS),
  statusBytes: 4,
  beginBytes: 16,
  spiAttachBytes: 8,
  erasesHeadTwice: false,
  endsWithSector: true,
};

/** ESP32-S2 and all that came after it: a word in BEGIN says whether to encrypt, and the security settings can be read. */
export function newerRom(securityInfo: SecurityInfo): RomTraits {
  return {
    ...esp32Rom,
    commands: new Set([...ESP32_COMMANDS, opcodes.getSecurityInfo]),
    beginBytes: 20,
    endsWithSector: false,
    securityInfo,
  };
}
