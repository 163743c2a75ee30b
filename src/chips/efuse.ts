import type { BitField, ChipDefinition, WordAt } from "./definition.js";

export function bitField(address: number, shift: number, bits: number): BitField {
  return { address, shift, bits };
}

/** The number that the fields make together, the lowest part first. */
export function fieldOf(wordAt: WordAt, ...fields: readonly BitField[]): number {
  let value = 0;
  let width = 0;
  for (const { address, shift, bits } of fields) {
    value += ((wordAt(address) >>> shift) & (2 ** bits - 1)) * 2 ** width;
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

function addressesOf(wordAt: WordAt, map: EfuseMap): { mac: string; eui64?: string } {
  const low = bytesOf(wordAt(map.mac));
  const [extensionHigh = 0, extensionLow = 0, ...high] = bytesOf(wordAt(map.mac + 4));
  const mac = [...high, ...low];
  if (!map.hasEui64) return { mac: addressText(...mac) };
  const eui64 = addressText(...mac.slice(0, 3), extensionHigh, extensionLow, ...mac.slice(3));
  return { mac: addressText(...mac), eui64 };
}

function memoryFeature(wordAt: WordAt, memory: InPackageMemory, name: string): string[] {
  const code = fieldOf(wordAt, ...memory.capacity);
  if (code === 0) return [];
  const megabytes = memory.megabytes[code];
  const size = megabytes === undefined ? `of unknown size (${code})` : `${megabytes}MB`;
  const vendor = memory.vendor === undefined ? undefined : memory.vendors?.[fieldOf(wordAt, memory.vendor)];
  return [`Embedded ${name} ${size}${vendor === undefined ? "" : ` (${vendor})`}`];
}

/** The choice next to what the divider gives (as esptool `loader.py` `get_crystal_freq` at bb72741). */
export function crystalMhzOf(wordAt: WordAt, crystal: MeasuredCrystal, baud: number): number {
  const divider = wordAt(crystal.uartDivider) & 0xfffff;
  const measuredMhz = (baud * divider) / 1e6 / crystal.factor;
  const distance = (choiceMhz: number): number => Math.abs(choiceMhz - measuredMhz);
  return crystal.choicesMhz.reduce((best, choice) => (distance(choice) < distance(best) ? choice : best), Infinity);
}

function registersOf({ mac, major, minor, package: packageFields, flash, psram, crystal }: EfuseMap): number[] {
  const memories = [flash, psram].flatMap((memory) => [...(memory?.capacity ?? []), memory?.vendor ?? []].flat());
  const fields = [...major, ...minor, ...packageFields, ...memories].map(({ address }) => address);
  const dividers = typeof crystal === "number" ? [] : [crystal.uartDivider];
  return [...new Set([mac, mac + 4, ...fields, ...dividers])];
}

/** The identity of a chip by its map. */
export function identityFrom(map: EfuseMap): ChipDefinition["identity"] {
  return {
    registers: registersOf(map),
    macRegisters: [map.mac, map.mac + 4],
    of(wordAt, connectBaud) {
      const packageNumber = fieldOf(wordAt, ...map.package);
      const memory = [
        ...(map.flash === undefined ? [] : memoryFeature(wordAt, map.flash, "Flash")),
        ...(map.psram === undefined ? [] : memoryFeature(wordAt, map.psram, "PSRAM")),
      ];
      return {
        ...addressesOf(wordAt, map),
        revision: fieldOf(wordAt, ...map.major) * 100 + fieldOf(wordAt, ...map.minor),
        packageName: map.packages[packageNumber] ?? `${map.label} (package ${packageNumber})`,
        features: [...map.features, ...memory],
        crystalMhz: typeof map.crystal === "number" ? map.crystal : crystalMhzOf(wordAt, map.crystal, connectBaud),
        spiPins: 0,
      };
    },
  };
}
