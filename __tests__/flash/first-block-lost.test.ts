import { opcodes } from "../../src/protocol/opcodes.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import type { Transport } from "../../src/transport/transport.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";

const FRAME_END = 0xc0;

/** The chip hears nothing behind an erase that comes in the same write, however wide the gap: as over a USB port that nobody names. */
function deafBehindErase(transport: Transport): Transport {
  return {
    ...transport,
    write: (bytes) => {
      const isErase = bytes[0] === FRAME_END && bytes[2] === opcodes.eraseRegion;
      return transport.write(isErase ? bytes.subarray(0, bytes.indexOf(FRAME_END, 1) + 1) : bytes);
    },
  };
}

test("a board that loses the block behind an erase is flashed at the second try, which sends none there", async () => {
  const bench = createJobBench("virtual:esp32?flash-size=1MB&timing=modelled");
  bench.board.flash.bytes.fill(0, 0x10000, 0x18000);
  const bytes = pseudoCode(0x8000, 3);
  const job = flashJob([flashImage("data.bin", 0x18000, bytes)], { allow: new Set(["would-not-boot"]) });
  const end = await bench.run(job, { wrap: deafBehindErase });
  expect(end.result).toMatchObject({ verified: true, retries: 1 });
  const wanted = new Uint8Array(0x100000).fill(0xff);
  wanted.set(bytes, 0x18000);
  expect(Buffer.compare(bench.board.flash.bytes, wanted)).toBe(0);
});
