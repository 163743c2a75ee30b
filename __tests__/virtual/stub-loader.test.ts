import { deflateSync } from "node:zlib";
import { concatBytes, words } from "../../src/base/bytes.js";
import { createBench, dataPayload, requestFrame, statusOf, SYNC } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import type { BoardOptions } from "../../src/virtual/board-options.js";
import { framesIn } from "../support/traces.js";

const status = (frames: readonly Uint8Array[]): number | undefined => statusOf(frames[0], "stub");

async function inStub(options: Partial<BoardOptions> = {}): Promise<BoardBench> {
  const bench = createBench(options);
  await bench.intoRom();
  await bench.intoStub();
  return bench;
}

const begin = (op: 0x02 | 0x10, bench: BoardBench, lengthBytes: number, offset: number): Promise<Uint8Array[]> =>
  bench.request(op, words(lengthBytes, Math.max(1, Math.ceil(lengthBytes / 0x4000)), 0x4000, offset));

function send(op: 0x03 | 0x11, bench: BoardBench, block: Uint8Array, sequence: number): Promise<Uint8Array[]> {
  const { payload, checksum } = dataPayload(block, sequence);
  return bench.request(op, payload, checksum);
}
const readMagic = (bench: BoardBench): Promise<Uint8Array[]> => bench.request(0x0a, words(0x40001000));
const filled = (lengthBytes: number, seed = 7): Uint8Array =>
  Uint8Array.from({ length: lengthBytes }, (_, index) => (index * seed + (index >>> 8)) & 0xff);

describe("errors of the stub", () => {
  test.each([
    ["data without BEGIN", 0x03, dataPayload(new Uint8Array(4), 0).payload, 0xc600],
    ["END without BEGIN", 0x04, words(1), 0xc600],
    ["SPI_ATTACH of the ROM's length", 0x0d, words(0, 0), 0xc000],
    ["BEGIN of 12 bytes", 0x02, words(1, 2, 3), 0xc000],
    ["ERASE_REGION that is not aligned", 0xd1, words(0x800, 0x1000), 0xc000],
    ["GET_SECURITY_INFO", 0x14, new Uint8Array(0), 0xff00],
    ["a NAND command without the plugin", 0xd5, words(0), 0xff00],
    ["an unknown command", 0x77, new Uint8Array(0), 0xc300],
    ["an MD5 beyond the flash", 0x13, words(0x400000, 0x1000, 0, 0), 0xc400],
  ])("%s", async (_what, op, payload, expected) => {
    const bench = await inStub();
    expect(status(await bench.request(op, payload))).toBe(expected);
    expect(status(await readMagic(bench))).toBe(0);
  });

  test("a checksum error is told at once, and the block may come again", async () => {
    const bench = await inStub();
    await begin(0x02, bench, 16, 0);
    const { payload, checksum } = dataPayload(filled(16), 0);
    expect(status(await bench.request(0x03, payload, checksum ^ 1))).toBe(0xc100);
    expect(status(await bench.request(0x03, payload, checksum))).toBe(0);
    expect(status(await bench.request(0x04, words(1)))).toBe(0);
  });

  test("a failed write is told by the next command, which is not carried out", async () => {
    const bench = await inStub({ faults: [{ name: "write-fails", number: 2 }] });
    await begin(0x02, bench, 48, 0);
    expect(status(await send(0x03, bench, filled(16), 0))).toBe(0);
    expect(status(await send(0x03, bench, filled(16), 1))).toBe(0);
    expect(status(await send(0x03, bench, filled(16), 2))).toBe(0xc400);
    expect(status(await readMagic(bench))).toBe(0);
    expect(bench.board.flash.bytes[16]).toBe(0xff);
    expect(status(await bench.request(0x04, words(1)))).toBe(0xc000);
  });

  test("a write beyond the flash fails one command late", async () => {
    const bench = await inStub();
    expect(status(await begin(0x02, bench, 0x2000, 0x3ff000))).toBe(0);
    expect(status(await send(0x03, bench, filled(0x2000), 0))).toBe(0);
    expect(status(await bench.request(0x04, words(1)))).toBe(0xc400);
  });
});

describe("deflated writes", () => {
  test("reach the flash in whatever pieces they come, and END wants the exact length", async () => {
    const bench = await inStub();
    const data = filled(100_000, 11);
    const stream = deflateSync(data);
    await begin(0x10, bench, data.length, 0x10000);
    for (let at = 0, sequence = 0; at < stream.length; at += 700, sequence++) {
      expect(status(await send(0x11, bench, stream.subarray(at, at + 700), sequence))).toBe(0);
    }
    expect(status(await bench.request(0x12, words(1)))).toBe(0);
    expect(Buffer.from(bench.board.flash.bytes.subarray(0x10000, 0x10000 + data.length)).equals(data)).toBe(true);
  });

  test.each([-1, 1])("END refuses a length that is off by %i", async (off) => {
    const bench = await inStub();
    const data = filled(5000);
    await begin(0x10, bench, data.length + off, 0);
    expect(status(await send(0x11, bench, deflateSync(data), 0))).toBe(0);
    expect(status(await bench.request(0x12, words(1)))).toBe(0xc000);
  });

  test("more sectors than BEGIN announced make the stub hang", async () => {
    const bench = await inStub();
    await begin(0x10, bench, 0x1000, 0);
    expect(status(await send(0x11, bench, deflateSync(filled(0x1001)), 0))).toBe(0);
    expect(await readMagic(bench)).toHaveLength(0);
  });

  test("what does not inflate is told by the next command", async () => {
    const bench = await inStub();
    await begin(0x10, bench, 0x1000, 0);
    expect(status(await send(0x11, bench, filled(100), 0))).toBe(0);
    expect(status(await readMagic(bench))).toBe(0xc700);
  });
});

describe("erasing ahead of a write", () => {
  test("passes over blank sectors until the first that is not, and then erases all", async () => {
    const bench = await inStub();
    bench.board.flash.bytes[0x2000] = 0;
    bench.board.flash.bytes.fill(0, 0x6000, 0x7000);
    await begin(0x02, bench, 0x4000, 0);
    expect(status(await send(0x03, bench, filled(0x4000), 0))).toBe(0);
    expect(status(await bench.request(0x04, words(1)))).toBe(0);
    expect(Buffer.from(bench.board.flash.bytes.subarray(0, 0x4000)).equals(filled(0x4000))).toBe(true);
    expect(bench.board.flash.bytes[0x6000]).toBe(0);
  });

  test("ERASE_REGION and ERASE_FLASH erase what they name", async () => {
    const bench = await inStub();
    bench.board.flash.bytes.fill(0);
    await bench.request(0xd1, words(0x10000, 0x11000));
    expect(bench.board.flash.bytes[0xffff]).toBe(0);
    expect(bench.board.flash.bytes.subarray(0x10000, 0x21000).every((byte) => byte === 0xff)).toBe(true);
    expect(bench.board.flash.bytes[0x21000]).toBe(0);
    await bench.request(0xd0, new Uint8Array(0));
    expect(bench.board.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
  });
});

describe("RAM through the stub", () => {
  test("is written without a checksum, and read back by words", async () => {
    const bench = await inStub();
    await bench.request(0x05, words(8, 1, 8, 0x3ffb0000));
    const { payload } = dataPayload(words(0x11223344, 0x55667788), 0);
    expect(status(await bench.request(0x07, payload, 0))).toBe(0);
    const [reply] = await bench.request(0x0a, words(0x3ffb0004));
    expect(Buffer.from(reply ?? []).readUInt32LE(4)).toBe(0x55667788);
  });

  test.each([
    ["data without MEM_BEGIN", 0x07, dataPayload(new Uint8Array(4), 0).payload, 0xc600],
    ["MEM_END without MEM_BEGIN", 0x06, words(0, 0x400a8000), 0xc600],
    ["data shorter than its header", 0x07, words(0), 0xc800],
  ])("%s is refused", async (_what, op, payload, expected) => {
    const bench = await inStub();
    expect(status(await bench.request(op, payload))).toBe(expected);
  });

  test("more than MEM_BEGIN announced is refused; where no RAM is, the chip hangs", async () => {
    const bench = await inStub();
    await bench.request(0x05, words(4, 1, 4, 0x20000000));
    expect(status(await bench.request(0x07, dataPayload(new Uint8Array(8), 0).payload))).toBe(0xc900);
    expect(await bench.request(0x07, dataPayload(new Uint8Array(4), 0).payload)).toHaveLength(0);
    expect(await readMagic(bench)).toHaveLength(0);
  });

  test("a stub can be uploaded and started by the stub", async () => {
    const bench = await inStub();
    await bench.intoStub();
    expect(status(await readMagic(bench))).toBe(0);
  });
});

test("a frame that is no request is answered as what its bytes say", async () => {
  const bench = await inStub();
  expect(status(framesIn(await bench.exchange(Uint8Array.of(0xc0, 1, 0x0a, 0, 0, 0, 0, 0, 0, 0xc0))))).toBe(0xc300);
  expect(status(framesIn(await bench.exchange(Uint8Array.of(0xc0, 0, 0x0a, 0, 0, 0xc0))))).toBe(0xc000);
  expect(await bench.request(0xd3, new Uint8Array(0))).toHaveLength(0);
});

test("two delimiters in a row end an empty frame, so that the next one's start is taken for its end", async () => {
  const bench = await inStub();
  const request = requestFrame(0x0a, words(0x40001000));
  expect(await bench.exchange(concatBytes(Uint8Array.of(0xc0), request))).toHaveLength(0);
});

test("READ_FLASH sends one packet at a time and waits for the count", async () => {
  const bench = await inStub();
  bench.board.flash.bytes.set(filled(0x1800), 0x3000);
  const frames = await bench.request(0xd2, words(0x3000, 0x1800, 0x1000, 64));
  expect(frames.map((frame) => frame.length)).toEqual([10, 0x1000]);
  const second = framesIn(await bench.exchange(Uint8Array.of(0xc0, 0x00, 0x10, 0, 0, 0xc0)));
  expect(second.map((frame) => frame.length)).toEqual([0x800]);
  const last = framesIn(await bench.exchange(Uint8Array.of(0xc0, 0x00, 0x18, 0, 0, 0xc0)));
  expect(last.map((frame) => frame.length)).toEqual([16]);
  expect(
    Buffer.concat([frames[1] ?? [], second[0] ?? []].map((part) => Uint8Array.from(part))).equals(filled(0x1800)),
  ).toBe(true);
});

test("a rate counts from the reply on; at the old one there is only noise", async () => {
  const bench = await inStub();
  expect(status(await bench.request(0x0f, words(460_800, 115_200)))).toBe(0);
  const noise = await bench.exchange(requestFrame(0x08, SYNC));
  expect(framesIn(noise).some((frame) => frame.length === 10)).toBe(false);
  bench.board.setHostBaud(460_800);
  await bench.exchange(Uint8Array.of(0xc0));
  expect((await bench.request(0x08, SYNC)).length + (await bench.request(0x08, SYNC)).length).toBeGreaterThan(7);
});

describe("frames that do not wait for an answer", () => {
  /** The commands that are answered when an erase of 64 KiB is sent, and two of READ_REG with a gap before each. */
  async function answered(gapBytes: number): Promise<readonly (number | undefined)[]> {
    const bench = await inStub({ timing: "modelled" });
    await bench.pass(100);
    bench.heard();
    const behindGap = concatBytes(new Uint8Array(gapBytes), requestFrame(0x0a, words(0x40001000)));
    bench.board.receive(concatBytes(requestFrame(0xd1, words(0, 0x10000)), behindGap, behindGap));
    await bench.pass(1000);
    return framesIn(bench.heard()).map((reply) => reply[1]);
  }

  test("one is taken while another is carried out, and a third is lost, as the stub has two buffers", async () => {
    expect(await answered(128)).toEqual([0xd1, 0x0a]);
  });

  test("one right behind another is lost: the stub's loop has had no time to look", async () => {
    expect(await answered(0)).toEqual([0xd1]);
  });
});
