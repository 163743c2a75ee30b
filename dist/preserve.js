import { F as isBlank, L as readUint32, M as concatBytes, N as formatBytes, P as hex32, R as toHex, X as hasCode, Y as FlashError, j as alignUp } from "./first-line.js";
import { d as chips, n as flashSettingsFrom, p as ROM_MAX_FLASH_BYTES, r as guards } from "./step.js";
import { a as parseAppDescription, n as sha256, o as textAt } from "./digest.js";
import { a as parseSegments, d as truncated, i as parseSegmentHeader, l as parseHeader, n as checksumOffset, o as segmentBytes, r as imageLength, t as checkChecksum } from "./segments.js";
import { a as looksLikePartitionTable, i as isAppPartition, n as PARTITION_TABLE_OFFSET, o as parsePartitionTable } from "./partition-table.js";
import { r as flashSizeFromName } from "./flash-ids.js";
import { i as needsFlashMapping, r as isKnownImageChip, t as imageChipLabel } from "./chip-memory.js";
import { n as isEsp8266Image, r as parseEsp8266Image } from "./esp8266-image.js";
// src/flash/desired.ts
const SECTOR_BYTES$1 = 4096;
function imageRange(image, padded) {
	const lengthBytes = padded ? alignUp(image.bytes.length, SECTOR_BYTES$1) : image.bytes.length;
	const rest = new Uint8Array(lengthBytes - image.bytes.length).fill(255);
	const bytes = rest.length === 0 ? image.bytes : concatBytes(image.bytes, rest);
	return {
		offset: image.offset,
		lengthBytes,
		image,
		bytes
	};
}
function wholeFlash(images, flashSizeBytes) {
	const ranges = [];
	let at = 0;
	for (const image of images) {
		if (image.offset > at) ranges.push({
			offset: at,
			lengthBytes: image.offset - at
		});
		const range = imageRange(image, true);
		ranges.push(range);
		at = range.offset + range.lengthBytes;
	}
	if (at < flashSizeBytes) ranges.push({
		offset: at,
		lengthBytes: flashSizeBytes - at
	});
	return ranges;
}
/** What of a desired range is left beside the kept ones, each part with its own bytes. */
function without(range, keep) {
	return subtract(range, keep).map(({ offset, lengthBytes }) => {
		const from = offset - range.offset;
		const bytes = range.bytes?.subarray(from, from + lengthBytes);
		return {
			...range,
			offset,
			lengthBytes,
			...bytes === void 0 ? {} : { bytes }
		};
	});
}
/**
* Everything that the job decides about a flash of `flashSizeBytes`, by offset, without overlaps. With `erase: all`
* that is the whole flash but for what the job keeps; otherwise the images alone.
*/
function desiredRanges(job, flashSizeBytes) {
	const images = [...job.images].sort((a, b) => a.offset - b.offset);
	const ranges = job.erase === "all" ? wholeFlash(images, flashSizeBytes) : images.map((image) => imageRange(image, false));
	return job.keep.length === 0 ? ranges : ranges.flatMap((range) => without(range, job.keep));
}
/** The whole sectors that a range lies in. */
function sectorsOf(range) {
	const offset = range.offset - range.offset % SECTOR_BYTES$1;
	return {
		offset,
		lengthBytes: alignUp(range.offset + range.lengthBytes, SECTOR_BYTES$1) - offset
	};
}
function overlaps(a, b) {
	return a.offset < b.offset + b.lengthBytes && b.offset < a.offset + a.lengthBytes;
}
/** What of `range` lies in none of `others`. */
function subtract(range, others) {
	let left = [range];
	for (const other of others) {
		const otherEnd = other.offset + other.lengthBytes;
		left = left.flatMap((part) => {
			if (!overlaps(part, other)) return [part];
			const end = part.offset + part.lengthBytes;
			return [{
				offset: part.offset,
				lengthBytes: Math.max(0, other.offset - part.offset)
			}, {
				offset: otherEnd,
				lengthBytes: Math.max(0, end - otherEnd)
			}].filter((piece) => piece.lengthBytes > 0);
		});
	}
	return left;
}
// src/image/bootloader-description.ts
const BOOTLOADER_DESCRIPTION_MAGIC = 80;
const BOOTLOADER_DESCRIPTION_BYTES = 80;
/** The description at the start of a bootloader's first segment, or `undefined` if there is none. */
function parseBootloaderDescription(segment) {
	if (segment.length < BOOTLOADER_DESCRIPTION_BYTES || segment[0] !== BOOTLOADER_DESCRIPTION_MAGIC) return void 0;
	const idfVersion = textAt(segment, 8, 32);
	if (!/^[\x20-\x7e]+$/.test(idfVersion)) return void 0;
	return {
		version: readUint32(segment, 4),
		idfVersion,
		compileTime: textAt(segment, 40, 24)
	};
}
// src/image/parse.ts
const addressesOf = (segments) => segments.map((segment) => segment.address);
function checkDigest(image, at, start) {
	const stored = toHex(image.subarray(at, at + 32));
	const offset = hex32(start + at);
	if (stored.length < 64) throw truncated(`The image ends before its SHA-256 at ${offset} is complete.`, { offset });
	const computed = toHex(sha256(image.subarray(0, at)));
	if (computed !== stored) throw new FlashError("image/digest", `The image says that its SHA-256 is ${stored} (at ${offset}), but its bytes give ${computed}.`, {
		stored,
		computed,
		offset
	});
	return stored;
}
/**
* Reads and checks the image that begins at `offset`; what follows it is ignored. Throws image/malformed,
* image/truncated, image/checksum or image/digest.
*/
function parseImage(bytes, offset = 0) {
	if (isEsp8266Image(bytes, offset)) return parseEsp8266Image(bytes, offset);
	const { segmentCount, hasDigest, ...header } = parseHeader(bytes, offset);
	const at = offset + 24;
	const { segments, dataEnd } = parseSegments(bytes, {
		start: offset,
		at,
		count: segmentCount
	});
	const image = bytes.subarray(offset);
	const checksumAt = checksumOffset(dataEnd - offset);
	checkChecksum(image, segments, {
		at: checksumAt,
		start: offset
	});
	const digest = hasDigest ? checkDigest(image, checksumAt + 1, offset) : void 0;
	const first = segments[0] === void 0 ? /* @__PURE__ */ new Uint8Array(0) : segmentBytes(image, segments[0]);
	const app = parseAppDescription(first);
	const isApp = app !== void 0 || needsFlashMapping(header.chipId, addressesOf(segments));
	const bootloader = isApp ? void 0 : parseBootloaderDescription(first);
	return {
		kind: isApp ? "app" : "bootloader",
		...header,
		segments,
		lengthBytes: imageLength(dataEnd - offset, hasDigest),
		...digest === void 0 ? {} : { digest },
		...app === void 0 ? {} : { app },
		...bootloader === void 0 ? {} : { bootloader }
	};
}
// src/image/inspect.ts
/** Where bootloaders lie: ESP32, S2 · C5, H4, P4, S31 · the others (esptool `targets/*.py` BOOTLOADER_FLASH_OFFSET). */
const BOOTLOADER_OFFSETS = [
	4096,
	8192,
	0
];
const data = {
	kind: "data",
	imageOffset: 0,
	apps: []
};
/** What `parse` gives, or `undefined` where it finds the bytes wanting. */
function attempt(parse) {
	try {
		return parse();
	} catch (error) {
		if (hasCode(error, "image/malformed", "image/truncated", "image/checksum", "image/digest")) return void 0;
		throw error;
	}
}
const readIfWhole = (bytes, offset) => attempt(() => parseImage(bytes, offset));
function tableAt(bytes, offset) {
	return looksLikePartitionTable(bytes, offset) ? attempt(() => parsePartitionTable(bytes, offset)) : void 0;
}
function merged(bytes, found, readImage) {
	const apps = found.table.filter(isAppPartition).flatMap((partition) => {
		const offset = partition.offset - found.flashStart;
		const image = offset >= 0 && bytes[offset] === 233 ? readImage(bytes, offset) : void 0;
		return image === void 0 ? [] : [{
			partition: partition.name,
			offset,
			image
		}];
	});
	return {
		kind: "merged",
		...found,
		apps
	};
}
function inspectFromImage(bytes, readImage) {
	const image = readImage(bytes, 0);
	if (image === void 0) return data;
	if (image.kind === "app") return {
		kind: "app",
		image,
		imageOffset: 0,
		apps: []
	};
	if (image.chipId === void 0) return {
		kind: "bootloader",
		image,
		imageOffset: 0,
		apps: []
	};
	for (const flashStart of BOOTLOADER_OFFSETS) {
		const table = tableAt(bytes, PARTITION_TABLE_OFFSET - flashStart);
		if (table !== void 0) return merged(bytes, {
			image,
			imageOffset: 0,
			flashStart,
			table
		}, readImage);
	}
	return {
		kind: "bootloader",
		image,
		imageOffset: 0,
		apps: []
	};
}
/** A dump or a merge that begins at flash address 0 while the bootloader lies further on. */
function inspectFromFlashStart(bytes, readImage) {
	const table = tableAt(bytes, PARTITION_TABLE_OFFSET);
	const candidates = BOOTLOADER_OFFSETS.filter((offset) => offset > 0 && bytes[offset] === 233);
	const imageOffset = candidates.find((offset) => readIfWhole(bytes, offset) !== void 0) ?? candidates[0];
	if (table === void 0 || imageOffset === void 0) return data;
	const image = readImage(bytes, imageOffset);
	if (image?.kind !== "bootloader") return data;
	return merged(bytes, {
		image,
		imageOffset,
		flashStart: 0,
		table
	}, readImage);
}
/**
* Says what a firmware file is. Throws image/… for a file that begins as an image or a table, or has bootloader and
* table, but is damaged. Bytes of another kind, such as a file system, may begin alike: for those use `tryInspect`.
*/
function inspectFirmware(bytes) {
	if (looksLikePartitionTable(bytes)) parsePartitionTable(bytes);
	return inspect(bytes, parseImage);
}
/** As `inspectFirmware`, but never throws: a damaged image or table is `data`, or no app of a merged file. */
function tryInspect(bytes) {
	return inspect(bytes, readIfWhole);
}
/**
* Whether the first 32 bytes can hardly be anything but the beginning of an image: magic, header, a known chip and a
* plausible first segment. What then does not parse is a damaged image and no file system.
*/
function beginsAsImage(bytes) {
	if (bytes.length < 32) return false;
	if (isEsp8266Image(bytes)) return attempt(() => parseSegmentHeader(bytes, 8, 0)) !== void 0;
	const chipId = attempt(() => {
		parseSegmentHeader(bytes, 24, 0);
		return parseHeader(bytes).chipId;
	});
	return chipId !== void 0 && isKnownImageChip(chipId);
}
function inspect(bytes, readImage) {
	if (bytes[0] === 233 || isEsp8266Image(bytes)) return inspectFromImage(bytes, readImage);
	const table = tableAt(bytes, 0);
	if (table === void 0) return inspectFromFlashStart(bytes, readImage);
	return isBlank(bytes.subarray(3072)) ? {
		kind: "partition-table",
		imageOffset: 0,
		table,
		apps: []
	} : data;
}
function noOffset(message) {
	return new FlashError("plan/no-offset", message);
}
function bootloaderOffset(content, image, chip) {
	if (image.chipId !== chip.imageChipId) throw new FlashError("chip/image-mismatch", `The firmware was built for ${imageChipLabel(image.chipId)}, not for ${chip.label}.`, {
		imageChip: imageChipLabel(image.chipId),
		chip: chip.label
	});
	const offset = chip.bootloaderOffset - content.imageOffset;
	if (content.flashStart !== void 0 && content.flashStart !== offset) {
		const wanted = content.flashStart + content.imageOffset;
		throw noOffset(`The firmware's partition table fits a bootloader at ${hex32(wanted)}, but ${chip.label} starts the one at ${hex32(chip.bootloaderOffset)}: was it merged for another chip?`);
	}
	return offset;
}
/**
* The offset of firmware that proves where it belongs on `chip`: a bootloader, or a merged file. Throws plan/no-offset
* for everything else, and chip/image-mismatch for a bootloader of another chip.
*/
function defaultOffset(content, chip) {
	if (content.kind === "app" && content.image?.chipId === void 0) throw noOffset("The firmware is an ESP8266 app for a boot loader. Usual: 0x1000, and 0x81000 for the second slot.");
	if (content.kind === "app") throw noOffset("The firmware is an app, and where it goes depends on the board's partition table. Usual: 0x10000 (factory, or the first OTA slot), 0x20000 (with a larger NVS), and the later OTA slots of the table.");
	if (content.kind === "partition-table") throw noOffset("The firmware is a partition table. Unless the project moved it, it goes to 0x8000.");
	if (content.image === void 0) throw noOffset("The firmware is neither a bootloader nor a merged image, so nothing tells where it belongs.");
	return bootloaderOffset(content, content.image, chip);
}
// src/flash/content.ts
const known = /* @__PURE__ */ new WeakMap();
/** What a file is; damaged images count as data. Each file is looked at once, as hashing megabytes takes a while. */
function contentOf(file) {
	const content = known.get(file.bytes) ?? tryInspect(file.bytes);
	known.set(file.bytes, content);
	return content;
}
// src/flash/damage.ts
/** Where an image header says that a SHA-256 follows the image. */
const DIGEST_FLAG_AT = 23;
/** Whether the image is followed by the digest that it would have, if its header said so. */
function lostItsDigest(bytes, offset, image) {
	if (image.digest !== void 0 || image.chipId === void 0) return false;
	const end = offset + image.lengthBytes;
	const flagged = bytes.slice(offset, end);
	flagged[DIGEST_FLAG_AT] = 1;
	return Buffer.compare(sha256(flagged), bytes.subarray(end, end + 32)) === 0;
}
/**
* Refuses (image/…) a file that is plainly a damaged image, whatever the job allows and a lenient ROM would start. Bytes
* that only happen to begin with E9 are data.
*/
function checkUndamaged(file) {
	if (beginsAsImage(file.bytes)) inspectFirmware(file.bytes);
	const { image, imageOffset, apps } = contentOf(file);
	if (![...image === void 0 ? [] : [{
		offset: imageOffset,
		image
	}], ...apps].some((part) => lostItsDigest(file.bytes, part.offset, part.image))) return;
	throw new FlashError("image/digest", `${file.name} has the right SHA-256 behind an image whose header says that there is none: the header is damaged.`, { image: file.name });
}
// src/flash/refuse.ts
/** Stops the job with the guard's own error, unless the job allows it by name. */
function refuse(job, guard, message, details = {}) {
	if (!job.allow.has(guard)) throw new FlashError(guards[guard], message, {
		...details,
		allow: guard
	});
}
// src/flash/guards.ts
/** The flash that an image of the job takes. */
function rangeOf(image) {
	return {
		offset: image.offset,
		lengthBytes: image.bytes.length
	};
}
/** Flash that the largest known chip can address: nothing can lie beyond it, whichever board it is. */
const LARGEST_FLASH_BYTES = Math.max(...Object.values(chips).map((chip) => chip.maxFlashBytes));
const revisionText = (revision) => `v${Math.floor(revision / 100)}.${revision % 100}`;
/** How much flash the loader reaches: a ROM 16 MiB, the stubs of some chips more (esptool `__init__.py` at v5.3.1). */
function addressableBytes(chip, loader) {
	return loader === "rom" ? Math.min(chip.maxFlashBytes, ROM_MAX_FLASH_BYTES) : chip.maxFlashBytes;
}
function checkEnd(job, image, known) {
	const { chip, flashSizeBytes } = known;
	const end = image.offset + image.bytes.length;
	const which = `${image.name} (${formatBytes(image.bytes.length)} at ${hex32(image.offset)})`;
	const details = {
		image: image.name,
		offset: hex32(image.offset),
		lengthBytes: image.bytes.length
	};
	const flashBytes = flashSizeBytes ?? LARGEST_FLASH_BYTES;
	if (image.offset < 0 || end > flashBytes) refuse(job, "out-of-range", `${which} does not fit a flash of ${formatBytes(flashBytes)}.`, {
		...details,
		flashBytes
	});
	if (chip === void 0) return;
	const loader = known.loader ?? (job.stub && chip.loadStub !== void 0 ? "stub" : "rom");
	const reachBytes = addressableBytes(chip, loader);
	if (end <= reachBytes) return;
	const who = loader === "stub" ? "stub" : "ROM loader";
	refuse(job, "above-16mib", `${which} reaches above ${formatBytes(reachBytes)}, the most that the ${who} of ${chip.label} can address.`, {
		...details,
		reachBytes
	});
}
function checkPlacement(job, known) {
	const { images } = job;
	for (const image of images) {
		checkEnd(job, image, known);
		if (image.offset % 4096 === 0) continue;
		const message = `${image.name} shall go to ${hex32(image.offset)}, which is not the start of a 4096-byte sector.`;
		throw new FlashError("plan/alignment", message, {
			image: image.name,
			offset: hex32(image.offset)
		});
	}
	images.forEach((image, index) => {
		const other = images.slice(0, index).find((placed) => overlaps(sectorsOf(rangeOf(placed)), sectorsOf(rangeOf(image))));
		if (other === void 0) return;
		const span = (of) => `${of.name} (${hex32(of.offset)} to ${hex32(of.offset + of.bytes.length)})`;
		refuse(job, "overlap", `${span(other)} and ${span(image)} share flash sectors.`, { images: [other.name, image.name] });
	});
}
function checkChip(job, name, image, chip) {
	if (image.chipId === chip.imageChipId) return;
	const builtFor = imageChipLabel(image.chipId);
	refuse(job, "image-mismatch", `${name} was built for ${builtFor}, not for ${chip.label}.`, {
		image: name,
		builtFor,
		chip: chip.label
	});
}
function checkRevision(job, name, image, revision) {
	const { minRevision, maxRevision } = image;
	if (revision >= minRevision && revision <= (maxRevision ?? revision)) return;
	const wanted = revision < minRevision ? `${revisionText(minRevision)} or later` : `${revisionText(maxRevision ?? 0)} or earlier`;
	const found = revisionText(revision);
	refuse(job, "chip-revision", `${name} needs a chip of revision ${wanted}; this one is ${found}.`, {
		image: name,
		revision: found
	});
}
/** The ROM starts a bootloader from one place only; anywhere else it is a slip of the offset. */
function checkBootloaderPlace(job, image, content, chip) {
	if (content.image?.kind !== "bootloader") return;
	const place = image.offset + content.imageOffset;
	if (place === chip.bootloaderOffset) return;
	const offset = chip.bootloaderOffset - content.imageOffset;
	const remedy = offset < 0 ? "" : ` Its offset would be ${hex32(offset)}.`;
	refuse(job, "bootloader-offset", `${image.name} has its bootloader at ${hex32(place)}, but ${chip.label} starts the one at ${hex32(chip.bootloaderOffset)}.${remedy}`, {
		image: image.name,
		place: hex32(place),
		bootloaderOffset: hex32(chip.bootloaderOffset)
	});
}
/**
* Everything about the job's images that needs no look into the flash: plan/alignment, plan/out-of-range,
* plan/above-16mib, plan/overlap, image/… for what is plainly a damaged image, chip/image-mismatch, chip/revision, and
* plan/bootloader-offset. What `known` leaves out is not checked; the job's allowances are respected.
*/
function checkImages(job, known) {
	checkPlacement(job, known);
	const { chip, revision } = known;
	for (const image of [...job.images, ...job.unplaced]) {
		checkUndamaged(image);
		if (chip === void 0) continue;
		const content = contentOf(image);
		const parts = [content.image, ...content.apps.map((app) => app.image)].filter((part) => part !== void 0);
		for (const part of parts) {
			checkChip(job, image.name, part, chip);
			if (revision !== void 0) checkRevision(job, image.name, part, revision);
		}
		if ("offset" in image) checkBootloaderPlace(job, image, content, chip);
	}
}
// src/image/patch.ts
const MODE_AT = 2;
const SIZE_FREQ_AT = 3;
const SECTOR_BYTES = 4096;
/** Secure Boot V2: first byte of a signature block, and the versions for RSA and ECDSA (esptool v5.3.1 `espsecure`). */
const SIGNATURE_MAGIC = 231;
const SIGNATURE_VERSIONS = [2, 3];
/** Secure Boot V1: a version word of zero and the signature (ESP-IDF v5.3 `esp_secure_boot.h`). */
const V1_VERSION_BYTES = 4;
const V1_SIGNATURE_BYTES = 64;
/** Secure Boot V1, in front of the bootloader: random bytes and digest (ESP-IDF v5.3 `esp_secure_boot.h`). */
const V1_DIGEST_BYTES = 192;
/** Whether all bytes are alike, as padding is; no bytes are. */
const isPadding = (bytes) => bytes.every((byte) => byte === bytes[0]);
function hasV2Signature(bytes, imageEnd) {
	const at = alignUp(imageEnd, SECTOR_BYTES);
	return bytes[at] === SIGNATURE_MAGIC && SIGNATURE_VERSIONS.includes(bytes[at + 1]);
}
function hasV1Signature(bytes, imageEnd) {
	const version = bytes.subarray(imageEnd, imageEnd + V1_VERSION_BYTES);
	const signature = bytes.subarray(imageEnd + V1_VERSION_BYTES, imageEnd + V1_VERSION_BYTES + V1_SIGNATURE_BYTES);
	return signature.length === V1_SIGNATURE_BYTES && version.every((byte) => byte === 0) && !isPadding(signature);
}
/** Whether Secure Boot would refuse the image at `imageOffset` if a byte of it were changed. ESP8266 has no such thing. */
function isSigned(bytes, imageOffset, image) {
	if (image.chipId === void 0) return false;
	const place = bytes.subarray(imageOffset);
	const before = bytes.subarray(0, Math.min(imageOffset, V1_DIGEST_BYTES));
	return hasV2Signature(place, image.lengthBytes) || hasV1Signature(place, image.lengthBytes) || !isPadding(before);
}
/**
* A copy of `bytes` in which the image at `imageOffset` has other flash settings and, where it has a digest, one that
* fits. The checksum covers segments only and stays. Where nothing changes, `bytes` itself. Throws image/signed for a
* signed image, chip/unsupported for a version 2 image of the ESP8266, and image/… for one that is damaged.
*/
function patchFlashSettings(bytes, imageOffset, settings) {
	const image = parseImage(bytes, imageOffset);
	const mode = settings.flashModeByte ?? image.flashModeByte;
	const sizeFreq = (settings.sizeCode ?? image.sizeFreqByte & 240) | (settings.frequencyCode ?? image.sizeFreqByte & 15);
	if (mode === image.flashModeByte && sizeFreq === image.sizeFreqByte) return bytes;
	const details = { offset: hex32(imageOffset) };
	if (image.chipId === void 0 && image.kind === "app") throw new FlashError("chip/unsupported", "An ESP8266 image of version 2 takes its flash settings from the boot loader in front of it.", details);
	if (isSigned(bytes, imageOffset, image)) throw new FlashError("image/signed", `The image at ${hex32(imageOffset)} of the file is signed: other flash settings would break its signature.`, details);
	const patched = new Uint8Array(bytes);
	patched[imageOffset + MODE_AT] = mode;
	patched[imageOffset + SIZE_FREQ_AT] = sizeFreq;
	if (image.digest !== void 0) {
		const digestAt = imageOffset + image.lengthBytes - 32;
		patched.set(sha256(patched.subarray(imageOffset, digestAt)), digestAt);
	}
	return patched;
}
// src/flash/header-settings.ts
/** Bytes of flash that byte 3 of an image header declares; `undefined` for a code that the chip does not have. */
function declaredFlashBytes(chip, sizeFreqByte) {
	const name = Object.entries(chip.flashSizeCodes).find(([, code]) => code === (sizeFreqByte & 240))?.[0];
	return name === void 0 ? void 0 : flashSizeFromName(name);
}
/**
* The images with the job's flash settings in the header of the bootloader: the ROM takes them from there, and the
* bootloader hands them on. Throws chip/unsupported for a setting that the chip does not have, and image/signed.
*/
function applySettings(images, words, board) {
	const settings = flashSettingsFrom(words, board.chip, board.flashSizeBytes);
	return images.map((image) => {
		const { image: bootloader, imageOffset } = contentOf(image);
		if (bootloader === void 0 || image.offset + imageOffset !== board.chip.bootloaderOffset) return image;
		const bytes = patchFlashSettings(image.bytes, imageOffset, settings);
		return bytes === image.bytes ? image : {
			...image,
			bytes,
			sha256: toHex(sha256(bytes))
		};
	});
}
// src/flash/job-table.ts
function tableOf(image) {
	const { table, flashStart } = contentOf(image);
	if (table === void 0) return void 0;
	const at = flashStart === void 0 ? 0 : PARTITION_TABLE_OFFSET - flashStart;
	return {
		image: image.name,
		offset: image.offset + at,
		partitions: table
	};
}
const rowText = ({ name, type, subtype, offset, lengthBytes, flags }) => JSON.stringify([
	name,
	type,
	subtype,
	offset,
	lengthBytes,
	flags
]);
function sameTable(a, b) {
	return a.offset === b.offset && a.partitions.map(rowText).join() === b.partitions.map(rowText).join();
}
/** The partition table of the job's images, if they bring one. `plan/contradiction` where two of them differ. */
function tableOfJob(images) {
	const [first, ...others] = images.map(tableOf).filter((table) => table !== void 0);
	const other = others.find((table) => first !== void 0 && !sameTable(first, table));
	if (first !== void 0 && other !== void 0) throw new FlashError("plan/contradiction", `${first.image} and ${other.image} bring different partition tables (at ${hex32(first.offset)} and ${hex32(other.offset)}).`, { images: [first.image, other.image] });
	return first;
}
// src/flash/layout.ts
/** Bootloader and table as rows of the table (ESP-IDF v5.4 `esp_partition.h`): they may lie where they lie. */
const SELF_DESCRIBING_TYPES = [2, 3];
const span = ({ offset, lengthBytes }) => `${hex32(offset)} to ${hex32(offset + lengthBytes)}`;
function checkTableOverlap(job, partitions, tableOffset) {
	const rows = partitions.filter(({ type }) => !SELF_DESCRIBING_TYPES.includes(type));
	const tableEnd = tableOffset + SECTOR_BYTES$1;
	rows.forEach((row, index) => {
		if (row.offset < tableEnd) refuse(job, "table-overlap", `The partition ${row.name} (${span(row)}) begins before the end of the partition table at ${hex32(tableEnd)}.`, { partitions: [row.name] });
		const other = rows.slice(0, index).find((earlier) => overlaps(earlier, row));
		if (other === void 0) return;
		refuse(job, "table-overlap", `The partitions ${other.name} (${span(other)}) and ${row.name} (${span(row)}) overlap.`, { partitions: [other.name, row.name] });
	});
}
function checkTableEnd(job, partitions, layout) {
	const flashBytes = Math.min(layout.flashSizeBytes ?? 1e400, layout.declared?.flashBytes ?? 1e400);
	const beyond = partitions.find((row) => row.offset + row.lengthBytes > flashBytes);
	if (beyond === void 0) return;
	const whose = flashBytes === layout.flashSizeBytes ? "the board has" : "the bootloader declares";
	refuse(job, "table-beyond-flash", `The partition ${beyond.name} (${span(beyond)}) reaches beyond the ${formatBytes(flashBytes)} of flash that ${whose}.`, {
		partition: beyond.name,
		flashBytes
	});
}
function appsOf(image) {
	const { kind, apps } = contentOf(image);
	if (kind === "app") return [{
		name: image.name,
		offset: image.offset,
		lengthBytes: image.bytes.length
	}];
	return apps.map((app) => ({
		name: `The app in ${image.name}`,
		offset: image.offset + app.offset,
		lengthBytes: app.image.lengthBytes
	}));
}
function checkApp(job, app, partitions) {
	const place = partitions.find((row) => overlaps(row, {
		offset: app.offset,
		lengthBytes: 1
	}));
	if (place !== void 0 && !isAppPartition(place)) return void 0;
	if (place?.offset !== app.offset) {
		const places = partitions.filter(isAppPartition).map((row) => `${hex32(row.offset)} (${row.name})`);
		refuse(job, "app-offset", `${app.name} shall go to ${hex32(app.offset)}, but the partition table has its apps at ${places.join(", ")}.`, {
			app: app.name,
			offset: hex32(app.offset)
		});
		return place;
	}
	if (app.lengthBytes > place.lengthBytes) refuse(job, "app-too-large", `${app.name} has ${formatBytes(app.lengthBytes)}, its partition ${place.name} only ${formatBytes(place.lengthBytes)}.`, {
		app: app.name,
		partition: place.name,
		lengthBytes: app.lengthBytes,
		partitionBytes: place.lengthBytes
	});
	return place;
}
function checkApps(job, partitions) {
	const taken = /* @__PURE__ */ new Map();
	for (const app of job.images.flatMap(appsOf)) {
		const place = checkApp(job, app, partitions);
		if (place === void 0) continue;
		const other = taken.get(place);
		if (other !== void 0) throw new FlashError("plan/contradiction", `${other} and ${app.name} both go to the partition ${place.name}.`, { images: [other, app.name] });
		taken.set(place, app.name);
	}
}
function checkDeclared(job, declared, layout) {
	const { flashBytes, isNew } = declared;
	const { flashSizeBytes } = layout;
	if (isNew && flashSizeBytes !== void 0 && flashBytes > flashSizeBytes) refuse(job, "flash-size", `The bootloader's header declares ${formatBytes(flashBytes)} of flash, but the board has ${formatBytes(flashSizeBytes)}.`, {
		declaredBytes: flashBytes,
		flashBytes: flashSizeBytes
	});
	const beyond = job.images.find((image) => image.offset + image.bytes.length > flashBytes);
	if (beyond === void 0) return;
	refuse(job, "declared-size", `${beyond.name} (${formatBytes(beyond.bytes.length)} at ${hex32(beyond.offset)}) reaches beyond the ${formatBytes(flashBytes)} of flash that the bootloader's header declares.`, {
		image: beyond.name,
		declaredBytes: flashBytes
	});
}
/**
* The guards that need the partition table and the bootloader's header: plan/table-overlap, plan/table-beyond-flash,
* plan/app-offset, plan/app-too-large, plan/flash-size, plan/declared-size; plan/contradiction for two apps in one
* partition. What `layout` leaves out is not checked.
*/
function checkLayout(job, layout) {
	const { table, declared } = layout;
	if (declared !== void 0) checkDeclared(job, declared, layout);
	if (table === void 0) return;
	if (table.isNew) {
		checkTableOverlap(job, table.partitions, table.offset);
		checkTableEnd(job, table.partitions, layout);
	}
	checkApps(job, table.partitions);
}
// src/flash/place.ts
/** Gives the image the address of its partition. `plan/no-partition` where the table has none of that name. */
function placeInTable(image, table, whose) {
	const { partition: name, ...rest } = image;
	const partition = table.find((row) => row.name === name);
	if (partition === void 0) {
		const names = table.map((row) => row.name);
		throw new FlashError("plan/no-partition", `${image.name} shall go to the partition ${name}, but ${whose} has only ${names.join(", ")}.`, {
			image: image.name,
			partition: name,
			partitions: names
		});
	}
	return {
		...rest,
		offset: partition.offset
	};
}
// src/flash/preserve.ts
const spanText = ({ offset, lengthBytes }) => `${hex32(offset)} to ${hex32(offset + lengthBytes)}`;
/** The partition to keep, or why it cannot be kept. */
function findPartition(name, { ofJob, ofBoard }) {
	const named = (row) => row.name === name;
	const inJob = ofJob?.find(named);
	const onBoard = ofBoard?.find(named);
	if (ofJob === void 0 && ofBoard === void 0) return "neither the job nor the board has a partition table";
	if (ofJob === void 0) return onBoard ?? "the board's table has no such partition";
	if (ofBoard === void 0) return inJob ?? "the new table has no such partition";
	if (onBoard === void 0) return "the board's table has no such partition";
	if (inJob === void 0) return `the new table drops it (the board has it from ${spanText(onBoard)})`;
	if (inJob.offset !== onBoard.offset || inJob.lengthBytes !== onBoard.lengthBytes) return `the new table moves it from ${spanText(onBoard)} to ${spanText(inJob)}`;
	return inJob;
}
/**
* The partitions that the job keeps. `plan/preserve` for one that no table has, or that the new table moves or drops; a
* job that allows this keeps the others.
*/
function preservedPartitions(job, tables) {
	return job.preserve.flatMap((name) => {
		const found = findPartition(name, tables);
		if (typeof found !== "string") return [found];
		refuse(job, "preserve", `The partition ${name} cannot be preserved: ${found}.`, { partition: name });
		return [];
	});
}
/** Refuses (plan/preserve) an image of which nothing would be written. */
function checkWritable(job, keep) {
	const image = job.images.find((candidate) => subtract(sectorsOf(rangeOf(candidate)), keep).length === 0);
	if (image === void 0) return;
	throw new FlashError("plan/preserve", `${image.name} at ${hex32(image.offset)} lies wholly in what \`preserve\` keeps, so it would not be written.`, { image: image.name });
}
export { SECTOR_BYTES$1 as _, tableOfJob as a, sectorsOf as b, addressableBytes as c, refuse as d, contentOf as f, parseImage as g, inspectFirmware as h, checkLayout as i, checkImages as l, defaultOffset as m, preservedPartitions as n, applySettings as o, beginsAsImage as p, placeInTable as r, declaredFlashBytes as s, checkWritable as t, rangeOf as u, desiredRanges as v, subtract as x, overlaps as y };
