/** Bits of a block: number of the block, first bit, number of bits. */
type EfuseBits = readonly [block: number, bit: number, bits: number];

export type EfuseName =
  | "minor"
  | "major"
  | "package"
  | "flashCapacity"
  | "blockMinor"
  | "macExtension"
  | "cryptCount"
  | "secureBoot"
  | "secureDownload"
  | "encryptOff"
  | "keyManager";

/** Where a chip keeps what; a value in several places has its low bits first. */
export interface EfuseMap {
  /** The whole controller. */
  readonly start: number;
  readonly end: number;
  /** Address of bit 0 of each block's read registers, by block. */
  readonly blocks: Readonly<Record<number, number>>;
  /** The block that begins with the MAC. */
  readonly macBlock: number;
  readonly fields: Readonly<Partial<Record<EfuseName, readonly EfuseBits[]>>>;
}

export type EfuseValues = Readonly<Partial<Record<EfuseName, number>>>;

/** The registers of burnt eFuses; all others read 0. The MAC's last byte lies lowest. */
export function efuseWords(map: EfuseMap, mac: Uint8Array, values: EfuseValues): ReadonlyMap<number, number> {
  const words = new Map<number, number>();
  const burn = ([block, bit, bits]: EfuseBits, value: number): void => {
    const base = map.blocks[block] ?? 0;
    for (let index = 0; index < bits; index++) {
      if (((value >>> index) & 1) === 0) continue;
      const address = base + Math.floor((bit + index) / 32) * 4;
      words.set(address, ((words.get(address) ?? 0) | (1 << ((bit + index) % 32))) >>> 0);
    }
  };
  [...mac].reverse().forEach((byte, index) => burn([map.macBlock, index * 8, 8], byte));
  for (const [name, fields] of Object.entries(map.fields)) {
    let value = values[name as EfuseName] ?? 0;
    for (const bits of fields) {
      burn(bits, value);
      value >>>= bits[2];
    }
  }
  return words;
}
