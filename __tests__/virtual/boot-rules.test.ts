import { words } from "../../src/base/bytes.js";
import { createBench } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import type { BoardOptions } from "../../src/virtual/board-options.js";
import { chipFacts, sendBlocks } from "../support/board-chips.js";
import type { ChipFacts } from "../support/board-chips.js";
import { bootImage, otaEntry, tableEntry } from "../support/boot-images.js";
import type { BuiltImage, ImagePart } from "../support/boot-images.js";
import { readUint32 } from "../../src/base/bytes.js";
import { silicons } from "../../src/virtual/silicon-table.js";
import { noise } from "../../src/virtual/noise.js";

const TABLE_OFFSET = 0x8000;
const APP_OFFSET = 0x10000;
const STARTED = "Starting scheduler";
const DIGEST_WARNING = "SHA-256 comparison failed:";
const GOES_ON = "Attempting to boot anyway...";

const factsOf = (chip: string): ChipFacts => {
  const facts = chipFacts.find((row) => row.chip === chip);
  if (facts === undefined) throw new Error(`no chip ${chip}`);
  return facts;
};

/** A board with bootloader, table and app, run from its flash; returns what it says. */
async function boot(
  facts: ChipFacts,
  bootloader: Uint8Array,
  app: Uint8Array,
  options: Partial<BoardOptions> = {},
): Promise<string> {
  const bench: BoardBench = createBench({ chip: facts.chip, flashSizeBytes: 0x100000, ...options });
  bench.board.setHostBaud(facts.chip === "esp8266" ? 74_880 : 115_200);
  const { bytes } = bench.board.flash;
  bytes.set(bootloader, facts.bootloaderOffset);
  if (facts.layout !== "esp8266") {
    bytes.set(tableEntry(0, 0, APP_OFFSET), TABLE_OFFSET);
    bytes.set(app, APP_OFFSET);
  }
  await bench.reset("run");
  bench.heard();
  await bench.reset("run");
  await bench.pass(300);
  return Buffer.from(bench.heard()).toString("latin1");
}

const booted = (facts: ChipFacts, log: string): boolean =>
  facts.layout === "esp8266" ? /csum 0x[0-9a-f]{2}\r\n$/.test(log) : log.includes(STARTED);

test.each(chipFacts.map((facts) => [facts.chip, facts] as const))("%s boots what is in order", async (_name, facts) => {
  const log = await boot(facts, bootImage(facts, 1).bytes, bootImage(facts, 7).bytes);
  expect(booted(facts, log)).toBe(true);
  expect(log).not.toContain(DIGEST_WARNING);
});

test.each(chipFacts.map((facts) => [facts.chip, facts] as const))("%s, blank, resets itself", async (_name, facts) => {
  const bench = createBench({ chip: facts.chip });
  bench.board.setHostBaud(facts.chip === "esp8266" ? 74_880 : 115_200);
  await bench.pass(1500);
  const log = Buffer.from(bench.heard()).toString("latin1");
  expect(log.split(/rst/).length).toBeGreaterThan(3);
  expect(log.includes("invalid header: 0xffffffff")).toBe(facts.layout === "newer");
});

/** `count` flips: byte, bit, and what looks at that byte. */
function flips(image: BuiltImage, count: number, seed: number): { at: number; bit: number; part: ImagePart }[] {
  return Array.from({ length: count }, (_, index) => {
    const at = noise(seed, index) % image.bytes.length;
    const part = image.parts.find(({ from, to }) => at >= from && at < to);
    if (part === undefined) throw new Error(`byte ${at} belongs to no part`);
    return { at, bit: noise(seed, index, 1) % 8, part };
  });
}

function flipped(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

/** Room for a whole segment, of which none here is longer. */
const SEGMENT_BYTES = 0xb4;

function isRam(facts: ChipFacts, address: number): boolean {
  return silicons[facts.chip].ramRanges.some(({ start, end }) => address >= start && address + SEGMENT_BYTES <= end);
}

/** What a ROM does with a bootloader of which one bit in this part is wrong. */
function romVerdict(
  facts: ChipFacts,
  image: Uint8Array,
  part: ImagePart,
  bit: number,
): "refused" | "boots" | "boots, and says so" {
  switch (part.covered) {
    case "magic":
    case "count":
    case "length":
    case "data":
    case "checksum":
      return "refused";
    case "chip-id":
      return facts.layout === "newer" ? "refused" : "boots";
    case "has-digest":
      return facts.layout === "newer" && bit !== 0 ? "boots, and says so" : "boots";
    case "address":
      // ESP8266's ROM is not followed any further here than its log.
      if (facts.chip !== "esp8266" && !isRam(facts, readUint32(image, part.from))) return "refused";
      return facts.layout === "newer" ? "boots, and says so" : "boots";
    case "digest-only":
      return facts.layout === "newer" ? "boots, and says so" : "boots";
  }
}

const SIX = ["esp8266", "esp32", "esp32s3", "esp32c3", "esp32c6", "esp32p4"] as const;
const FLIPS_EACH = 45;

describe.each(SIX)("%s, one bit of the bootloader wrong", (chip) => {
  const facts = factsOf(chip);
  const bootloader = bootImage(facts, 1);
  const app = bootImage(facts, 7).bytes;

  test(`${FLIPS_EACH} places, judged as silicon does`, async () => {
    for (const { at, bit, part } of flips(bootloader, FLIPS_EACH, 42)) {
      const damaged = flipped(bootloader.bytes, at, bit);
      const log = await boot(facts, damaged, app);
      const verdict = !booted(facts, log)
        ? "refused"
        : log.includes(DIGEST_WARNING) && log.includes(GOES_ON)
          ? "boots, and says so"
          : "boots";
      expect([at, bit, part.covered, verdict]).toEqual([at, bit, part.covered, romVerdict(facts, damaged, part, bit)]);
    }
  });
});

describe.each(SIX.filter((chip) => chip !== "esp8266"))("%s, one bit of the app wrong", (chip) => {
  const facts = factsOf(chip);
  const bootloader = bootImage(facts, 1).bytes;
  const app = bootImage(facts, 7);

  test(`${FLIPS_EACH} places: the second stage refuses all but a lost note that there is a digest`, async () => {
    for (const { at, bit, part } of flips(app, FLIPS_EACH, 43)) {
      const log = await boot(facts, bootloader, flipped(app.bytes, at, bit));
      const unnoticed = part.covered === "has-digest" && bit === 0;
      expect([at, bit, part.covered, log.includes(STARTED)]).toEqual([at, bit, part.covered, unnoticed]);
      if (!unnoticed) expect(log).toContain("Factory app partition is not bootable");
    }
  });
});

test("an app for another revision, and a header that names more flash than there is, do not run", async () => {
  const facts = factsOf("esp32c3");
  const bootloader = bootImage(facts, 1).bytes;
  const newer = bootImage(facts, 7, 101).bytes;
  const log = await boot(facts, bootloader, newer, { revision: 4 });
  expect(log).toContain("Image requires chip rev >= v1.1, but chip is v0.4");
  expect(await boot(facts, bootloader, newer, { revision: 101 })).toContain(STARTED);

  const small = await boot(facts, bootImage(facts, 1, 0, 0x20).bytes, bootImage(facts, 7).bytes, {
    flashSizeBytes: 2 * 0x100000,
  });
  expect(small).toContain("Detected size(2048k) smaller than the size in the binary image header(4096k)");
  expect(small).not.toContain(STARTED);
});

test("an image of another chip is refused by newer ROMs by name", async () => {
  const log = await boot(factsOf("esp32s3"), bootImage(factsOf("esp32"), 1).bytes, new Uint8Array());
  expect(log).toContain("Invalid chip id. Expected 9 read 0. Bootloader for wrong chip?");
});

test.each(["esp32", "esp32c3", "esp32s3", "esp32c6"] as const)(
  "%s with Secure Boot boots what is signed",
  async (chip) => {
    const facts = factsOf(chip);
    const sign = (image: Uint8Array): Uint8Array => {
      const signed = new Uint8Array(0x2000).fill(0xff);
      signed.set(image);
      signed.set([0xe7, 0x02], 0x1000);
      return signed;
    };
    const [bootloader, app] = [bootImage(facts, 1).bytes, bootImage(facts, 7).bytes];
    const options = { security: ["secure-boot"] } as const;
    expect(await boot(facts, bootloader, app, options)).toMatch(/secure boot (check fail|verification failed)/);
    expect(await boot(facts, sign(bootloader), app, options)).toContain("Secure boot signature verification failed");
    expect(await boot(facts, sign(bootloader), sign(app), options)).toContain(STARTED);
  },
);

// CRCs: `zlib.crc32(sequence, 0xffffffff)` of Python, which begins as the ROM does.
const CRC_OF_1 = 0x4743989a;
const CRC_OF_2 = 0x55f63774;

test.each([
  ["blank", [], "Factory"],
  ["one choice", [otaEntry(1, CRC_OF_1)], "slot 0"],
  ["the later of two choices", [otaEntry(1, CRC_OF_1), otaEntry(2, CRC_OF_2)], "slot 1"],
  ["a later choice with a wrong CRC", [otaEntry(1, CRC_OF_1), otaEntry(2, CRC_OF_1)], "slot 0"],
  ["a later choice that was found invalid", [otaEntry(1, CRC_OF_1), otaEntry(2, CRC_OF_2, 3)], "slot 0"],
] as const)("OTA data, %s: the second stage begins with %s", async (_name, entries, first) => {
  const facts = factsOf("esp32c6");
  const bench = createBench({ chip: facts.chip, flashSizeBytes: 0x100000 });
  const { bytes } = bench.board.flash;
  bytes.set(bootImage(facts, 1).bytes, facts.bootloaderOffset);
  const table = [tableEntry(1, 0, 0xd000), tableEntry(0, 0, 0x10000), tableEntry(0, 0x10, 0x20000)];
  [...table, tableEntry(0, 0x11, 0x30000)].forEach((entry, index) => bytes.set(entry, TABLE_OFFSET + index * 32));
  entries.forEach((entry, index) => bytes.set(entry, 0xd000 + index * 0x1000));
  await bench.reset("run");
  await bench.pass(300);
  const log = Buffer.from(bench.heard()).toString("latin1");
  expect(/boot: (.*) is not bootable/.exec(log.slice(log.lastIndexOf("entry ")))?.[1]).toContain(first);
});

describe("flash encryption", () => {
  const facts = factsOf("esp32c3");
  /** Written by the stub, enciphered or not, on a board that deciphers what it boots. */
  async function bootWritten(encrypts: 0 | 1): Promise<string> {
    const bench = createBench({ chip: facts.chip, security: ["flash-encryption"], flashSizeBytes: 0x100000 });
    await bench.intoRom();
    await bench.intoStub();
    const parts = [
      [facts.bootloaderOffset, bootImage(facts, 1).bytes],
      [TABLE_OFFSET, tableEntry(0, 0, APP_OFFSET)],
      [APP_OFFSET, bootImage(facts, 7).bytes],
    ] as const;
    for (const [offset, content] of parts) {
      await bench.request(0x02, words(content.length, 1, 0x4000, offset, encrypts), 0, 100);
      expect(await sendBlocks(bench, 0x03, content, 0x4000, "stub")).toEqual([0]);
      await bench.request(0x04, words(1), 0, 100);
    }
    await bench.reset("run");
    await bench.pass(300);
    return Buffer.from(bench.heard()).toString("latin1");
  }

  test("loads a bootloader that was written enciphered, and no other", async () => {
    expect(await bootWritten(1)).toContain("entry 0x");
    expect(await bootWritten(0)).toContain("invalid header");
  });
});
