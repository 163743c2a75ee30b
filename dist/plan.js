import { Y as FlashError } from "./first-line.js";
import { d as chips, l as chipByImageId } from "./step.js";
import { t as imageChipLabel } from "./chip-memory.js";
import { a as tableOfJob, f as contentOf, h as inspectFirmware, i as checkLayout, l as checkImages, m as defaultOffset, n as preservedPartitions, r as placeInTable, s as declaredFlashBytes } from "./preserve.js";
// src/flash/plan.ts
/** The chip that an image was built for; `undefined` for one that nobody knows. Images of the ESP8266 name none. */
function chipOf(image) {
	return image.chipId === void 0 ? chips.esp8266 : chipByImageId(image.chipId);
}
/** Refuses (plan/contradiction) images of several chips where nothing says which of them the board has. */
function checkOneChip(request) {
	if (request.chip !== "auto" || request.allow.has("image-mismatch")) return;
	const images = request.parts.flatMap((part) => {
		const { image } = contentOf(part);
		return image === void 0 ? [] : [{
			name: part.name,
			chip: imageChipLabel(image.chipId)
		}];
	});
	const [first] = images;
	const other = images.find((image) => image.chip !== first?.chip);
	if (first === void 0 || other === void 0) return;
	throw new FlashError("plan/contradiction", `${first.name} was built for ${first.chip}, ${other.name} for ${other.chip}.`, { images: [first.name, other.name] });
}
/** The chip that the plan can be checked against before a board is there: the one named, or the images' own. */
function plannedChip(request) {
	if (request.chip !== "auto") return chips[request.chip];
	const [image] = request.parts.flatMap((part) => contentOf(part).image ?? []);
	return image === void 0 ? void 0 : chipOf(image);
}
/** What the job's own images say about the flash, as long as its settings leave that alone. */
function knownLayout(job, chip, table) {
	const declared = chip === void 0 ? void 0 : declaredByJob(job, chip);
	return {
		...table === void 0 ? {} : { table: {
			...table,
			isNew: true
		} },
		...declared === void 0 ? {} : { declared: {
			flashBytes: declared,
			isNew: true
		} }
	};
}
/** Flash size in the header of the job's bootloader. */
function declaredByJob(job, chip) {
	const { size = "keep" } = job.settings;
	if (size !== "keep") return void 0;
	const [header] = job.images.filter((image) => image.offset + contentOf(image).imageOffset === chip.bootloaderOffset).flatMap((image) => contentOf(image).image ?? []);
	return header === void 0 ? void 0 : declaredFlashBytes(chip, header.sizeFreqByte);
}
function offsetFor(content, chip) {
	if (chip !== void 0) return defaultOffset(content, chip);
	const id = content.image?.chipId;
	throw id === void 0 ? new FlashError("plan/no-offset", "The firmware does not prove where it belongs; set `offset`.") : new FlashError("chip/unknown", `The firmware was built for a chip with the id ${id}, which is not known.`, { id });
}
function placed(part, chip) {
	const { name, bytes, sha256, place } = part;
	if (place?.kind === "partition") return {
		name,
		bytes,
		sha256,
		partition: place.name
	};
	return {
		name,
		bytes,
		sha256,
		offset: place?.offset ?? offsetFor(inspectFirmware(bytes), chip)
	};
}
/**
* Makes the job, and does everything that can fail without a board: damaged images (image/…), a missing, crooked or
* impossible offset (plan/…), an image for another chip than the one named (chip/image-mismatch), and all that is wrong
* with a partition table that the job brings along. Images for a named
* partition stay unplaced where the job itself brings no partition table.
*/
function planFlash(request) {
	const { parts, ...rest } = request;
	checkOneChip(request);
	const chip = plannedChip(request);
	const all = parts.map((part) => placed(part, chip));
	const table = tableOfJob(all.filter((image) => "offset" in image));
	const resolved = all.map((image) => "offset" in image || table === void 0 ? image : placeInTable(image, table.partitions, `the table in ${table.image}`));
	const job = {
		...rest,
		images: resolved.filter((image) => "offset" in image),
		unplaced: resolved.filter((image) => "partition" in image)
	};
	checkImages(job, chip === void 0 ? {} : { chip });
	checkLayout(job, knownLayout(job, chip, table));
	if (table !== void 0) preservedPartitions(job, {
		ofJob: table.partitions,
		ofBoard: void 0
	});
	return job;
}
export { planFlash };
