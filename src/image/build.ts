import { concatBytes, words } from "../base/bytes.js";
import { sha256 } from "./digest.js";
import { IMAGE_HEADER_BYTES, IMAGE_MAGIC, malformed } from "./header.js";
import { checksumOffset, segmentChecksum } from "./segments.js";

/** What `buildImage` makes an image of. */
export interface ImageRecipe {
  readonly chipId: number;
  readonly entry: number;
  /** 0 QIO, 1 QOUT, 2 DIO, 3 DOUT. */
  readonly flashModeByte: number;
  /** Upper nibble flash size, lower nibble flash frequency. */
  readonly sizeFreqByte: number;
  /** major · 100 + minor. */
  readonly minRevision: number;
  /** major · 100 + minor; absent for no upper limit. */
  readonly maxRevision?: number;
  /** In file order; each length a multiple of 4. */
  readonly segments: readonly { readonly address: number; readonly bytes: Uint8Array }[];
  /** Whether the SHA-256 is appended, as every image of ESP-IDF 3 and later has it. */
  readonly digest: boolean;
}

/** Leaves the pin to the chip (ESP-IDF `esp_image_header_t.wp_pin`). */
const WP_PIN_DISABLED = 0xee;

function buildHeader(recipe: ImageRecipe): Uint8Array {
  const header = new Uint8Array(IMAGE_HEADER_BYTES);
  const view = new DataView(header.buffer);
  header.set([IMAGE_MAGIC, recipe.segments.length, recipe.flashModeByte, recipe.sizeFreqByte]);
  view.setUint32(4, recipe.entry, true);
  header[8] = WP_PIN_DISABLED;
  view.setUint16(12, recipe.chipId, true);
  view.setUint16(15, recipe.minRevision, true);
  view.setUint16(17, recipe.maxRevision ?? 0xffff, true);
  header[23] = recipe.digest ? 1 : 0;
  return header;
}

/** A valid image: header, segments, checksum and digest. Deterministic. Throws image/malformed for an odd length. */
export function buildImage(recipe: ImageRecipe): Uint8Array {
  const odd = recipe.segments.find((segment) => segment.bytes.length % 4 !== 0);
  if (odd !== undefined) throw malformed(`A segment of ${odd.bytes.length} bytes does not consist of whole words.`);
  const segments = recipe.segments.flatMap(({ address, bytes }) => [words(address, bytes.length), bytes]);
  const body = concatBytes(buildHeader(recipe), ...segments);
  const image = new Uint8Array(checksumOffset(body.length) + 1);
  image.set(body);
  image[image.length - 1] = segmentChecksum(recipe.segments.map((segment) => segment.bytes));
  return recipe.digest ? concatBytes(image, sha256(image)) : image;
}
