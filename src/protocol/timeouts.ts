/**
 * How long a command may take, in milliseconds. Figures: esptool `loader.py` l.90-118 at bb72741; a "megabyte" there
 * is 10^6 bytes.
 */
export const timeouts = {
  defaultMs: 3000,
  syncMs: 100,
  chipEraseMs: 120_000,
  memEndRomMs: 200,
  md5MsPerMegabyte: 8000,
  eraseMsPerMegabyte: 40_000,
  writeMsPerMegabyte: 40_000,
} as const;

const MEGABYTE = 1e6;

function scaled(msPerMegabyte: number, lengthBytes: number): number {
  return Math.max(timeouts.defaultMs, (msPerMegabyte * lengthBytes) / MEGABYTE);
}

export function md5TimeoutMs(lengthBytes: number): number {
  return scaled(timeouts.md5MsPerMegabyte, lengthBytes);
}

export function eraseTimeoutMs(lengthBytes: number): number {
  return scaled(timeouts.eraseMsPerMegabyte, lengthBytes);
}

/** For a chip erase: 120 s, and more where the flash is larger than those 120 s are meant for. */
export function chipEraseTimeoutMs(flashSizeBytes: number): number {
  return Math.max(timeouts.chipEraseMs, eraseTimeoutMs(flashSizeBytes) / 2);
}

const STUB_DICTIONARY_BYTES = 0x8000;
const ERASE_BLOCK_BYTES = 0x10000;

/**
 * For a block of which `inflatedBytes` reach the flash. The stub writes 32 KiB at a time and may erase a 64 KiB block
 * before each of them, so one block of zeros, which inflates to megabytes, can take a long time.
 */
export function writeTimeoutMs(inflatedBytes: number): number {
  const eraseBytes = (Math.ceil(inflatedBytes / STUB_DICTIONARY_BYTES) + 1) * ERASE_BLOCK_BYTES;
  return scaled(timeouts.writeMsPerMegabyte, inflatedBytes + eraseBytes);
}
