// src/protocol/opcodes.ts
/** Command numbers of ROM and stub (esptool `loader.py` at bb72741, l.571-720; esp-flasher-stub `commands.h` at fc713a4). */
const opcodes = {
	flashBegin: 2,
	flashData: 3,
	flashEnd: 4,
	memBegin: 5,
	memEnd: 6,
	memData: 7,
	sync: 8,
	writeReg: 9,
	readReg: 10,
	spiSetParams: 11,
	spiAttach: 13,
	readFlashSlow: 14,
	changeBaudrate: 15,
	flashDeflBegin: 16,
	flashDeflData: 17,
	flashDeflEnd: 18,
	spiFlashMd5: 19,
	getSecurityInfo: 20,
	/** From here on: stub only. */
	eraseFlash: 208,
	eraseRegion: 209,
	readFlash: 210,
	runUserCode: 211
};
const namesByOpcode = new Map(Object.entries(opcodes).map(([name, op]) => [op, name.replaceAll(/[A-Z]/g, "_$&").toUpperCase()]));
/** The command's name as Espressif writes it (`READ_REG`), or its number where it has none. */
function opcodeName(op) {
	return namesByOpcode.get(op) ?? `command 0x${op.toString(16).padStart(2, "0")}`;
}
// src/protocol/status-codes.ts
/**
* Two status bytes end each reply: the first is not 0 on failure. Read together, big endian, they give these numbers
* (esptool `util.py` at bb72741; esp-flasher-stub `command_handler.h` at fc713a4).
*/
const statusCodes = {
	romUnsupported: 261,
	stubBadLength: 49152,
	stubBadChecksum: 49408,
	stubBadBlockSize: 49664,
	stubInvalidCommand: 49920,
	stubSpiFailed: 50176,
	stubUnlockFailed: 50432,
	stubNotInFlashMode: 50688,
	stubInflateFailed: 50944,
	stubNotEnoughData: 51200,
	stubTooMuchData: 51456,
	stubNotImplemented: 65280
};
const texts = {
	256: "undefined error",
	257: "an input parameter is invalid",
	258: "no memory left on the chip",
	259: "the chip could not send",
	260: "the chip could not receive",
	261: "the command is not known or not allowed",
	262: "the command failed (is the address outside the flash?)",
	263: "the checksum of the data is wrong",
	264: "writing the flash failed",
	265: "reading the flash failed",
	266: "the length of a flash read is wrong",
	267: "inflating the data failed",
	268: "the checksum of the inflated data is wrong",
	269: "a parameter of the inflated write is wrong",
	270: "the chip's memory address is invalid",
	271: "the chip's memory is not allowed",
	356: "a parameter of the flash command is wrong",
	357: "the flash command failed",
	358: "the flash could not be unlocked",
	359: "the flash could not be erased",
	360: "the flash could not be programmed",
	361: "the flash could not be read",
	49152: "the length of the data is wrong",
	49408: "the checksum of the data is wrong",
	49664: "the block size is wrong",
	49920: "the command is not known",
	50176: "an operation on the SPI flash failed",
	50432: "the SPI flash could not be unlocked",
	50688: "no write has been begun",
	50944: "inflating the data failed",
	51200: "there is not enough data",
	51456: "there is too much data",
	65280: "the command is not implemented"
};
/** `0xc400: an operation on the SPI flash failed`. */
function describeStatus(status) {
	return `${`0x${status.toString(16).padStart(4, "0")}`}: ${texts[status] ?? "a reason that is not documented"}`;
}
/** The chip says that it does not know the command: the ROM with 05, the ESP32 stub with FF00. */
function isUnsupported(status) {
	return status === statusCodes.romUnsupported || status === statusCodes.stubNotImplemented || status === statusCodes.stubInvalidCommand;
}
/** The block did not arrive whole and was not used: the only failure after which the same block may be sent again. */
function isChecksumFailure(status) {
	return status === statusCodes.stubBadChecksum || status === 263;
}
export { opcodeName as a, statusCodes as i, isChecksumFailure as n, opcodes as o, isUnsupported as r, describeStatus as t };
