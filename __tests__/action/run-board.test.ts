import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chips } from "../../src/chips/index.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { createStage } from "../support/step.js";
import type { Stage } from "../support/step.js";
import { startTcpPeer } from "../support/tcp-peer.js";

const firmware = buildDemoFirmware(chips.esp32);

let stage: Stage;
beforeEach(() => {
  stage = createStage();
  writeFileSync(join(stage.workspace, "demo.bin"), firmware);
});
afterEach(() => stage.end());

const lastLine = (lines: readonly string[]): string => lines.at(-1) ?? "";
const groups = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith("::group::"));

test("a virtual board is flashed, verified, and left alone the second time", async () => {
  const flashFile = join(stage.workspace, "flash.bin");
  const inputs = { port: `virtual:esp32?flash=${flashFile}`, "firmware-url": "demo.bin" };

  const first = await stage.runStep(inputs);
  expect(lastLine(first.lines)).toMatch(/^Flashed [\d,]+ bytes in \d+\.\d s, verified$/);
  expect(first).toMatchObject({
    exitCode: undefined,
    forcedExit: undefined,
    outputs: {
      chip: "esp32",
      "flash-size": "4MB",
      verified: "true",
      skipped: "false",
      "error-code": "",
      "firmware-sha256": createHash("sha256").update(firmware).digest("hex"),
    },
  });
  expect(first.outputs.mac).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  expect(first.outputs["chip-revision"]).toMatch(/^v\d\.\d$/);
  expect(Number(first.outputs["bytes-sent"])).toBeGreaterThan(1000);
  expect(groups(first.lines)).toContain("::group::Verify");
  expect(first.lines).toContainEqual(
    expect.stringMatching(/^demo\.bin: [\d,]+ bytes for 0x00001000, SHA-256 [0-9a-f]{64}$/),
  );
  expect(first.lines).toContainEqual(expect.stringMatching(/^Board: ESP32\S* v\d\.\d, MAC [0-9a-f:]{17}, 4MB flash/));
  expect(first.lines.filter((line) => line.startsWith("100 %"))).toHaveLength(1);
  expect(first.summary).toContain("### ✅ ESP32 flashed, verified");
  const held = readFileSync(flashFile);
  expect(held.subarray(0x1000, 0x1000 + firmware.length).equals(firmware)).toBe(true);

  const second = await stage.runStep(inputs);
  expect(second.outputs).toMatchObject({ skipped: "true", verified: "true", "bytes-written": "0" });
  expect(lastLine(second.lines)).toMatch(/^Nothing to do: the board already holds this firmware \(verified/);
});

test("a dry run tells what would change, and changes nothing", async () => {
  const flashFile = join(stage.workspace, "flash.bin");
  const inputs = { port: `virtual:esp32?flash=${flashFile}`, "firmware-url": "demo.bin", "dry-run": "true" };
  const end = await stage.runStep(inputs);
  expect(end.outputs).toMatchObject({ "error-code": "", verified: "false", skipped: "false", "bytes-written": "0" });
  expect(lastLine(end.lines)).toMatch(/^Dry run: [\d,]+ bytes would have to change/);
  expect(readFileSync(flashFile).every((byte) => byte === 0xff)).toBe(true);
});

test("the frames are in the log with step debug logging", async () => {
  process.env.RUNNER_DEBUG = "1";
  try {
    const end = await stage.runStep({ port: "virtual:esp32", "firmware-url": "demo.bin", "dry-run": "true" });
    expect(end.lines.filter((line) => line.startsWith("::debug::")).length).toBeGreaterThan(20);
  } finally {
    delete process.env.RUNNER_DEBUG;
  }
});

test("a board that is not there ends with its code and the firmware known", async () => {
  const end = await stage.runStep({ port: "tcp://127.0.0.1:1", "firmware-url": "demo.bin" });
  expect(end.exitCode).toBe(1);
  expect(end.outputs["error-code"]).toMatch(/^port\//);
  expect(end.outputs["firmware-sha256"]).toMatch(/^[0-9a-f]{64}$/);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends the step in order, with outputs", async (signal) => {
  const peer = await startTcpPeer();
  try {
    const running = stage.runStep({ port: peer.port, "firmware-url": "demo.bin", before: "no-reset" });
    while (peer.received().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stage.signal(signal);
    const end = await running;
    expect(end).toMatchObject({ exitCode: 1, forcedExit: undefined });
    expect(end.outputs).toMatchObject({ "error-code": "job/cancelled", port: peer.port, verified: "false" });
    expect(lastLine(end.lines)).toContain("::error title=ESP32 flash%3A job/cancelled::");
    expect(end.summary).toContain("job/cancelled");
  } finally {
    await peer.stop();
  }
});

test("a second signal ends the process at once, but not before the outputs are written", async () => {
  const peer = await startTcpPeer();
  try {
    const running = stage.runStep({ port: peer.port, "firmware-url": "demo.bin", before: "no-reset" });
    while (peer.received().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stage.signal("SIGINT");
    stage.signal("SIGTERM");
    const end = await running;
    expect(end).toMatchObject({ exitCode: 1, forcedExit: 1, outputs: { "error-code": "job/cancelled" } });
  } finally {
    await peer.stop();
  }
});

test("the end of the step's time ends it too", async () => {
  const peer = await startTcpPeer();
  try {
    const inputs = { port: peer.port, "firmware-url": "demo.bin", before: "no-reset", timeout: "1" };
    const end = await stage.runStep({ ...inputs, "connect-attempts": "100" });
    expect(end.outputs["error-code"]).toBe("job/timeout");
    expect(end.forcedExit).toBeUndefined();
  } finally {
    await peer.stop();
  }
});
