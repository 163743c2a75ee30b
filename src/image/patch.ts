import { FlashError } from "../base/errors.js";
import { alignUp, hex32 } from "../base/bytes.js";
import { sha256 } from "./digest.js";
import type { EspImage } from "./esp-image.js";
import { parseImage } from "./parse.js";
import { DIGEST_BYTES } from "./segments.js";

/** Header values to set; what is absent stays as the image has it. */
export interface FlashSettings {
  /** 0 QIO, 1 QOUT, 2 DIO, 3 DOUT. */
  readonly flashModeByte?: number;
  /** Lower nibble of byte 3. */
  readonly frequencyCode?: number;
  /** Upper nibble of byte 3, as the whole byte. */
  readonly sizeCode?: number;
}

const MODE_AT = 2;
const SIZE_FREQ_AT = 3;
const SECTOR_BYTES = 4096;
/** Secure Boot V2: first byte of a signature block, and the versions for RSA and ECDSA (esptool v5.3.1 `espsecure`). */
const SIGNATURE_MAGIC = 0xe7;
const SIGNATURE_VERSIONS: readonly (number | undefined)[] = [2, 3];
/** Secure Boot V1: a version word of zero and the signature (ESP-IDF v5.3 `esp_secure_boot.h`). */
const V1_VERSION_BYTES = 4;
const V1_SIGNATURE_BYTES = 64;
/** Secure Boot V1, in front of the bootloader: random bytes and digest (ESP-IDF v5.3 `esp_secure_boot.h`). */
const V1_DIGEST_BYTES = 192;

/** Whether all bytes are alike, as padding is; no bytes are. */
const isPadding = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === bytes[0]);

function hasV2Signature(bytes: Uint8Array, imageEnd: number): boolean {
  // The signature has a sector of its own behind the image; its place is the same in a file merged from sector starts.
  const at = alignUp(imageEnd, SECTOR_BYTES);
  return bytes[at] === SIGNATURE_MAGIC && SIGNATURE_VERSIONS.includes(bytes[at + 1]);
}

function hasV1Signature(bytes: Uint8Array, imageEnd: number): boolean {
  const version = bytes.subarray(imageEnd, imageEnd + V1_VERSION_BYTES);
  const signature = bytes.subarray(imageEnd + V1_VERSION_BYTES, imageEnd + V1_VERSION_BYTES + V1_SIGNATURE_BYTES);
  return signature.length === V1_SIGNATURE_BYTES && version.every((byte) => byte === 0) && !isPadding(signature);
}

/** Whether Secure Boot would refuse the image at `imageOffset` if a byte of it were changed. ESP8266 has no such thing. */
function isSigned(bytes: Uint8Array, imageOffset: number, image: EspImage): boolean {
  if (image.chipId === undefined) return false;
  const place = bytes.subarray(imageOffset);
  const before = bytes.subarray(0, Math.min(imageOffset, V1_DIGEST_BYTES));
  return hasV2Signature(place, image.lengthBytes) || hasV1Signature(place, image.lengthBytes) || !isPadding(before);
}

/**
 * A copy of `bytes` in which the image at `imageOffset` has other flash settings and, where it has a digest, one that
 * fits. The checksum covers segments only and stays. Where nothing changes, `bytes` itself. Throws image/signed for a
 * signed image, chip/unsupported for a version 2 image of the ESP8266, and image/… for one that is damaged.
 */
export function patchFlashSettings(bytes: Uint8Array, imageOffset: number, settings: FlashSettings): Uint8Array {
  const image = parseImage(bytes, imageOffset);
  const mode = settings.flashModeByte ?? image.flashModeByte;
  const size = settings.sizeCode ?? image.sizeFreqByte & 0xf0;
  const sizeFreq = size | (settings.frequencyCode ?? image.sizeFreqByte & 0x0f);
  if (mode === image.flashModeByte && sizeFreq === image.sizeFreqByte) return bytes;
  const details = { offset: hex32(imageOffset) };
  if (image.chipId === undefined && image.kind === "app") {
    const message = "An ESP8266 image of version 2 takes its flash settings from the boot loader in front of it.";
    throw new FlashError("chip/unsupported", message, details);
  }
  if (isSigned(bytes, imageOffset, image)) {
    throw new FlashError(
      "image/signed",
      `The image at ${hex32(imageOffset)} of the file is signed: other flash settings would break its signature.`,
      details,
    );
  }
  // Not `slice`: of a Buffer it is no copy.
  const patched = new Uint8Array(bytes);
  patched[imageOffset + MODE_AT] = mode;
  patched[imageOffset + SIZE_FREQ_AT] = sizeFreq;
  if (image.digest !== undefined) {
    const digestAt = imageOffset + image.lengthBytes - DIGEST_BYTES;
    patched.set(sha256(patched.subarray(imageOffset, digestAt)), digestAt);
  }
  return patched;
}
