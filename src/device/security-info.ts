import { readUint32 } from "../base/bytes.js";
import { hasCode } from "../base/errors.js";
import type { SecurityState } from "../chips/definition.js";
import { isUnsupported } from "../protocol/status-codes.js";
import { getSecurityInfo } from "../protocol/system-commands.js";
import type { Connection } from "./connection.js";
import { refusedStatus } from "./connection.js";

/** What GET_SECURITY_INFO tells. */
export interface SecurityInfo {
  /** Absent on ESP32-S2. */
  readonly chipId?: number;
  readonly secureBoot: boolean;
  readonly secureDownload: boolean;
  readonly flashEncryption: boolean;
}

const FULL_BYTES = 20;
/** ESP32-S2 ends before the chip id (esptool `loader.py` `get_security_info` at bb72741). */
const SHORT_BYTES = 12;

// Layout and flags: esptool `loader.py` SECURITY_INFO_FLAG_MAP at bb72741.
const CRYPT_COUNT_OFFSET = 4;
const CHIP_ID_OFFSET = 12;
const SECURE_BOOT = 1 << 0;
const SECURE_DOWNLOAD = 1 << 2;

function parse(data: Uint8Array): SecurityInfo {
  const flags = readUint32(data, 0);
  const ones = (data[CRYPT_COUNT_OFFSET] ?? 0).toString(2).replaceAll("0", "").length;
  const settings = {
    secureBoot: (flags & SECURE_BOOT) !== 0,
    secureDownload: (flags & SECURE_DOWNLOAD) !== 0,
    // Each burnt bit turns it on or off again.
    flashEncryption: ones % 2 === 1,
  };
  return data.length === FULL_BYTES ? { ...settings, chipId: readUint32(data, CHIP_ID_OFFSET) } : settings;
}

async function ask(connection: Connection, lengthBytes: number): Promise<SecurityInfo | undefined> {
  try {
    const { data } = await connection.request(getSecurityInfo(lengthBytes));
    return parse(data);
  } catch (error) {
    const status = refusedStatus(error);
    if (status !== undefined && isUnsupported(status)) return undefined;
    throw error;
  }
}

/** The chip's own words, or `undefined` where ROM or stub have no such command (ESP8266, ESP32). */
export async function readSecurityInfo(connection: Connection): Promise<SecurityInfo | undefined> {
  try {
    return await ask(connection, FULL_BYTES);
  } catch (error) {
    // An answer that is too short for 20 bytes can be one of 12.
    if (!hasCode(error, "device/bad-reply")) throw error;
    return ask(connection, SHORT_BYTES);
  }
}

/** As settings; what the command leaves out is not set. */
export function securityFromInfo(info: SecurityInfo): SecurityState {
  return {
    secureBootV1: false,
    secureBootV2: info.secureBoot,
    flashEncryption: info.flashEncryption,
    secureDownload: info.secureDownload,
    keyManager: false,
    manualEncryptOff: false,
  };
}
