import { noise } from "./noise.js";

const KEY = 0x5ec12e7;

/**
 * Stands in for the XTS-AES of flash encryption: the same call enciphers and deciphers, and each address has its own
 * mask. Whether something was written enciphered, and to the right place, shows as on silicon.
 */
export function cipher(offset: number, bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => byte ^ (noise(KEY, offset + index) & 0xff));
}
