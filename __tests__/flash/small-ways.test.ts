import { FlashError } from "../../src/base/errors.js";
import type { FlashJob } from "../../src/flash/job.js";
import { pseudoCode } from "../../src/image/pseudo-code.js";
import type { Transport } from "../../src/transport/transport.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobEnd } from "../support/job-bench.js";
import { flashImage } from "../support/jobs.js";
import { holds, smallBoard, smallJob, startedPhases } from "../support/small-board.js";

// How the work is done, where that decides how long it takes.

const DEFLATE_BEGIN = 0x10;
const DEFLATE_DATA = 0x11;
const FLASH_BYTES = 0x100000;
const offset = 0x10000;

const codeJob = (bytes: Uint8Array, changes: Partial<FlashJob>): FlashJob =>
  smallJob({ images: [flashImage("firmware.bin", offset, bytes)], ...changes });

interface Watched {
  readonly end: JobEnd;
  /** Blocks of a deflated stream that went to the board. */
  readonly blocks: number;
}

/** A job that ends well, on a board whose first MB is `filling`. */
async function watched(
  url: string,
  bytes: Uint8Array,
  changes: Partial<FlashJob>,
  filling = new Uint8Array(FLASH_BYTES),
): Promise<Watched> {
  const bench = createJobBench(url, filling);
  let blocks = 0;
  const wrap = (transport: Transport): Transport => ({
    ...transport,
    write: (sending) => {
      if (sending[2] === DEFLATE_DATA) blocks++;
      return transport.write(sending);
    },
  });
  const end = await bench.run(codeJob(bytes, changes), { wrap });
  expect(end.result?.verified).toBe(true);
  expect(holds(bench, offset, bytes)).toBe(true);
  return { end, blocks };
}

describe("what is dirty behind an image and shall be blank", () => {
  const bytes = patternBytes(0x20000);

  test.each([
    ["is erased while the image is on the wire", { compress: true }, offset],
    ["is erased beforehand where the image goes as it is", { compress: false }, FLASH_BYTES - bytes.length],
    ["is erased beforehand by the ROM", { stub: false }, FLASH_BYTES - bytes.length],
  ])("%s, and progress counts each byte once", async (_what, changes, erasedFirst) => {
    const { end } = await watched("virtual:esp32?flash-size=1MB", bytes, { ...changes, erase: "all" });
    const { events } = end;
    const done = events.flatMap((event) => (event.kind === "progress" ? [event.doneBytes] : []));
    const writing = events.findIndex((event) => event.kind === "started" && event.phase === "write");
    const beforehand = events.slice(0, writing).findLast((event) => event.kind === "progress");
    expect(beforehand).toEqual({ kind: "progress", doneBytes: erasedFirst, totalBytes: FLASH_BYTES });
    expect(done.slice(-2)).toEqual([FLASH_BYTES - 1, FLASH_BYTES]);
    expect(end.result).toMatchObject({ bytesErased: FLASH_BYTES - bytes.length, bytesWritten: bytes.length });
  });
});

test("a block that is mostly written and else blank is erased as a whole, behind the sector that the write begins in", async () => {
  const filling = new Uint8Array(FLASH_BYTES).fill(0xff).fill(0, offset, offset + 0xc000);
  const { end } = await watched("virtual:esp32?flash-size=1MB", patternBytes(0xc000), {}, filling);
  expect(startedPhases(end)).toContain("erase");
  expect(end.result).toMatchObject({ bytesErased: 0x11000, bytesWritten: 0xc000 });
});

// 72 KiB deflate to some 46 KB: three blocks, of which one ends with the last of two windows of 32 KiB, and one with the first.
test.each([
  [
    "end with the last of the stub's windows where the wire is slower than the flash",
    4,
    "esp32",
    { baud: 115_200 as const },
  ],
  ["end with each of them where it is quicker", 5, "esp32", { baud: 921_600 as const }],
  ["and where there is no wire but USB", 5, "esp32c3?usb=jtag", { chip: "esp32c3" as const }],
])("the blocks to a used board %s", async (_what, blocks, board, changes) => {
  expect((await watched(`virtual:${board}`, pseudoCode(0x12000, 3), changes)).blocks).toBe(blocks);
});

describe("an image of which no sample is right, but a block", () => {
  const first = flashImage("first.bin", 0xe000, patternBytes(0x1000, 2));
  const second = flashImage("second.bin", offset, patternBytes(0x30000));
  const inPlace = async (changes: Partial<FlashJob>, wrap?: (transport: Transport) => Transport): Promise<string[]> => {
    const bench = smallBoard();
    bench.board.flash.bytes.set(second.bytes.subarray(0x10000, 0x20000), offset + 0x10000);
    const end = await bench.run(smallJob({ images: [first, second], ...changes }), wrap === undefined ? {} : { wrap });
    expect(end.result?.verified).toBe(true);
    expect(holds(bench, offset, second.bytes)).toBe(true);
    return end.messages.filter((text) => text.startsWith("In place"));
  };

  test("counts as changed throughout; after trouble what is right is found", async () => {
    let writes = 0;
    const losingLink = (transport: Transport): Transport => ({
      ...transport,
      write: (sending) =>
        sending[2] === DEFLATE_BEGIN && ++writes === 1
          ? Promise.reject(new FlashError("port/lost", "the link is gone"))
          : transport.write(sending),
    });
    expect(await inPlace({}, losingLink)).toEqual([
      "In place: 0 bytes of 200,704 bytes.",
      "In place: 65,536 bytes of 200,704 bytes.",
    ]);
  });

  test("is asked about all the same where nothing may be erased", async () => {
    expect(await inPlace({ erase: "none" })).toEqual(["In place: 65,536 bytes of 200,704 bytes."]);
  });
});
