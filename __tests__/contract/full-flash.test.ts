import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runStep, workspaceOf } from "../../scripts/runner.mjs";
import { systemClock } from "../../src/base/clock.js";
import type { Clock } from "../../src/base/clock.js";
import { esp32 } from "../../src/chips/esp32.js";
import { flashDevice } from "../../src/flash/flash-device.js";
import type { FlashJob } from "../../src/flash/job.js";
import { buildDemoFirmware } from "../../src/image/demo-firmware.js";
import { openTransport } from "../../src/open-transport.js";
import { createBoard } from "../../src/virtual/board.js";
import type { Board } from "../../src/virtual/board.js";
import { parseBoardOptions } from "../../src/virtual/board-options.js";
import { serveBoard } from "../../src/virtual/serve.js";
import { loopback } from "../support/ipv6.js";
import { flashImage, flashJob } from "../support/jobs.js";
import { startPtyLines, whyNoPtyLines } from "../support/pty-lines.js";
import { startPtyPeer, whyNoPty } from "../support/pty-peer.js";
import { sharedFile } from "../support/shared-files.js";
import { startSer2net, whyNoSer2net } from "../support/ser2net-peer.js";

const root = path.resolve(import.meta.dirname, "../..");
const recorded = sharedFile("firmware", "esp32-idf3-20191220-v1.12.bin");
const firmware = recorded ?? buildDemoFirmware(esp32);
const firmwareName = recorded ? "MicroPython" : "the demo firmware, as ../shared/firmware is not here,";
const signal = new AbortController().signal;
/** The wait for the answer to a SYNC. */
const SYNC_MS = 100;
/** Of what was started, the last is ended first. */
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** `boot=download`: someone holds BOOT, for ports without lines. */
function virtualBoard(url: string): Board {
  const board = createBoard(parseBoardOptions(url), systemClock);
  endings.push(() => board.close());
  return board;
}

async function onPty(board: Board): Promise<string> {
  const peer = await startPtyPeer((bytes) => board.receive(bytes));
  board.onData((bytes) => peer.send(bytes));
  endings.push(() => peer.stop());
  return peer.port;
}

async function flash(port: string, board: Board, changes: Partial<FlashJob>, clock = systemClock): Promise<void> {
  const transport = await openTransport(port, { clock, signal });
  endings.push(() => transport.close());
  const nothing = (): void => undefined;
  const journal = { suspects: () => [], open: nothing, mark: nothing, clear: nothing };
  const job = flashJob([flashImage("firmware.bin", esp32.bootloaderOffset, firmware)], changes);
  const result = await flashDevice(transport, job, { clock, signal, emit: nothing, journal });

  expect(result).toMatchObject({ verified: true, skipped: false, retries: 0 });
  expectFirmware(board);
}

function expectFirmware(board: Board): void {
  const start = esp32.bootloaderOffset;
  expect(Buffer.compare(board.flash.bytes.subarray(start, start + firmware.length), firmware)).toBe(0);
}

/** `test`, or a skipped one that says why. */
function testUnless(reason: string | undefined): (name: string, run: () => Promise<void>) => void {
  return reason === undefined ? test : (name) => test.skip(`${name} (${reason})`, () => undefined);
}

const byHand = { before: "no-reset", after: "no-reset" } as const;
/** A pty carries bytes at any rate and does not tell which: the board's divider would not fit the host's. */
const ptyRate = { baud: 115_200 } as const;
/** Nor would it tell that the board is called at other rates once it was late; so whoever asks it waits, however long. */
const patientClock: Clock = {
  ...systemClock,
  schedule: (delayMs, callback) =>
    systemClock.schedule(delayMs > 50 && delayMs <= SYNC_MS ? 60_000 : delayMs, callback),
};

describe(`a full flash of ${firmwareName}`, () => {
  test("over raw TCP, with BOOT held", async () => {
    const board = virtualBoard("virtual:esp32?boot=download");
    const server = await serveBoard(board, systemClock, { host: loopback.host, rawPort: 0 });
    endings.push(() => server.close());

    await flash(`tcp://${loopback.inUrl}:${server.rawPort ?? 0}`, board, byHand);
  });

  test("over RFC 2217 through the project's own server, reset by its lines and at 921600 baud", async () => {
    const board = virtualBoard("virtual:esp32");
    const server = await serveBoard(board, systemClock, { host: loopback.host, rfc2217Port: 0 });
    endings.push(() => server.close());

    await flash(`rfc2217://${loopback.inUrl}:${server.rfc2217Port ?? 0}`, board, { baud: 921_600 });
  });

  testUnless(whyNoPty())("over a pty, with BOOT held", async () => {
    const board = virtualBoard("virtual:esp32?boot=download");

    await flash(await onPty(board), board, { ...byHand, ...ptyRate }, patientClock);
  });

  testUnless(whyNoSer2net())("over RFC 2217 through ser2net, with BOOT held", async () => {
    const board = virtualBoard("virtual:esp32?boot=download");
    const server = await startSer2net(await onPty(board));
    endings.push(() => server.stop());

    await flash(server.port, board, { ...byHand, ...ptyRate }, patientClock);
  });

  testUnless(whyNoSer2net() ?? whyNoPtyLines())("over RFC 2217 through ser2net, reset by its lines", async () => {
    const board = virtualBoard("virtual:esp32");
    const lines = await startPtyLines((state) => board.setLines(state));
    endings.push(() => lines.stop());
    const server = await startSer2net(await onPty(board), lines.env);
    endings.push(() => server.stop());

    await flash(server.port, board, ptyRate);
    expect(lines.states).toContain("D0 R1");
  });
});

describe("the action as it is built", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "built-now-"));
    for (const name of ["action.yml", "package.json"]) cpSync(path.join(root, name), path.join(folder, name));
    const dist = path.join(folder, "dist");
    expect(spawnSync(process.execPath, [path.join(root, "scripts/build.mjs"), dist]).status).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test("has koffi's addons for Linux on x64, arm64 and armv7", () => {
    for (const file of [
      "linux-x64/koffi.glibc",
      "linux-x64/koffi.musl",
      "linux-arm64/koffi.glibc",
      "linux-arm/koffi.glibc",
    ]) {
      expect(existsSync(path.join(folder, "dist/prebuilds", `${file}.node`))).toBe(true);
    }
  });

  const cases = ["env", "envWithoutBreak"] as const;
  for (const driver of cases) {
    const name = driver === "env" ? "a driver as usual" : "a driver without a break signal, through koffi";
    testUnless(whyNoPty() ?? whyNoPtyLines())(`resets and flashes a board behind ${name}`, async () => {
      const board = virtualBoard("virtual:esp32");
      const lines = await startPtyLines((state) => board.setLines(state));
      endings.push(() => lines.stop());
      const port = await onPty(board);
      const runnerFolder = path.join(folder, driver);
      mkdirSync(workspaceOf(runnerFolder), { recursive: true });
      writeFileSync(path.join(workspaceOf(runnerFolder), "firmware.bin"), firmware);

      const lockDir = path.join(folder, "locks");
      const inputs = { port, "firmware-url": "firmware.bin", baud: "115200", "lock-dir": lockDir, "boot-check": "off" };
      const end = await runStep({ actionFolder: folder, runnerFolder, inputs, env: lines[driver] });

      expect(end.log).not.toContain("::error");
      expect(end.outputs).toMatchObject({ verified: "true", port: realpathSync(port) });
      expectFirmware(board);
      // Opening only releases the lines; the tight sequence goes through “both” to “EN low”; closing leaves them released.
      expect(lines.states.slice(0, 4)).toEqual(["D0 R0", "D0 R0", "D1 R1", "D0 R1"]);
      expect(lines.states.at(-1)).toBe("D0 R0");
    });
  }
});
