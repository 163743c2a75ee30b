import { toHex } from "../base/bytes.js";
import { sha256 } from "../image/digest.js";
import { overlaps, sectorsOf } from "./desired.js";
import { rangeOf } from "./guards.js";
import type { FlashImage } from "./job.js";

function combine(below: FlashImage, above: FlashImage): FlashImage {
  const offset = Math.min(below.offset, above.offset);
  const end = Math.max(below.offset + below.bytes.length, above.offset + above.bytes.length);
  const bytes = new Uint8Array(end - offset).fill(0xff);
  bytes.set(below.bytes, below.offset - offset);
  bytes.set(above.bytes, above.offset - offset);
  return { name: `${below.name} + ${above.name}`, offset, bytes, sha256: toHex(sha256(bytes)) };
}

/** Makes one image of those that share sectors; where they share bytes, the one that is named later wins. */
export function combineOverlaps(images: readonly FlashImage[]): readonly FlashImage[] {
  const apart: FlashImage[] = [];
  for (const image of images) {
    let whole = image;
    for (;;) {
      const at = apart.findIndex((other) => overlaps(sectorsOf(rangeOf(other)), sectorsOf(rangeOf(whole))));
      const [other] = at < 0 ? [] : apart.splice(at, 1);
      if (other === undefined) break;
      whole = combine(other, whole);
    }
    apart.push(whole);
  }
  return apart;
}
