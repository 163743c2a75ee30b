import { words } from "../../src/base/bytes.js";
import { noStats } from "../../src/virtual/stats-file.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { chips } from "../../src/chips/index.js";
import { createBench, dataPayload } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import {
  attach,
  beginPayload,
  chipFacts,
  readRegister,
  replyData,
  sendBlocks,
  someBytes,
  status,
  writeRegister,
} from "../support/board-chips.js";
import type { ChipFacts } from "../support/board-chips.js";
import { codeOf } from "../support/code-of.js";

const newer = chipFacts.filter(({ layout }) => layout === "newer");
const secureDownload = newer.filter(({ chip }) => chip !== "esp32e22").map((facts) => [facts.chip, facts] as const);
const factsOf = (chip: string): ChipFacts => {
  const facts = chipFacts.find((row) => row.chip === chip);
  if (facts === undefined) throw new Error(`no chip ${chip}`);
  return facts;
};

describe.each(secureDownload)("%s in Secure Download Mode", (chip, facts) => {
  test("tells its flags, and has no registers, no MD5, no deflate and no stub", async () => {
    const bench = createBench({ chip, security: ["secure-download", "flash-encryption"] });
    await bench.intoRom();
    const [reply] = await bench.request(0x14, new Uint8Array(), 0, 100);
    const data = Buffer.from(replyData(reply, "rom"));
    expect(data.readUInt32LE(0)).toBe(1 << 2);
    expect(data[4]).toBe(1);
    for (const [op, payload] of [
      [0x0a, words(0x40001000)],
      [0x09, words(facts.spiBase, 0, 0, 0)],
      [0x13, words(0, 0x1000, 0, 0)],
      [0x10, words(0x1000, 1, 0x400, 0, 0)],
      [0x05, words(4, 1, 4, 0x3fff0000)],
      [0x0e, words(0, 64)],
    ] as const) {
      const replies = await bench.request(op, payload, 0, 100);
      expect(replies.map((each) => status(each, "rom"))).toEqual(Array(8).fill(0x0105));
    }
  });

  test("still writes raw blocks", async () => {
    const bench = createBench({ chip, security: ["secure-download"] });
    await bench.intoRom();
    await attach(bench, facts, 4 * 0x100000);
    const content = someBytes(0x800);
    await bench.request(0x02, beginPayload(facts, "rom", [content.length, 2, 0x400, 0x300000]));
    expect(await sendBlocks(bench, 0x03, content, 0x400, "rom")).toEqual([0, 0]);
    expect(Buffer.from(bench.board.flash.bytes.subarray(0x300000, 0x300800)).equals(content)).toBe(true);
  });
});

/** Uploads the stub for `revision`, as far as the ROM lets it be. */
async function upload(bench: BoardBench, chip: "esp32c2" | "esp32c3" | "esp32p4" | "esp32s3", revision: number) {
  const stub = await chips[chip].loadStub?.(revision);
  if (stub === undefined) throw new Error(`there is no stub for ${chip}`);
  for (const { address, bytes } of stub.segments) {
    await bench.request(0x05, words(bytes.length, 1, bytes.length, address), 0, 100);
    const { payload, checksum } = dataPayload(bytes, 0);
    await bench.request(0x07, payload, checksum, 1000);
  }
  return stub;
}

/** Whether the stub greets after MEM_END, and whether anything answers then. */
async function start(bench: BoardBench, entry: number): Promise<"stub" | "silent"> {
  const frames = await bench.request(0x06, words(0, entry), 0, 100);
  const greeting = Buffer.from(frames.at(-1) ?? []).toString("latin1");
  if (greeting === "OHAI") return "stub";
  expect(await bench.request(0x0a, words(0x40001000), 0, 100)).toEqual([]);
  return "silent";
}

describe("chips that run no stub, or only their own", () => {
  test("ESP32-C3 with Secure Boot falls silent; without it starts", async () => {
    for (const [security, outcome] of [
      [["secure-boot"], "silent"],
      [[], "stub"],
    ] as const) {
      const bench = createBench({ chip: "esp32c3", security });
      await bench.intoRom();
      const stub = await upload(bench, "esp32c3", 3);
      expect(await start(bench, stub.entry)).toBe(outcome);
    }
  });

  test("ESP32-C2 of revision 0.0 falls silent", async () => {
    const bench = createBench({ chip: "esp32c2", revision: 0 });
    await bench.intoRom();
    expect(await start(bench, (await upload(bench, "esp32c2", 0)).entry)).toBe("silent");
  });

  test.each([
    [103, 103, "stub"],
    [103, 301, "silent"],
    [301, 301, "stub"],
    [301, 103, "silent"],
  ] as const)("ESP32-P4 of revision %d, stub for %d: %s", async (revision, stubRevision, outcome) => {
    const bench = createBench({ chip: "esp32p4", revision });
    await bench.intoRom();
    expect(await start(bench, (await upload(bench, "esp32p4", stubRevision)).entry)).toBe(outcome);
  });

  test("ESP32-S3 with Secure Boot starts the stub only through the pointer of its flash read", async () => {
    const bench = createBench({ chip: "esp32s3", security: ["secure-boot"] });
    await bench.intoRom();
    const stub = await upload(bench, "esp32s3", 2);
    await bench.request(0x06, words(1, 0), 0, 100);
    await writeRegister(bench, 0x3fcef688, stub.entry);
    const frames = await bench.request(0x0e, words(0, 0), 0, 100);
    expect(frames.map((frame) => Buffer.from(frame).toString("latin1"))).toEqual(["OHAI"]);

    const direct = createBench({ chip: "esp32s3", security: ["secure-boot"] });
    await direct.intoRom();
    expect(await start(direct, (await upload(direct, "esp32s3", 2)).entry)).toBe("silent");
  });
});

describe("encrypted writes", () => {
  const content = someBytes(0x400);
  async function write(security: readonly ("flash-encryption" | "encrypt-off")[], encrypts: number) {
    const facts = factsOf("esp32c6");
    const bench = createBench({ chip: "esp32c6", security });
    await bench.intoRom();
    await attach(bench, facts, 4 * 0x100000);
    const begin = beginPayload(facts, "rom", [content.length, 1, 0x400, 0x10000], encrypts);
    const begun = status((await bench.request(0x02, begin))[0], "rom");
    await sendBlocks(bench, 0x03, content, 0x400, "rom");
    return { begun, stored: Buffer.from(bench.board.flash.bytes.subarray(0x10000, 0x10400)) };
  }

  test("the flag of BEGIN enciphers, and nothing else does", async () => {
    expect((await write(["flash-encryption"], 0)).stored.equals(content)).toBe(true);
    const enciphered = await write(["flash-encryption"], 1);
    expect(enciphered.begun).toBe(0);
    expect(enciphered.stored.equals(content)).toBe(false);
    expect(enciphered.stored.equals(Buffer.alloc(0x400, 0xff))).toBe(false);
  });

  test("where that is switched off for good, BEGIN is refused", async () => {
    expect((await write(["flash-encryption", "encrypt-off"], 1)).begun).toBe(0x0106);
  });
});

describe("ESP8266's ROM", () => {
  const facts = factsOf("esp8266");
  const erased = async (offset: number, lengthBytes: number): Promise<number> => {
    const bench = createBench({ chip: "esp8266" });
    await bench.intoRom();
    await bench.request(0x02, beginPayload(facts, "rom8266", [lengthBytes, 1, 0x400, offset]));
    return bench.board.counters.erasedSectors;
  };

  test.each([
    // offset, named, erased: the sectors up to the next border of 64 KiB count twice.
    [0x0000, 0x1000, 2],
    [0x0000, 0x10000, 32],
    [0x0000, 0x20000, 48],
    [0xf000, 0x1000, 2],
    [0xf000, 0x5000, 6],
    [0x3000, 0x0800, 2],
  ])("from %d on, %d bytes named: erases %d sectors", async (offset, lengthBytes, sectors) => {
    expect(await erased(offset, lengthBytes)).toBe(sectors);
  });

  test("prints at 74880 baud, which is noise at 115200", async () => {
    const readAt = async (baud: number): Promise<string> => {
      const bench = createBench({ chip: "esp8266" });
      bench.board.setHostBaud(baud);
      await bench.reset("download");
      return Buffer.from(bench.heard()).toString("latin1");
    };
    expect(await readAt(74_880)).toContain("ets Jan  8 2013,rst cause:2, boot mode:(1,6)");
    expect(await readAt(115_200)).not.toContain("ets Jan");
  });
});

describe("more than 16 MiB of flash", () => {
  const FLASH_BYTES = 32 * 0x100000;
  const BEYOND = 0x1200000;

  test("the ROM begins anew above 16 MiB", async () => {
    const facts = factsOf("esp32s3");
    const bench = createBench({ chip: "esp32s3", flashSizeBytes: FLASH_BYTES });
    await bench.intoRom();
    await attach(bench, facts, FLASH_BYTES);
    const content = someBytes(0x400);
    await bench.request(0x02, beginPayload(facts, "rom", [content.length, 1, 0x400, BEYOND]));
    expect(await sendBlocks(bench, 0x03, content, 0x400, "rom")).toEqual([0]);
    const wrapped = BEYOND - 0x1000000;
    expect(Buffer.from(bench.board.flash.bytes.subarray(wrapped, wrapped + 0x400)).equals(content)).toBe(true);
  });

  test.each([
    ["esp32s3", BEYOND],
    ["esp32p4", BEYOND],
    ["esp32c3", BEYOND - 0x1000000],
    ["esp32", BEYOND - 0x1000000],
  ] as const)("the stub of %s writes there at %d", async (chip, place) => {
    const bench = createBench({ chip, flashSizeBytes: FLASH_BYTES });
    await bench.intoRom();
    await bench.intoStub();
    const content = someBytes(0x400);
    await bench.request(0x02, words(content.length, 1, 0x4000, BEYOND, 0), 0, 100);
    expect(await sendBlocks(bench, 0x03, content, 0x4000, "stub")).toEqual([0]);
    expect(status((await bench.request(0x04, words(1), 0, 100))[0], "stub")).toBe(0);
    expect(Buffer.from(bench.board.flash.bytes.subarray(place, place + 0x400)).equals(content)).toBe(true);
  });
});

describe("crystals", () => {
  test("ESP32-C2 with 26 MHz prints at 74880 baud, and its ROM misses the rate it is asked for by as much", async () => {
    const bench = createBench({ chip: "esp32c2", crystalMhz: 26 });
    bench.board.setHostBaud(74_880);
    await bench.reset("run");
    await bench.pass(10);
    expect(Buffer.from(bench.heard()).toString("latin1")).toContain("ESP-ROM:esp8684");
    bench.board.setHostBaud(115_200);
    await bench.intoRom();
    expect(await readRegister(bench, 0x60000014)).toBe(Math.floor(26e6 / 115_200) - 1);
    // 354,462 · 26 / 40 = 230,400.
    await bench.request(0x0f, words(354_462, 0), 0, 10);
    bench.board.setHostBaud(230_400);
    expect(await readRegister(bench, 0x40001000)).toBe(0x6f51306f);
  });

  test("a crystal that no board with the chip has is refused", () => {
    expect(parseBoardOptions("virtual:esp32c5?crystal=40").crystalMhz).toBe(40);
    expect(codeOf(() => parseBoardOptions("virtual:esp32s3?crystal=26"))).toBe("input/invalid");
  });
});

describe("settings of the URL", () => {
  test("revision, security and USB port are read", () => {
    const options = parseBoardOptions("virtual:esp32p4?revision=v3.1&security=secure-boot,key-manager&usb=otg");
    expect([options.revision, options.security, options.usb]).toEqual([301, ["secure-boot", "key-manager"], "otg"]);
  });

  test.each([
    ["virtual:esp8266?security=secure-boot", "ESP8266 has no setting"],
    ["virtual:esp32?security=secure-download", "ESP32 has no setting"],
    ["virtual:esp32c3?security=secure", "does not fit"],
    ["virtual:esp32?usb=jtag", "ESP32 has no USB port"],
    ["virtual:esp32c3?usb=otg", "ESP32-C3 has no USB port"],
    ["virtual:esp32c3?revision=3", "does not fit"],
    ["virtual:esp32x", "no virtual board"],
  ])("%s is refused", (url, words) => {
    expect(codeOf(() => parseBoardOptions(url))).toBe("input/invalid");
    expect(() => parseBoardOptions(url)).toThrow(words);
  });
});

test("counters tell resets, erases, writes and eFuse writes", async () => {
  const facts = factsOf("esp32c3");
  const bench = createBench({ chip: "esp32c3" });
  await bench.pass(10);
  expect(bench.board.counters).toEqual({ ...noStats, powerOns: 1 });
  await bench.intoRom();
  await attach(bench, facts, 4 * 0x100000);
  await bench.request(0x02, beginPayload(facts, "rom", [0x1000, 4, 0x400, 0]));
  await sendBlocks(bench, 0x03, someBytes(0x400), 0x400, "rom");
  await writeRegister(bench, 0x600088d4, 1);
  expect(await readRegister(bench, 0x600088d4)).toBe(0);
  expect(bench.board.counters).toEqual({
    ...noStats,
    ...{ powerOns: 1, resets: 1, loaderEntries: 1, erasedSectors: 1, programmedBytes: 0x400, efuseWrites: 1 },
  });
});
