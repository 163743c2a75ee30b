/** What can be burnt into a virtual chip, as the board's URL names it. */
export const securitySettings = [
  "secure-boot",
  "secure-boot-v1",
  "flash-encryption",
  "secure-download",
  "encrypt-off",
  "key-manager",
  "clock-calibration",
] as const;

/**
 * `secure-boot`: version 2. `secure-download`: the loader takes few commands. `encrypt-off`: the loader does not encrypt
 * what it writes. `key-manager`: the flash is encrypted with a key that only the key manager knows.
 * `clock-calibration` is on every ESP32 but the recorded one: with it the ROM knows its crystal, and so can the host.
 */
export type SecuritySetting = (typeof securitySettings)[number];

// Flags of GET_SECURITY_INFO (esptool `docs/en/advanced-topics/serial-protocol.rst` at bb72741).
const SECURE_BOOT = 1 << 0;
const SECURE_DOWNLOAD = 1 << 2;

/** What GET_SECURITY_INFO answers beside the settings. */
export interface SecurityInfo {
  /** ESP32-S2 ends before the chip id. */
  readonly lengthBytes: 12 | 20;
  readonly chipId: number;
  readonly apiVersion: number;
  /** The last of the seven key purposes, which belongs to no key. */
  readonly lastPurpose: number;
}

/** The answer's data: flags, count of encryption bits, seven key purposes, chip id, version. */
export function encodeSecurityInfo(info: SecurityInfo, settings: ReadonlySet<SecuritySetting>): Uint8Array {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  const flags =
    (settings.has("secure-boot") ? SECURE_BOOT : 0) | (settings.has("secure-download") ? SECURE_DOWNLOAD : 0);
  view.setUint32(0, flags, true);
  view.setUint8(4, settings.has("flash-encryption") ? 1 : 0);
  view.setUint8(11, info.lastPurpose);
  view.setUint32(12, info.chipId, true);
  view.setUint32(16, info.apiVersion, true);
  return bytes.subarray(0, info.lengthBytes);
}
