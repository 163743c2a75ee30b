import type { BitField, ChipIdentity, ReadRegister } from "./definition.js";

export function bitField(address: number, shift: number, bits: number): BitField {
  return { address, shift, bits };
}

/** The number that the fields make together, the lowest part first. */
export async function readField(read: ReadRegister, ...fields: readonly BitField[]): Promise<number> {
  let value = 0;
  let width = 0;
  for (const { address, shift, bits } of fields) {
    value += (((await read(address)) >>> shift) & (2 ** bits - 1)) * 2 ** width;
    width += bits;
  }
  return value;
}

/** Memory in the package: its size in MB by the number in the eFuse, and who made it. */
interface InPackageMemory {
  readonly capacity: readonly BitField[];
  readonly megabytes: Readonly<Record<number, number>>;
  readonly vendor?: BitField;
  readonly vendors?: Readonly<Record<number, string>>;
}

/** A crystal that boards choose, found through UART0's divider, which the ROM's auto-baud has set. */
export interface MeasuredCrystal {
  readonly uartDivider: number;
  /** UART clock over crystal. */
  readonly factor: number;
  /** What boards of this chip have. */
  readonly choicesMhz: readonly number[];
}

/** Where the eFuse controllers since ESP32-S2 hold what a chip is. */
export interface EfuseMap {
  /** As people write the chip; a package without a name is told by it and its number. */
  readonly label: string;
  /** Lower four bytes of the MAC; the upper two are in the next word. */
  readonly mac: number;
  /** The upper half of that next word is the extension to an EUI-64. */
  readonly hasEui64: boolean;
  readonly major: readonly BitField[];
  readonly minor: readonly BitField[];
  readonly package: readonly BitField[];
  readonly packages: Readonly<Record<number, string>>;
  readonly features: readonly string[];
  readonly flash?: InPackageMemory;
  readonly psram?: InPackageMemory;
  readonly crystal: number | MeasuredCrystal;
}

/** `60:55:f9:f7:2c:a2` */
export function addressText(...bytes: readonly number[]): string {
  return bytes.map((byte) => (byte & 0xff).toString(16).padStart(2, "0")).join(":");
}

const bytesOf = (word: number): number[] => [word >>> 24, word >>> 16, word >>> 8, word];

async function readAddresses(read: ReadRegister, map: EfuseMap): Promise<{ mac: string; eui64?: string }> {
  const low = bytesOf(await read(map.mac));
  const [extensionHigh = 0, extensionLow = 0, ...high] = bytesOf(await read(map.mac + 4));
  const mac = [...high, ...low];
  if (!map.hasEui64) return { mac: addressText(...mac) };
  const eui64 = addressText(...mac.slice(0, 3), extensionHigh, extensionLow, ...mac.slice(3));
  return { mac: addressText(...mac), eui64 };
}

async function memoryFeature(read: ReadRegister, memory: InPackageMemory, name: string): Promise<string[]> {
  const code = await readField(read, ...memory.capacity);
  if (code === 0) return [];
  const megabytes = memory.megabytes[code];
  const size = megabytes === undefined ? `of unknown size (${code})` : `${megabytes}MB`;
  const vendor = memory.vendor === undefined ? undefined : memory.vendors?.[await readField(read, memory.vendor)];
  return [`Embedded ${name} ${size}${vendor === undefined ? "" : ` (${vendor})`}`];
}

/** The choice next to what the divider gives (as esptool `loader.py` `get_crystal_freq` at bb72741). */
export async function readCrystalMhz(read: ReadRegister, crystal: MeasuredCrystal, baud: number): Promise<number> {
  const divider = (await read(crystal.uartDivider)) & 0xfffff;
  const measuredMhz = (baud * divider) / 1e6 / crystal.factor;
  const distance = (choiceMhz: number): number => Math.abs(choiceMhz - measuredMhz);
  return crystal.choicesMhz.reduce((best, choice) => (distance(choice) < distance(best) ? choice : best), Infinity);
}

/** The reader of a chip's identity. `connectBaud`: the rate that the ROM has measured. */
export function identityFrom(map: EfuseMap): (read: ReadRegister, connectBaud: number) => Promise<ChipIdentity> {
  return async (read, connectBaud) => {
    const major = await readField(read, ...map.major);
    const minor = await readField(read, ...map.minor);
    const packageNumber = await readField(read, ...map.package);
    const memory = [
      ...(map.flash === undefined ? [] : await memoryFeature(read, map.flash, "Flash")),
      ...(map.psram === undefined ? [] : await memoryFeature(read, map.psram, "PSRAM")),
    ];
    return {
      ...(await readAddresses(read, map)),
      revision: major * 100 + minor,
      packageName: map.packages[packageNumber] ?? `${map.label} (package ${packageNumber})`,
      features: [...map.features, ...memory],
      crystalMhz: typeof map.crystal === "number" ? map.crystal : await readCrystalMhz(read, map.crystal, connectBaud),
      spiPins: 0,
    };
  };
}
