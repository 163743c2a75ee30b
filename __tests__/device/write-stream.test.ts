import { stubFlash } from "../../src/device/stub-flash.js";
import type { BlockStream } from "../../src/device/flash-access.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import { opcodes } from "../../src/protocol/opcodes.js";
import { createDeviceBench } from "../support/device-bench.js";

const BLOCK_BYTES = 0x1000;

/** Four blocks of a raw write to a blank flash. */
function stream(): BlockStream {
  const bytes = pseudoCode(4 * BLOCK_BYTES, 7);
  const blocks = [0, 1, 2, 3].map((index) => ({
    bytes: bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES),
    flashBytes: BLOCK_BYTES,
  }));
  return { offset: 0x10000, lengthBytes: bytes.length, encoding: "raw", blocks };
}

test("the next block is noted while the one before is on the wire, so that the answer finds it ready", async () => {
  const bench = createDeviceBench("virtual:esp32?timing=modelled");
  const device = await bench.openStub();
  const steps: string[] = [];
  bench.board.onData((bytes) => {
    if (bytes[2] === opcodes.flashData) steps.push("answer");
  });
  await bench.run(() => stubFlash(device).write(stream(), () => void steps.push("noted")));
  expect(steps).toEqual(["noted", "noted", "answer", "noted", "answer", "noted", "answer", "answer"]);
});

test("what is noted covers all that the loader may be working on", async () => {
  const bench = createDeviceBench("virtual:esp32?timing=modelled");
  const device = await bench.openStub();
  const notes: (readonly [doneBytes: number, underWayBytes: number])[] = [];
  await bench.run(() => stubFlash(device).write(stream(), (done, underWay) => void notes.push([done, underWay])));
  // A block is noted when the answer to the last but one is there, which says that the one before that is written.
  expect(notes.map(([done, underWay]) => [done / BLOCK_BYTES, underWay / BLOCK_BYTES])).toEqual([
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 3],
  ]);
});

test("where the note cannot be written, the answer is waited for and no other block is sent", async () => {
  const bench = createDeviceBench("virtual:esp32?timing=modelled");
  const device = await bench.openStub();
  let notes = 0;
  const fails = bench.run(() =>
    stubFlash(device).write(stream(), () => {
      if (++notes === 2) throw new Error("disk full");
    }),
  );
  await expect(fails).rejects.toThrow("disk full");
  expect(bench.commands.filter((op) => op === opcodes.flashData)).toHaveLength(1);
  // Nothing is left over that could be taken for another command's answer.
  expect(await bench.run(() => stubFlash(device).md5(0, 0x1000))).toMatch(/^[0-9a-f]{32}$/);
});

describe("an erase beside the first block", () => {
  const besideStream = (offset = 0x10000): BlockStream => ({
    ...stream(),
    encoding: "raw",
    beside: { offset, lengthBytes: 0x10000 },
  });

  test("takes no time of its own where the block takes longer, and both are done", async () => {
    const durations: number[] = [];
    for (const written of [besideStream(), stream()]) {
      const bench = createDeviceBench("virtual:esp32?timing=modelled");
      const device = await bench.openStub();
      bench.board.flash.bytes.fill(0, 0x14000, 0x20000);
      const startMs = bench.clock.nowMs();
      await bench.run(() => stubFlash(device).write(written, () => undefined));
      durations.push(bench.clock.nowMs() - startMs);
      const held = bench.board.flash.bytes.subarray(0x10000, 0x20000);
      expect(Buffer.from(held.subarray(0, 0x4000)).equals(pseudoCode(4 * BLOCK_BYTES, 7))).toBe(true);
      expect(held.subarray(0x4000).every((byte) => byte === (written.beside === undefined ? 0 : 0xff))).toBe(true);
    }
    const [withErase = 0, without = 0] = durations;
    // A gap of 160 bytes and the erase's own frame at 115200 baud, and no 150 ms.
    expect(withErase - without).toBeLessThan(25);
  });

  test("that is refused fails the write: nothing is sent behind it", async () => {
    const bench = createDeviceBench("virtual:esp32");
    const device = await bench.openStub();
    const write = bench.run(() => stubFlash(device).write(besideStream(0x10800), () => undefined));
    await expect(write).rejects.toMatchObject({ code: "device/rejected" });
    expect(bench.commands.filter((op) => op === opcodes.flashData)).toHaveLength(1);
  });
});
