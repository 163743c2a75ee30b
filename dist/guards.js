import { A as isBlank, D as concatBytes, E as alignUp, N as toHex, O as formatBytes, b as hasCode, i as chips, k as hex32, y as FlashError } from "./step.js";
import { a as looksLikePartitionTable, c as imageLength, f as parseHeader, g as parseAppDescription, i as isAppPartition, l as parseSegmentHeader, m as sha256, n as PARTITION_TABLE_OFFSET, o as parsePartitionTable, p as truncated, s as checksumOffset, u as segmentChecksum } from "./partition-table.js";
// src/flash/desired.ts
const SECTOR_BYTES = 4096;
function imageRange(image, padded) {
	const lengthBytes = padded ? alignUp(image.bytes.length, SECTOR_BYTES) : image.bytes.length;
	const rest = new Uint8Array(lengthBytes - image.bytes.length).fill(255);
	const bytes = rest.length === 0 ? image.bytes : concatBytes(image.bytes, rest);
	return {
		offset: image.offset,
		lengthBytes,
		image,
		bytes
	};
}
/**
* Everything that the job decides about a flash of `flashSizeBytes`, by offset, without overlaps. With `erase: all`
* that is the whole flash; otherwise the images alone.
*/
function desiredRanges(job, flashSizeBytes) {
	const images = [...job.images].sort((a, b) => a.offset - b.offset);
	if (job.erase !== "all") return images.map((image) => imageRange(image, false));
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
/** The whole sectors that a range lies in. */
function sectorsOf(range) {
	const offset = range.offset - range.offset % SECTOR_BYTES;
	return {
		offset,
		lengthBytes: alignUp(range.offset + range.lengthBytes, SECTOR_BYTES) - offset
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
// src/image/chip-memory.ts
/**
* By the header's `chip_id`. Files of every chip are told apart, also of those that cannot be flashed, so that a
* refusal can name the chip. Ranges: `IROM_MAP`, `DROM_MAP` and memory maps of npm esptool-js 0.7.0 `lib/targets`;
* where the chip shares one window between code and data, the whole window.
*/
const imageChips = {
	0: {
		label: "ESP32",
		flashMapped: [[1061158912, 1065353216], [1074593792, 1077936128]]
	},
	2: {
		label: "ESP32-S2",
		flashMapped: [[1056964608, 1061093376], [1074266112, 1085800448]]
	},
	5: {
		label: "ESP32-C3",
		flashMapped: [[1006632960, 1015021568], [1107296256, 1115684864]]
	},
	9: {
		label: "ESP32-S3",
		flashMapped: [[1006632960, 1040187392], [1107296256, 1140850688]]
	},
	12: {
		label: "ESP32-C2",
		flashMapped: [[1006632960, 1010827264], [1107296256, 1111490560]]
	},
	13: {
		label: "ESP32-C6",
		flashMapped: [[1107296256, 1124073472]]
	},
	16: {
		label: "ESP32-H2",
		flashMapped: [[1107296256, 1124073472]]
	},
	18: {
		label: "ESP32-P4",
		flashMapped: [[1073741824, 1275068416]]
	},
	20: {
		label: "ESP32-C61",
		flashMapped: [[1090519040, 1140850688]]
	},
	23: {
		label: "ESP32-C5",
		flashMapped: [[1107296256, 1140850688]]
	},
	25: {
		label: "ESP32-H21",
		flashMapped: [[1107296256, 1124073472]]
	},
	28: {
		label: "ESP32-H4",
		flashMapped: [[1107296256, 1140850688]]
	},
	31: {
		label: "ESP32-E22",
		flashMapped: [[1006632960, 1073741824]]
	},
	32: {
		label: "ESP32-S31",
		flashMapped: [[1073741824, 1409286144]]
	}
};
/** Whether a chip has this `chip_id`. */
function isKnownImageChip(chipId) {
	return chipId in imageChips;
}
/** `ESP32-C3`, or `chip id 77` for an id that nobody has seen. */
function imageChipLabel(chipId) {
	return imageChips[chipId]?.label ?? `chip id ${chipId}`;
}
/**
* Whether an image with segments at these addresses needs the MMU, which only a bootloader sets up: then it is an app.
* For an unknown chip the answer is yes, as only a bootloader ever gets a default offset.
*/
function needsFlashMapping(chipId, addresses) {
	const chip = imageChips[chipId];
	if (chip === void 0) return true;
	return addresses.some((address) => chip.flashMapped.some(([start, end]) => address >= start && address < end));
}
// src/image/parse.ts
function parseSegments(image, header) {
	const segments = [];
	let at = 24;
	for (let index = 0; index < header.segmentCount; index++) {
		const which = `Segment ${index + 1} of ${header.segmentCount}`;
		const offset = at + 8;
		if (offset > image.length) throw truncated(`${which} should begin at ${hex32(at)}, behind the end of the bytes.`);
		const { address, lengthBytes } = parseSegmentHeader(image, at, index);
		at = offset + lengthBytes;
		if (at > image.length) throw truncated(`${which} has ${formatBytes(lengthBytes)}, but only ${formatBytes(image.length - offset)} of them are there.`, {
			segment: index + 1,
			lengthBytes,
			presentBytes: image.length - offset
		});
		segments.push({
			address,
			offset,
			lengthBytes
		});
	}
	return {
		segments,
		dataEnd: at
	};
}
const addressesOf = (segments) => segments.map((segment) => segment.address);
function segmentBytes(image, segment) {
	return segment === void 0 ? /* @__PURE__ */ new Uint8Array(0) : image.subarray(segment.offset, segment.offset + segment.lengthBytes);
}
function checkChecksum(image, segments, at) {
	const stored = image[at];
	if (stored === void 0) throw truncated("The image ends before its checksum.", { checksumAt: hex32(at) });
	const computed = segmentChecksum(segments.map((segment) => segmentBytes(image, segment)));
	if (computed !== stored) {
		const byte = (value) => `0x${value.toString(16).padStart(2, "0")}`;
		throw new FlashError("image/checksum", `The image says that its checksum is ${byte(stored)}, but its segments give ${byte(computed)}.`, {
			stored,
			computed
		});
	}
}
function checkDigest(image, at) {
	const stored = toHex(image.subarray(at, at + 32));
	if (stored.length < 64) throw truncated("The image ends before its SHA-256 is complete.", { digestAt: hex32(at) });
	const computed = toHex(sha256(image.subarray(0, at)));
	if (computed !== stored) throw new FlashError("image/digest", `The image says that its SHA-256 is ${stored}, but its bytes give ${computed}.`, {
		stored,
		computed
	});
	return stored;
}
/**
* Reads and checks the image that begins at `offset`; what follows it is ignored. Throws image/malformed,
* image/truncated, image/checksum or image/digest. Images of the ESP8266, which lack the longer header, are malformed.
*/
function parseImage(bytes, offset = 0) {
	const header = parseHeader(bytes, offset);
	const image = bytes.subarray(offset);
	const { segments, dataEnd } = parseSegments(image, header);
	const checksumAt = checksumOffset(dataEnd);
	checkChecksum(image, segments, checksumAt);
	const digest = header.hasDigest ? checkDigest(image, checksumAt + 1) : void 0;
	const app = parseAppDescription(segmentBytes(image, segments[0]));
	const { chipId, entry, flashModeByte, sizeFreqByte, minRevision, maxRevision } = header;
	return {
		kind: app !== void 0 || needsFlashMapping(chipId, addressesOf(segments)) ? "app" : "bootloader",
		chipId,
		entry,
		flashModeByte,
		sizeFreqByte,
		minRevision,
		...maxRevision === void 0 ? {} : { maxRevision },
		segments,
		lengthBytes: imageLength(dataEnd, header.hasDigest),
		...digest === void 0 ? {} : { digest },
		...app === void 0 ? {} : { app }
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
	const chipId = attempt(() => {
		parseSegmentHeader(bytes, 24, 0);
		return parseHeader(bytes).chipId;
	});
	return chipId !== void 0 && isKnownImageChip(chipId);
}
function inspect(bytes, readImage) {
	if (bytes[0] === 233) return inspectFromImage(bytes, readImage);
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
	if (content.kind === "app") throw noOffset("The firmware is an app, and where it goes depends on the board's partition table. Usual: 0x10000 (factory, or the first OTA slot), 0x20000 (with a larger NVS), and the later OTA slots of the table.");
	if (content.kind === "partition-table") throw noOffset("The firmware is a partition table. Unless the project moved it, it goes to 0x8000.");
	if (content.image === void 0) throw noOffset("The firmware is neither a bootloader nor a merged image, so nothing tells where it belongs.");
	return bootloaderOffset(content, content.image, chip);
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
function checkPlacement(images, known) {
	const flashBytes = known.flashSizeBytes ?? known.chip?.maxFlashBytes ?? LARGEST_FLASH_BYTES;
	for (const image of images) {
		const details = {
			image: image.name,
			offset: hex32(image.offset),
			lengthBytes: image.bytes.length,
			flashBytes
		};
		if (image.offset % 4096 !== 0) {
			const message = `${image.name} shall go to ${hex32(image.offset)}, which is not the start of a 4096-byte sector.`;
			throw new FlashError("plan/alignment", message, details);
		}
		if (image.offset < 0 || image.offset + image.bytes.length > flashBytes) {
			const message = `${image.name} (${formatBytes(image.bytes.length)} at ${hex32(image.offset)}) does not fit a flash of ${formatBytes(flashBytes)}.`;
			throw new FlashError("plan/out-of-range", message, details);
		}
	}
	images.forEach((image, index) => {
		const other = images.slice(0, index).find((placed) => overlaps(sectorsOf(rangeOf(placed)), sectorsOf(rangeOf(image))));
		if (other === void 0) return;
		const span = (of) => `${of.name} (${hex32(of.offset)} to ${hex32(of.offset + of.bytes.length)})`;
		throw new FlashError("plan/overlap", `${span(other)} and ${span(image)} share flash sectors.`, { images: [other.name, image.name] });
	});
}
function checkChip(name, image, chip) {
	if (image.chipId === chip.imageChipId) return;
	const builtFor = imageChipLabel(image.chipId);
	throw new FlashError("chip/image-mismatch", `${name} was built for ${builtFor}, not for ${chip.label}.`, {
		image: name,
		builtFor,
		chip: chip.label
	});
}
function checkRevision(name, image, revision) {
	const { minRevision, maxRevision } = image;
	if (revision >= minRevision && revision <= (maxRevision ?? revision)) return;
	const wanted = revision < minRevision ? `${revisionText(minRevision)} or later` : `${revisionText(maxRevision ?? 0)} or earlier`;
	throw new FlashError("chip/revision", `${name} needs a chip of revision ${wanted}; this one is ${revisionText(revision)}.`, {
		image: name,
		revision: revisionText(revision)
	});
}
/** The ROM starts a bootloader from one place only; anywhere else it is a slip of the offset. */
function checkBootloaderPlace(image, content, chip) {
	if (content.image?.kind !== "bootloader") return;
	const place = image.offset + content.imageOffset;
	if (place === chip.bootloaderOffset) return;
	const offset = chip.bootloaderOffset - content.imageOffset;
	const remedy = offset < 0 ? "" : ` Its offset would be ${hex32(offset)}.`;
	throw new FlashError("plan/would-not-boot", `${image.name} has its bootloader at ${hex32(place)}, but ${chip.label} starts the one at ${hex32(chip.bootloaderOffset)}.${remedy}`, {
		image: image.name,
		place: hex32(place),
		bootloaderOffset: hex32(chip.bootloaderOffset)
	});
}
/**
* Everything about the job's images that needs no look into the flash: plan/alignment, plan/out-of-range, plan/overlap,
* image/… for what is plainly a damaged image, chip/image-mismatch, chip/revision, and plan/would-not-boot for a bootloader
* at a place where nothing starts it. What `known` leaves out is not checked; the job's allowances are respected.
*/
function checkImages(job, known) {
	checkPlacement(job.images, known);
	const { chip, revision } = known;
	const strict = !job.allow.has("would-not-boot");
	for (const image of job.images) {
		const content = strict && beginsAsImage(image.bytes) ? inspectFirmware(image.bytes) : tryInspect(image.bytes);
		if (chip === void 0) continue;
		const parts = [content.image, ...content.apps.map((app) => app.image)].filter((part) => part !== void 0);
		for (const part of parts) {
			if (!job.allow.has("image-mismatch")) checkChip(image.name, part, chip);
			if (revision !== void 0 && !job.allow.has("chip-revision")) checkRevision(image.name, part, revision);
		}
		if (strict) checkBootloaderPlace(image, content, chip);
	}
}
function refuse(chip, setting, consequence) {
	throw new FlashError("chip/security", `This ${chip.label} has ${setting}: ${consequence}`, { setting });
}
/**
* Refuses (chip/security) what the chip's eFuses make impossible or dangerous, because it cannot be undone: a board whose
* bootloader is not signed with its key, or whose flash is written in plain while it decrypts, never starts again.
*/
function checkSecurity(security, job, chip) {
	if (security.secureDownload) refuse(chip, "Secure Download Mode", "the loader neither compares nor reads, so nothing could be verified.");
	if (security.flashEncryption) refuse(chip, "flash encryption", "what is written in plain would be decrypted to noise at the next start.");
	if (!security.secureBootV1 && !security.secureBootV2) return;
	const setting = security.secureBootV1 ? "Secure Boot V1" : "Secure Boot V2";
	if (job.erase === "all") refuse(chip, setting, "`erase: all` would remove its signed bootloader.");
	const start = security.secureBootV1 ? 0 : chip.bootloaderOffset;
	const guarded = {
		offset: start,
		lengthBytes: PARTITION_TABLE_OFFSET - start
	};
	const image = job.images.find((candidate) => overlaps(sectorsOf(rangeOf(candidate)), guarded));
	if (image !== void 0) refuse(chip, setting, `${image.name} at ${hex32(image.offset)} would replace its signed bootloader.`);
}
export { defaultOffset as a, parseImage as c, desiredRanges as d, overlaps as f, beginsAsImage as i, needsFlashMapping as l, subtract as m, checkSecurity as n, inspectFirmware as o, sectorsOf as p, rangeOf as r, tryInspect as s, checkImages as t, SECTOR_BYTES as u };
