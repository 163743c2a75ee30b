import { concatBytes, words } from "../../src/base/bytes.js";
import type { SiliconName } from "../../src/virtual/silicon-table.js";
import { dataPayload, statusOf } from "./board-bench.js";
import type { BoardBench } from "./board-bench.js";

/**
 * A chip as other people's tables have it (esptool `targets/*.py` at bb72741), to hold the virtual ones against, whose
 * own numbers come from ESP-IDF.
 */
export interface ChipFacts {
  readonly chip: SiliconName;
  readonly chipId?: number;
  /** Word at 0x40001000 where the chip is told by it. */
  readonly magic?: number;
  readonly mac: number;
  readonly spiBase: number;
  readonly layout: "esp8266" | "esp32" | "newer";
  readonly bootloaderOffset: number;
  /** Secure boot, encryption count, "no encryption in the loader": address and mask, as far as they are known. */
  readonly security?: Readonly<
    Partial<Record<"secure-boot" | "flash-encryption" | "encrypt-off", readonly [number, number]>>
  >;
  readonly hasStub: boolean;
}

const row = (
  chip: SiliconName,
  chipId: number,
  mac: number,
  spiBase: number,
  bootloaderOffset: number,
  [secureBoot, secureBootMask, crypt, cryptMask, encryptOff, encryptOffMask]: readonly [
    number,
    number,
    number,
    number,
    number,
    number,
  ],
  hasStub = true,
): ChipFacts => ({
  chip,
  chipId,
  mac,
  spiBase,
  layout: "newer",
  bootloaderOffset,
  security: {
    "secure-boot": [secureBoot, secureBootMask],
    "flash-encryption": [crypt, cryptMask],
    "encrypt-off": [encryptOff, encryptOffMask],
  },
  hasStub,
});

export const chipFacts: readonly ChipFacts[] = [
  {
    chip: "esp8266",
    magic: 0xfff0c101,
    mac: 0x3ff00050,
    spiBase: 0x60000200,
    layout: "esp8266",
    bootloaderOffset: 0,
    hasStub: true,
  },
  {
    chip: "esp32",
    chipId: 0,
    magic: 0x00f01d83,
    mac: 0x3ff5a004,
    spiBase: 0x3ff42000,
    layout: "esp32",
    bootloaderOffset: 0x1000,
    security: {
      "secure-boot": [0x3ff5a018, 1 << 5],
      "flash-encryption": [0x3ff5a000, 0x07f00000],
      "encrypt-off": [0x3ff5a018, 1 << 7],
    },
    hasStub: true,
  },
  {
    ...row(
      "esp32s2",
      2,
      0x3f41a044,
      0x3f402000,
      0x1000,
      [0x3f41a038, 0x100000, 0x3f41a034, 0x1c0000, 0x3f41a030, 0x80000],
    ),
    magic: 0x000007c6,
  },
  row("esp32s3", 9, 0x60007044, 0x60002000, 0, [0x60007038, 0x100000, 0x60007034, 0x1c0000, 0x60007030, 0x100000]),
  row("esp32c3", 5, 0x60008844, 0x60002000, 0, [0x60008838, 0x100000, 0x60008834, 0x1c0000, 0x60008830, 0x100000]),
  row("esp32c2", 12, 0x60008840, 0x60002000, 0, [0x60008830, 0x200000, 0x60008830, 0x380, 0x60008830, 0x40]),
  row("esp32c6", 13, 0x600b0844, 0x60003000, 0, [0x600b0838, 0x100000, 0x600b0834, 0x1c0000, 0x600b0830, 0x100000]),
  row("esp32c61", 20, 0x600b4844, 0x60003000, 0, [0x600b4834, 0x4000000, 0x600b4830, 0x3800000, 0x600b4830, 0x4000]),
  row(
    "esp32c5",
    23,
    0x600b4844,
    0x60003000,
    0x2000,
    [0x600b4838, 0x2000000, 0x600b4834, 0x70000, 0x600b4830, 0x100000],
  ),
  row("esp32h2", 16, 0x600b0844, 0x60003000, 0, [0x600b0838, 0x100000, 0x600b0834, 0x1c0000, 0x600b0830, 0x100000]),
  row(
    "esp32h21",
    25,
    0x600b4044,
    0x60003000,
    0,
    [0x600b4038, 0x100000, 0x600b4034, 0x1c0000, 0x600b4030, 0x100000],
    false,
  ),
  row("esp32h4", 28, 0x600b1844, 0x60099000, 0x2000, [0x600b1838, 0x20, 0x600b1830, 0x3800000, 0x600b1830, 0x4000]),
  row(
    "esp32p4",
    18,
    0x5012d044,
    0x5008d000,
    0x2000,
    [0x5012d038, 0x100000, 0x5012d034, 0x1c0000, 0x5012d030, 0x100000],
  ),
  row("esp32s31", 32, 0x20715050, 0x20501000, 0x2000, [0x2071503c, 4, 0x20715034, 0xe00000, 0x20715030, 0x100000]),
  {
    chip: "esp32e22",
    chipId: 31,
    mac: 0xc4008044,
    spiBase: 0xc3003000,
    layout: "newer",
    bootloaderOffset: 0,
    security: { "secure-boot": [0xc4008038, 0x100000] },
    hasStub: false,
  },
];

const LAYOUTS = {
  esp8266: { usr: 0x1c, usr1: 0x20, usr2: 0x24, miso: undefined, w0: 0x40 },
  esp32: { usr: 0x1c, usr1: 0x20, usr2: 0x24, miso: 0x2c, w0: 0x80 },
  newer: { usr: 0x18, usr1: 0x1c, usr2: 0x20, miso: 0x28, w0: 0x58 },
} as const;

/** Status bytes of the loader that runs now. */
export type Loader = "rom" | "rom8266" | "stub";

export const romOf = (facts: ChipFacts): Loader => (facts.chip === "esp8266" ? "rom8266" : "rom");

/** The reply's status; ESP8266's ROM ends with it, as the stub does. */
export const status = (reply: Uint8Array | undefined, loader: Loader): number | undefined =>
  statusOf(reply, loader === "rom" ? "rom" : "stub");

/** Data between header and status. */
export function replyData(reply: Uint8Array | undefined, loader: Loader): Uint8Array {
  return (reply ?? new Uint8Array()).subarray(8, (reply?.length ?? 0) - (loader === "rom" ? 4 : 2));
}

export async function readRegister(bench: BoardBench, address: number): Promise<number> {
  const [reply] = await bench.request(0x0a, words(address));
  return reply === undefined ? -1 : Buffer.from(reply).readUInt32LE(4);
}

export async function writeRegister(bench: BoardBench, address: number, value: number): Promise<Uint8Array[]> {
  return bench.request(0x09, words(address, value, 0xffffffff, 0));
}

/** RDID through the SPI controller's registers: 24 bits. */
export async function flashId(bench: BoardBench, { layout, spiBase }: ChipFacts): Promise<number> {
  const { usr, usr1, usr2, miso, w0 } = LAYOUTS[layout];
  if (miso === undefined) await writeRegister(bench, spiBase + usr1, 23 << 8);
  else await writeRegister(bench, spiBase + miso, 23);
  await writeRegister(bench, spiBase + usr, (2 ** 31 + (1 << 28)) >>> 0);
  await writeRegister(bench, spiBase + usr2, ((7 << 28) | 0x9f) >>> 0);
  await writeRegister(bench, spiBase, 1 << 18);
  return (await readRegister(bench, spiBase + w0)) & 0xffffff;
}

/** BEGIN's payload: the ROMs since ESP32-S2 and the stub take a word more, the flag for encryption. */
export function beginPayload(
  { layout }: ChipFacts,
  loader: Loader,
  values: readonly [lengthBytes: number, blocks: number, blockBytes: number, offset: number],
  encrypts = 0,
): Uint8Array {
  return loader === "stub" || layout === "newer" ? words(...values, encrypts) : words(...values);
}

/** Attaches the flash and tells its size, as far as the ROM has commands for that. */
export async function attach(bench: BoardBench, facts: ChipFacts, flashBytes: number): Promise<void> {
  if (facts.layout === "esp8266") {
    await bench.request(0x02, words(0, 0, 0x400, 0));
  } else {
    await bench.request(0x0d, words(0, 0));
    await bench.request(0x0b, words(0, flashBytes, 0x10000, 0x1000, 0x100, 0xffff));
  }
}

/** Sends `content` in blocks; returns the statuses of all replies. */
export async function sendBlocks(
  bench: BoardBench,
  op: number,
  content: Uint8Array,
  blockBytes: number,
  loader: Loader,
): Promise<(number | undefined)[]> {
  const statuses: (number | undefined)[] = [];
  for (let at = 0, sequence = 0; at < content.length; at += blockBytes, sequence++) {
    const { payload, checksum } = dataPayload(content.subarray(at, at + blockBytes), sequence);
    const [reply] = await bench.request(op, payload, checksum, 1000);
    statuses.push(status(reply, loader));
  }
  return statuses;
}

/** Bytes that look like code: neither blank nor even. */
export function someBytes(lengthBytes: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, (_, index) => ((index * 37 + seed * 11) ^ (index >> 5)) & 0xff);
}

/** A block padded as hosts pad the last one. */
export function padded(bytes: Uint8Array, blockBytes: number): Uint8Array {
  const over = bytes.length % blockBytes;
  return over === 0 ? bytes : concatBytes(bytes, new Uint8Array(blockBytes - over).fill(0xff));
}
