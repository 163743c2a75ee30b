import { pseudoCode } from "../../src/image/pseudo-code.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";

/** A byte in the middle of a block of data, behind reset, stub and comparison. */
const IN_A_BLOCK = 35_000;

test.each(["flip", "drop", "double"])(
  "a block with a byte that was hit (%s) is sent again, and nothing else",
  async (damage) => {
    const bench = createJobBench(`virtual:esp32?fault=to-chip-${damage}:${IN_A_BLOCK}`);
    const end = await bench.run(
      flashJob([flashImage("data.bin", 0x200000, pseudoCode(0x18000, 5))], { erase: "touched" }),
    );
    expect(end.result).toMatchObject({ verified: true, retries: 0 });
  },
);

test("the ROM alone does not take a block twice: the write begins anew, and the reason is the damage", async () => {
  const bench = createJobBench("virtual:esp32?fault=to-chip-flip:20000");
  const job = flashJob([flashImage("data.bin", 0x200000, pseudoCode(0x18000, 5))], { erase: "touched" });
  const end = await bench.run({ ...job, stub: false });
  expect(end.result).toMatchObject({ verified: true, retries: 1 });
  const refusals = end.messages.filter((message) => message.includes("refused"));
  expect(refusals).toEqual([expect.stringContaining("the checksum of the data is wrong")]);
});
