import { G as words, I as concatBytes, z as hex32 } from "./first-line.js";
import { Yt as parseElf, ot as segmentChecksum, qt as elfError, rt as checksumOffset, tt as ESP8266_IROM } from "./step.js";
import { n as ESP8266_REGIONS, t as joinPieces } from "./elf-pieces.js";
// src/image/elf-to-esp8266.ts
function readParts(elf) {
	const { entry, sections } = parseElf(elf);
	const pieces = joinPieces(sections, ESP8266_REGIONS);
	const isIrom = (piece) => piece.address >= ESP8266_IROM.start && piece.address < ESP8266_IROM.end;
	const [irom, ...more] = pieces.filter(isIrom);
	if (more.length > 0) {
		const addresses = [irom, ...more].map((piece) => hex32(piece?.address ?? 0)).join(", ");
		throw elfError(`The ELF file has several sections for mapped flash, at ${addresses}; an image has one.`, more[0]?.at ?? 0);
	}
	return {
		entry,
		ram: pieces.filter((piece) => !isIrom(piece)),
		...irom === void 0 ? {} : { irom }
	};
}
function header(magic, count, entry, options) {
	const { flashModeByte = 0, sizeFreqByte = 32 } = options;
	return concatBytes(Uint8Array.of(magic, count, flashModeByte, sizeFreqByte), words(entry));
}
const segment = (address, bytes) => concatBytes(words(address, bytes.length), bytes);
/** Header, segments and checksum of what goes to RAM, behind `before`. */
function ramImage(before, parts, options) {
	const body = concatBytes(before, header(233, parts.ram.length, parts.entry, options), ...parts.ram.map((piece) => segment(piece.address, piece.bytes)));
	const image = new Uint8Array(checksumOffset(body.length) + 1);
	image.set(body);
	image[image.length - 1] = segmentChecksum(parts.ram.map((piece) => piece.bytes));
	return image;
}
/**
* Version 1, which the ROM starts: the image for offset 0, and the code for mapped flash, if there is any, as a file of
* its own. As esptool 5.3.1 `elf2image --version 1`. Throws image/elf.
*/
function elfToEsp8266V1(elf, options = {}) {
	const parts = readParts(elf);
	const image = {
		offset: 0,
		bytes: ramImage(/* @__PURE__ */ new Uint8Array(0), parts, options)
	};
	if (parts.irom === void 0) return [image];
	return [image, {
		offset: parts.irom.address - ESP8266_IROM.start,
		bytes: parts.irom.bytes
	}];
}
export { elfToEsp8266V1 };
