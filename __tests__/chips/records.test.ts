import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { ChipDefinition, ChipIdentity, RegisterAccess } from "../../src/chips/definition.js";
import { esp8266 } from "../../src/chips/esp8266.js";
import { flashSizeFromId, flashSizeFromName } from "../../src/chips/flash-ids.js";
import { chipByImageId, chipByMagic, chipNames, chips } from "../../src/chips/index.js";

const rows: Readonly<Record<string, ChipDefinition>> = chips;
const all: readonly ChipDefinition[] = Object.values(chips);

/** The identity that a chip reads out of these registers; all others hold 0. */
function identityOf(chip: ChipDefinition, registers: Readonly<Record<number, number>>): ChipIdentity {
  return chip.identity.of((address) => registers[address] ?? 0, 115_200);
}

test("every chip is found by what it says of itself, and no two are the same", () => {
  const ids = all.map((chip) => chip.imageChipId);
  expect(new Set(ids).size).toBe(all.length);
  for (const chip of all) {
    if (chip.imageChipId !== undefined) expect(chipByImageId(chip.imageChipId)).toBe(chip);
    if (chip.magic !== undefined) expect(chipByMagic(chip.magic)).toBe(chip);
    expect(chip.name).toMatch(/^esp[0-9a-z]+$/);
    expect(rows[chip.name]).toBe(chip);
  }
  // Later ROMs tell their chip id; a magic there changes with every revision.
  expect(all.filter((chip) => chip.magic !== undefined).map((chip) => chip.name)).toEqual([
    "esp8266",
    "esp32",
    "esp32s2",
  ]);
});

test("an unknown chip id or magic is no chip", () => {
  expect(chipByImageId(77)).toBeUndefined();
  expect(chipByMagic(0xdeadbeef)).toBeUndefined();
});

test.each(chipNames)("%s: its stub loads, fits its RAM block by block and starts inside itself", async (name) => {
  const { loadStub } = chips[name];
  for (const revision of loadStub === undefined ? [] : [0, 300]) {
    const stub = await loadStub?.(revision);
    const inside = stub?.segments.some(({ address, bytes }) => {
      return stub.entry >= address && stub.entry < address + bytes.length;
    });
    expect(inside).toBe(true);
  }
});

test("ESP32-P4 has a stub of its own before revision 3.0", async () => {
  const [before, from] = await Promise.all([chips.esp32p4.loadStub?.(299), chips.esp32p4.loadStub?.(300)]);
  expect(before?.entry).not.toBe(from?.entry);
});

test("only H21 and E22 have no stub; C3 with Secure Boot and C2 of revision 0 run none", () => {
  expect(all.filter((chip) => chip.loadStub === undefined).map((chip) => chip.name)).toEqual(["esp32h21", "esp32e22"]);
  const open = {
    secureBootV1: false,
    secureBootV2: false,
    flashEncryption: false,
    secureDownload: false,
    keyManager: false,
    manualEncryptOff: false,
  };
  const refuses = (chip: ChipDefinition, revision: number, security = open): boolean =>
    chip.stubRefusal?.(revision, security) !== undefined;
  expect(refuses(chips.esp32c3, 4)).toBe(false);
  expect(refuses(chips.esp32c3, 4, { ...open, secureBootV2: true })).toBe(true);
  expect(refuses(chips.esp32c2, 0)).toBe(true);
  expect(refuses(chips.esp32c2, 100)).toBe(false);
});

test("a MAC with its extension becomes an EUI-64 on chips with 802.15.4", () => {
  const registers = { 0x600b0844: 0xf9f72ca2, 0x600b0848: 0xfffe6055 };
  const identity = identityOf(chips.esp32c6, registers);
  expect(identity.mac).toBe("60:55:f9:f7:2c:a2");
  expect(identity.eui64).toBe("60:55:f9:ff:fe:f7:2c:a2");
  expect(identityOf(chips.esp32c3, {}).eui64).toBeUndefined();
});

test("ESP8266: the vendor of the MAC is burnt, or one of two by number; another number is an error", () => {
  const mac = (word1: number, word3: number): string =>
    identityOf(esp8266, { 0x3ff00050: 0x9a000000, 0x3ff00054: word1, 0x3ff0005c: word3 }).mac;
  expect(mac(0x0000_5678, 0)).toBe("18:fe:34:56:78:9a");
  expect(mac(0x0001_5678, 0)).toBe("ac:d0:74:56:78:9a");
  expect(mac(0x0000_5678, 0x00a0b1c2)).toBe("a0:b1:c2:56:78:9a");
  expect(() => mac(0x0002_5678, 0)).toThrow("unknown vendor number 2");
});

test("ESP32-S3 of block version 1.1 is revision 0.0, whatever stands in the bits of the revision", () => {
  const block11 = { 0x60007050: 1 << 24, 0x6000706c: 1, 0x60007058: 2 << 24 };
  expect(identityOf(chips.esp32s3, block11).revision).toBe(0);
  expect(identityOf(chips.esp32s3, { 0x60007058: 2 << 24 }).revision).toBe(200);
});

test("flash and PSRAM in the package are told with size and maker", () => {
  const registers = { 0x60007050: 1 << 27, 0x60007054: 2 | (2 << 3) | (1 << 7) };
  const { features } = identityOf(chips.esp32s3, registers);
  expect(features).toEqual(expect.arrayContaining(["Embedded Flash 8MB (GD)", "Embedded PSRAM 2MB (AP_3v3)"]));
});

/** The ROM as it counts: what lies before the boundary is erased besides. */
function sectorsErased(offset: number, argumentBytes: number): number {
  const told = argumentBytes / 0x1000;
  return told + Math.min(told, 16 - ((offset / 0x1000) % 16));
}

test("ESP8266: what the ROM is told makes it erase all that is wanted, and at most one sector more", () => {
  fc.assert(
    fc.property(fc.nat(1023), fc.integer({ min: 1, max: 1024 }), (sector, sectors) => {
      const offset = sector * 0x1000;
      const { argumentBytes, erasedBytes } = esp8266.romErase(offset, sectors * 0x1000);
      expect(erasedBytes / 0x1000).toBe(sectorsErased(offset, argumentBytes));
      expect([sectors, sectors + 1]).toContain(erasedBytes / 0x1000);
      if (sectors % 2 === 0) expect(erasedBytes / 0x1000).toBe(sectors);
    }),
  );
});

describe("no register of an eFuse controller is ever written", () => {
  /** Everything that a record names for writing. */
  function named(chip: ChipDefinition): number[] {
    const { spi, rtcWatchdog: rtc, superWatchdog, reset, secureBootStubPointer } = chip;
    const offsets = [0, 4, spi.usr, spi.usr1, spi.usr2, spi.dataLengths?.mosi, spi.dataLengths?.miso, spi.w0];
    const addresses = [
      ...offsets.map((offset) => (offset === undefined ? undefined : spi.base + offset)),
      ...[rtc?.config0, rtc?.config1, rtc?.protect, superWatchdog?.config, superWatchdog?.protect],
      ...[reset.forceDownload?.address, secureBootStubPointer],
    ];
    return addresses.filter((address) => address !== undefined);
  }

  test.each(chipNames)("%s", async (name) => {
    const chip: ChipDefinition = chips[name];
    const written = named(chip);
    // A chip's own steps, for every revision that changes them and both values of every bit that they look at.
    for (const revision of [0, 100, 300, 301, 302, 303]) {
      for (const word of [0, 0xffffffff]) {
        const registers: RegisterAccess = {
          read: () => Promise.resolve(word),
          write: (address) => Promise.resolve(void written.push(address)),
          sleepMs: () => Promise.resolve(),
        };
        await chip.prepareFlash?.(registers, revision);
      }
    }
    expect(written.length).toBeGreaterThanOrEqual(6);
    const { start, end } = chip.efuses;
    expect(end - start).toBeGreaterThan(0);
    expect(written.filter((address) => address >= start && address < end)).toEqual([]);
  });

  test("WRITE_REG has one sender, which refuses them at run time", () => {
    const using = readdirSync("src/device").filter((file) =>
      /\bwriteRegisters\(/.test(readFileSync(`src/device/${file}`, "utf8")),
    );
    expect(using).toEqual(["registers.ts"]);
  });
});

test("sizes by id and by name agree", () => {
  expect(flashSizeFromName("4MB")).toBe(flashSizeFromId(0x1640c8));
  expect(flashSizeFromName("512KB")).toBe(512 * 1024);
  expect(flashSizeFromName("4MB-c1")).toBe(4 * 0x100000);
  expect(flashSizeFromName("detect")).toBeUndefined();
  for (const chip of all) {
    for (const name of Object.keys(chip.flashSizeCodes)) expect(flashSizeFromName(name)).toBeGreaterThan(0);
  }
});
