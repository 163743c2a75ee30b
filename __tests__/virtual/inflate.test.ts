import { constants, deflateSync } from "node:zlib";
import fc from "fast-check";
import { WINDOW_BYTES } from "../../src/flash/cost-model.js";
import { windowEnds } from "../../src/flash/window-ends.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import { createInflater } from "../../src/virtual/inflate.js";
import type { InflateStatus } from "../../src/virtual/inflate.js";

/** Feeds `stream` in pieces and reads in pieces, as the chips do. */
function inflateInPieces(stream: Uint8Array, feedBytes: number, readBytes: number): [Uint8Array, InflateStatus] {
  const inflater = createInflater();
  const outputs: Uint8Array[] = [];
  let status: InflateStatus = "needs-input";
  for (let at = 0; at < stream.length; at += feedBytes) {
    inflater.feed(stream.subarray(at, at + feedBytes));
    do {
      const read = inflater.read(readBytes);
      outputs.push(read.output);
      status = read.status;
    } while (status === "output-full");
  }
  return [Buffer.concat(outputs), status];
}

/** Data with runs and repeats, so that all kinds of codes occur. */
const compressible = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 300 })), { maxLength: 30 })
  .map((runs) => Buffer.concat(runs.map(([bytes, times]) => Buffer.concat(Array<Uint8Array>(times).fill(bytes)))));

describe("inflate", () => {
  test("gives back what zlib deflated, whatever the level and the pieces", () => {
    fc.assert(
      fc.property(
        compressible,
        fc.constantFrom(0, 1, 6, 9),
        fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 0x8000 }),
        (data, level, strategy, feedBytes, readBytes) => {
          const [output, status] = inflateInPieces(deflateSync(data, { level, strategy }), feedBytes, readBytes);
          expect(status).toBe("done");
          expect(Buffer.from(output).equals(data)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("never calls a damaged stream done, unless the damage changed nothing", () => {
    fc.assert(
      fc.property(compressible, fc.nat(), fc.integer({ min: 1, max: 255 }), (data, place, change) => {
        const stream = deflateSync(data);
        const at = place % stream.length;
        stream[at] = (stream[at] ?? 0) ^ change;
        const [output, status] = inflateInPieces(stream, 1000, 0x8000);
        if (status === "done") expect(Buffer.from(output).equals(data)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("has read the next code too when a window is full, as zlib has", async () => {
    const data = pseudoCode(4 * WINDOW_BYTES, 4);
    const stream = deflateSync(data, { level: 9 });
    const inflater = createInflater();
    let fed = 0;
    for (const end of (await windowEnds(stream, data)) ?? []) {
      inflater.feed(stream.subarray(fed, end));
      fed = end;

      expect(inflater.read(WINDOW_BYTES).output).toHaveLength(WINDOW_BYTES);
      expect(inflater.unreadBytes).toBe(0);
    }
    expect(fed).toBe(stream.length);
  });

  test("says when only the checksum is missing", () => {
    const stream = deflateSync(Buffer.from("hello"));
    expect(inflateInPieces(stream.subarray(0, -2), 100, 100)).toEqual([Buffer.from("hello"), "needs-trailer"]);
  });
});
