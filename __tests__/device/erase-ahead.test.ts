import { systemClock } from "../../src/base/clock.js";
import { stubFlash } from "../../src/device/stub-flash.js";
import { blockStream } from "../../src/flash/blocks.js";
import { planEraseAhead } from "../../src/flash/erase-ahead.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import { createDeviceBench } from "../support/device-bench.js";

const OLD = 0x11;

/** Wire and flash take turns in being what the other waits for: code takes long to arrive, one value no time at all. */
const contents = {
  code: (lengthBytes: number) => pseudoCode(lengthBytes, 3),
  "one value": (lengthBytes: number) => new Uint8Array(lengthBytes).fill(7),
  "some of both": (lengthBytes: number) =>
    pseudoCode(lengthBytes, 4).map((byte, index) => ((index >> 15) % 3 === 1 ? 7 : byte)),
} as const;

interface Place {
  readonly offset: number;
  /** From `offset` on; the stub steps over such sectors one by one until it meets the first that is not. */
  readonly blankBytes?: number;
  readonly lengthBytes: number;
  readonly behindBytes: number;
}

const places: readonly Place[] = [
  { offset: 0x10000, lengthBytes: 0x40000, behindBytes: 0xb0000 },
  { offset: 0x11000, lengthBytes: 0x3a801, behindBytes: 0x84000 },
  { offset: 0x1f000, lengthBytes: 0x29000, behindBytes: 0x38000 },
  { offset: 0x10000, blankBytes: 0xf000, lengthBytes: 0x40000, behindBytes: 0xb0000 },
  { offset: 0x38000, lengthBytes: 0x20001, behindBytes: 0x57000 },
];

const cases = Object.keys(contents).flatMap((kind) =>
  ["modelled", "none"].flatMap((timing) =>
    places.map((place) => ({ kind: kind as keyof typeof contents, timing, place })),
  ),
);

test.each(cases)(
  "the stub erases all that is named behind a write, and nothing else: $kind, timing $timing, $place",
  async ({ kind, timing, place: { offset, lengthBytes, behindBytes, blankBytes = 0 } }) => {
    const bench = createDeviceBench(`virtual:esp32?timing=${timing}`);
    const device = await bench.openStub();
    bench.board.flash.bytes.fill(OLD).fill(0xff, offset, offset + blankBytes);
    const wanted = bench.board.flash.bytes.slice();
    const bytes = contents[kind](lengthBytes);
    const behind = { offset: Math.ceil((offset + lengthBytes) / 0x1000) * 0x1000, lengthBytes: behindBytes };
    const options = { blockBytes: 0x4000, byWindow: false, compress: true };
    const stream = await blockStream(offset, bytes, options, systemClock);
    const ahead = planEraseAhead(stream, behind);
    expect(ahead).toBeDefined();
    await bench.run(() => stubFlash(device).write({ ...stream, ...(ahead && { ahead }) }, () => undefined));
    wanted.fill(0xff, offset, behind.offset + behind.lengthBytes);
    wanted.set(bytes, offset);
    expect(Buffer.compare(bench.board.flash.bytes, wanted)).toBe(0);
  },
);
