import { esp32 } from "../../src/chips/esp32.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import type { Transport } from "../../src/transport/transport.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";
import { sharedFile } from "../support/shared-files.js";

const BAUD = 921_600;
const DEFLATE_DATA = 0x11;
const DEFLATE_END = 0x12;
const REAL_FIRMWARE = ["firmware", "esp32-idf3-20191220-v1.12.bin"] as const;

interface WriteFigures {
  /** Modelled time from the first byte of the first block to the answer to the last one. */
  readonly durationMs: number;
  /** What the bytes of these blocks need on the wire. */
  readonly limitMs: number;
  readonly bytesSent: number;
}

/** Flashes a blank board at 921600 baud in modelled time; the clock is virtual, so the figures are exact. */
async function writeBlankBoard(firmware: Uint8Array): Promise<WriteFigures> {
  const bench = createJobBench("virtual:esp32?timing=modelled");
  let firstMs = -1;
  let endMs = 0;
  let blockBytes = 0;
  const wrap = (transport: Transport): Transport => ({
    ...transport,
    write: (bytes) => {
      if (bytes[2] === DEFLATE_DATA) {
        if (firstMs < 0) firstMs = bench.clock.nowMs();
        blockBytes += bytes.length;
      } else if (bytes[2] === DEFLATE_END) {
        endMs = bench.clock.nowMs();
      }
      return transport.write(bytes);
    },
  });
  const end = await bench.run(flashJob([flashImage("firmware.bin", 0x1000, firmware)]), { wrap });
  expect(end.code).toBe("success");
  return { durationMs: endMs - firstMs, limitMs: (blockBytes * 10_000) / BAUD, bytesSent: end.result?.bytesSent ?? 0 };
}

describe("a blank board at 921600 baud, in modelled time", () => {
  test("the demo firmware: the wire is the limit", async () => {
    const { durationMs, limitMs } = await writeBlankBoard(buildDemoFirmware(esp32));
    expect(durationMs).toBeLessThanOrEqual(1.05 * limitMs);
  });

  const bytes = sharedFile(...REAL_FIRMWARE);
  const real = bytes === undefined ? test.skip : test;
  real(
    "MicroPython 1.12 (needs ../shared): at most 1.05 of the wire's time, and 803,000 bytes to the board",
    async () => {
      const { durationMs, limitMs, bytesSent } = await writeBlankBoard(bytes ?? new Uint8Array(0));
      expect(durationMs).toBeLessThanOrEqual(1.05 * limitMs);
      expect(bytesSent).toBeLessThanOrEqual(803_000);
      if (process.env.SHOW_FIGURES === "1")
        console.log(JSON.stringify({ durationMs, limitMs, ratio: durationMs / limitMs, bytesSent }));
    },
  );
});
