import fc from "fast-check";
import { createFrameDecoder, encodeFrame } from "../../src/protocol/slip.js";

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("SLIP", () => {
  test("escapes the two special bytes and delimits both ends", () => {
    expect(toHex(encodeFrame(Uint8Array.of(0x01, 0xc0, 0xdb, 0x02)))).toBe("c001dbdcdbdd02c0");
  });

  test("whatever is framed comes out again, however it is cut into chunks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        (contents, chunkBytes) => {
          const wire = Buffer.concat(contents.map((content) => encodeFrame(content)));
          const decoder = createFrameDecoder();
          const frames: Uint8Array[] = [];
          for (let at = 0; at < wire.length; at += chunkBytes) {
            frames.push(...decoder.push(wire.subarray(at, at + chunkBytes)));
          }
          expect(frames.map(toHex)).toEqual(contents.map(toHex));
        },
      ),
    );
  });

  test("the boot log before a frame is handed on and does not disturb it", () => {
    const stray: string[] = [];
    const decoder = createFrameDecoder((bytes) => stray.push(Buffer.from(bytes).toString("latin1")));
    const frames = decoder.push(Buffer.concat([Buffer.from("rst:0x1\r\n"), encodeFrame(Uint8Array.of(7))]));
    expect(frames.map(toHex)).toEqual(["07"]);
    expect(stray).toEqual(["rst:0x1\r\n"]);
  });

  test("a frame with a wrong escape is not delivered, and the next one is", () => {
    const decoder = createFrameDecoder();
    expect(decoder.push(Uint8Array.of(0xc0, 0x01, 0xdb, 0x01, 0xc0))).toEqual([]);
    expect(decoder.push(encodeFrame(Uint8Array.of(9))).map(toHex)).toEqual(["09"]);
  });

  test("text right behind a frame is no frame, and is handed on once", () => {
    const stray: string[] = [];
    const decoder = createFrameDecoder((bytes) => stray.push(Buffer.from(bytes).toString("latin1")));
    expect(decoder.push(encodeFrame(Uint8Array.of(1))).map(toHex)).toEqual(["01"]);
    expect(decoder.push(Buffer.from("boot"))).toEqual([]);
    expect(decoder.push(encodeFrame(Uint8Array.of(2))).map(toHex)).toEqual(["02"]);
    expect(stray).toEqual(["boot"]);
  });

  test("delimiters in a row are no frames", () => {
    const decoder = createFrameDecoder();
    expect(decoder.push(Uint8Array.of(0xc0, 0xc0, 0xc0, 0x05, 0xc0, 0xc0, 0xc0)).map(toHex)).toEqual(["05"]);
    expect(decoder.push(Uint8Array.of(0x06, 0xc0)).map(toHex)).toEqual(["06"]);
  });

  test("a frame that is cut within an escape is broken", () => {
    const stray: string[] = [];
    const decoder = createFrameDecoder((bytes) => stray.push(toHex(bytes)));
    expect(decoder.push(Uint8Array.of(0xc0, 0x01, 0xdb, 0xc0))).toEqual([]);
    expect(stray).toEqual(["01"]);
    expect(decoder.push(Uint8Array.of(0xc0, 0xdb, 0xdc, 0xc0)).map(toHex)).toEqual(["c0"]);
  });

  test("a frame without an end is given up at 16 KiB, and the next one is taken", () => {
    const largest = new Uint8Array(0x4000).fill(7);
    const decoder = createFrameDecoder();
    expect(decoder.push(encodeFrame(largest)).map((frame) => frame.length)).toEqual([0x4000]);
    expect(decoder.push(encodeFrame(new Uint8Array(0x4001).fill(7)))).toEqual([]);
    expect(decoder.push(encodeFrame(Uint8Array.of(9))).map(toHex)).toEqual(["09"]);
  });

  test("a lost delimiter costs one frame, not all that follow", () => {
    const decoder = createFrameDecoder();
    const wire = Buffer.concat([
      encodeFrame(Uint8Array.of(1)).subarray(1),
      encodeFrame(Uint8Array.of(2)),
      encodeFrame(Uint8Array.of(3)),
    ]);
    expect(decoder.push(wire).map(toHex)).toContain("03");
  });
});
