import { I as concatBytes, z as hex32 } from "./first-line.js";
import { qt as elfError } from "./step.js";
// src/image/elf-chips.ts
const KIB = 1024;
const UP_TO_64_KIB = [
	8 * KIB,
	16 * KIB,
	32 * KIB,
	64 * KIB
];
/** ESP32-C6, H2 and H21 have the same map. */
const C6_REGIONS = [
	[0, 65536],
	[1073741824, 1074048e3],
	[1074048e3, 1074069504],
	[1082130432, 1082654720],
	[1107296256, 1124073472],
	[1342177280, 1342193664],
	[1611653120, 1611661312]
];
/** ESP8266, whose images have no chip id. */
const ESP8266_REGIONS = [
	[1072693248, 1072693264],
	[1073643520, 1073741824],
	[1074790400, 1074823168],
	[1075843088, 1076760592]
];
/**
* By `chip_id`. Regions: MEMORY_MAP of esptool v5.3.1 `targets/*.py`, held against npm esptool-js 0.7.0 `lib/targets`,
* which differs for the C61 alone (flash at 0x41000000; ESP-IDF `soc/esp32c61/include/soc/ext_mem_defs.h` at 16abaf06 has
* 0x42000000). Pages: MMU_PAGE_SIZE_CONF of esptool v5.3.1 `bin_image.py`.
*/
const elfChips = {
	0: {
		regions: [
			[0, 65536],
			[1061158912, 1065353216],
			[1065353216, 1069547520],
			[1073217536, 1073225728],
			[1073283072, 1073741824],
			[1073405952, 1073741824],
			[1073610752, 1073741820],
			[1073741824, 1074200576],
			[1074200576, 1074233344],
			[1074233344, 1074266112],
			[1074266112, 1074397184],
			[1074397184, 1074528252],
			[1074528256, 1074536448],
			[1074593792, 1077936128],
			[1342177280, 1342185472]
		],
		mmuPageBytes: []
	},
	2: {
		regions: [
			[0, 65536],
			[1056964608, 1073217536],
			[1062207488, 1073217536],
			[1073340416, 1073348608],
			[1073340416, 1073741824],
			[1073340416, 1074208768],
			[1073414144, 1073741824],
			[1073741824, 1073848576],
			[1073872896, 1074200576],
			[1074200576, 1074208768],
			[1074266112, 1082130432],
			[1342177280, 1342185472]
		],
		mmuPageBytes: []
	},
	5: {
		regions: [
			[0, 65536],
			[1006632960, 1015021568],
			[1070071808, 1070465024],
			[1070104576, 1070596096],
			[1072693248, 1072824320],
			[1073741824, 1074135040],
			[1077395456, 1077805056],
			[1107296256, 1115684864],
			[1342177280, 1342185472],
			[1611653120, 1611661312]
		],
		mmuPageBytes: []
	},
	9: {
		regions: [
			[0, 65536],
			[1006632960, 1023410176],
			[1023410176, 1040187392],
			[1070104576, 1070596096],
			[1070104576, 1077813248],
			[1073741824, 1073848576],
			[1077346304, 1077805056],
			[1107296256, 1115684864],
			[1342177280, 1342185472],
			[1611653120, 1611661312]
		],
		mmuPageBytes: []
	},
	12: {
		regions: [
			[0, 65536],
			[1006632960, 1010827264],
			[1070104576, 1070596096],
			[1070202880, 1070465024],
			[1072693248, 1073020928],
			[1073741824, 1074331648],
			[1077395456, 1077673984],
			[1107296256, 1111490560]
		],
		mmuPageBytes: [
			16 * KIB,
			32 * KIB,
			64 * KIB
		]
	},
	13: {
		regions: C6_REGIONS,
		mmuPageBytes: UP_TO_64_KIB
	},
	16: {
		regions: C6_REGIONS,
		mmuPageBytes: UP_TO_64_KIB
	},
	18: {
		regions: [
			[0, 65536],
			[1073741824, 1275068416],
			[1337982976, 1338114048],
			[1341128704, 1341784064],
			[1343258624, 1343291392],
			[1611653120, 1611661312]
		],
		mmuPageBytes: []
	},
	20: {
		regions: [
			[0, 65536],
			[1073741824, 1074048e3],
			[1074048e3, 1074069504],
			[1082130432, 1082523648],
			[1107296256, 1140850688],
			[1342177280, 1342193664],
			[1611653120, 1611661312]
		],
		mmuPageBytes: UP_TO_64_KIB
	},
	23: {
		regions: [
			[0, 65536],
			[1073741824, 1073979392],
			[1073979392, 1074003968],
			[1082130432, 1082523648],
			[1107296256, 1140850688],
			[1342177280, 1342193664],
			[1611653120, 1611661312]
		],
		mmuPageBytes: []
	},
	25: {
		regions: C6_REGIONS,
		mmuPageBytes: UP_TO_64_KIB
	},
	28: {
		regions: [
			[0, 65536],
			[1073741824, 1074069504],
			[1082195968, 1082523648],
			[1107296256, 1140850688],
			[1342177280, 1342193664],
			[1610612736, 1611661312]
		],
		mmuPageBytes: UP_TO_64_KIB
	},
	31: {
		regions: [
			[0, 65536],
			[805306368, 806486016],
			[821952512, 824180736],
			[822083584, 824180736],
			[1006632960, 1073741824],
			[3221225472, 3221258240]
		],
		mmuPageBytes: []
	},
	32: {
		regions: [
			[0, 65536],
			[771751936, 771784704],
			[788529152, 789053440],
			[796917760, 797245440],
			[1073741824, 1409286144]
		],
		mmuPageBytes: [
			32 * KIB,
			64 * KIB,
			128 * KIB,
			256 * KIB
		]
	}
};
// src/image/elf-pieces.ts
/** `bytes` with zeros behind them up to a multiple of `unit`. */
function padded(bytes, unit) {
	const excess = bytes.length % unit;
	return excess === 0 ? bytes : concatBytes(bytes, new Uint8Array(unit - excess));
}
function inSameRegion(regions, one, other) {
	const within = (address, [start, end]) => address >= start && address < end;
	return regions.every((region) => within(one, region) === within(other, region));
}
/**
* The pieces as whole words, with those joined that touch each other in memory and in the file's order. Their order
* stays. Throws image/elf if more are left than a loader takes.
*/
function joinPieces(pieces, regions) {
	const groups = [];
	for (const piece of pieces) {
		const bytes = padded(piece.bytes, 4);
		const end = piece.address + bytes.length;
		const group = groups.at(-1);
		if (group?.end === piece.address && inSameRegion(regions, group.last, piece.address)) {
			group.parts.push(bytes);
			group.last = piece.address;
			group.end = end;
		} else groups.push({
			first: piece,
			parts: [bytes],
			last: piece.address,
			end
		});
	}
	if (groups.length === 0) throw elfError("The ELF file has nothing to load: no section with bytes and an address.", 0);
	const excess = groups[16];
	if (excess !== void 0) throw elfError(`The ELF file gives ${groups.length} segments, but a loader takes 16: something is wrong with the linker script (the first too many is for ${hex32(excess.first.address)}).`, excess.first.at);
	return groups.map(({ first, parts }) => ({
		...first,
		bytes: concatBytes(...parts)
	}));
}
export { ESP8266_REGIONS as n, elfChips as r, joinPieces as t };
