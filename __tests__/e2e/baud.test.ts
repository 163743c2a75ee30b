import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileJournal } from "../../src/flash/file-journal.js";
import type { FlashJob } from "../../src/flash/job.js";
import type { Transport } from "../../src/transport/transport.js";
import { patternBytes } from "../support/images.js";
import { createJobBench } from "../support/job-bench.js";
import type { JobEnd } from "../support/job-bench.js";
import { flashImage, flashJob } from "../support/jobs.js";
import { withRegister } from "../support/wire-tap.js";

const SPI_W0 = 0x3ff42080;

const data = (changes: Partial<FlashJob> = {}): FlashJob => ({
  ...flashJob([flashImage("data.bin", 0x200000, patternBytes(0x10000, 3))], { erase: "touched" }),
  chip: "auto",
  ...changes,
});

/** CHANGE_BAUDRATE with a second word of 1: the ESP32's ROM is told a divider. */
const asRomDivider = (bytes: Uint8Array): boolean => bytes[2] === 0x0f && bytes[13] === 1;

function withOtherDivider(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice();
  changed[10] = (bytes[10] ?? 0) ^ 0x04;
  return changed;
}

const spentMs = (end: JobEnd, phase: string): number =>
  end.result?.phases.find((one) => one.phase === phase)?.durationMs ?? Number.NaN;

describe("a bridge that turns to noise above 460800 baud", () => {
  const url = "virtual:esp32?timing=modelled&fault=noisy-above:460800";
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "bauds-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("the job ends verified at 460800, at little cost, and the next one begins there", async () => {
    const journal = fileJournal(folder);
    const asked = await createJobBench(url).run(data({ baud: 460_800 }));
    const first = await createJobBench(url).run(data(), { journal });
    expect(first.result).toMatchObject({ verified: true, baud: 460_800, retries: 1 });
    expect(first.durationMs - asked.durationMs).toBeLessThanOrEqual(1500);
    const second = await createJobBench(url).run(data(), { journal });
    expect(second.result).toMatchObject({ verified: true, baud: 460_800, retries: 0 });
    expect(second.messages.join("\n")).toContain("460800");
  });

  test("where noise makes the flash look dead, the rate is to blame", async () => {
    let isFast = false;
    const end = await createJobBench("virtual:esp32").run(data(), {
      wrap(transport) {
        const noisy = withRegister(SPI_W0, 0xffffff)(transport);
        const setBaudRate = (baud: number): Promise<void> => {
          isFast = baud > 115_200;
          return transport.setBaudRate(baud);
        };
        const subscribe: Transport["subscribe"] = (listener) => {
          const stops = [
            noisy.subscribe({ ...listener, data: (bytes) => (isFast ? listener.data(bytes) : undefined) }),
            transport.subscribe({
              closed: () => undefined,
              data: (bytes) => (isFast ? undefined : listener.data(bytes)),
            }),
          ];
          return () => stops.forEach((stop) => stop());
        };
        return { ...noisy, setBaudRate, subscribe };
      },
    });
    expect(end.result).toMatchObject({ verified: true, baud: 115_200 });
  });

  test("a rate that the job names is tried whatever was noted, and a damaged note counts for nothing", async () => {
    const journal = fileJournal(folder);
    await createJobBench(url).run(data(), { journal });
    const named = await createJobBench("virtual:esp32").run(data({ baud: 921_600 }), { journal });
    expect(named.result?.baud).toBe(921_600);
    writeFileSync(path.join(folder, "4c11aeb99054.baud"), "{");
    const unknown = await createJobBench("virtual:esp32").run(data(), { journal });
    expect(unknown.result?.baud).toBe(921_600);
  });
});

describe("the stub's upload", () => {
  test("goes at the full rate where the ROM changes it rightly, which takes a fraction of the time", async () => {
    const slow = await createJobBench("virtual:esp32c2?timing=modelled").run(data());
    const later = await createJobBench("virtual:esp32c3?timing=modelled").run(data());
    expect(later.code).toBe("success");
    expect(later.result?.baud).toBe(921_600);
    expect(spentMs(later, "stub")).toBeLessThan(0.5 * spentMs(slow, "stub"));
  });

  test.each([
    "revision=3.0",
    "revision=1.0",
    "revision=1.0&security=clock-calibration",
    "revision=3.0&crystal=26",
    "revision=1.0&crystal=26&security=clock-calibration",
  ])("goes at twice the usual rate on an ESP32 (%s), whatever its ROM takes the crystal for", async (settings) => {
    const end = await createJobBench(`virtual:esp32?timing=modelled&${settings}`).run(data());
    expect(end.result).toMatchObject({ verified: true, baud: 921_600, retries: 0 });
    const slow = await createJobBench(`virtual:esp32?timing=modelled&${settings}&boot=download`).run(
      data({ before: "no-reset" }),
    );
    expect(spentMs(end, "stub")).toBeLessThan(0.6 * spentMs(slow, "stub"));
  });

  test("a ROM that comes out at another rate costs a try, and the next job leaves it alone", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "bauds-"));
    const journal = fileJournal(folder);
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      write: (bytes) => transport.write(asRomDivider(bytes) ? withOtherDivider(bytes) : bytes),
    });
    const first = await createJobBench("virtual:esp32?timing=modelled").run(data(), { journal, wrap });
    expect(first.result).toMatchObject({ verified: true, baud: 921_600, retries: 1 });
    const second = await createJobBench("virtual:esp32?timing=modelled").run(data(), { journal, wrap });
    expect(second.result).toMatchObject({ verified: true, baud: 921_600, retries: 0 });
    rmSync(folder, { recursive: true });
  });

  test("a ROM that could not be brought back by a reset is left at its rate", async () => {
    const wrap = (transport: Transport): Transport => ({
      ...transport,
      write: (bytes) => transport.write(asRomDivider(bytes) ? withOtherDivider(bytes) : bytes),
    });
    const end = await createJobBench("virtual:esp32?boot=download").run(data({ before: "no-reset" }), { wrap });
    expect(end.result).toMatchObject({ verified: true, baud: 921_600, retries: 0 });
  });

  test("a rate above what a ROM surely takes is left to the stub", async () => {
    const end = await createJobBench("virtual:esp32?timing=modelled").run(data({ baud: 2_000_000 }));
    expect(end.result).toMatchObject({ verified: true, baud: 2_000_000, retries: 0 });
  });

  test("at a rate below the usual one, the stub starts at that", async () => {
    const end = await createJobBench("virtual:esp32").run(data({ baud: 57_600 }));
    expect(end.result).toMatchObject({ verified: true, baud: 57_600, retries: 0 });
  });

  test("a line that carries no more than 115200 is found out there too", async () => {
    const end = await createJobBench("virtual:esp32c3?timing=modelled&fault=noisy-above:115200").run(data());
    expect(end.result).toMatchObject({ verified: true, baud: 115_200 });
  });
});
