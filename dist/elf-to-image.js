import { at as FlashError, z as hex32 } from "./first-line.js";
import { $ as mmuPageBytesOf, Yt as parseElf, _t as sha256, et as parseAppDescription, qt as elfError, ut as isFlashMapped } from "./step.js";
import { t as buildImage } from "./build.js";
import { r as elfChips, t as joinPieces } from "./elf-pieces.js";
// src/image/elf-layout.ts
/**
* The second stage of ESP-IDF on the ESP32 left the last MMU page unmapped where a mapped segment ends less than 0x24
* bytes behind a page border; zeros take it over (esptool v5.3.1 `bin_image.py`).
*/
function stretchForEsp32(bytes, dataAt, pageBytes) {
	const behindBorder = (dataAt + bytes.length) % pageBytes;
	if (behindBorder >= 36) return bytes;
	const stretched = new Uint8Array(bytes.length + 36 - behindBorder);
	stretched.set(bytes);
	return stretched;
}
/** Bytes of a segment that must stand before one for `address`, so that its place in the image fits the page; 0: none. */
function paddingFor(address, at, pageBytes) {
	const missing = pageBytes - at % pageBytes + address % pageBytes - 8;
	if (missing === 0 || missing === pageBytes) return 0;
	const lengthBytes = missing - 8;
	return lengthBytes <= 0 ? lengthBytes + pageBytes : lengthBytes;
}
function sorted(pieces, first) {
	const byAddress = pieces.toSorted((one, other) => one.address - other.address);
	const leader = byAddress.find((piece) => piece.name === first);
	return leader === void 0 ? byAddress : [leader, ...byAddress.filter((piece) => piece !== leader)];
}
function checkPages(mapped, pageBytes) {
	mapped.forEach((piece, index) => {
		const before = mapped[index - 1];
		if (before === void 0 || Math.floor(piece.address / pageBytes) !== Math.floor(before.address / pageBytes)) return;
		throw elfError(`The sections at ${hex32(before.address)} and ${hex32(piece.address)} lie in one page of mapped flash (${pageBytes / 1024} KiB); the linker script must join or part them.`, piece.at);
	});
}
/**
* The segments in the image's order: each mapped one where its place in the file and its address agree within an MMU
* page, with pieces for RAM, or zeros, to fill the way there; then the rest for RAM. Throws image/elf.
*/
function layOut(pieces, rules) {
	const { mmuPageBytes } = rules;
	const mapped = sorted(pieces.filter((piece) => rules.isFlashMapped(piece.address)), ".flash.appdesc");
	const ram = sorted(pieces.filter((piece) => !rules.isFlashMapped(piece.address)), ".dram0.bootdesc");
	checkPages(mapped, mmuPageBytes);
	const segments = [];
	let at = 24;
	const put = (segment) => {
		segments.push({
			address: segment.address,
			bytes: segment.bytes
		});
		at += 8 + segment.bytes.length;
	};
	for (const piece of mapped) {
		if (piece.address % 4 !== 0) throw elfError(`Section ${piece.name} at ${hex32(piece.address)} is not on a word.`, piece.at);
		for (;;) {
			const lengthBytes = paddingFor(piece.address, at, mmuPageBytes);
			if (lengthBytes === 0) break;
			const next = ram[0];
			if (next === void 0 || lengthBytes <= 8) put({
				address: 0,
				bytes: new Uint8Array(lengthBytes)
			});
			else {
				put({
					address: next.address,
					bytes: next.bytes.subarray(0, lengthBytes)
				});
				const rest = next.bytes.subarray(lengthBytes);
				ram.splice(0, 1, ...rest.length === 0 ? [] : [{
					address: next.address + lengthBytes,
					bytes: rest
				}]);
			}
		}
		const dataAt = at + 8;
		const bytes = rules.stretchesPages ? stretchForEsp32(piece.bytes, dataAt, mmuPageBytes) : piece.bytes;
		put({
			address: piece.address,
			bytes
		});
	}
	ram.forEach(put);
	return segments;
}
// src/image/elf-to-image.ts
const APP_DESCRIPTION_SECTION = ".flash.appdesc";
const FIXED_PAGE_BYTES = 65536;
const DESCRIPTION_AT = 32;
const DIGEST_BYTES = 32;
/** The page size is in the app's description since ESP-IDF 5.4; before that the description's own address tells it. */
function pageBytes(description, chip) {
	if (description === void 0 || chip.mmuPageBytes.length === 0) return FIXED_PAGE_BYTES;
	if (parseAppDescription(description.bytes) === void 0) return FIXED_PAGE_BYTES;
	const stated = mmuPageBytesOf(description.bytes);
	if (stated === void 0) {
		const fits = (size) => (description.address - DESCRIPTION_AT) % size === 0;
		return chip.mmuPageBytes.findLast(fits) ?? FIXED_PAGE_BYTES;
	}
	if (!chip.mmuPageBytes.includes(stated)) {
		const sizes = chip.mmuPageBytes.map((size) => size / 1024).join(", ");
		throw elfError(`The app's description wants MMU pages of 2^${Math.log2(stated)} bytes, but the chip has those of ${sizes} KiB.`, description.at);
	}
	return stated;
}
/** The description is where readers look for it, at the start of the image, unless the linker script is a strange one. */
function withElfDigest(segments, elf, description) {
	const [first, ...rest] = segments;
	if (first?.address !== description.address) return segments;
	const field = first.bytes.subarray(144, 176);
	const at = description.at + 144;
	if (field.length < DIGEST_BYTES) throw elfError("The app's description is too short to take the ELF's SHA-256.", at);
	if (field.some((byte) => byte !== 0)) throw elfError("Where the ELF's SHA-256 belongs in the app's description, there are other bytes already.", at);
	const bytes = new Uint8Array(first.bytes);
	bytes.set(sha256(elf), 144);
	return [{
		...first,
		bytes
	}, ...rest];
}
/**
* The image of an ELF file for a chip with `imageChipId`, byte for byte as esptool 5.3.1 `elf2image` makes it, with the
* ELF's SHA-256 in the app's description. For the ESP8266 see `elf-to-esp8266.ts`. Throws image/elf, and
* chip/unsupported for an id that is not known.
*/
function elfToImage(elf, imageChipId, options = {}) {
	const chip = elfChips[imageChipId];
	if (chip === void 0) throw new FlashError("chip/unsupported", `No image can be made for chip id ${imageChipId}.`);
	const { entry, sections, segments } = parseElf(elf);
	const description = sections.find((section) => section.name.includes(APP_DESCRIPTION_SECTION) && isFlashMapped(imageChipId, section.address));
	const bySection = (options.source ?? "sections") === "sections";
	const laidOut = layOut(joinPieces(bySection ? sections : segments, chip.regions), {
		isFlashMapped: (address) => isFlashMapped(imageChipId, address),
		mmuPageBytes: pageBytes(description, chip),
		stretchesPages: imageChipId === 0
	});
	if (laidOut.length > 16) throw elfError(`The ELF file gives ${laidOut.length} segments with those that fill pages, but a loader takes 16.`, 0);
	return buildImage({
		chipId: imageChipId,
		entry,
		flashModeByte: options.flashModeByte ?? 0,
		sizeFreqByte: options.sizeFreqByte ?? 0,
		minRevision: options.minRevision ?? 0,
		maxRevision: options.maxRevision ?? 65535,
		segments: bySection && description !== void 0 ? withElfDigest(laidOut, elf, description) : laidOut,
		digest: options.digest ?? true
	});
}
export { elfToImage };
