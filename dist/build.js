import { G as words, I as concatBytes } from "./first-line.js";
import { _t as sha256, ot as segmentChecksum, rt as checksumOffset, st as malformed } from "./step.js";
// src/image/build.ts
/** Leaves the pin to the chip (ESP-IDF `esp_image_header_t.wp_pin`). */
const WP_PIN_DISABLED = 238;
function buildHeader(recipe) {
	const header = /* @__PURE__ */ new Uint8Array(24);
	const view = new DataView(header.buffer);
	header.set([
		233,
		recipe.segments.length,
		recipe.flashModeByte,
		recipe.sizeFreqByte
	]);
	view.setUint32(4, recipe.entry, true);
	header[8] = WP_PIN_DISABLED;
	view.setUint16(12, recipe.chipId, true);
	view.setUint16(15, recipe.minRevision, true);
	view.setUint16(17, recipe.maxRevision ?? 65535, true);
	header[23] = recipe.digest ? 1 : 0;
	return header;
}
/** A valid image: header, segments, checksum and digest. Deterministic. Throws image/malformed for an odd length. */
function buildImage(recipe) {
	const odd = recipe.segments.find((segment) => segment.bytes.length % 4 !== 0);
	if (odd !== void 0) throw malformed(`A segment of ${odd.bytes.length} bytes does not consist of whole words.`);
	const segments = recipe.segments.flatMap(({ address, bytes }) => [words(address, bytes.length), bytes]);
	const body = concatBytes(buildHeader(recipe), ...segments);
	const image = new Uint8Array(checksumOffset(body.length) + 1);
	image.set(body);
	image[image.length - 1] = segmentChecksum(recipe.segments.map((segment) => segment.bytes));
	return recipe.digest ? concatBytes(image, sha256(image)) : image;
}
export { buildImage as t };
