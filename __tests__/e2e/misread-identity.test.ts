import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";
import { patternBytes } from "../support/images.js";
import { withMisread } from "../support/wire-tap.js";

/** Lower words of the MAC, of which one bit came over wrong. */
test.each([
  ["esp32", 0x3ff5a004, 0xaeb99055],
  ["esp32c3", 0x60008844, 0xaeb99055],
  ["esp8266", 0x3ff00050, 0x55000000],
] as const)("a MAC of %s that was misread is asked for again, and is no other board's", async (chip, address, word) => {
  const claimed: string[] = [];
  const end = await createJobBench(`virtual:${chip}`).run(
    { ...flashJob([flashImage("data.bin", 0x200000, patternBytes(0x1000, 3))], { erase: "touched" }), chip },
    { wrap: withMisread(address, word), onIdentified: (mac) => Promise.resolve(void claimed.push(mac)) },
  );
  expect(end.error?.message).toBeUndefined();
  expect(end.result).toMatchObject({ verified: true, identity: { mac: "4c:11:ae:b9:90:54" } });
  expect(claimed).toEqual(["4c:11:ae:b9:90:54"]);
});

/** The word by which older chips are told apart, as it is on other ones and on none. */
test.each([
  ["another chip's", "esp32", 0xfff0c101],
  ["no chip's", "esp32", 0x00f01d82],
  ["no chip's", "auto", 0x00f01d82],
] as const)("a magic number that was misread as %s does not end a job for %s", async (_what, chip, word) => {
  const end = await createJobBench("virtual:esp32").run(
    { ...flashJob([flashImage("data.bin", 0x200000, patternBytes(0x1000, 3))], { erase: "touched" }), chip },
    { wrap: withMisread(0x40001000, word) },
  );
  expect(end.error?.message).toBeUndefined();
  expect(end.result).toMatchObject({ verified: true });
});
