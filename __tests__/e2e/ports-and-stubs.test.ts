import { chipNames, chips } from "../../src/chips/index.js";
import type { ChipName } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import type { Transport } from "../../src/transport/transport.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobBench, JobEnd } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";

interface Flashed {
  readonly end: JobEnd;
  readonly bench: JobBench;
}

/** A whole job with the defaults of the inputs on the board of `query`; the flash must hold the firmware afterwards. */
async function flashed(name: ChipName, query: string, changes: Parameters<typeof flashJob>[1] = {}): Promise<Flashed> {
  const firmware = buildDemoFirmware(chips[name]);
  const offset = chips[name].bootloaderOffset;
  const bench = createJobBench(`virtual:${name}${query}`);
  const end = await bench.run(
    flashJob([flashImage("demo.bin", offset, firmware)], { chip: name, erase: "touched", ...changes }),
  );
  expect(end.error?.message).toBeUndefined();
  expect(end.result).toMatchObject({ verified: true, retries: 0 });
  const held = bench.board.flash.bytes.subarray(offset, offset + firmware.length);
  expect(Buffer.compare(held, firmware)).toBe(0);
  return { end, bench };
}

const noStub = (end: JobEnd): boolean => end.messages.some((text) => text.startsWith("No stub, as "));

describe("a chip that runs no stub is flashed by its ROM, and the log says so", () => {
  test.each([
    ["esp32h21", ""],
    ["esp32e22", ""],
    ["esp32c2", "?revision=0.0"],
  ] as const)("%s%s", async (name, query) => {
    const { end, bench } = await flashed(name, query);
    expect(noStub(end)).toBe(true);
    expect(end.result?.baud).toBe(115_200);
    expect(bench.board.inDownloadMode).toBe(false);
  });
});

test.each([
  ["1.0", 100],
  ["3.2", 302],
])("ESP32-P4 of revision %s: the stub of its own", async (revision, expected) => {
  const { end } = await flashed("esp32p4", `?revision=${revision}`);
  expect(noStub(end)).toBe(false);
  expect(end.result?.identity.revision).toBe(expected);
});

describe("on USB-Serial/JTAG the job outlives the watchdogs, and the firmware starts", () => {
  test.each(chipNames.filter((name) => chips[name].usb.serialJtag))("%s", async (name) => {
    const { bench } = await flashed(name, "?usb=jtag");
    expect(bench.board.inDownloadMode).toBe(false);
  });
});

describe("on USB-OTG the firmware starts although the loader was entered by hand", () => {
  const byWatchdog = chipNames.filter((name) => chips[name].reset.otg !== undefined);
  test.each(byWatchdog)("%s", async (name) => {
    const { end, bench } = await flashed(name, "?usb=otg&boot=download");
    expect(end.messages.some((text) => text.includes("was reset by its watchdog"))).toBe(true);
    expect(bench.board.inDownloadMode).toBe(false);
  });
});

test("`after: watchdog-reset` uses the watchdog where the chip has it, and EN where it has not", async () => {
  const c3 = await flashed("esp32c3", "", { after: "watchdog-reset" });
  expect(c3.bench.board.inDownloadMode).toBe(false);
  expect(c3.end.messages.some((text) => text.includes("no watchdog reset"))).toBe(false);
  const c6 = await flashed("esp32c6", "", { after: "watchdog-reset" });
  expect(c6.bench.board.inDownloadMode).toBe(false);
  expect(c6.end.messages).toContain("ESP32-C6 has no watchdog reset for the loader: reset by EN.");
});

test("a link without a rate of its own is not looked for at other rates, however late the board answers", async () => {
  const late = (bench: JobBench, transport: Transport): Transport => ({
    ...transport,
    capabilities: { controlLines: false, atomicLines: false, baudRate: false },
    setBaudRate: () => Promise.resolve(),
    // The first attempt takes 0.75 s; nothing of it gets there.
    write: (bytes) => (bench.clock.nowMs() < 1000 ? Promise.resolve() : transport.write(bytes)),
  });
  const bench = createJobBench("virtual:esp32?boot=download&timing=modelled");
  const image = flashImage("demo.bin", 0x1000, buildDemoFirmware(chips.esp32));
  const job = flashJob([image], { before: "no-reset", after: "no-reset", erase: "touched" });
  const end = await bench.run(job, { wrap: (transport) => late(bench, transport) });
  expect(end.result).toMatchObject({ verified: true, retries: 0 });
});
