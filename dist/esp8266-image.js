import { F as isBlank, L as readUint32, P as hex32, Y as FlashError } from "./first-line.js";
import { t as crc32 } from "./crc32.js";
import { a as parseSegments, c as malformed, n as checksumOffset, t as checkChecksum, u as parseSegmentCount } from "./segments.js";
/** Where the flash's mapping shows it, for the segment of version 2 and the second file of version 1. */
const ESP8266_IROM = {
	start: 1075838976,
	end: 1076887552
};
/** What version 2 has in place of its mapped code's address: that depends on where the file is flashed. */
const MAPPED_ADDRESS = 0;
const CRC_BYTES = 4;
/** Where segments of a version 1 image go: data RAM; code RAM with the part that is cache later on. */
const RAM = [[1073643520, 1073741824], [1074790400, 1074855936]];
/**
* Whether the bytes at `offset` begin as an image of the ESP8266. Version 1 has its first segment at byte 8, with an
* address in RAM; there the later chips have pin and drive settings, which would have to be absurd to look like one.
*/
function isEsp8266Image(bytes, offset = 0) {
	if (bytes.length - offset < 16) return false;
	const address = readUint32(bytes, offset + 8);
	if (bytes[offset] === 233) return RAM.some(([start, end]) => address >= start && address < end);
	return bytes[offset] === 234 && bytes[offset + 1] === 4 && address === MAPPED_ADDRESS;
}
/** CRC-32 as Espressif's boot loader reckons it: of the usual one, the absolute value as a signed word. */
function esp8266BootCrc(bytes) {
	const crc = crc32(bytes);
	return crc >= 2147483648 ? ~crc >>> 0 : crc + 1;
}
function flashBytes(bytes, at) {
	return {
		flashModeByte: bytes[at + 2] ?? 0,
		sizeFreqByte: bytes[at + 3] ?? 0
	};
}
/** Reads the CRC behind a version 2 image; builds for other boot loaders have none. Gives its length. */
function checkCrc(image, at, start) {
	const field = image.subarray(at, at + CRC_BYTES);
	if (field.length < CRC_BYTES || isBlank(field)) return 0;
	const stored = readUint32(field, 0);
	const computed = esp8266BootCrc(image.subarray(0, at));
	if (stored === computed) return CRC_BYTES;
	const offset = hex32(start + at);
	throw new FlashError("image/checksum", `The image says that its CRC is ${hex32(stored)} (at ${offset}), but its bytes give ${hex32(computed)}.`, {
		stored: hex32(stored),
		computed: hex32(computed),
		offset
	});
}
/**
* Reads and checks the ESP8266 image that begins at `offset`. Version 1, which the ROM starts, counts as a bootloader;
* version 2 as an app. Throws image/malformed, image/truncated or image/checksum.
*/
function parseEsp8266Image(bytes, offset) {
	const isV2 = bytes[offset] === 234;
	const mappedAt = offset + 8;
	const mapped = isV2 ? parseSegments(bytes, {
		start: offset,
		at: mappedAt,
		count: 1
	}) : void 0;
	const headerAt = mapped?.dataEnd ?? offset;
	if (bytes[headerAt] !== 233 || headerAt + 8 > bytes.length) throw malformed(`Behind its mapped code, at ${hex32(headerAt)}, the image should go on with a header (0xe9).`, { offset: hex32(headerAt) });
	const count = parseSegmentCount(bytes, headerAt);
	const ram = parseSegments(bytes, {
		start: offset,
		at: headerAt + 8,
		count
	});
	const image = bytes.subarray(offset);
	const checksumAt = checksumOffset(ram.dataEnd - offset);
	checkChecksum(image, ram.segments, {
		at: checksumAt,
		start: offset
	});
	return {
		kind: isV2 ? "app" : "bootloader",
		...flashBytes(bytes, headerAt),
		entry: readUint32(bytes, headerAt + 4),
		minRevision: 0,
		segments: [...mapped?.segments ?? [], ...ram.segments],
		lengthBytes: checksumAt + 1 + (isV2 ? checkCrc(image, checksumAt + 1, offset) : 0)
	};
}
export { isEsp8266Image as n, parseEsp8266Image as r, ESP8266_IROM as t };
