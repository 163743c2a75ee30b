import fc from "fast-check";
import { createFramer, frameCommand } from "../../src/protocol/framed-command.js";
import { flashDeflateData } from "../../src/protocol/flash-commands.js";
import { readRegister } from "../../src/protocol/system-commands.js";

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("a command without a block is told whole, and framed with its escapes", () => {
  const framed = frameCommand(readRegister(0x600000c0));
  expect(toHex(framed.start)).toBe("000a040000000000c0000060");
  expect(framed.lengthBytes).toBe(12);
  expect(toHex(framed.frame)).toBe("c0000a040000000000dbdc000060c0");
  expect(framed).toMatchObject({
    op: 0x0a,
    replyLength: readRegister(0).replyLength,
    timeoutMs: readRegister(0).timeoutMs,
  });
});

test("of a command with a block, the start is told without it, and the length with it", () => {
  const block = Uint8Array.of(1, 0xdb, 3);
  const framed = frameCommand(flashDeflateData(block, 5, 1000));
  expect(toHex(framed.start)).toBe("0011130036000000".concat("03000000", "05000000", "00000000", "00000000"));
  expect(framed.lengthBytes).toBe(8 + 16 + 3);
  expect(toHex(framed.frame)).toBe(`c0${toHex(framed.start)}01dbdd03c0`);
  expect(framed.timeoutMs).toBe(1000);
});

test("a framer makes the same frames, and each holds until the next but one is made", () => {
  const blocks = fc.array(fc.uint8Array({ maxLength: 64 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(blocks, (bytes) => {
      const frame = createFramer();
      const commands = bytes.map((block, sequence) => flashDeflateData(block, sequence, 1000));
      let last: string[] = [];
      let made: Uint8Array[] = [];
      for (const command of commands) {
        const expected = frameCommand(command);
        const framed = frame(command);
        expect({ ...framed, frame: toHex(framed.frame) }).toEqual({ ...expected, frame: toHex(expected.frame) });
        made = [...made, framed.frame].slice(-2);
        last = [...last, toHex(expected.frame)].slice(-2);
        expect(made.map(toHex)).toEqual(last);
      }
    }),
  );
});
