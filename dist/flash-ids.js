// src/chips/flash-ids.ts
/** JEDEC manufacturer and device, as RDID (9F) gives them: byte 0 vendor, byte 1 type, byte 2 size code. */
const ADESTO = 31;
/** Third byte of the id → bytes (esptool `cmds.py` DETECTED_FLASH_SIZES at bb72741). */
const SIZE_BY_CODE = {
	18: 262144,
	19: 524288,
	20: 1048576,
	21: 2097152,
	22: 4194304,
	23: 8388608,
	24: 16777216,
	25: 33554432,
	26: 67108864,
	27: 134217728,
	28: 268435456,
	32: 67108864,
	33: 134217728,
	34: 268435456,
	50: 262144,
	51: 524288,
	52: 1048576,
	53: 2097152,
	54: 4194304,
	55: 8388608,
	56: 16777216,
	57: 33554432,
	58: 67108864
};
/** Adesto codes its size in the lower five bits of byte 1 (esptool `cmds.py` ADESTO_FLASH_SIZES). */
const ADESTO_SIZE_BY_CODE = {
	4: 524288,
	5: 1048576,
	6: 2097152,
	7: 4194304,
	8: 8388608,
	9: 16777216
};
/** Ids that only a flash which does not answer gives. */
const NO_FLASH = [
	16777215,
	0,
	16777023
];
/** Bytes of a size as headers and people name it: `512KB`, `4MB`, `2MB-c1`; `undefined` for anything else. */
function flashSizeFromName(name) {
	const [, count, unit] = /^(\d+)([KM])B(-c1)?$/.exec(name) ?? [];
	return count === void 0 ? void 0 : Number(count) * (unit === "K" ? 1024 : 1048576);
}
/** Whether a flash gave `id` (as read from W0: vendor in the lowest byte). */
function flashAnswers(id) {
	return !NO_FLASH.includes(id & 16777215);
}
/** Bytes of the flash, or `undefined` for an id that is in no table. */
function flashSizeFromId(id) {
	if ((id & 255) === ADESTO) return ADESTO_SIZE_BY_CODE[id >>> 8 & 31];
	return SIZE_BY_CODE[id >>> 16 & 255];
}
export { flashSizeFromId as n, flashSizeFromName as r, flashAnswers as t };
