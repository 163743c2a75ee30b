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
/** `ESP32-C3`, or `chip id 77` for an id that nobody has seen; `ESP8266` for an image that has none. */
function imageChipLabel(chipId) {
	if (chipId === void 0) return "ESP8266";
	return imageChips[chipId]?.label ?? `chip id ${chipId}`;
}
/** Whether the MMU of this chip shows flash at `address`; never for an unknown chip. */
function isFlashMapped(chipId, address) {
	return (imageChips[chipId]?.flashMapped ?? []).some(([start, end]) => address >= start && address < end);
}
/**
* Whether an image with segments at these addresses needs the MMU, which only a bootloader sets up: then it is an app.
* For an unknown chip the answer is yes, as only a bootloader ever gets a default offset.
*/
function needsFlashMapping(chipId, addresses) {
	return !isKnownImageChip(chipId) || addresses.some((address) => isFlashMapped(chipId, address));
}
export { needsFlashMapping as i, isFlashMapped as n, isKnownImageChip as r, imageChipLabel as t };
