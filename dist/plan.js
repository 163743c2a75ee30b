import { i as chips, n as chipByImageId, y as FlashError } from "./step.js";
import { a as defaultOffset, o as inspectFirmware, s as tryInspect, t as checkImages } from "./guards.js";
// src/flash/plan.ts
/** The chip that the plan can be checked against before a board is there: the one named, or the image's own. */
function plannedChip(request, content) {
	if (request.chip !== "auto") return chips[request.chip];
	return content.image === void 0 ? void 0 : chipByImageId(content.image.chipId);
}
function offsetFor(content, chip) {
	if (chip !== void 0) return defaultOffset(content, chip);
	const id = content.image?.chipId;
	throw id === void 0 ? new FlashError("plan/no-offset", "The firmware does not prove where it belongs; set `offset`.") : new FlashError("chip/unknown", `The firmware was built for a chip with the id ${id}, which is not known.`, { id });
}
/**
* Makes the job, and does everything that can fail without a board: damaged images (image/…), a missing, crooked or
* impossible offset (plan/…), an image for another chip than the one named (chip/image-mismatch). With an explicit
* offset any data is welcome, so bytes that are no whole image count as data.
*/
function planFlash(request) {
	const { firmware, offset, ...rest } = request;
	const content = offset === void 0 ? inspectFirmware(firmware.bytes) : tryInspect(firmware.bytes);
	const chip = plannedChip(request, content);
	const image = {
		...firmware,
		offset: offset ?? offsetFor(content, chip)
	};
	const job = {
		...rest,
		images: [image]
	};
	checkImages(job, chip === void 0 ? {} : { chip });
	return job;
}
export { planFlash };
