import { pseudoCode } from "../../src/image/pseudo-code.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";

// As the ROM of a real ESP32 does it: what its window held before comes behind the end of what it inflates.
test.each([
  ["a part of a sector", 0x9100],
  ["a part of a window, in whole sectors", 0xb000],
  ["less than a sector", 0x300],
])("the ROM alone leaves nothing behind the end of %s", async (_what, lengthBytes) => {
  const bench = createJobBench("virtual:esp32");
  const image = pseudoCode(lengthBytes, 5);
  const job = flashJob([flashImage("data.bin", 0x200000, image)], { erase: "touched", stub: false });
  const end = await bench.run(job);
  expect(end.result).toMatchObject({ verified: true, retries: 0 });
  const sectors = new Uint8Array(0xc000).fill(0xff);
  sectors.set(image);
  expect(Buffer.from(bench.board.flash.bytes.subarray(0x200000, 0x20c000)).equals(sectors)).toBe(true);
});
