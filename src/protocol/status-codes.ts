/**
 * Two status bytes end each reply: the first is not 0 on failure. Read together, big endian, they give these numbers
 * (esptool `util.py` at bb72741; esp-flasher-stub `command_handler.h` at fc713a4).
 */
export const statusCodes = {
  romUnsupported: 0x0105,
  stubBadLength: 0xc000,
  stubBadChecksum: 0xc100,
  stubBadBlockSize: 0xc200,
  stubInvalidCommand: 0xc300,
  stubSpiFailed: 0xc400,
  stubUnlockFailed: 0xc500,
  stubNotInFlashMode: 0xc600,
  stubInflateFailed: 0xc700,
  stubNotEnoughData: 0xc800,
  stubTooMuchData: 0xc900,
  stubNotImplemented: 0xff00,
} as const;

const texts: Readonly<Record<number, string>> = {
  0x0100: "undefined error",
  0x0101: "an input parameter is invalid",
  0x0102: "no memory left on the chip",
  0x0103: "the chip could not send",
  0x0104: "the chip could not receive",
  0x0105: "the command is not known or not allowed",
  0x0106: "the command failed (is the address outside the flash?)",
  0x0107: "the checksum of the data is wrong",
  0x0108: "writing the flash failed",
  0x0109: "reading the flash failed",
  0x010a: "the length of a flash read is wrong",
  0x010b: "inflating the data failed",
  0x010c: "the checksum of the inflated data is wrong",
  0x010d: "a parameter of the inflated write is wrong",
  0x010e: "the chip's memory address is invalid",
  0x010f: "the chip's memory is not allowed",
  0x0164: "a parameter of the flash command is wrong",
  0x0165: "the flash command failed",
  0x0166: "the flash could not be unlocked",
  0x0167: "the flash could not be erased",
  0x0168: "the flash could not be programmed",
  0x0169: "the flash could not be read",
  0xc000: "the length of the data is wrong",
  0xc100: "the checksum of the data is wrong",
  0xc200: "the block size is wrong",
  0xc300: "the command is not known",
  0xc400: "an operation on the SPI flash failed",
  0xc500: "the SPI flash could not be unlocked",
  0xc600: "no write has been begun",
  0xc700: "inflating the data failed",
  0xc800: "there is not enough data",
  0xc900: "there is too much data",
  0xff00: "the command is not implemented",
};

/** `0xc400: an operation on the SPI flash failed`. */
export function describeStatus(status: number): string {
  const number = `0x${status.toString(16).padStart(4, "0")}`;
  return `${number}: ${texts[status] ?? "a reason that is not documented"}`;
}

/** The chip says that it does not know the command: the ROM with 05, the ESP32 stub with FF00. */
export function isUnsupported(status: number): boolean {
  return (
    status === statusCodes.romUnsupported ||
    status === statusCodes.stubNotImplemented ||
    status === statusCodes.stubInvalidCommand
  );
}

/** The block did not arrive whole and was not used: the only failure after which the same block may be sent again. */
export function isChecksumFailure(status: number): boolean {
  return status === statusCodes.stubBadChecksum || status === 0x0107;
}
