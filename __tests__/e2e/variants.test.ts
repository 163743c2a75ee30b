import { esp32 } from "../../src/chips/esp32.js";
import type { EraseMode } from "../../src/flash/job.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { orderFaults } from "../support/event-order.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";

const BOOTLOADER = 0x1000;
const firmware = buildDemoFirmware(esp32);
const beyond = 0x300000;

const oldFirmware = buildDemoFirmware(esp32, 1);

function usedFlash(): Uint8Array {
  const flash = new Uint8Array(0x400000).fill(0xff);
  flash.set(oldFirmware, BOOTLOADER);
  flash.set(patternBytes(0x8000, 6), beyond);
  return flash;
}

interface Variant {
  readonly stub: boolean;
  readonly compress: boolean;
  readonly erase: EraseMode;
  readonly board: "used" | "blank";
}

const variants: Variant[] = [true, false].flatMap((stub) =>
  [true, false].flatMap((compress) => [
    { stub, compress, erase: "all" as const, board: "used" as const },
    { stub, compress, erase: "touched" as const, board: "used" as const },
    { stub, compress, erase: "none" as const, board: "blank" as const },
  ]),
);

describe("every way to write ends with the planned flash", () => {
  test.each(variants)("stub $stub, compress $compress, erase $erase, $board board", async (variant) => {
    const { stub, compress, erase, board } = variant;
    const before = board === "used" ? usedFlash() : new Uint8Array(0x400000).fill(0xff);
    const bench = createJobBench("virtual:esp32", before);
    const job = flashJob([flashImage("demo.bin", BOOTLOADER, firmware)], { stub, compress, erase });
    const end = await bench.run(job);
    expect(end.error?.message).toBeUndefined();
    expect(end.result).toMatchObject({ verified: true, skipped: false });
    const wanted = erase === "all" ? new Uint8Array(0x400000).fill(0xff) : before;
    wanted.set(firmware, BOOTLOADER);
    expect(Buffer.compare(bench.board.flash.bytes, wanted)).toBe(0);
    expect(orderFaults(end.events, "success")).toEqual([]);

    const again = await bench.run(job);
    expect(again.result).toMatchObject({ verified: true, skipped: true, bytesWritten: 0, bytesErased: 0 });
  });

  test("a dry run says what would change, and changes nothing", async () => {
    const before = usedFlash();
    const bench = createJobBench("virtual:esp32", before);
    const end = await bench.run(flashJob([flashImage("demo.bin", BOOTLOADER, firmware)], { dryRun: true }));
    expect(end.result).toMatchObject({ dryRun: true, verified: false, skipped: false, bytesWritten: 0 });
    expect(end.result?.bytesToChange).toBeGreaterThan(0x8000);
    expect(Buffer.compare(bench.board.flash.bytes, before)).toBe(0);
  });

  test("partitions that lose data are named", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    bench.board.flash.bytes.set(patternBytes(0x2000, 9), 0x9000);
    const end = await bench.run(flashJob([flashImage("demo.bin", BOOTLOADER, firmware)]));
    expect(end.result?.lostPartitions).toContain("nvs");
    expect(end.messages.some((text) => text.includes("nvs"))).toBe(true);
  });

  test("the stub of an earlier job is used again without a reset, at the rate that it was left at", async () => {
    const bench = createJobBench("virtual:esp32", usedFlash());
    const job = flashJob([flashImage("demo.bin", BOOTLOADER, firmware)], { after: "no-reset-stub" });
    await bench.run(job);
    const again = await bench.run({ ...job, before: "no-reset", after: "no-reset" });
    expect(again.result).toMatchObject({ verified: true, skipped: true, baud: 921_600 });
    expect(again.events.some((event) => event.kind === "started" && event.phase === "stub")).toBe(false);
  });
});
