import { FlashError } from "../base/errors.js";
import { sha256 } from "../image/digest.js";
import { beginsAsImage, inspectFirmware } from "../image/inspect.js";
import type { EspImage } from "../image/parse.js";
import { DIGEST_BYTES } from "../image/segments.js";
import { contentOf } from "./content.js";
import type { FlashImage, UnplacedImage } from "./job.js";

/** Where an image header says that a SHA-256 follows the image. */
const DIGEST_FLAG_AT = 23;

/** Whether the image is followed by the digest that it would have, if its header said so. */
function lostItsDigest(bytes: Uint8Array, offset: number, image: EspImage): boolean {
  if (image.digest !== undefined || image.chipId === undefined) return false;
  const end = offset + image.lengthBytes;
  const flagged = bytes.slice(offset, end);
  flagged[DIGEST_FLAG_AT] = 1;
  return Buffer.compare(sha256(flagged), bytes.subarray(end, end + DIGEST_BYTES)) === 0;
}

/**
 * Refuses (image/…) a file that is plainly a damaged image, whatever the job allows and a lenient ROM would start. Bytes
 * that only happen to begin with E9 are data.
 */
export function checkUndamaged(file: FlashImage | UnplacedImage): void {
  if (beginsAsImage(file.bytes)) inspectFirmware(file.bytes);
  const { image, imageOffset, apps } = contentOf(file);
  const images = [...(image === undefined ? [] : [{ offset: imageOffset, image }]), ...apps];
  if (!images.some((part) => lostItsDigest(file.bytes, part.offset, part.image))) return;
  throw new FlashError(
    "image/digest",
    `${file.name} has the right SHA-256 behind an image whose header says that there is none: the header is damaged.`,
    { image: file.name },
  );
}
