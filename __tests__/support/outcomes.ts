import { FlashError } from "../../src/base/errors.js";
import type { BoardOutcome, StepOutcome } from "../../src/action/outcome.js";
import type { FlashResult } from "../../src/flash/job.js";
import type { BootReport } from "../../src/monitor/report.js";

/** A job that wrote all of one image. */
export const flashed: FlashResult = {
  chip: "esp32",
  identity: {
    mac: "4c:11:ae:b9:90:54",
    revision: 100,
    packageName: "ESP32-D0WDQ6",
    features: ["Wi-Fi", "BT", "Dual Core"],
    crystalMhz: 40,
    spiPins: 0,
  },
  flashId: "c84016",
  flashSizeBytes: 4 * 0x100000,
  baud: 921600,
  images: [
    {
      name: "app.bin",
      offset: 0x1000,
      lengthBytes: 1_247_280,
      sha256: "ab".repeat(32),
      md5: "cd".repeat(16),
      writtenBytes: 1_247_280,
      leftOutBytes: 0,
    },
  ],
  app: { image: "app.bin", offset: 0x10000, version: "1.2.3", project: "blink", elfSha256: "ef".repeat(32) },
  bytesWritten: 1_247_280,
  bytesErased: 65_536,
  bytesSent: 803_000,
  bytesInPlace: 0,
  bytesToChange: 1_247_280,
  skipped: false,
  verified: true,
  dryRun: false,
  lostPartitions: [],
  preservedPartitions: [],
  resumed: false,
  retries: 0,
  phases: [
    { phase: "connect", durationMs: 412.4 },
    { phase: "write", durationMs: 8950 },
  ],
};

/** The board that it was done on. */
export const board: BoardOutcome = {
  name: "/dev/ttyUSB0",
  durationMs: 11_234,
  port: "/dev/ttyUSB0",
  firmware: {
    name: "app.bin",
    parts: [{ name: "app.bin", bytes: new Uint8Array(1_247_280), sha256: "ab".repeat(32) }],
    settings: {},
    chip: undefined,
    sha256: "ab".repeat(32),
    source: "file",
    fromCache: false,
    downloadedBytes: 0,
  },
  result: flashed,
};

/** What it did afterwards. */
export const boot: BootReport = {
  verdict: "running",
  reason: "The app started and ran for 3 s.",
  durationMs: 3410,
  resets: [{ cause: "power on", count: 1 }],
  app: { project: "blink", version: "1.2.3", elfSha256: "efefefefe" },
  panic: [],
  matched: ["ready"],
  missing: [],
  tail: ["I (31) main_task: Calling app_main()", "ready"],
  lines: 42,
};

export const success: StepOutcome = { durationMs: 11_234, boards: [board] };

export const failure: StepOutcome = {
  durationMs: 2500,
  boards: [
    {
      name: "/dev/ttyUSB0",
      port: "/dev/ttyUSB0",
      durationMs: 2400,
      error: new FlashError("chip/mismatch", "The board has an ESP32-C3, not an ESP32.", { mac: "4c:11:ae:b9:90:54" }),
    },
  ],
};
