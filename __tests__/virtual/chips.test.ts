import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { toHex, words } from "../../src/base/bytes.js";
import { chipNames } from "../../src/chips/index.js";
import type { SecuritySetting } from "../../src/virtual/security.js";
import { siliconNames } from "../../src/virtual/silicon-table.js";
import { createBench } from "../support/board-bench.js";
import type { BoardBench } from "../support/board-bench.js";
import {
  attach,
  beginPayload,
  chipFacts,
  flashId,
  padded,
  readRegister,
  replyData,
  romOf,
  sendBlocks,
  someBytes,
  status,
} from "../support/board-chips.js";
import type { ChipFacts } from "../support/board-chips.js";

const MAC = Uint8Array.of(0x4c, 0x11, 0xae, 0xb9, 0x90, 0x54);
const FLASH_BYTES = 8 * 0x100000;
/** Beyond the 2 MB that ROMs believe in at first. */
const OFFSET = 0x300000;

const md5 = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

async function inRom(facts: ChipFacts): Promise<BoardBench> {
  const bench = createBench({ chip: facts.chip, mac: MAC, flashSizeBytes: FLASH_BYTES });
  // ESP8266 prints at another rate than the host listens at; what it answers comes at the host's.
  await bench.intoRom();
  return bench;
}

const each = chipFacts.map((facts) => [facts.chip, facts] as const);
const withStub = each.filter(([, { hasStub }]) => hasStub);

test("every chip of the step has a virtual board, and every board is tested here", () => {
  expect([...siliconNames].sort()).toEqual([...chipNames].sort());
  expect(chipFacts.map(({ chip }) => chip).sort()).toEqual([...siliconNames].sort());
});

describe.each(each)("%s, identity in plain frames", (_name, facts) => {
  test("says what chip it is", async () => {
    const bench = await inRom(facts);
    const replies = await bench.request(0x14, new Uint8Array(), 0, 100);
    const data = Buffer.from(replyData(replies[0], "rom"));
    if (facts.layout === "newer") {
      expect(replies.length).toBe(1);
      expect(data.length).toBe(facts.chip === "esp32s2" ? 12 : 20);
      if (facts.chip !== "esp32s2") expect(data.readUInt32LE(12)).toBe(facts.chipId);
    } else {
      // Under the op of SYNC, eight times: "no such command".
      expect(replies.map((reply) => [reply[1], status(reply, romOf(facts))])).toEqual(Array(8).fill([0x08, 0x0105]));
    }
    if (facts.magic !== undefined) expect(await readRegister(bench, 0x40001000)).toBe(facts.magic);
  });

  test("has its MAC where it belongs", async () => {
    const bench = await inRom(facts);
    const first = await readRegister(bench, facts.mac);
    const second = await readRegister(bench, facts.mac + 4);
    if (facts.layout === "esp8266") {
      expect([first >>> 24, second & 0xffff, await readRegister(bench, facts.mac + 12)]).toEqual([
        0x54, 0xb990, 0x4c11ae,
      ]);
    } else {
      expect([first, second & 0xffff]).toEqual([0xaeb99054, 0x4c11]);
    }
  });

  test("its flash tells its id and size", async () => {
    const bench = await inRom(facts);
    await attach(bench, facts, FLASH_BYTES);
    expect(await flashId(bench, facts)).toBe(0x1740c8);
  });

  test("writes to eFuses change nothing and are counted", async () => {
    const bench = await inRom(facts);
    const before = await readRegister(bench, facts.mac);
    await bench.request(0x09, words(facts.mac, 0, 0xffffffff, 0));
    expect(await readRegister(bench, facts.mac)).toBe(before);
    expect(bench.board.counters.efuseWrites).toBe(1);
  });
});

const burnt = chipFacts.flatMap(({ chip, security }) =>
  Object.entries(security ?? {}).map(
    ([setting, [address, mask]]) => [chip, setting as SecuritySetting, address, mask] as const,
  ),
);

test.each(burnt)("%s: %s is burnt at its place, and only there", async (chip, setting, address, mask) => {
  const plain = createBench({ chip });
  await plain.intoRom();
  expect((await readRegister(plain, address)) & mask).toBe(0);
  const bench = createBench({ chip, security: [setting] });
  await bench.intoRom();
  expect((await readRegister(bench, address)) & mask).not.toBe(0);
});

describe.each(each)("%s, ROM loader", (_name, facts) => {
  const rom = romOf(facts);
  const content = someBytes(5000);

  test("writes raw blocks and proves them by MD5", async () => {
    const bench = await inRom(facts);
    await attach(bench, facts, FLASH_BYTES);
    bench.board.flash.bytes.fill(0, OFFSET, OFFSET + 0x3000);
    const begin = beginPayload(facts, rom, [facts.layout === "esp8266" ? 0x1000 : content.length, 5, 0x400, OFFSET]);
    expect((await bench.request(0x02, begin)).map((reply) => status(reply, rom))).toEqual([0]);
    const statuses = await sendBlocks(bench, 0x03, padded(content, 0x400), 0x400, rom);
    expect(statuses).toEqual(Array(5).fill(0));
    expect(toHex(bench.board.flash.bytes.subarray(OFFSET, OFFSET + content.length))).toBe(toHex(content));
    expect(bench.board.flash.bytes[OFFSET + 0x2000]).toBe(0);
    expect(bench.board.counters.erasedSectors).toBe(2);

    const [reply] = await bench.request(0x13, words(OFFSET, content.length, 0, 0), 0, 100);
    if (facts.layout === "esp8266") expect(status(reply, rom)).toBe(0x0105);
    else expect(Buffer.from(replyData(reply, rom)).toString("latin1")).toBe(md5(content));
  });

  test(facts.layout === "esp8266" ? "knows no deflate" : "inflates what it is sent", async () => {
    const bench = await inRom(facts);
    await attach(bench, facts, FLASH_BYTES);
    const packed = deflateSync(content);
    const blocks = Math.ceil(packed.length / 0x400);
    const begin = beginPayload(facts, rom, [0x2000, blocks, 0x400, OFFSET]);
    const [reply] = await bench.request(0x10, begin);
    if (facts.layout === "esp8266") {
      expect(status(reply, rom)).toBe(0x0105);
      return;
    }
    expect(status(reply, rom)).toBe(0);
    expect(await sendBlocks(bench, 0x11, packed, 0x400, rom)).toEqual(Array(blocks).fill(0));
    expect(toHex(bench.board.flash.bytes.subarray(OFFSET, OFFSET + content.length))).toBe(toHex(content));
  });

  test("refuses a BEGIN of another generation, a wrong checksum, and a flash that nobody attached", async () => {
    const bench = await inRom(facts);
    const words4 = [0x1000, 4, 0x400, 0] as const;
    const other = facts.layout === "newer" ? words(...words4) : words(...words4, 0);
    expect(status((await bench.request(0x02, other))[0], rom)).toBe(0x0105);
    if (facts.layout !== "esp8266") {
      expect(status((await bench.request(0x02, beginPayload(facts, rom, words4)))[0], rom)).toBe(0x0106);
    }
    await attach(bench, facts, FLASH_BYTES);
    await bench.request(0x02, beginPayload(facts, rom, words4));
    const [reply] = await bench.request(0x03, words(4, 0, 0, 0, 0x12345678), 1);
    expect(status(reply, rom)).toBe(0x0107);
  });

  test("does not know the stub's commands", async () => {
    const bench = await inRom(facts);
    for (const op of [0xd0, 0xd1, 0xd2]) {
      const replies = await bench.request(op, words(0, 0x1000), 0, 100);
      expect(replies.map((reply) => status(reply, rom))).toEqual(Array(8).fill(0x0105));
    }
    expect(bench.board.counters.erasedSectors).toBe(0);
  });
});

describe.each(withStub)("%s, stub", (_name, facts) => {
  const content = someBytes(40_000);

  test("is taken from RAM, writes, erases ahead and proves it by MD5", async () => {
    const bench = await inRom(facts);
    await bench.intoStub();
    bench.board.flash.bytes.fill(0, OFFSET, OFFSET + 0x10000);
    const blocks = Math.ceil(content.length / 0x4000);
    const begin = words(content.length, blocks, 0x4000, OFFSET, 0);
    expect(status((await bench.request(0x02, begin, 0, 100))[0], "stub")).toBe(0);
    expect(await sendBlocks(bench, 0x03, content, 0x4000, "stub")).toEqual(Array(blocks).fill(0));
    expect(status((await bench.request(0x04, words(1), 0, 100))[0], "stub")).toBe(0);
    expect(toHex(bench.board.flash.bytes.subarray(OFFSET, OFFSET + content.length))).toBe(toHex(content));
    const [reply] = await bench.request(0x13, words(OFFSET, content.length, 0, 0), 0, 100);
    expect(toHex(replyData(reply, "stub"))).toBe(md5(content));
  });

  test("inflates, and reads back", async () => {
    const bench = await inRom(facts);
    await bench.intoStub();
    const packed = deflateSync(content);
    const blocks = Math.ceil(packed.length / 0x4000);
    await bench.request(0x10, words(content.length, blocks, 0x4000, OFFSET, 0), 0, 100);
    expect(await sendBlocks(bench, 0x11, packed, 0x4000, "stub")).toEqual(Array(blocks).fill(0));
    expect(status((await bench.request(0x12, words(1), 0, 100))[0], "stub")).toBe(0);
    const frames = await bench.request(0xd2, words(OFFSET, 0x1000, 0x1000, 1), 0, 100);
    expect(toHex(frames[1] ?? new Uint8Array())).toBe(toHex(content.subarray(0, 0x1000)));
  });

  test("answers GET_SECURITY_INFO as its chip can", async () => {
    const bench = await inRom(facts);
    await bench.intoStub();
    const [reply] = await bench.request(0x14, new Uint8Array());
    if (facts.layout !== "newer") expect(status(reply, "stub")).toBe(0xff00);
    else expect(replyData(reply, "stub").length).toBe(facts.chip === "esp32s2" ? 12 : 20);
  });

  test("reads the flash's id through its own chip's registers", async () => {
    const bench = await inRom(facts);
    await bench.intoStub();
    expect(await flashId(bench, facts)).toBe(0x1740c8);
  });
});
