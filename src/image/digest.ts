import { createHash } from "node:crypto";

/** SHA-256 of `bytes`: what follows an image's checksum. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/** MD5 of `bytes`: what closes a partition table. */
export function md5(bytes: Uint8Array): Uint8Array {
  return createHash("md5").update(bytes).digest();
}
