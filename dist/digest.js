import { L as readUint32, M as concatBytes, R as toHex, z as words } from "./first-line.js";
import { createHash } from "node:crypto";
// src/image/app-description.ts
const APP_DESCRIPTION_MAGIC = 2882360370;
/** Binary logarithm of the MMU's page size, since ESP-IDF 5.4; zero before. */
const MMU_PAGE_SIZE_AT = 180;
/** A C string in a field of `lengthBytes`. */
function textAt(bytes, offset, lengthBytes) {
	const field = bytes.subarray(offset, offset + lengthBytes);
	const end = field.indexOf(0);
	return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}
function textField(text, lengthBytes) {
	const field = new Uint8Array(lengthBytes);
	field.set(Buffer.from(text, "utf8").subarray(0, lengthBytes - 1));
	return field;
}
/** The description at the start of a segment's data, or `undefined` if there is none. */
function parseAppDescription(segment) {
	if (segment.length < 256 || readUint32(segment, 0) !== APP_DESCRIPTION_MAGIC) return void 0;
	return {
		version: textAt(segment, 16, 32),
		project: textAt(segment, 48, 32),
		compileTime: textAt(segment, 80, 16),
		compileDate: textAt(segment, 96, 16),
		idfVersion: textAt(segment, 112, 32),
		elfSha256: toHex(segment.subarray(144, 176))
	};
}
/** Bytes of an MMU page as a description states them, or `undefined` where it does not. */
function mmuPageBytesOf(description) {
	const logarithm = description[MMU_PAGE_SIZE_AT] ?? 0;
	return logarithm === 0 ? void 0 : 2 ** logarithm;
}
/** The 256 bytes of a description. Texts that are too long for their field are cut. */
function buildAppDescription(app) {
	const described = concatBytes(words(APP_DESCRIPTION_MAGIC, 0, 0, 0), textField(app.version, 32), textField(app.project, 32), textField(app.compileTime, 16), textField(app.compileDate, 16), textField(app.idfVersion, 32), Buffer.from(app.elfSha256, "hex"));
	return concatBytes(described, new Uint8Array(256 - described.length));
}
// src/image/digest.ts
/** SHA-256 of `bytes`: what follows an image's checksum. */
function sha256(bytes) {
	return createHash("sha256").update(bytes).digest();
}
/** MD5 of `bytes`: what closes a partition table. */
function md5(bytes) {
	return createHash("md5").update(bytes).digest();
}
export { parseAppDescription as a, mmuPageBytesOf as i, sha256 as n, textAt as o, buildAppDescription as r, md5 as t };
