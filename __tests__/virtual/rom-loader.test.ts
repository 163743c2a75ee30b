import { deflateSync } from "node:zlib";
import { words } from "../../src/base/bytes.js";
import { esp32 } from "../../src/chips/esp32.js";
import { knownStubs, stubInRam } from "../../src/virtual/known-stubs.js";
import { createBench, dataPayload, requestFrame, slip, statusOf, SYNC } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import { readRegister } from "../support/board-chips.js";

const attach = (bench: BoardBench): Promise<Uint8Array[]> => bench.request(0x0d, words(0, 0));
const begin = (lengthBytes: number, offset: number): Uint8Array =>
  words(lengthBytes, Math.ceil(lengthBytes / 0x400), 0x400, offset);
const status = (frames: readonly Uint8Array[]): number | undefined => statusOf(frames[0], "rom");

async function inRom(): Promise<BoardBench> {
  const bench = createBench();
  await bench.intoRom();
  return bench;
}

describe("the ROM refuses", () => {
  test.each([
    ["a flash write without SPI_ATTACH", 0x02, begin(0x400, 0), 0x0106],
    ["an MD5 without SPI_ATTACH", 0x13, words(0, 0x1000, 0, 0), 0x0109],
    ["SPI_ATTACH of the stub's length", 0x0d, words(0), 0x0105],
    ["BEGIN with the fifth word of newer chips", 0x02, words(0x400, 1, 0x400, 0, 0), 0x0105],
    ["data without BEGIN", 0x03, dataPayload(new Uint8Array(16), 0).payload, 0x0106],
    ["RAM where there is none", 0x05, words(16, 1, 16, 0x20000000), 0x010e],
    ["RAM that runs over its end", 0x05, words(0x100000, 1, 0x100000, 0x3fff0000), 0x010e],
    ["a READ_REG without an address", 0x0a, new Uint8Array(0), 0x0105],
    ["a rate of 0", 0x0f, words(0, 0), 0x0105],
  ])("%s", async (_what, op, payload, expected) => {
    const bench = await inRom();
    expect(status(await bench.request(op, payload))).toBe(expected);
  });

  test("addresses beyond its 2 MB, until SPI_SET_PARAMS names the real size", async () => {
    const bench = await inRom();
    await attach(bench);
    expect(status(await bench.request(0x02, begin(0x400, 0x200000)))).toBe(0x0106);
    await bench.request(0x0b, words(0, 0x400000, 0x10000, 0x1000, 0x100, 0xffff));
    expect(status(await bench.request(0x02, begin(0x400, 0x200000)))).toBe(0);
    expect(status(await bench.request(0x02, begin(0x400, 0x400000)))).toBe(0x0106);
  });

  test.each([
    ["flash", 0x02, 0x1000, 0x03],
    ["RAM", 0x05, 0x3fff0000, 0x07],
  ])("to %s: a block with a wrong checksum, and its number from then on", async (_what, beginOp, place, dataOp) => {
    const bench = await inRom();
    await attach(bench);
    await bench.request(beginOp, words(0x800, 2, 0x400, place));
    const { payload, checksum } = dataPayload(new Uint8Array(0x400).fill(0xa5), 0);
    expect(status(await bench.request(dataOp, payload, checksum ^ 1))).toBe(0x0107);
    expect(status(await bench.request(dataOp, payload, checksum))).toBe(0x0105);
    expect(bench.board.flash.bytes[0x1000]).toBe(0xff);
    const next = dataPayload(new Uint8Array(0x400).fill(0x5a), 1);
    expect(status(await bench.request(dataOp, next.payload, next.checksum))).toBe(0);
    expect(status(await bench.request(dataOp, next.payload, next.checksum))).toBe(0x0105);
  });
});

describe("deflated writes in the ROM", () => {
  const data = Uint8Array.from({ length: 0x800 }, (_, index) => index * 3);
  const deflateBegin = words(0x800, 1, 0x4000, 0x3000);
  async function sent(stream: Uint8Array): Promise<readonly [number | undefined, BoardBench]> {
    const bench = await inRom();
    await attach(bench);
    await bench.request(0x10, deflateBegin);
    const { payload, checksum } = dataPayload(stream, 0);
    return [status(await bench.request(0x11, payload, checksum)), bench];
  }
  const flipped = (stream: Uint8Array, at: number): Uint8Array => {
    const wrong = Uint8Array.from(stream);
    wrong[at] = (wrong[at] ?? 0) ^ 0xff;
    return wrong;
  };

  test("are in the flash when they are answered", async () => {
    const [result, { board }] = await sent(deflateSync(data));
    expect(result).toBe(0);
    expect(Buffer.from(board.flash.bytes.subarray(0x3000, 0x3800)).equals(data)).toBe(true);
  });

  test.each([
    ["that do not inflate", flipped(deflateSync(data), 0), 0x010b],
    ["whose own checksum is wrong", flipped(deflateSync(data), deflateSync(data).length - 1), 0x010c],
    ["of more than BEGIN announced", deflateSync(new Uint8Array(0x801)), 0x010b],
  ])("%s are refused", async (_what, stream, expected) => {
    expect((await sent(stream))[0]).toBe(expected);
  });

  test("a refused write to the flash is told at once", async () => {
    const bench = createBench({ faults: [{ name: "write-fails", number: 1 }] });
    await bench.intoRom();
    await attach(bench);
    await bench.request(0x10, deflateBegin);
    const { payload, checksum } = dataPayload(deflateSync(data), 0);
    expect(status(await bench.request(0x11, payload, checksum))).toBe(0x0108);
  });
});

describe("READ_FLASH_SLOW", () => {
  test("answers with 64 bytes, however few were asked for", async () => {
    const bench = await inRom();
    await attach(bench);
    bench.board.flash.bytes.set([1, 2, 3, 4], 0x2000);
    const [reply] = await bench.request(0x0e, words(0x2000, 3));
    expect(reply).toHaveLength(8 + 64 + 4);
    expect([...(reply ?? []).slice(8, 12)]).toEqual([1, 2, 3, 0]);
  });

  test("refuses more than 64 bytes and places beyond the flash", async () => {
    const bench = await inRom();
    await attach(bench);
    expect(status(await bench.request(0x0e, words(0, 65)))).toBe(0x010a);
    expect(status(await bench.request(0x0e, words(0x200000, 64)))).toBe(0x0109);
  });
});

test("registers take the masked bits of a write, but for eFuses", async () => {
  const bench = await inRom();
  const value = async (address: number): Promise<number> =>
    Buffer.from((await bench.request(0x0a, words(address)))[0] ?? []).readUInt32LE(4);
  await bench.request(0x09, words(0x3ff42024, 0x12345678, 0x0000ffff, 0));
  expect(await value(0x3ff42024)).toBe(0x70005678);
  await bench.request(0x09, words(0x3ffb0000, 0xcafe, 0xffffffff, 0));
  expect(await value(0x3ffb0000)).toBe(0xcafe);
  await bench.request(0x09, words(0x3ff5a004, 0, 0xffffffff, 0));
  expect(await value(0x3ff5a004)).toBe(0xaeb99054);
});

test("the peripherals lie at two places, of which esptool 2.8 takes the other one", async () => {
  const bench = await inRom();
  await bench.request(0x09, words(0x60002024, 23, 0xffffffff, 0));
  expect(await readRegister(bench, 0x3ff42024)).toBe(23);
});

test("another MAC comes with its own checksum byte", async () => {
  const bench = createBench({ mac: Uint8Array.of(0x24, 0x0a, 0xc4, 0x12, 0x34, 0x56) });
  await bench.intoRom();
  const [low] = await bench.request(0x0a, words(0x3ff5a004));
  const [high] = await bench.request(0x0a, words(0x3ff5a008));
  expect(Buffer.from(low ?? []).readUInt32LE(4)).toBe(0xc4123456);
  expect(Buffer.from(high ?? []).readUInt32LE(4) & 0xffff).toBe(0x240a);
  expect(Buffer.from(high ?? []).readUInt32LE(4) >>> 16).not.toBe(0x4e);
});

test("the ROM hears nothing before the first SYNC, which also tells it the rate", async () => {
  const bench = createBench();
  await bench.reset("download");
  bench.board.setHostBaud(230_400);
  expect(await bench.request(0x0a, words(0x40001000))).toHaveLength(0);
  expect(await bench.request(0x08, SYNC)).toHaveLength(8);
  expect(await bench.request(0x0a, words(0x40001000))).toHaveLength(1);
  bench.board.setHostBaud(115_200);
  expect(await bench.request(0x0a, words(0x40001000))).not.toHaveLength(1);
});

test("a frame with a wrong escape is dropped without a word", async () => {
  const bench = await inRom();
  const frame = Buffer.from(requestFrame(0x0a, words(0x40001000)));
  frame[frame.length - 2] = 0xdb;
  expect(await bench.exchange(frame)).toHaveLength(0);
});

describe("programs in RAM", () => {
  test("the table of stubs knows the packaged one", async () => {
    const { entry, segments } = await esp32.loadStub();
    const read = (address: number): Uint8Array =>
      segments.find((segment) => segment.address === address)?.bytes ?? new Uint8Array(0);
    expect(stubInRam(knownStubs("esp32"), entry, 0, read)).toBeDefined();
  });

  test.each([
    ["one byte is wrong", 1, 0],
    ["the entry is wrong", 0, 4],
  ])("the chip is silent where %s", async (_what, damage, entryShift) => {
    const bench = await inRom();
    const stub = await esp32.loadStub();
    for (const segment of stub.segments) {
      const bytes = segment.bytes.slice();
      bytes[100] = (bytes[100] ?? 0) ^ damage;
      await bench.request(0x05, words(bytes.length, 1, bytes.length, segment.address));
      const { payload, checksum } = dataPayload(bytes, 0);
      expect(status(await bench.request(0x07, payload, checksum))).toBe(0);
    }
    expect(await bench.request(0x06, words(0, stub.entry + entryShift))).toHaveLength(1);
    expect(await bench.exchange(slip(SYNC), 500)).toHaveLength(0);
    expect(await bench.request(0x08, SYNC)).toHaveLength(0);
  });

  test("a stub may come in any number of blocks", async () => {
    const bench = await inRom();
    const stub = await esp32.loadStub();
    for (const { address, bytes } of stub.segments) {
      await bench.request(0x05, words(bytes.length, Math.ceil(bytes.length / 500), 500, address));
      for (let at = 0, sequence = 0; at < bytes.length; at += 500, sequence++) {
        const { payload, checksum } = dataPayload(bytes.subarray(at, at + 500), sequence);
        expect(status(await bench.request(0x07, payload, checksum))).toBe(0);
      }
    }
    const frames = await bench.request(0x06, words(0, stub.entry));
    expect(Buffer.from(frames[1] ?? []).toString("latin1")).toBe("OHAI");
  });
});

test.each([
  ["0 restarts the chip, whose straps still say download", 0, /rst:0x3 \(SW_RESET\),boot:0xf/, true],
  ["1 boots from the flash", 1, /^$/, false],
])("FLASH_END leaves the loader: %s", async (_what, word, log, downloads) => {
  const bench = await inRom();
  await attach(bench);
  await bench.request(0x02, begin(0x400, 0));
  const answer = Buffer.from(await bench.exchange(requestFrame(0x04, words(word)))).toString("latin1");
  expect(answer.slice(14)).toMatch(log);
  expect(bench.board.inDownloadMode).toBe(downloads);
});
