import { pseudoCode } from "../../src/image/pseudo-code.js";
import { allowances } from "../../src/flash/job.js";
import type { FlashJob } from "../../src/flash/job.js";
import type { Transport } from "../../src/transport/transport.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench, JobEnd } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";

// A board that held something else before, in modelled time; the clock is virtual, so the figures are exact.

const URL = "virtual:esp32?timing=modelled&flash-size=2MB";
const FLASH_BYTES = 0x200000;
const IMAGE_BYTES = 0x80000;
const BLOCK_ERASE_MS = 150;
const SECTOR_BYTES = 0x1000;
const OFFSET = 0x1000;
const DEFLATE_DATA = 0x11;
const image = flashImage("firmware.bin", OFFSET, pseudoCode(IMAGE_BYTES, 1));

/** Made bytes are no firmware. */
const job = (erase: FlashJob["erase"]): FlashJob => ({ ...flashJob([image], { erase }), allow: new Set(allowances) });

async function flash(held: Uint8Array, erase: FlashJob["erase"]): Promise<{ end: JobEnd; bench: JobBench }> {
  const bench = createJobBench(URL, held);
  const end = await bench.run(job(erase));
  expect(end.code).toBe("success");
  return { end, bench };
}

const wanted = new Uint8Array(FLASH_BYTES).fill(0xff);
wanted.set(image.bytes, OFFSET);
const blank = new Uint8Array(FLASH_BYTES).fill(0xff);

describe("erase: all", () => {
  test("with every sector dirty it beats chip erase and write by 15 %, and the flash ends the same", async () => {
    const { end: plain } = await flash(blank, "all");
    const bench = createJobBench(URL, pseudoCode(FLASH_BYTES, 9));
    let notedEnd = 0;
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      write(bytes) {
        const ranges = [...bench.journal.notes.values()].flat();
        const ends = ranges.map(({ offset, lengthBytes }) => offset + lengthBytes);
        if (bytes[2] === DEFLATE_DATA && ends.length > 0) notedEnd = Math.max(...ends);
        return transport.write(bytes);
      },
    });
    const end = await bench.run(job("all"), { wrap });
    expect(end.code).toBe("success");
    expect(Buffer.compare(bench.board.flash.bytes, wanted)).toBe(0);
    expect(end.result).toMatchObject({ verified: true, bytesWritten: IMAGE_BYTES });
    expect(end.result?.retries).toBe(0);
    const chipEraseMs = (FLASH_BYTES / 0x10000) * BLOCK_ERASE_MS;
    expect(end.durationMs).toBeLessThanOrEqual(0.85 * (chipEraseMs + plain.durationMs));
    // What the loader may be erasing is noted while the image is on the wire, and nothing afterwards.
    expect(notedEnd).toBe(FLASH_BYTES);
    expect([...bench.journal.notes.values()]).toEqual([]);
    // All that was dirty and shall be blank counts as erased, once, and so does what is erased for a write to begin in.
    expect(end.result?.bytesErased).toBe(FLASH_BYTES - IMAGE_BYTES + (0x10000 - OFFSET) + SECTOR_BYTES);
  });

  test("a dirty end with blank stretches in it ends blank, too", async () => {
    const held = pseudoCode(FLASH_BYTES, 9);
    held.fill(0xff, 0xb0000, 0x130000);
    held.fill(0xff, 0x1f0000, 0x1f8000);
    const { bench } = await flash(held, "all");
    expect(Buffer.compare(bench.board.flash.bytes, wanted)).toBe(0);
  });
});

describe("erase: touched, an image that starts within a block", () => {
  const changed = wanted.map((byte, at) =>
    at % 0x1000 === 77 && at >= OFFSET && at < OFFSET + IMAGE_BYTES ? ~byte : byte,
  );

  test("a blank sector before it lets the block be erased at once, and stays blank; it takes little longer than a blank board", async () => {
    const { end: onBlank } = await flash(blank, "touched");
    const { end, bench } = await flash(changed, "touched");
    expect(end.durationMs).toBeLessThanOrEqual(1.08 * onBlank.durationMs);
    // Nor is a blank board asked about every byte.
    const compareMs = onBlank.result?.phases.find(({ phase }) => phase === "compare")?.durationMs ?? Number.NaN;
    expect(compareMs).toBeLessThan(((IMAGE_BYTES / 0x100000) * 250) / 2);
    expect(Buffer.compare(bench.board.flash.bytes, wanted)).toBe(0);
    expect(end.result?.bytesErased).toBe(0x10000 + SECTOR_BYTES);
  });

  test("a sector before it that holds something stays as it is", async () => {
    const held = changed.slice();
    held.fill(0x5a, 0x800, 0x900);
    const { bench } = await flash(held, "touched");
    const expected = wanted.slice();
    expected.fill(0x5a, 0x800, 0x900);
    expect(Buffer.compare(bench.board.flash.bytes, expected)).toBe(0);
  });
});
