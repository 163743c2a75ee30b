/** JEDEC manufacturer and device, as RDID (9F) gives them: byte 0 vendor, byte 1 type, byte 2 size code. */
const ADESTO = 0x1f;

/** Third byte of the id → bytes (esptool `cmds.py` DETECTED_FLASH_SIZES at bb72741). */
const SIZE_BY_CODE: Readonly<Record<number, number>> = {
  0x12: 256 * 1024,
  0x13: 512 * 1024,
  0x14: 0x100000,
  0x15: 2 * 0x100000,
  0x16: 4 * 0x100000,
  0x17: 8 * 0x100000,
  0x18: 16 * 0x100000,
  0x19: 32 * 0x100000,
  0x1a: 64 * 0x100000,
  0x1b: 128 * 0x100000,
  0x1c: 256 * 0x100000,
  0x20: 64 * 0x100000,
  0x21: 128 * 0x100000,
  0x22: 256 * 0x100000,
  0x32: 256 * 1024,
  0x33: 512 * 1024,
  0x34: 0x100000,
  0x35: 2 * 0x100000,
  0x36: 4 * 0x100000,
  0x37: 8 * 0x100000,
  0x38: 16 * 0x100000,
  0x39: 32 * 0x100000,
  0x3a: 64 * 0x100000,
};

/** Adesto codes its size in the lower five bits of byte 1 (esptool `cmds.py` ADESTO_FLASH_SIZES). */
const ADESTO_SIZE_BY_CODE: Readonly<Record<number, number>> = {
  0x04: 512 * 1024,
  0x05: 0x100000,
  0x06: 2 * 0x100000,
  0x07: 4 * 0x100000,
  0x08: 8 * 0x100000,
  0x09: 16 * 0x100000,
};

/** Ids that only a flash which does not answer gives. */
const NO_FLASH = [0xffffff, 0x000000, 0xffff3f];

/** Bytes of a size as headers and people name it: `512KB`, `4MB`, `2MB-c1`; `undefined` for anything else. */
export function flashSizeFromName(name: string): number | undefined {
  const [, count, unit] = /^(\d+)([KM])B(-c1)?$/.exec(name) ?? [];
  return count === undefined ? undefined : Number(count) * (unit === "K" ? 1024 : 0x100000);
}

/** Whether a flash gave `id` (as read from W0: vendor in the lowest byte). */
export function flashAnswers(id: number): boolean {
  return !NO_FLASH.includes(id & 0xffffff);
}

/** Bytes of the flash, or `undefined` for an id that is in no table. */
export function flashSizeFromId(id: number): number | undefined {
  const vendor = id & 0xff;
  if (vendor === ADESTO) return ADESTO_SIZE_BY_CODE[(id >>> 8) & 0x1f];
  return SIZE_BY_CODE[(id >>> 16) & 0xff];
}
