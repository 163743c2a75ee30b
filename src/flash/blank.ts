import { toHex } from "../base/bytes.js";
import { sha256 } from "../image/digest.js";
import type { FlashImage, FlashRange } from "./job.js";

/** A range that shall be blank, as an image: of whole sectors, it is erased and not sent. `name` is for people. */
export function blankImage(name: string, { offset, lengthBytes }: FlashRange): FlashImage {
  const bytes = new Uint8Array(lengthBytes).fill(0xff);
  return { name, offset, bytes, sha256: toHex(sha256(bytes)) };
}
